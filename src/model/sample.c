/* sample.c - see sample.h.
 *
 *     p_i = exp(logit_i / temperature) / sum over the candidates
 *
 * The candidates are the top_k likeliest tokens (Fan et al. 2018, arXiv:1805.04833), and of these
 * the fewest that together reach top_p of their probability (Holtzman et al. 2020,
 * arXiv:1904.09751). */
#include "model/sample.h"

#include <math.h>
#include <stdlib.h>

static int32_t likeliest(const float *logits, int n)
{
    int32_t best = 0;

    for (int32_t i = 1; i < n; i++)
        best = logits[i] > logits[best] ? i : best;
    return best;
}

/* The likeliest first; tokens that are as likely in their order. */
static int compare(const void *a, const void *b)
{
    const dsc_candidate *x = a, *y = b;

    if (x->logit > y->logit || x->logit < y->logit)
        return x->logit > y->logit ? -1 : 1;
    return (x->token > y->token) - (x->token < y->token);
}

static double sum_of(const dsc_candidate *c, int n)
{
    double sum = 0;

    for (int i = 0; i < n; i++)
        sum += c[i].weight;
    return sum;
}

/* How many of n sorted candidates it takes to reach the part top_p. */
static int nucleus(const dsc_candidate *c, int n, double top_p)
{
    const double enough = top_p * sum_of(c, n);
    double sum = 0;

    for (int i = 0; i < n; i++) {
        sum += c[i].weight;
        if (sum >= enough)
            return i + 1;
    }
    return n;
}

int32_t dsc_sample(const dsc_sampling *sampling, const float *logits, int n, double uniform,
                   dsc_candidate *scratch)
{
    const int32_t best = likeliest(logits, n);
    const bool all = (sampling->top_k == 0 || sampling->top_k >= n) && sampling->top_p >= 1.0;
    int count = n;

    if (!(sampling->temperature > 0.0) || !isfinite(logits[best]))
        return best;
    for (int32_t i = 0; i < n; i++) {
        const double below = (double)logits[i] - (double)logits[best];
        scratch[i] = (dsc_candidate){exp(below / sampling->temperature), logits[i], i};
    }
    if (!all) {
        qsort(scratch, (size_t)n, sizeof *scratch, compare);
        if (sampling->top_k > 0 && sampling->top_k < count)
            count = sampling->top_k;
        if (sampling->top_p < 1.0)
            count = nucleus(scratch, count, sampling->top_p);
    }
    double left = uniform * sum_of(scratch, count);
    for (int i = 0; i < count; i++) {
        left -= scratch[i].weight;
        if (left < 0.0)
            return scratch[i].token;
    }
    return scratch[all ? best : 0].token; /* rounding only */
}
