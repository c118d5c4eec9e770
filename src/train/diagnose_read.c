/* diagnose_read.c - what a look at examples shows: numbers that findings read, from what the
 * network said of each and what each lost. */
#include "train/diagnose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double SURE = 0.9;

/* --- losses ----------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

static void read_losses(dsc_look *look, float *loss)
{
    const size_t highest = look->n >= 100 ? look->n / 100 : 1;
    double sum = 0.0;

    qsort(loss, look->n, sizeof *loss, by_size);
    look->median_loss = (double)loss[look->n / 2];
    for (size_t i = look->n - highest; i < look->n; i++)
        sum += (double)loss[i];
    look->high_loss = sum / (double)highest;
}

/* --- outputs ---------------------------------------------------------------------------------- */

/* Deviation of column j of y (rows, width), over rows index[0..n); NULL: the first n. */
static double deviation_of(const float *y, size_t width, size_t j, const uint32_t *index, size_t n)
{
    double sum = 0.0, squares = 0.0;

    for (size_t i = 0; i < n; i++) {
        const double x = (double)y[(index ? index[i] : i) * width + j];
        sum += x;
        squares += x * x;
    }
    const double mean = sum / (double)n;
    return sqrt(fmax(0.0, squares / (double)n - mean * mean));
}

/* The mean over outputs. */
static double output_deviation(const float *y, size_t n, size_t width)
{
    double all = 0.0;

    for (size_t j = 0; j < width; j++)
        all += deviation_of(y, width, j, NULL, n);
    return all / (double)width;
}

static size_t largest(const float *y, size_t n)
{
    size_t best = 0;

    for (size_t i = 1; i < n; i++)
        best = y[i] > y[best] ? i : best;
    return best;
}

/* The share that softmax gives to number `best`, which is the largest. */
static double probability(const float *y, size_t n, size_t best)
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += exp((double)y[i] - (double)y[best]);
    return 1.0 / sum;
}

/* Predictions against labels: what is predicted most, what is found least. */
static void read_classes(dsc_look *look, const dsc_fit *fit, const uint32_t *index,
                         const dsc_look_room *room)
{
    enum { ENOUGH = 5 };
    const size_t width = (size_t)fit->model->options.outputs;
    size_t *predicted = room->count, *there = predicted + width, *found = there + width;
    size_t sure_and_wrong = 0, most = 0;

    memset(room->count, 0, 3 * width * sizeof *room->count);
    for (size_t i = 0; i < look->n; i++) {
        const float *y = room->output + i * width;
        const size_t label = (size_t)fit->data->labels[index[i]], best = largest(y, width);
        predicted[best]++;
        there[label]++;
        found[label] += best == label;
        sure_and_wrong += best != label && probability(y, width, best) > SURE;
    }
    look->sure_and_wrong = (double)sure_and_wrong / (double)look->n;
    for (size_t j = 0; j < width; j++) {
        const double recall =
            there[j] >= ENOUGH ? (double)found[j] / (double)there[j] : (double)NAN;
        most = predicted[j] > most ? predicted[j] : most;
        if (!isnan(recall) && !(recall >= look->least_recall)) {
            look->least_recall = recall;
            look->least_recalled = (int)j;
        }
    }
    look->largest_prediction = (double)most / (double)look->n;
}

/* The same of the targets as the network is to give them. */
static double target_deviation(const dsc_fit *fit, const uint32_t *index, size_t n)
{
    const dsc_scaling *scaling = &fit->model->scaling;
    const size_t width = (size_t)fit->data->outputs;
    double all = 0.0;

    for (size_t j = 0; j < width; j++)
        all += (scaling->n_targets ? (double)scaling->target_scale[j] : 1.0) *
               deviation_of(fit->data->targets, width, j, index, n);
    return all / (double)width;
}

void dsc_look_read(dsc_look *look, const dsc_diagnosis *d, const dsc_fit *fit,
                   const uint32_t *index, size_t n, const descent_score *score)
{
    const size_t width = (size_t)fit->model->options.outputs;

    look->n = n;
    look->loss = score->loss;
    look->accuracy = score->accuracy;
    look->rmse = score->rmse;
    read_losses(look, d->look.loss);
    if (!d->look.output)
        return;
    if (fit->data->targets) /* as predictions: a rate rather than its logarithm */
        for (size_t i = 0; i < n * width; i++)
            d->look.output[i] =
                (float)dsc_link_value(fit->model->loss.link, (double)d->look.output[i]);
    look->output_deviation = output_deviation(d->look.output, n, width);
    if (fit->model->loss.kind->target == DSC_LABELS)
        read_classes(look, fit, index, &d->look);
    else if (fit->data->targets)
        look->target_deviation = target_deviation(fit, index, n);
}
