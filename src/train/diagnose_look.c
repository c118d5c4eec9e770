/* diagnose_look.c - the trained network on some examples, as when it predicts. */
#include "train/diagnose.h"

#include "base/memory.h"
#include "base/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One example for every EVERY that were trained on takes about 0.5 % of the time, as there is no
 * way back. */
enum { EVERY = 40, LEAST = 64, AUDIT = 256 };

static const double SURE = 0.9;

/* n examples of a part, evenly spread, in an order of chance: files are often sorted. */
static void draw_sample(const dsc_fit *fit, const uint32_t *part, size_t all, size_t n,
                        uint32_t *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = part[i * all / n];
    dsc_random_shuffle(fit->settings->seed, DSC_RNG_SHUFFLE, UINT64_MAX, out, n);
}

static size_t least_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t most_of(const dsc_fit *fit)
{
    const size_t most = DSC_LOOK / dsc_dataset_positions(fit->data);

    return most < 1 ? 1 : most;
}

/* How many examples are looked at apart; the last scoring showed those of the test part. */
static size_t size_of(const dsc_fit *fit, size_t all)
{
    const size_t trained = (size_t)(fit->steps * fit->window) / EVERY;

    return least_of(all, least_of(trained < LEAST ? LEAST : trained, most_of(fit)));
}

/* True when the last scoring left all that there is to see. */
static bool was_scored(const dsc_fit *fit)
{
    return fit->said || fit->data->tokens;
}

descent_status dsc_look_create(dsc_diagnosis *d, const dsc_fit *fit, descent_error *err)
{
    const dsc_split *split = fit->split;
    const size_t n = size_of(fit, split->n_train),
                 n_test = was_scored(fit) ? least_of(split->n_test, most_of(fit))
                                          : size_of(fit, split->n_test);
    const size_t most = n > n_test ? n : n_test, outputs = (size_t)fit->model->options.outputs;
    const bool whole = dsc_dataset_positions(fit->data) == 1; /* of text the outputs are too many */

    d->look = (dsc_look_room){.n_train = n,
                              .n_test = n_test,
                              .train = dsc_alloc(n, sizeof *d->look.train),
                              .test = dsc_alloc(n_test, sizeof *d->look.test),
                              .loss = dsc_alloc(most, sizeof *d->look.loss),
                              .count = dsc_alloc(3 * outputs, sizeof *d->look.count)};
    d->output_sum = dsc_alloc(2 * outputs, sizeof *d->output_sum);
    d->output_squares = d->output_sum + outputs;
    if (whole)
        d->look.output = dsc_alloc(most * outputs, sizeof *d->look.output);
    if (!d->look.train || !d->look.test || !d->look.loss || !d->look.count || !d->output_sum ||
        (whole && !d->look.output))
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a look at %zu examples", most);
    draw_sample(fit, split->train, split->n_train, n, d->look.train);
    draw_sample(fit, split->test, split->n_test, n_test, d->look.test);
    return DESCENT_OK;
}

void dsc_look_free(dsc_diagnosis *d)
{
    dsc_free(d->look.train);
    dsc_free(d->look.test);
    dsc_free(d->look.loss);
    dsc_free(d->look.count);
    dsc_free(d->look.output);
    dsc_free(d->output_sum);
}

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

/* Mean deviation over examples of `width` numbers each; strided so that targets serve as well. */
static double deviation(const float *y, size_t n, size_t width)
{
    double all = 0.0;

    for (size_t j = 0; j < width; j++) {
        double sum = 0.0, squares = 0.0;
        for (size_t i = 0; i < n; i++) {
            const double x = (double)y[i * width + j];
            sum += x;
            squares += x * x;
        }
        const double mean = sum / (double)n;
        all += sqrt(fmax(0.0, squares / (double)n - mean * mean));
    }
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

/* Deviation of the targets as the network is to give them. */
static double target_deviation(const dsc_fit *fit, const uint32_t *index, size_t n)
{
    const size_t width = (size_t)fit->data->outputs;
    double all = 0.0;

    for (size_t j = 0; j < width; j++) {
        const double scale =
            fit->model->scaling.n_targets ? (double)fit->model->scaling.target_scale[j] : 1.0;
        double sum = 0.0, squares = 0.0;
        for (size_t i = 0; i < n; i++) {
            const double t = (double)fit->data->targets[index[i] * width + j];
            sum += t;
            squares += t * t;
        }
        const double mean = sum / (double)n;
        all += scale * sqrt(fmax(0.0, squares / (double)n - mean * mean));
    }
    return all / (double)width;
}

/* What was said of the examples and what each lost is in d->look. */
static void read(dsc_look *look, const dsc_diagnosis *d, const dsc_fit *fit, const uint32_t *index,
                 size_t n, const descent_score *score)
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
    look->output_deviation = deviation(d->look.output, n, width);
    if (fit->model->loss.kind->target == DSC_LABELS)
        read_classes(look, fit, index, &d->look);
    else if (fit->data->targets)
        look->target_deviation = target_deviation(fit, index, n);
}

static descent_status look_at(dsc_look *look, dsc_diagnosis *d, dsc_fit *fit, const uint32_t *index,
                              size_t n, descent_error *err)
{
    const dsc_examples examples = {.data = fit->data, .index = index, .n = n};
    descent_score score;

    DSC_TRY(dsc_model_forward(
        fit->model, &examples, fit->threads,
        &(dsc_forward){
            .output = d->look.output, .score = &score, .loss = d->look.loss, .runs = &fit->scoring},
        err));
    read(look, d, fit, index, n, &score);
    return DESCENT_OK;
}

/* The test part as the last scoring left it; of many examples some, evenly spread. */
static void read_scored(dsc_look *look, dsc_diagnosis *d, const dsc_fit *fit)
{
    const size_t n = d->look.n_test, all = fit->split->n_test,
                 width = (size_t)fit->model->options.outputs;

    for (size_t i = 0; i < n; i++) {
        const size_t at = i * all / n;
        d->look.test[i] = fit->split->test[at];
        d->look.loss[i] = fit->lost[at];
        if (fit->said)
            memcpy(d->look.output + i * width, fit->said + at * width,
                   width * sizeof *d->look.output);
    }
    read(look, d, fit, d->look.test, n, &fit->score);
}

static dsc_look unknown(void)
{
    const double none = (double)NAN;

    return (dsc_look){.loss = none,
                      .accuracy = none,
                      .rmse = none,
                      .median_loss = none,
                      .high_loss = none,
                      .sure_and_wrong = none,
                      .output_deviation = none,
                      .target_deviation = none,
                      .largest_prediction = none,
                      .least_recall = none};
}

static bool is_finite(const float *w, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(w[i]))
            return false;
    return true;
}

/* Which relu units are never above 0 now; on one thread, so on fewer examples. */
static descent_status audit_units(dsc_diagnosis *d, dsc_fit *fit, descent_error *err)
{
    const dsc_examples some = {
        .data = fit->data, .index = d->look.train, .n = least_of(d->look.n_train, AUDIT)};

    dsc_silence_begin(&d->silence, &d->model_layers, fit->model->network.graph);
    DSC_TRY(dsc_model_forward(
        fit->model, &some, 1,
        &(dsc_forward){.watch = dsc_silence_see, .watcher = &d->silence, .runs = &fit->scoring},
        err));
    for (size_t i = 0; i < d->c.layers; i++)
        d->layer[i].silent = dsc_silence_share(&d->silence, i);
    return DESCENT_OK;
}

descent_status dsc_look_take(dsc_diagnosis *d, dsc_fit *fit, descent_error *err)
{
    const descent_model *model = fit->model;

    d->c.train_look = d->c.test_look = unknown();
    if (!is_finite(model->w, model->n_w) || !is_finite(model->b, model->n_b))
        return DESCENT_OK;
    DSC_TRY(look_at(&d->c.train_look, d, fit, d->look.train, d->look.n_train, err));
    if (was_scored(fit))
        read_scored(&d->c.test_look, d, fit);
    else
        DSC_TRY(look_at(&d->c.test_look, d, fit, d->look.test, d->look.n_test, err));
    return d->c.layers > 0 ? audit_units(d, fit, err) : DESCENT_OK;
}
