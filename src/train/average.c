/* average.c - where an optimizer keeps an average of the weights, that is what is evaluated and
 * saved; the training itself goes on with its own weights.
 *
 * What batch_norm has seen belongs to the weights of the training. For the average it is measured
 * again, on some thousand training examples that are chosen once. */
#include "train/fit.h"

#include "base/memory.h"
#include "base/rng.h"

#include <string.h>

enum { MEASURED = 4096 }; /* examples; the nearest whole number of batches */

/* Chooses the examples; fit->order is only scratch here. */
static void choose(dsc_fit *fit)
{
    const size_t n = fit->split->n_train;

    memcpy(fit->order, fit->split->train, n * sizeof *fit->order);
    dsc_random_shuffle(fit->settings->seed, DSC_RNG_STATISTICS, 0, fit->order, n);
    memcpy(fit->measured, fit->order, fit->n_measured * sizeof *fit->order);
}

descent_status dsc_average_prepare(dsc_fit *fit, descent_error *err)
{
    const size_t batch = (size_t)fit->settings->batch, whole = fit->split->n_train / batch;
    const size_t wanted = batch < MEASURED ? MEASURED / batch : 1;

    fit->averages = dsc_optimizer_averages(fit->optimizer);
    if (!fit->averages)
        return DESCENT_OK;
    fit->n_measured = batch * (wanted < whole ? wanted : whole);
    fit->measured = dsc_alloc(fit->n_measured, sizeof *fit->measured);
    fit->w_training = dsc_alloc(fit->model->n_w, sizeof *fit->w_training);
    fit->b_training = dsc_alloc(fit->model->n_b, sizeof *fit->b_training);
    if (!fit->measured || !fit->w_training || !fit->b_training)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the average of %zu weights",
                        fit->model->n_w);
    choose(fit);
    return DESCENT_OK;
}

void dsc_average_free(dsc_fit *fit)
{
    dsc_free(fit->measured);
    dsc_free(fit->w_training);
    dsc_free(fit->b_training);
}

void dsc_average_show(dsc_fit *fit)
{
    descent_model *model = fit->model;

    if (!fit->averages)
        return;
    memcpy(fit->w_training, model->w, model->n_w * sizeof *model->w);
    memcpy(fit->b_training, model->b, model->n_b * sizeof *model->b);
    if (dsc_optimizer_average(fit->optimizer, fit->w_training, model->w))
        dsc_trainer_measure(fit->trainer, fit->measured, fit->n_measured);
}

void dsc_average_hide(dsc_fit *fit)
{
    descent_model *model = fit->model;

    if (!fit->averages)
        return;
    memcpy(model->w, fit->w_training, model->n_w * sizeof *model->w);
    memcpy(model->b, fit->b_training, model->n_b * sizeof *model->b);
}
