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

/* A trial's neighbours; at an end of the grid both are the same one. */
static double left_of(const descent_compare_trial *t, size_t i)
{
    return t[i > 0 ? i - 1 : i + 1].score;
}

static double right_of(const descent_compare_trial *t, size_t n, size_t i)
{
    return t[i + 1 < n ? i + 1 : i - 1].score;
}

/* A score counts no more than that of the better of its neighbours, so that luck doesn't win. */
static double settled(const descent_compare_trial *t, size_t n, size_t i, descent_score_kind kind)
{
    const double left = left_of(t, i), right = right_of(t, n, i);
    const double beside = dsc_score_better(kind, left, right) ? left : right;

    return dsc_score_better(kind, t[i].score, beside) ? beside : t[i].score;
}

/* What is reached when lr is a step of the grid off, to the worse side. */
static double safe(const descent_compare_trial *t, size_t n, size_t i, descent_score_kind kind)
{
    const double left = left_of(t, i), right = right_of(t, n, i);
    const double beside = dsc_score_better(kind, left, right) ? right : left;

    return dsc_score_better(kind, t[i].score, beside) ? beside : t[i].score;
}

/* The best settled score; of equals the better score, then the lower loss. */
static size_t find_best(const descent_compare_trial *t, size_t n, descent_score_kind kind)
{
    size_t best = 0;

    for (size_t i = 1; i < n; i++) {
        const double a = settled(t, n, i, kind), b = settled(t, n, best, kind);
        if (dsc_score_better(kind, b, a))
            continue;
        const bool same = !dsc_score_better(kind, a, b);
        const bool worse = dsc_score_better(kind, t[best].score, t[i].score);
        const bool equal = !worse && !dsc_score_better(kind, t[i].score, t[best].score);
        if (!same || (equal ? t[i].held_out_loss < t[best].held_out_loss : !worse))
            best = i;
    }
    return best;
}

/* The standard error of a score on n examples: that of a part of them, or of an rmse. */
static double error_of(descent_score_kind kind, double score, size_t n)
{
    const double count = n > 0 ? (double)n : 1.0;

    return kind == DESCENT_SCORE_ACCURACY ? sqrt(score * (1.0 - score) / count)
                                          : score / sqrt(2.0 * count);
}

size_t dsc_tune_choose(const descent_compare_trial *t, size_t n, descent_score_kind kind,
                       size_t held_out)
{
    const size_t best = find_best(t, n, kind);
    const double top = settled(t, n, best, kind), error = error_of(kind, top, held_out);
    size_t chosen = best;

    for (size_t i = 0; i < n; i++)
        if (fabs(settled(t, n, i, kind) - top) <= error &&
            fabs(t[i].score - t[best].score) <= error &&
            dsc_score_better(kind, safe(t, n, i, kind), safe(t, n, chosen, kind)))
            chosen = i;
    return chosen;
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
            t->held_out_loss = r->test_loss;
            t->score = t->diverged
                           ? (double)NAN
                           : dsc_score(c->kind, r->test_accuracy, r->test_rmse, r->test_loss);
        }
        const size_t best = dsc_tune_choose(one->trial, n, c->kind, trial[k * n].result.test_count);
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
                                   .hold_out = true,
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
