/* remedy_wider.c - a larger network as a flag to copy. */
#include "finding/finding.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMES = 4, LEAST = 32 };

/* The layer that begins at `at`, where it has units that can be multiplied: behind its name. */
static const char *units_of(const char *at)
{
    static const char *const names[] = {"linear ", "conv "};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strncmp(at, names[i], strlen(names[i])) == 0)
            return at + strlen(names[i]);
    return NULL;
}

/* Is the layer at `at` the last one that has units? It gives the outputs. */
static bool is_last(const char *at)
{
    const char *rest = strchr(at, ',');

    return !rest || !(strstr(rest, "linear") || strstr(rest, "conv"));
}

/* Writes the model with more units; returns how many layers have them, -1: it has no room. */
static int widen(const char *model, char out[DSC_FLAGS])
{
    size_t n = 0;
    int wider = 0;

    for (const char *at = model; *at;) {
        const bool begins = at == model || strchr(" ,(", at[-1]);
        const char *units = begins && !is_last(at) ? units_of(at) : NULL;
        if (units && isdigit((unsigned char)*units)) {
            char *end;
            const long now = strtol(units, &end, 10), more = TIMES * now;
            n += (size_t)snprintf(out + n, DSC_FLAGS - n, "%.*s%ld", (int)(units - at), at,
                                  more > LEAST ? more : (long)LEAST);
            at = end;
            wider++;
        } else if (n + 1 < DSC_FLAGS) {
            out[n++] = *at++;
        }
        if (n + 1 >= DSC_FLAGS)
            return -1;
    }
    out[n] = '\0';
    return wider;
}

bool dsc_remedy_wider(const dsc_case *c, descent_finding *out)
{
    const char *model = c->plan.model;
    char wider[DSC_FLAGS];

    /* sums and attention want widths that agree with one another */
    if (strstr(model, "residual") || strstr(model, "attention"))
        return false;
    const int changed = widen(model, wider);
    if (changed > 0)
        dsc_remedy_flag(out, "--model", "%s", wider);
    else if (changed == 0 && !strchr(model, ','))
        dsc_remedy_flag(out, "--model", "linear 64, relu, %s", model);
    return changed > 0 || (changed == 0 && !strchr(model, ','));
}
