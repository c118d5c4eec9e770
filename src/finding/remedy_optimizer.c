/* remedy_optimizer.c - an optimizer string without one of its words, as a flag to copy. */
#include "finding/finding.h"

#include <ctype.h>
#include <string.h>

/* Takes a flag or a hyperparameter with its value out of `spec`; words in parentheses stay. */
static void take_out(char *spec, const char *word)
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
            while (n > 0 && isspace((unsigned char)spec[n - 1]))
                n--;
            continue;
        }
        depth += (*at == '(') - (*at == ')');
        spec[n++] = *at++;
    }
    spec[n] = '\0';
}

void dsc_remedy_without(const dsc_case *c, descent_finding *out, const char *word)
{
    char spec[DSC_FLAGS];
    const size_t size = strlen(c->plan.optimizer) + 1;

    if (size > sizeof spec)
        return;
    memcpy(spec, c->plan.optimizer, size);
    take_out(spec, word);
    dsc_remedy_flag(out, "--optimizer", "%s", spec);
}
