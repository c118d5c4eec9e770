/* judge.c - all findings of a case, and which of them matter most.
 *
 * A cause shows in many ways: inputs that are not scaled make a training diverge, and one that has
 * diverged shows exploding gradients. So what another finding explains steps behind it. */
#include "finding/finding.h"

#include <string.h>

enum { MOST = 64 }; /* findings of one case, before they are ordered */

/* What a cause must be sure of, as a share of what its effect is sure of, to stand before it. */
static const double EXPLAINS = 0.6;

typedef struct found {
    const dsc_finding *finding;
    descent_finding what;
    double weight; /* what it is ordered by */
} found;

bool dsc_has_word(const char *list, const char *word)
{
    const size_t length = strlen(word);

    for (const char *at = list; at && (at = strstr(at, word)) != NULL; at += length) {
        const bool begins = at == list || at[-1] == ' ';
        if (begins && (at[length] == '\0' || at[length] == ' '))
            return true;
    }
    return false;
}

/* Of two findings of like confidence the one further up in the chain of causes comes first. */
static double first_weight(const found *f)
{
    static const double LATER = 0.02; /* for each step down the chain */

    return f->what.confidence - LATER * (double)f->finding->origin;
}

/* Of two that may bring each other about the surer one is the cause. */
static bool explains(const found *cause, const found *effect)
{
    const bool says = dsc_has_word(cause->finding->explains, effect->finding->info.name);
    const bool mutual = says && dsc_has_word(effect->finding->explains, cause->finding->info.name);

    return says && cause->what.confidence >= EXPLAINS * effect->what.confidence &&
           !(mutual && first_weight(effect) > first_weight(cause));
}

/* Puts effects behind their causes. A cause may be the effect of another: twice is enough for
 * chains of three. */
static void step_back(found *f, size_t n)
{
    static const double BEHIND = 0.01;

    for (int turn = 0; turn < 2; turn++)
        for (size_t cause = 0; cause < n; cause++)
            for (size_t effect = 0; effect < n; effect++) {
                const bool explained = cause != effect && explains(&f[cause], &f[effect]);
                if (explained && f[effect].weight > f[cause].weight - BEHIND) {
                    /* it is as sure as its effect: that is what it explains */
                    const double higher = f[effect].weight;
                    f[effect].weight = higher - BEHIND;
                    if (f[cause].weight < higher)
                        f[cause].weight = higher;
                }
            }
}

/* Notes never stand before what harms the result. */
static bool comes_before(const found *a, const found *b)
{
    const bool a_note = a->what.severity == DESCENT_NOTE, b_note = b->what.severity == DESCENT_NOTE;

    return a_note != b_note ? b_note : a->weight > b->weight;
}

static void sort(found *f, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const found one = f[i];
        size_t at = i;
        for (; at > 0 && comes_before(&one, &f[at - 1]); at--)
            f[at] = f[at - 1];
        f[at] = one;
    }
}

size_t dsc_findings_judge(const dsc_case *c, unsigned when, descent_finding out[DESCENT_FINDINGS])
{
    found f[MOST];
    const dsc_finding *finding;
    size_t n = 0;

    for (size_t i = 0; n < MOST && (finding = dsc_finding_at(i)) != NULL; i++) {
        if (!(finding->when & when))
            continue;
        f[n] = (found){.finding = finding, .what = {.severity = DESCENT_WARNING}};
        finding->judge(c, &f[n].what);
        f[n].what.name = finding->info.name;
        f[n].weight = first_weight(&f[n]);
        n += f[n].what.confidence > 0.0;
    }
    step_back(f, n);
    sort(f, n);
    n = n < DESCENT_FINDINGS ? n : DESCENT_FINDINGS;
    for (size_t i = 0; i < n; i++)
        out[i] = f[i].what;
    return n;
}
