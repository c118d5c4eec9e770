/* remedy_data.c - the data of a recipe with a column less, as a flag to copy. */
#include "finding/finding.h"

#include <string.h>

/* Built-in sets are one word; tables are files whose names end in something like .csv. */
static bool is_table(const char *data)
{
    const size_t length = strcspn(data, " ");

    return length > 4 && (strncmp(data + length - 4, ".csv", 4) == 0 ||
                          strncmp(data + length - 4, ".tsv", 4) == 0);
}

void dsc_remedy_ignore(const dsc_case *c, descent_finding *out, const char *column)
{
    const char *there = strstr(c->plan.data, " ignore=");
    const bool nameless = strncmp(column, "feature ", 8) == 0;

    if (!is_table(c->plan.data))
        return;
    if (nameless && (strstr(c->plan.data, " target=") || there))
        return; /* its number in the file is another */
    column += nameless ? 8 : 0;
    if (!*column || strpbrk(column, " ,()=+\"'$`\\"))
        return;
    if (there) {
        const size_t end = (size_t)(there + 8 - c->plan.data) + strcspn(there + 8, " ");
        dsc_remedy_flag(out, "--data", "%.*s+%s%s", (int)end, c->plan.data, column,
                        c->plan.data + end);
    } else {
        dsc_remedy_flag(out, "--data", "%s ignore=%s", c->plan.data, column);
    }
}
