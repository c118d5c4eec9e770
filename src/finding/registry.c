/* registry.c - every finding, by number; the list itself is in meson.build. */
#include "finding/finding.h"

#include "finding_list.h"

#include <string.h>

#define X(name) extern const dsc_finding dsc_finding_##name;
DSC_FINDING_LIST(X)
#undef X

static const dsc_finding *const findings[] = {
#define X(name) &dsc_finding_##name,
    DSC_FINDING_LIST(X)
#undef X
};

const dsc_finding *dsc_finding_at(size_t index)
{
    return index < sizeof findings / sizeof *findings ? findings[index] : NULL;
}

bool dsc_finding_reads_clock(const char *name)
{
    for (size_t i = 0; dsc_finding_at(i); i++)
        if (strcmp(dsc_finding_at(i)->info.name, name) == 0)
            return dsc_finding_at(i)->reads_clock;
    return false;
}

const descent_info *descent_finding_info(size_t index)
{
    const dsc_finding *finding = dsc_finding_at(index);

    return finding ? &finding->info : NULL;
}

const char *descent_severity_text(descent_severity severity)
{
    static const char *const text[] = {"note", "warning", "failure"};

    return text[severity];
}
