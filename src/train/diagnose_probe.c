/* diagnose_probe.c - looks around the weights a training ended with.
 *
 * The loss at a few more points tells what the losses of steps cannot. At the mean of the weights
 * over the last quarter of the steps it is lower when the steps only jump about a valley (Polyak
 * and Juditsky 1992). Further ahead, on the way that the second half of the steps took, it is lower
 * when they were too short. The same examples at every point, so that their choice hardly matters.
 */
#include "train/diagnose.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

enum { PASSES = DSC_PROBE_POINTS + 3, MOST = 220, LEAST = 16 };
/* Of the forward passes of the training, three a step and example, that the probe may take. */
static const double SHARE = 0.02, MODEST = 0.01; /* MODEST: of networks that are not tiny */
/* Multiplications that cost next to nothing beside the steps themselves; an example costs some more
 * than those of its weights. */
static const double FREE = 6e5, EXAMPLE = 100.0;
enum { MOST_WEIGHTS = 1 << 24 }; /* three more vectors of them */

static bool wanted(const dsc_fit *fit)
{
    return fit->model->n_w <= MOST_WEIGHTS && fit->steps >= 8;
}

bool dsc_probe_create(dsc_diagnosis *d, const dsc_fit *fit)
{
    const size_t n = fit->model->n_w;

    d->n_w = n;
    if (!wanted(fit))
        return true;
    d->mean = dsc_alloc(n, sizeof *d->mean);
    d->half = dsc_alloc(n, sizeof *d->half);
    d->last = dsc_alloc(n, sizeof *d->last);
    d->probed = dsc_alloc((size_t)2 * MOST, sizeof *d->probed);
    return d->mean && d->half && d->last && d->probed;
}

size_t dsc_probe_bytes(const dsc_fit *fit)
{
    const dsc_diagnosis *d = fit->diagnosis;

    return d && d->mean ? 3 * dsc_block_bytes(d->n_w * sizeof *d->mean) : 0;
}

void dsc_probe_free(dsc_diagnosis *d)
{
    dsc_free(d->mean);
    dsc_free(d->half);
    dsc_free(d->last);
    dsc_free(d->probed);
}

/* Looks for the mean of the weights. Each takes as long as the gradients of ten to thirty examples,
 * as the optimizer's own numbers have to come back to the caches after it. */
static int64_t looks_of(const dsc_fit *fit)
{
    static const double EXAMPLES = 3000.0, FEW = 8.0; /* EXAMPLES: for each look */
    const double may = (double)fit->steps * (double)fit->window / EXAMPLES,
                 free = FREE / (3.0 * (double)fit->model->n_w);

    return (int64_t)fmin(DSC_LOOKS, fmax(FEW, fmax(may, free)));
}

void dsc_probe_step(dsc_diagnosis *d, const dsc_fit *fit)
{
    const int64_t step = fit->progress.step, begin = fit->steps - fit->steps / 4;
    const int64_t looks = looks_of(fit), every = (fit->steps - begin + looks - 1) / looks;
    const float *w = fit->model->w;

    if (d->half && step == fit->steps / 2) {
        memcpy(d->half, w, fit->model->n_w * sizeof *w);
        d->has_half = true;
    }
    if (!d->mean || step <= begin || (fit->steps - step) % every != 0)
        return;
    const float share = 1.0F / (float)++d->looks;
    for (size_t i = 0; i < fit->model->n_w; i++)
        d->mean[i] += share * (w[i] - d->mean[i]);
}

/* How many training examples, and of test examples at most as many; 0: too few to tell. */
static size_t choose(const dsc_fit *fit)
{
    const double seen = 3.0 * (double)fit->progress.step * (double)fit->window;
    const double free = FREE / (dsc_fit_uses(fit->model->network.graph, NULL) + EXAMPLE);
    const size_t n = fit->split->n_train,
                 may = (size_t)(fmin(SHARE * seen, fmax(MODEST * seen, free)) / PASSES);
    size_t take = may < MOST ? may : MOST;

    take = take < n ? take : n;
    return take * dsc_dataset_positions(fit->data) < LEAST && take < n ? 0 : take;
}

/* Moves the model to a point of the probe. */
static void go(const dsc_diagnosis *d, int point, float *w, size_t n)
{
    /* from half of the run to the middle of its last quarter; single steps would add their noise */
    static const double WAY = 0.375, HALF = 0.5;
    const float ahead = (float)(dsc_probe_ahead[point] * HALF / WAY);

    if (point == DSC_PROBE_MEAN)
        memcpy(w, d->mean, n * sizeof *w);
    else
        for (size_t i = 0; i < n; i++)
            w[i] = d->last[i] + ahead * (d->mean[i] - d->half[i]);
}

/* The gradient of the last step that was measured, of which a rule without memory makes its step;
 * false: there is none. */
static bool go_along_gradient(const dsc_diagnosis *d, const dsc_fit *fit, float *w, size_t n)
{
    enum { LONGER = 4 };
    const float *g = fit->instruments ? dsc_instruments_step(fit->instruments).g : NULL;
    const double keep = d->c.plan.momentum > 0.0 ? 1.0 - d->c.plan.momentum : 1.0;
    double lr = 0.0;

    if (!g || !(keep > 0.0) || strncmp(d->rule, "sgd", 3) != 0)
        return false;
    for (size_t i = 0; i < d->c.moments; i++)
        lr = d->c.moment[i].lr > lr ? d->c.moment[i].lr : lr;
    for (size_t k = 0; k < n; k++)
        w[k] = d->last[k] - (float)(LONGER * lr / keep) * g[k];
    return true;
}

static descent_status look_around(dsc_diagnosis *d, dsc_fit *fit, size_t n, descent_error *err)
{
    dsc_probe *probe = &d->c.probe;
    float *w = fit->model->w;
    const dsc_split *split = fit->split;
    const size_t n_w = fit->model->n_w, n_test = split->n_test < n ? split->n_test : n;
    uint32_t *train = d->probed, *tests = train + n;
    double *test[] = {[DSC_PROBE_MEAN] = &probe->test_mean, [DSC_PROBE_LAST] = &probe->test_last};

    dsc_look_spread(split->train, split->n_train, n, train);
    dsc_look_spread(split->test, split->n_test, n_test, tests);
    for (int p = 0; p < DSC_PROBE_POINTS; p++) {
        go(d, p, w, n_w);
        DSC_TRY(dsc_look_loss(fit, train, n, &probe->loss[p], err));
        if (p < DSC_PROBE_AHEAD)
            DSC_TRY(dsc_look_loss(fit, tests, n_test, test[p], err));
    }
    probe->longer = (double)NAN;
    if (go_along_gradient(d, fit, w, n_w))
        DSC_TRY(dsc_look_loss(fit, train, n, &probe->longer, err));
    probe->n = n;
    return DESCENT_OK;
}

/* With patience the model may be that of an epoch before: not where the steps ended. */
static bool is_at_end(const dsc_fit *fit)
{
    const bool epoch_ended = fit->progress.seen == 0;

    return !fit->best.w || (epoch_ended && fit->best.number[DSC_BEST_WAITED] == 0.0);
}

descent_status dsc_probe_end(dsc_diagnosis *d, dsc_fit *fit, descent_error *err)
{
    const size_t n_w = fit->model->n_w;
    const bool useful =
        d->looks > 1 && d->has_half && !fit->averages && !d->c.gave_up && is_at_end(fit);
    const size_t n = useful ? choose(fit) : 0;

    if (n == 0)
        return DESCENT_OK;
    memcpy(d->last, fit->model->w, n_w * sizeof *d->last);
    const descent_status status = look_around(d, fit, n, err);
    memcpy(fit->model->w, d->last, n_w * sizeof *d->last);
    return status;
}
