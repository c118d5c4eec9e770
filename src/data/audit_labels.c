/* audit_labels.c - how often each class is there, or how the targets are spread. */
#include "data/audit.h"

#include "base/memory.h"
#include "data/tokens.h"

#include <math.h>

enum { SOME_TOKENS = 1 << 14, MOST_KINDS = 1 << 9 }; /* of so many kinds it would take more */

/* Of a text's tokens as they stand, each for itself: what a model has that knows how often each is
 * there and nothing else. Windows of the training part, evenly spread. */
static void count_tokens(dsc_audit *out, const dsc_audit_options *o, double *count)
{
    const dsc_tokens *t = o->data->tokens;
    const size_t window = dsc_dataset_positions(o->data), all = o->split->n_train;
    const size_t most = SOME_TOKENS / window + 1, windows = all < most ? all : most;
    const double n = (double)(windows * window);

    for (size_t i = 0; i < windows; i++)
        for (size_t k = 0; k < window; k++)
            count[dsc_tokens_at(t, o->split->train[i * all / windows] + k)]++;
    out->chance_loss = 0.0;
    for (int c = 0; c < o->data->outputs; c++)
        if (count[c] > 0.0)
            out->chance_loss -= count[c] / n * log(count[c] / n);
}

bool dsc_audit_tokens(dsc_audit *out, const dsc_audit_options *o)
{
    const size_t kinds = (size_t)o->data->outputs;
    double *count = dsc_alloc(kinds, sizeof *count);

    if (count && kinds <= MOST_KINDS)
        count_tokens(out, o, count);
    dsc_free(count);
    return count != NULL;
}

static void count_classes(dsc_audit *out, const dsc_audit_options *o, double *count)
{
    const double n = (double)o->split->n_train;
    double least = (double)INFINITY, largest = 0.0, entropy = 0.0;

    for (size_t i = 0; i < o->split->n_train; i++)
        count[o->data->labels[o->split->train[i]]]++;
    for (int c = 0; c < o->data->outputs; c++) {
        if (count[c] <= 0.0)
            continue;
        entropy -= count[c] / n * log(count[c] / n);
        if (count[c] < least) {
            least = count[c];
            out->least_class = c;
        }
        if (count[c] > largest) {
            largest = count[c];
            out->largest_class = c;
        }
    }
    out->chance_loss = entropy;
    out->majority = largest / n;
    out->least_share = least / n;
    out->imbalance = largest / least;
}

/* Around the mean of training, in the data's own units. */
static double test_variance(const dsc_audit_options *o, int output, double mean)
{
    const dsc_scaling *s = o->scaling;
    const double unit = s->n_targets ? 1.0 / (double)s->target_scale[output] : 1.0;
    double squares = 0.0;

    for (size_t i = 0; i < o->split->n_test; i++) {
        const double d = (dsc_audit_target(o, o->split->test[i], output) - mean) * unit;
        squares += d * d;
    }
    return squares / (double)o->split->n_test;
}

/* What a loss that asks for a side takes: -1 or 1. */
static double share_of_signs(const dsc_audit_options *o)
{
    const double all = (double)o->split->n_train * (double)o->data->outputs;
    double signs = 0.0;

    for (size_t i = 0; i < o->split->n_train; i++)
        for (int t = 0; t < o->data->outputs; t++) {
            const double off = fabs(dsc_audit_target(o, o->split->train[i], t)) - 1.0;
            signs += !(off < 0.0 || off > 0.0);
        }
    return signs / all;
}

/* The target whose scale is furthest from 1; the mean of all variances is what guessing costs. */
static void measure_targets(dsc_audit *out, const dsc_audit_options *o)
{
    const double n = (double)o->split->n_train;
    double variances = 0.0, test_squares = 0.0;

    for (int t = 0; t < o->data->outputs; t++) {
        double mean = 0.0, squares = 0.0;
        for (size_t i = 0; i < o->split->n_train; i++)
            mean += dsc_audit_target(o, o->split->train[i], t) / n;
        for (size_t i = 0; i < o->split->n_train; i++) {
            const double d = dsc_audit_target(o, o->split->train[i], t) - mean;
            squares += d * d / n;
        }
        const double deviation = sqrt(squares);
        variances += squares;
        test_squares += test_variance(o, t, mean);
        if (!(fabs(log(deviation)) <= fabs(log(out->target_deviation)))) {
            out->target_deviation = deviation;
            out->target_mean = mean;
        }
    }
    out->chance_loss = variances / (double)o->data->outputs;
    out->target_unit = sqrt(test_squares / (double)o->data->outputs);
}

/* Whole numbers from 0 or 1 on without a gap, each of them often: names of classes, most likely.
 * Counts and grades thin out at their ends. */
static void count_values(dsc_audit *out, const dsc_audit_options *o)
{
    enum { MOST = 100, CLASSES = 20, OFTEN = 10 };
    size_t seen[MOST] = {0}, least = SIZE_MAX;
    int values = 0, first = -1, last = -1;

    if (o->data->outputs != 1)
        return;
    for (size_t i = 0; i < o->split->n_train; i++) {
        const double y = (double)o->data->targets[o->split->train[i]];
        if (!(y >= 0.0 && y < MOST) || floor(y) < y)
            return;
        seen[(int)y]++;
    }
    for (int v = 0; v < MOST; v++)
        if (seen[v] > 0) {
            values++;
            first = first < 0 ? v : first;
            last = v;
            least = seen[v] < least ? seen[v] : least;
        }
    out->target_values = values;
    out->targets_are_classes = values >= 2 && values <= CLASSES && first <= 1 &&
                               last - first + 1 == values && least >= OFTEN;
}

bool dsc_audit_labels(dsc_audit *out, const dsc_audit_options *o)
{
    if (!o->data->labels) {
        measure_targets(out, o);
        count_values(out, o);
        out->targets_of_sign = share_of_signs(o);
        return true;
    }
    double *count = dsc_alloc((size_t)o->data->outputs, sizeof *count);
    if (count)
        count_classes(out, o, count);
    dsc_free(count);
    return count != NULL;
}
