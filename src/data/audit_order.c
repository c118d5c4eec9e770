/* audit_order.c - do batches in the order of the file hold all kinds of examples? */
#include "data/audit.h"

#include "base/memory.h"
#include "base/rng.h"

#include <math.h>
#include <string.h>

/* Entropy of the labels of some examples, nats. */
static double entropy_of(const dsc_audit_options *o, const uint32_t *index, size_t n, double *count)
{
    double entropy = 0.0;

    memset(count, 0, (size_t)o->data->outputs * sizeof *count);
    for (size_t i = 0; i < n; i++)
        count[o->data->labels[index[i]]]++;
    for (int c = 0; c < o->data->outputs; c++)
        if (count[c] > 0.0)
            entropy -= count[c] / (double)n * log(count[c] / (double)n);
    return entropy;
}

/* Variance of their targets. */
static double variance_of(const dsc_audit_options *o, const uint32_t *index, size_t n)
{
    double variance = 0.0;

    for (int t = 0; t < o->data->outputs; t++) {
        double mean = 0.0;
        for (size_t i = 0; i < n; i++)
            mean += dsc_audit_target(o, index[i], t) / (double)n;
        for (size_t i = 0; i < n; i++) {
            const double d = dsc_audit_target(o, index[i], t) - mean;
            variance += d * d / (double)n;
        }
    }
    return variance;
}

/* The mean over some batches of how mixed they are. */
static double mixed(const dsc_audit_options *o, const uint32_t *order, double *count)
{
    enum { MOST = 100 };
    const size_t batches = o->split->n_train / o->batch, looks = batches < MOST ? batches : MOST;
    double sum = 0.0;

    for (size_t i = 0; i < looks; i++) {
        const uint32_t *index = order + i * batches / looks * o->batch;
        sum += o->data->labels ? entropy_of(o, index, o->batch, count)
                               : variance_of(o, index, o->batch);
    }
    return sum / (double)looks;
}

bool dsc_audit_order(dsc_audit *out, const dsc_audit_options *o)
{
    const size_t n = o->split->n_train;

    out->batch_entropy = 1.0;
    if (o->shuffles || o->batch < 2 || n < 2 * o->batch)
        return true;
    uint32_t *random = dsc_alloc(n, sizeof *random);
    double *count = dsc_alloc((size_t)o->data->outputs, sizeof *count);
    if (random && count) {
        memcpy(random, o->split->train, n * sizeof *random);
        dsc_random_shuffle(o->seed, DSC_RNG_AUDIT, 0, random, n);
        const double expected = mixed(o, random, count), found = mixed(o, o->split->train, count);
        if (expected > 0.0)
            out->batch_entropy = found / expected;
    }
    const bool good = random && count;
    dsc_free(random);
    dsc_free(count);
    return good;
}
