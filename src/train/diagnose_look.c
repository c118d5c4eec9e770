/* diagnose_look.c - the trained network on some examples, as when it predicts. */
#include "train/diagnose.h"

#include "base/memory.h"
#include "base/rng.h"

#include <math.h>
#include <string.h>

/* One example for every EVERY that were trained on takes about 0.3 % of the time, as there is no
 * way back. */
enum { EVERY = 90, LEAST = 64, AUDIT = 256 };

void dsc_look_spread(const uint32_t *part, size_t all, size_t n, uint32_t *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = part[i * all / n];
}

/* The same in an order of chance. */
static void draw_sample(const dsc_fit *fit, const uint32_t *part, size_t all, size_t n,
                        uint32_t *out)
{
    dsc_look_spread(part, all, n, out);
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
    if (whole) {
        d->look.output = dsc_alloc(most * outputs, sizeof *d->look.output);
        d->look.said = dsc_alloc(most, sizeof *d->look.said);
    }
    if (!d->look.train || !d->look.test || !d->look.loss || !d->look.count || !d->output_sum ||
        (whole && (!d->look.output || !d->look.said)))
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
    dsc_free(d->look.said);
    dsc_free(d->output_sum);
}

/* Examples of a look from `begin` on; a watch sees them on one thread. */
static descent_status run(dsc_diagnosis *d, dsc_fit *fit, const uint32_t *index, size_t begin,
                          size_t end, bool watched, descent_score *score, descent_error *err)
{
    const size_t width = (size_t)fit->model->options.outputs;
    const dsc_examples some = {.data = fit->data, .index = index + begin, .n = end - begin};
    const dsc_forward out = {.output = d->look.output ? d->look.output + begin * width : NULL,
                             .score = score,
                             .loss = d->look.loss + begin,
                             .watch = watched ? dsc_silence_see : NULL,
                             .watcher = &d->silence,
                             .runs = &fit->scoring};

    return dsc_model_forward(fit->model, &some, watched ? 1 : fit->threads, &out, err);
}

/* a <- the score of n examples, of which `first` are those of a and the others those of b. */
static void join(descent_score *a, const descent_score *b, size_t first, size_t n)
{
    const double share = (double)first / (double)n;

    a->loss = share * a->loss + (1.0 - share) * b->loss;
    a->accuracy = share * a->accuracy + (1.0 - share) * b->accuracy;
    a->rmse = sqrt(share * a->rmse * a->rmse + (1.0 - share) * b->rmse * b->rmse);
}

/* Of the first examples also which relu units are ever above 0. */
static descent_status look_at(dsc_look *look, dsc_diagnosis *d, dsc_fit *fit, const uint32_t *index,
                              size_t n, size_t watched, descent_error *err)
{
    descent_score score, rest;

    DSC_TRY(run(d, fit, index, 0, watched > 0 ? watched : n, watched > 0, &score, err));
    if (watched > 0 && watched < n) {
        DSC_TRY(run(d, fit, index, watched, n, false, &rest, err));
        join(&score, &rest, watched, n);
    }
    dsc_look_read(look, d, fit, index, n, &score);
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
    dsc_look_read(look, d, fit, d->look.test, n, &fit->score);
}

static dsc_look unknown(void)
{
    const double none = (double)NAN;

    return (dsc_look){.loss = none,
                      .accuracy = none,
                      .rmse = none,
                      .median_loss = none,
                      .high_loss = none,
                      .wrong_of_sure = none,
                      .wrong_of_unsure = none,
                      .tails = none,
                      .output_deviation = none,
                      .target_deviation = none,
                      .largest_prediction = none,
                      .least_recall = none};
}

static bool all_finite(const float *w, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(w[i]))
            return false;
    return true;
}

bool dsc_look_finite(const descent_model *model)
{
    return all_finite(model->w, model->n_w) && all_finite(model->b, model->n_b);
}

descent_status dsc_look_loss(dsc_fit *fit, const uint32_t *index, size_t n, double *loss,
                             descent_error *err)
{
    const dsc_examples some = {.data = fit->data, .index = index, .n = n};
    descent_score score;

    *loss = (double)NAN;
    if (n == 0)
        return DESCENT_OK;
    DSC_TRY(dsc_model_forward(fit->model, &some, fit->threads,
                              &(dsc_forward){.score = &score, .runs = &fit->scoring}, err));
    *loss = score.loss;
    return DESCENT_OK;
}

/* The training part, and which relu units are never above 0 now. */
static descent_status look_at_training(dsc_diagnosis *d, dsc_fit *fit, descent_error *err)
{
    const size_t watched = d->c.layers > 0 ? least_of(d->look.n_train, AUDIT) : 0;

    if (watched > 0)
        dsc_silence_begin(&d->silence, &d->model_layers, fit->model->network.graph);
    DSC_TRY(look_at(&d->c.train_look, d, fit, d->look.train, d->look.n_train, watched, err));
    for (size_t i = 0; i < d->c.layers; i++)
        d->layer[i].silent = dsc_silence_share(&d->silence, i);
    return DESCENT_OK;
}

descent_status dsc_look_take(dsc_diagnosis *d, dsc_fit *fit, descent_error *err)
{
    d->c.train_look = d->c.test_look = unknown();
    if (!dsc_look_finite(fit->model))
        return DESCENT_OK;
    DSC_TRY(look_at_training(d, fit, err));
    if (!was_scored(fit))
        return look_at(&d->c.test_look, d, fit, d->look.test, d->look.n_test, 0, err);
    read_scored(&d->c.test_look, d, fit);
    return DESCENT_OK;
}
