/* tune.c - a learning rate for every contender, by an equal number of trainings for each. */
#include "study/comparison.h"

#include "base/memory.h"
#include "base/rng.h"
#include "optim/optimizer.h"
#include "study/curve.h"
#include "study/spec_lr.h"

#include <math.h>

static const double decades = 4.0; /* from a hundredth of the contender's own lr to 100 times it */

double dsc_tune_lr(double centre, int i, int n, uint64_t seed)
{
    const double within = dsc_random_uniform(seed, DSC_RNG_TUNE, 0, 0);

    return dsc_lr_round(centre * pow(10.0, decades * ((i + within) / n - 0.5)));
}

static double worse_of(descent_score_kind kind, double a, double b)
{
    return dsc_score_better(kind, a, b) ? b : a;
}

static double better_of(descent_score_kind kind, double a, double b)
{
    return dsc_score_better(kind, a, b) ? a : b;
}

/* The middle of a trial's score and its neighbours', so that luck alone doesn't win; at an end of
 * the grid the worse of two. */
static double settled(const descent_compare_trial *t, size_t n, size_t i, descent_score_kind kind)
{
    const double mid = t[i].score;

    if (isnan(mid))
        return mid;
    if (i == 0 || i + 1 == n)
        return worse_of(kind, mid, t[i == 0 ? 1 : n - 2].score);
    const double low = worse_of(kind, t[i - 1].score, t[i + 1].score);
    const double high = better_of(kind, t[i - 1].score, t[i + 1].score);
    return better_of(kind, low, worse_of(kind, mid, high));
}

/* Among neighbours that are as good: the one with the better score of its own, then loss. */
static bool wins_tie(const descent_compare_trial *a, const descent_compare_trial *b,
                     descent_score_kind kind)
{
    if (dsc_score_better(kind, a->score, b->score))
        return true;
    return !dsc_score_better(kind, b->score, a->score) && a->test_loss < b->test_loss;
}

size_t dsc_tune_choose(const descent_compare_trial *t, size_t n, descent_score_kind kind)
{
    size_t best = 0;

    for (size_t i = 1; i < n; i++) {
        const double a = settled(t, n, i, kind), b = settled(t, n, best, kind);
        if (dsc_score_better(kind, a, b) ||
            (!dsc_score_better(kind, b, a) && wins_tie(&t[i], &t[best], kind)))
            best = i;
    }
    return best;
}

/* The lr that a contender's optimizer has as typed, or by default. */
static descent_status own_lr(const dsc_contender *one, double *lr, descent_error *err)
{
    descent_optimizer_options options = descent_optimizer_defaults();
    descent_optimizer *opt;
    char *checked;

    DSC_TRY(dsc_spec_set_lr(&checked, one->optimizer, 1e-3, one->place, err));
    dsc_free(checked);
    *lr = 1e-3; /* stands in for lr=auto */
    if (dsc_spec_wants_lr(one->optimizer))
        return DESCENT_OK;
    options.gives_objective = options.gives_curvature = 1;
    DSC_TRY(dsc_optimizer_create_at(&opt, one->optimizer, 1, DESCENT_F32, &options,
                                    (dsc_origins){.spec = one->place}, err));
    *lr = descent_optimizer_get(opt, "lr");
    descent_optimizer_free(opt);
    if (*lr > 0.0)
        return DESCENT_OK;
    return dsc_fail_at(err, DESCENT_INVALID, one->place,
                       "lr = 0 is no middle for a grid of learning rates");
}

/* The trainings of all contenders, (contenders, tune); the seed behind those compared. */
static descent_status prepare(descent_comparison *c, dsc_trial *trial, descent_error *err)
{
    const int n = c->options.tune;
    const uint64_t seed = c->ground.seed + (uint64_t)c->options.seeds;

    for (size_t k = 0; k < c->n_contenders; k++) {
        dsc_contender *one = &c->contender[k];
        double centre;
        DSC_TRY(own_lr(one, &centre, err));
        one->trial = dsc_alloc((size_t)n, sizeof *one->trial);
        if (!one->trial)
            return dsc_fail(err, DESCENT_NOMEM, "out of memory for %d trainings", n);
        one->facts.trial = one->trial;
        one->facts.n_trials = (size_t)n;
        for (int i = 0; i < n; i++) {
            dsc_trial *t = &trial[k * (size_t)n + (size_t)i];
            one->trial[i].lr = dsc_tune_lr(centre, i, n, c->ground.seed);
            t->data = c->ground.data;
            DSC_TRY(dsc_contender_recipe(&t->recipe, c, one, seed, one->trial[i].lr, err));
        }
    }
    return DESCENT_OK;
}

static void choose(descent_comparison *c, const dsc_trial *trial)
{
    const size_t n = (size_t)c->options.tune;

    for (size_t k = 0; k < c->n_contenders; k++) {
        dsc_contender *one = &c->contender[k];
        for (size_t i = 0; i < n; i++) {
            const descent_train_result *r = &trial[k * n + i].result;
            descent_compare_trial *t = &one->trial[i];
            t->diverged = r->stop == DESCENT_STOP_DIVERGED;
            t->test_loss = r->test_loss;
            t->score = t->diverged
                           ? (double)NAN
                           : dsc_score(c->kind, r->test_accuracy, r->test_rmse, r->test_loss);
        }
        const size_t best = dsc_tune_choose(one->trial, n, c->kind);
        one->facts.lr = one->trial[best].lr;
        one->facts.lr_at_edge = best == 0 || best == n - 1;
    }
}

descent_status dsc_tune(descent_comparison *c, descent_error *err)
{
    const size_t n = c->n_contenders * (size_t)c->options.tune;
    const dsc_pool_options pool = {.threads = c->options.threads,
                                   .kernels = c->options.kernels,
                                   .on_progress = c->options.on_progress,
                                   .user = c->options.user,
                                   .all = (int)(n + c->n_contenders * (size_t)c->options.seeds)};
    dsc_trial *trial = dsc_alloc(n, sizeof *trial);

    if (!trial)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu trainings", n);
    descent_status status = prepare(c, trial, err);
    if (status == DESCENT_OK)
        status = dsc_pool_run(trial, (int)n, &pool, &c->interrupted, err);
    if (status == DESCENT_OK && !c->interrupted)
        choose(c, trial);
    for (size_t i = 0; i < n; i++)
        dsc_trial_free(&trial[i]);
    dsc_free(trial);
    return status;
}
