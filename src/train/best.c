/* best.c - early stopping: the weights of the epoch with the lowest test loss are kept, and they
 * are what a training with patience ends with, however it ends. The training itself never sees
 * them.
 *
 * Prechelt 1998, "Early stopping - but when?". */
#include "train/fit.h"

#include "base/memory.h"

#include <limits.h>
#include <math.h>
#include <string.h>

descent_status dsc_best_prepare(dsc_fit *fit, descent_error *err)
{
    dsc_best *best = &fit->best;

    best->number[DSC_BEST_EPOCH] = 0.0;
    if (fit->settings->patience == 0)
        return DESCENT_OK;
    best->w = dsc_alloc(fit->model->n_w, sizeof *best->w);
    best->b = dsc_alloc(fit->model->n_b, sizeof *best->b);
    if (!best->w || !best->b)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the best of %zu weights",
                        fit->model->n_w);
    return DESCENT_OK;
}

void dsc_best_free(dsc_fit *fit)
{
    dsc_free(fit->best.w);
    dsc_free(fit->best.b);
}

/* A score that is not finite is no better than any other, not even than none. */
void dsc_best_see(dsc_fit *fit, const descent_train_progress *epoch)
{
    dsc_best *best = &fit->best;
    double *number = best->number;
    const bool first = number[DSC_BEST_EPOCH] == 0.0;

    if (!best->w)
        return;
    if (!isfinite(epoch->test_loss) || (!first && epoch->test_loss >= number[DSC_BEST_LOSS])) {
        number[DSC_BEST_WAITED]++;
        return;
    }
    memcpy(best->w, fit->model->w, fit->model->n_w * sizeof *best->w);
    memcpy(best->b, fit->model->b, fit->model->n_b * sizeof *best->b);
    number[DSC_BEST_EPOCH] = epoch->epoch;
    number[DSC_BEST_WAITED] = 0.0;
    number[DSC_BEST_LOSS] = epoch->test_loss;
    number[DSC_BEST_TRAIN_LOSS] = epoch->loss;
}

bool dsc_best_ends(const dsc_fit *fit)
{
    return fit->best.w && fit->best.number[DSC_BEST_WAITED] >= (double)fit->settings->patience;
}

bool dsc_best_restore(dsc_fit *fit)
{
    const dsc_best *best = &fit->best;
    const double epoch = best->number[DSC_BEST_EPOCH]; /* a checkpoint may say anything */

    if (!best->w || !(epoch >= 1.0 && epoch <= INT_MAX))
        return false;
    memcpy(fit->model->w, best->w, fit->model->n_w * sizeof *best->w);
    memcpy(fit->model->b, best->b, fit->model->n_b * sizeof *best->b);
    fit->scored_at = 0; /* what stands there is of other weights */
    return true;
}

int dsc_best_parts(dsc_fit *fit, dsc_part part[DSC_BEST_PARTS])
{
    dsc_best *best = &fit->best;

    if (!best->w)
        return 0;
    part[0] = (dsc_part){.name = "best.numbers",
                         .type = DESCENT_F64,
                         .count = DSC_BEST_NUMBERS,
                         .data = best->number};
    part[1] = (dsc_part){
        .name = "best.w", .type = DESCENT_F32, .count = fit->model->n_w, .data = best->w};
    part[2] = (dsc_part){
        .name = "best.b", .type = DESCENT_F32, .count = fit->model->n_b, .data = best->b};
    return fit->model->n_b > 0 ? 3 : 2;
}
