/* remedy_optimizer.c - an optimizer string without one of its words, as a flag to copy. */
#include "finding/finding.h"

#include <ctype.h>
#include <string.h>

enum { SPEC = 240 };

/* Takes a flag or a hyperparameter with its value out of `spec`; words in parentheses stay. */
static void take_out(const char *spec, const char *word, char out[SPEC])
{
    const size_t length = strlen(word);
    size_t n = 0;
    int depth = 0;

    for (const char *at = spec; *at;) {
        const bool begins = at > spec && isspace((unsigned char)at[-1]) && depth == 0;
        const int after = begins && strncmp(at, word, length) == 0 ? at[length] : 'x';
        if (after == '\0' || after == '=' || isspace(after)) {
            while (*at && !isspace((unsigned char)*at))
                at++;
            while (n > 0 && isspace((unsigned char)out[n - 1]))
                n--;
            continue;
        }
        depth += (*at == '(') - (*at == ')');
        if (n + 1 < SPEC)
            out[n++] = *at;
        at++;
    }
    out[n] = '\0';
}

void dsc_remedy_without(const dsc_case *c, descent_finding *out, const char *word)
{
    char spec[SPEC];

    take_out(c->plan.optimizer, word, spec);
    dsc_remedy_flag(out, "--optimizer", "%s", spec);
}
