/* diagnose_read.c - what a look at examples shows: numbers that findings read, from what the
 * network said of each and what each lost. */
#include "train/diagnose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- losses ----------------------------------------------------------------------------------- */

/* NaN last: qsort wants an order in which everything has its place. */
static int by_size(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;

    return isnan(x) || isnan(y) ? !!isnan(x) - !!isnan(y) : (x > y) - (x < y);
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

/* By how much y[best] is above the largest of the others; 0 where both are infinite. */
static float margin(const float *y, size_t n, size_t best)
{
    float next = -HUGE_VALF;

    for (size_t i = 0; i < n; i++)
        next = i != best && y[i] > next ? y[i] : next;
    return y[best] > next ? y[best] - next : 0.0f;
}

/* By class, and of each class the surest first; of equally sure ones those that are right. */
static int by_class(const void *a, const void *b)
{
    const dsc_said *x = a, *y = b;

    if (x->predicted != y->predicted)
        return x->predicted < y->predicted ? -1 : 1;
    if (x->margin < y->margin || x->margin > y->margin)
        return x->margin > y->margin ? -1 : 1;
    return x->wrong - y->wrong;
}

/* Errors among what the network is surest of, and among what it is not, class by class: where
 * classes overlap it errs at their borders, and wrong labels are everywhere. */
static void read_sure(dsc_look *look, dsc_said *said)
{
    enum { ENOUGH = 12 };
    double n[2] = {0}, wrong[2] = {0};

    qsort(said, look->n, sizeof *said, by_class);
    for (size_t begin = 0, end; begin < look->n; begin = end) {
        for (end = begin + 1; end < look->n && said[end].predicted == said[begin].predicted;)
            end++;
        for (size_t i = begin; end - begin >= ENOUGH && i < end; i++) {
            const bool unsure = i - begin >= (end - begin) / 2;
            n[unsure]++;
            wrong[unsure] += said[i].wrong;
        }
    }
    look->sure = n[0];
    look->wrong_of_sure = wrong[0] / n[0];
    look->wrong_of_unsure = wrong[1] / n[1];
}

/* Predictions against labels: what is predicted most, what is found least. */
static void read_classes(dsc_look *look, const dsc_fit *fit, const uint32_t *index,
                         const dsc_look_room *room)
{
    enum { ENOUGH = 5 };
    const size_t width = (size_t)fit->model->options.outputs;
    size_t *predicted = room->count, *there = predicted + width, *found = there + width;
    size_t most = 0;

    memset(room->count, 0, 3 * width * sizeof *room->count);
    for (size_t i = 0; i < look->n; i++) {
        const float *y = room->output + i * width;
        const size_t label = (size_t)fit->data->labels[index[i]], best = largest(y, width);
        predicted[best]++;
        there[label]++;
        found[label] += best == label;
        room->said[i] = (dsc_said){
            .margin = margin(y, width, best), .predicted = (uint32_t)best, .wrong = best != label};
    }
    read_sure(look, room->said);
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

/* y (rows, outputs) <- |y - target|; returns the root of their mean square over a deviation by the
 * middle one. */
static double tails(const dsc_fit *fit, const uint32_t *index, float *y, size_t n)
{
    static const double OF_MEDIAN = 1.4826; /* a deviation, where errors are normal */
    const dsc_scaling *scaling = &fit->model->scaling;
    const size_t width = (size_t)fit->data->outputs;
    double squares = 0.0;

    for (size_t i = 0; i < n * width; i++) {
        const size_t j = i % width;
        const float t = fit->data->targets[index[i / width] * width + j];
        const float target =
            scaling->n_targets ? (t - scaling->target_shift[j]) * scaling->target_scale[j] : t;
        y[i] = fabsf(y[i] - target);
        squares += (double)y[i] * (double)y[i];
    }
    qsort(y, n * width, sizeof *y, by_size);
    return sqrt(squares / (double)(n * width)) / (OF_MEDIAN * (double)y[n * width / 2]);
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
    else if (fit->data->targets) {
        look->target_deviation = target_deviation(fit, index, n);
        look->tails = tails(fit, index, d->look.output, n);
    }
}
