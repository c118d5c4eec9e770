/* remedy_model.c - a change of layers in a model string, as a flag to copy. */
#include "finding/finding.h"

#include <ctype.h>
#include <string.h>

enum { MODEL = 300 };

/* The model string that is being made. */
typedef struct text {
    char at[MODEL];
    size_t n;
    bool full;
} text;

static void add(text *t, const char *from, size_t length)
{
    t->full = t->full || t->n + length >= sizeof t->at;
    if (t->full)
        return;
    memcpy(t->at + t->n, from, length);
    t->n += length;
    t->at[t->n] = '\0';
}

static bool divides(char c)
{
    return c == ',' || c == '(' || c == ')' || c == '\0';
}

/* What is left of a layer that was taken out: a comma too many. */
static void drop_comma(text *t, const char **after)
{
    while (t->n > 0 && t->at[t->n - 1] == ' ')
        t->n--;
    if (t->n > 0 && t->at[t->n - 1] == ',')
        t->n--;
    else if (**after == ',')
        (*after)++;
    t->at[t->n] = '\0';
}

void dsc_remedy_model(const dsc_case *c, descent_finding *out, const char *from, const char *to)
{
    const size_t length = strlen(from);
    text made = {.n = 0};

    for (const char *at = c->plan.model; *at;) {
        if (divides(*at) || isspace((unsigned char)*at)) {
            add(&made, at++, 1);
            continue;
        }
        const char *end = at;
        while (!divides(*end))
            end++;
        const char *last = end;
        while (last > at && isspace((unsigned char)last[-1]))
            last--;
        const bool same = (size_t)(last - at) == length && memcmp(at, from, length) == 0;
        at = (same ? add(&made, to, strlen(to)) : add(&made, at, (size_t)(last - at)), last);
        if (same && !*to)
            drop_comma(&made, &at);
    }
    if (!made.full)
        dsc_remedy_flag(out, "--model", "%s", made.at);
}
