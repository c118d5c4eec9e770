/* targets.c - from a loss to what the data's targets must be, and what its classes weigh. */
#include "train/targets.h"

#include "base/memory.h"
#include "base/print.h"
#include "data/tokens.h"
#include "layer/loss.h"

#include <math.h>
#include <stdio.h>

static descent_status check_range(const dsc_loss *loss, const descent_dataset *data,
                                  descent_error *err)
{
    char found[32], low[32], high[32];

    for (size_t i = 0; i < data->count * (size_t)data->outputs; i++) {
        const double target = (double)data->targets[i];
        if (target >= loss->lowest && target <= loss->highest)
            continue;
        const size_t example = i / (size_t)data->outputs;
        dsc_print(found, sizeof found, "%g", target);
        dsc_print(low, sizeof low, "%g", loss->lowest);
        dsc_print(high, sizeof high, "%g", loss->highest);
        if (isinf(loss->highest))
            return dsc_fail(err, DESCENT_INVALID,
                            "loss %s needs targets of at least %s, example %zu has %s",
                            loss->info.name, low, example, found);
        if (isinf(loss->lowest))
            return dsc_fail(err, DESCENT_INVALID,
                            "loss %s needs targets of at most %s, example %zu has %s",
                            loss->info.name, high, example, found);
        return dsc_fail(err, DESCENT_INVALID,
                        "loss %s needs targets between %s and %s, example %zu has %s",
                        loss->info.name, low, high, example, found);
    }
    return DESCENT_OK;
}

/* The label of a training example; of a text that of a token of a window. */
static int32_t label_of(const descent_dataset *data, const dsc_split *split, size_t example,
                        size_t position)
{
    const size_t at = split->train[example];

    return data->tokens ? dsc_tokens_at(data->tokens, at + position + 1) : data->labels[at];
}

/* weight[c] = n / (classes n_c), of the n_c training examples of class c: all classes then count
 * the same (King & Zeng 2001). A class without any weighs 1. */
static descent_status balance(dsc_settings *s, char **loss, const descent_dataset *data,
                              const dsc_split *split, descent_error *err)
{
    double *weight = dsc_alloc((size_t)data->outputs, sizeof *weight);
    descent_status status = DESCENT_OK;
    int classes = 0;

    if (!weight)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %d classes", data->outputs);
    const size_t positions = dsc_dataset_positions(data), n = split->n_train * positions;
    for (size_t i = 0; i < n; i++)
        classes += weight[label_of(data, split, i / positions, i % positions)]++ == 0;
    for (int c = 0; c < data->outputs; c++)
        weight[c] = weight[c] > 0 ? (double)n / ((double)classes * weight[c]) : 1.0;
    status = dsc_loss_balance(loss, s->loss, weight, data->outputs, err);
    dsc_free(weight);
    if (status == DESCENT_OK)
        s->loss = *loss;
    return status;
}

descent_status dsc_targets_prepare(dsc_settings *settings, char **loss, const descent_dataset *data,
                                   const dsc_split *split, dsc_scaling *scaling, descent_error *err)
{
    if (settings->balanced)
        DSC_TRY(balance(settings, loss, data, split, err));
    if (!settings->loss_kind->fixed_targets)
        return DESCENT_OK;
    scaling->n_targets = 0;
    return check_range(settings->loss_kind, data, err);
}
