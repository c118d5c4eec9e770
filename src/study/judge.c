/* judge.c - from trainings to what is said of contenders and of pairs of them. */
#include "study/comparison.h"

#include "base/memory.h"
#include "study/stats.h"

#include <math.h>

double dsc_score(descent_score_kind kind, double test_accuracy, double test_rmse, double test_loss)
{
    const double score = kind == DESCENT_SCORE_ACCURACY ? test_accuracy
                         : kind == DESCENT_SCORE_RMSE   ? test_rmse
                                                        : test_loss;

    return isfinite(score) ? score : (double)NAN;
}

bool dsc_score_better(descent_score_kind kind, double a, double b)
{
    if (isnan(a) || isnan(b))
        return !isnan(a) && isnan(b);
    return kind == DESCENT_SCORE_ACCURACY ? a > b : a < b;
}

/* The runs of a contender, their epochs in one block. */
static descent_status read_runs(descent_comparison *c, size_t k, descent_error *err)
{
    const size_t seeds = (size_t)c->options.seeds;
    const dsc_trial *trial = &c->trial[k * seeds];
    size_t n = 0, at = 0;

    for (size_t s = 0; s < seeds; s++)
        n += trial[s].n_epochs;
    descent_compare_epoch *epoch = c->contender[k].epoch = dsc_alloc(n + 1, sizeof *epoch);
    if (!epoch)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu epochs", n);
    for (size_t s = 0; s < seeds; s++) {
        const descent_train_result *r = &trial[s].result;
        descent_compare_run *run = &c->run[k * seeds + s];
        *run = (descent_compare_run){
            .seed = c->ground.seed + s,
            .weights = trial[s].weights,
            .epoch = epoch + at,
            .n_epochs = trial[s].n_epochs,
            .score = dsc_score(c->kind, r->test_accuracy, r->test_rmse, r->test_loss),
            .train_loss = r->train_loss,
            .test_loss = r->test_loss,
            .steps = r->steps,
            .seconds = r->seconds,
            .diverged = r->stop == DESCENT_STOP_DIVERGED};
        run->best = run->score;
        for (size_t e = 0; e < trial[s].n_epochs; e++) {
            const dsc_trial_epoch *t = &trial[s].epoch[e];
            epoch[at++] = (descent_compare_epoch){
                .step = t->step,
                .train_loss = t->train_loss,
                .test_loss = t->test_loss,
                .score = dsc_score(c->kind, t->test_accuracy, t->test_rmse, t->test_loss),
                .lr = t->lr,
                .seconds = t->seconds};
            if (dsc_score_better(c->kind, epoch[at - 1].score, run->best))
                run->best = epoch[at - 1].score;
        }
        c->test_count = r->test_count;
    }
    return DESCENT_OK;
}

/* Mean, deviation and the like of the final scores; x has room for a number a seed. */
static void sum_up(descent_comparison *c, size_t k, double *x)
{
    const size_t seeds = (size_t)c->options.seeds;
    const descent_compare_run *run = &c->run[k * seeds];
    descent_contender *f = &c->contender[k].facts;

    f->best = f->worst = run[0].score;
    for (size_t s = 0; s < seeds; s++) {
        x[s] = run[s].score;
        if (dsc_score_better(c->kind, x[s], f->best))
            f->best = x[s];
        if (dsc_score_better(c->kind, f->worst, x[s]))
            f->worst = x[s];
        f->diverged += run[s].diverged;
    }
    f->mean = dsc_mean(x, seeds);
    f->deviation = dsc_deviation(x, seeds);
    for (size_t s = 0; s < seeds; s++)
        x[s] = run[s].test_loss;
    f->loss_mean = dsc_mean(x, seeds);
    f->loss_deviation = dsc_deviation(x, seeds);
    for (size_t s = 0; s < seeds; s++)
        x[s] = run[s].seconds;
    f->seconds = dsc_mean(x, seeds);
}

/* Equal means stand in the order they were given. */
static void find_places(descent_comparison *c)
{
    for (size_t k = 0; k < c->n_contenders; k++) {
        descent_contender *f = &c->contender[k].facts;
        f->place = 1;
        for (size_t other = 0; other < c->n_contenders; other++) {
            const double mean = c->contender[other].facts.mean;
            f->place += dsc_score_better(c->kind, mean, f->mean) ||
                        (other < k && !dsc_score_better(c->kind, f->mean, mean));
        }
    }
}

/* The mean of the middle contender; of an even number the lower of both, so that half reach it. */
static double middle(const descent_comparison *c)
{
    const int wanted = (int)c->n_contenders / 2 + 1;
    double found = (double)NAN;

    for (size_t k = 0; k < c->n_contenders; k++) {
        const descent_contender *f = &c->contender[k].facts;
        if (!isnan(f->mean) && f->place <= wanted &&
            (isnan(found) || dsc_score_better(c->kind, found, f->mean)))
            found = f->mean;
    }
    return found;
}

static void reach(descent_comparison *c, size_t k, double *x)
{
    const size_t seeds = (size_t)c->options.seeds;
    descent_contender *f = &c->contender[k].facts;
    size_t n = 0;

    for (size_t s = 0; s < seeds; s++) {
        descent_compare_run *run = &c->run[k * seeds + s];
        run->target_steps = -1;
        run->target_seconds = (double)NAN;
        for (size_t e = 0; e < run->n_epochs && !isnan(c->target) && run->target_steps < 0; e++)
            if (!isnan(run->epoch[e].score) &&
                !dsc_score_better(c->kind, c->target, run->epoch[e].score)) {
                run->target_steps = run->epoch[e].step;
                run->target_seconds = run->epoch[e].seconds;
            }
        if (run->target_steps >= 0)
            x[n++] = (double)run->target_steps;
    }
    f->reached = (int)n;
    f->target_steps = dsc_median(x, n);
    n = 0;
    for (size_t s = 0; s < seeds; s++)
        if (c->run[k * seeds + s].target_steps >= 0)
            x[n++] = c->run[k * seeds + s].target_seconds;
    f->target_seconds = dsc_median(x, n);
}

/* One pair, without the correction. */
static descent_compare_pair judge_pair(const descent_comparison *c, size_t a, size_t b, double *d)
{
    const size_t seeds = (size_t)c->options.seeds;
    const bool turned =
        dsc_score_better(c->kind, c->contender[b].facts.mean, c->contender[a].facts.mean);
    descent_compare_pair pair = {.better = turned ? b : a, .worse = turned ? a : b};

    for (size_t s = 0; s < seeds; s++) {
        const double up = c->run[pair.better * seeds + s].score;
        const double down = c->run[pair.worse * seeds + s].score;
        d[s] = c->kind == DESCENT_SCORE_ACCURACY ? up - down : down - up;
    }
    const double step =
        c->kind == DESCENT_SCORE_ACCURACY && c->test_count > 0 ? 1.0 / (double)c->test_count : 0.0;
    pair.difference = dsc_mean(d, seeds);
    pair.deviation = dsc_deviation(d, seeds);
    pair.p = dsc_paired_p(d, seeds, step);
    pair.sign_flip_p = dsc_sign_flip_p(d, seeds);
    return pair;
}

static descent_status judge_pairs(descent_comparison *c, double *d, descent_error *err)
{
    const size_t n = c->n_contenders * (c->n_contenders - 1) / 2;
    double *p = dsc_alloc(2 * n, sizeof *p);

    c->pair = dsc_alloc(n, sizeof *c->pair);
    if (!c->pair || !p) {
        dsc_free(p);
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu pairs", n);
    }
    for (size_t a = 0; a < c->n_contenders; a++)
        for (size_t b = a + 1; b < c->n_contenders; b++)
            c->pair[c->n_pairs++] = judge_pair(c, a, b, d);
    for (size_t i = 0; i < n; i++)
        p[i] = c->pair[i].p;
    dsc_holm(p, p + n, n);
    for (size_t i = 0; i < n; i++) {
        c->pair[i].corrected = p[n + i];
        c->pair[i].distinct = p[n + i] < c->options.level;
    }
    dsc_free(p);
    return DESCENT_OK;
}

static size_t at_place(const descent_comparison *c, int place)
{
    size_t k = 0;

    while (c->contender[k].facts.place != place)
        k++;
    return k;
}

/* Without a score, or diverged with every seed. */
static bool is_lost(const descent_comparison *c, size_t k)
{
    const descent_contender *f = &c->contender[k].facts;

    return isnan(f->mean) || f->diverged == c->options.seeds;
}

/* Whether the seeds tell two contenders apart. One that is lost is not as good as one that is not,
 * though no test tells that. */
static bool are_distinct(const descent_comparison *c, size_t best, size_t k)
{
    if (is_lost(c, k) || is_lost(c, best))
        return is_lost(c, k) != is_lost(c, best);
    for (size_t i = 0; i < c->n_pairs; i++)
        if (c->pair[i].better == best && c->pair[i].worse == k)
            return c->pair[i].distinct;
    return false; /* equal means, named the other way round */
}

/* Ranks as in sports: who is not distinct from the best of a rank shares it, and who comes next has
 * as many before it as there are. */
static void share_ranks(descent_comparison *c)
{
    size_t best = at_place(c, 1);

    for (int place = 1; place <= (int)c->n_contenders; place++) {
        const size_t k = at_place(c, place);
        descent_contender *f = &c->contender[k].facts, *first = &c->contender[best].facts;
        if (k == best || are_distinct(c, best, k)) {
            best = k;
            f->rank = place;
        } else {
            f->rank = first->rank;
            f->shared = first->shared = 1;
        }
    }
}

descent_status dsc_judge(descent_comparison *c, descent_error *err)
{
    const size_t seeds = (size_t)c->options.seeds;
    double *x = dsc_alloc(seeds, sizeof *x);

    c->run = dsc_alloc(c->n_contenders * seeds, sizeof *c->run);
    if (!x || !c->run) {
        dsc_free(x);
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu seeds", seeds);
    }
    descent_status status = DESCENT_OK;
    for (size_t k = 0; k < c->n_contenders && status == DESCENT_OK; k++) {
        status = read_runs(c, k, err);
        if (status == DESCENT_OK)
            sum_up(c, k, x);
    }
    if (status == DESCENT_OK) {
        find_places(c);
        c->target = isnan(c->options.target) ? middle(c) : c->options.target;
        for (size_t k = 0; k < c->n_contenders; k++)
            reach(c, k, x);
        status = judge_pairs(c, x, err);
    }
    if (status == DESCENT_OK)
        share_ranks(c);
    dsc_free(x);
    return status;
}
