/* compare.c - descent_compare(): contenders, tuning, trainings, judgement. */
#include "study/comparison.h"

#include "base/memory.h"
#include "base/print.h"

#include <math.h>
#include <stdio.h>

enum { FEWEST_SEEDS = 2, MOST_SEEDS = 1000, FEWEST_TRIALS = 3, MOST_TRIALS = 1000 };

descent_compare_options descent_compare_defaults(void)
{
    return (descent_compare_options){
        .seeds = 5, .target = (double)NAN, .level = 0.05, .kernels = "auto"};
}

static descent_status check(const descent_compare_options *o, descent_error *err)
{
    if (o->seeds < FEWEST_SEEDS || o->seeds > MOST_SEEDS)
        return dsc_fail(err, DESCENT_INVALID, "seeds = %d, must be a whole number from %d to %d",
                        o->seeds, FEWEST_SEEDS, MOST_SEEDS);
    if (o->tune != 0 && (o->tune < FEWEST_TRIALS || o->tune > MOST_TRIALS))
        return dsc_fail(err, DESCENT_INVALID,
                        "tune = %d, must be 0 or a whole number from %d to %d", o->tune,
                        FEWEST_TRIALS, MOST_TRIALS);
    if (!(o->level > 0.0 && o->level < 1.0))
        return dsc_fail(err, DESCENT_INVALID, "level = %g, must be between 0 and 1, such as 0.05",
                        o->level);
    return DESCENT_OK;
}

static descent_score_kind kind_of(const descent_dataset *data)
{
    if (data->tokens)
        return DESCENT_SCORE_LOSS;
    return data->task == DESCENT_REGRESSION ? DESCENT_SCORE_RMSE : DESCENT_SCORE_ACCURACY;
}

static descent_status train_all(descent_comparison *c, descent_error *err)
{
    const size_t seeds = (size_t)c->options.seeds, n = c->n_contenders * seeds;
    const int before = (int)c->n_contenders * c->options.tune;
    const dsc_pool_options pool = {.threads = c->options.threads,
                                   .kernels = c->options.kernels,
                                   .on_progress = c->options.on_progress,
                                   .user = c->options.user,
                                   .before = before,
                                   .all = before + (int)n};

    c->trial = dsc_alloc(n, sizeof *c->trial);
    if (!c->trial)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu trainings", n);
    for (size_t k = 0; k < c->n_contenders; k++)
        for (size_t s = 0; s < seeds; s++) {
            dsc_trial *t = &c->trial[k * seeds + s];
            t->data = c->ground.data;
            DSC_TRY(dsc_contender_recipe(&t->recipe, c, &c->contender[k], c->ground.seed + s,
                                         c->contender[k].facts.lr, err));
        }
    return dsc_pool_run(c->trial, (int)n, &pool, &c->interrupted, err);
}

static descent_status run(descent_comparison *c, const descent_recipe *recipe,
                          const descent_dataset *data, descent_error *err)
{
    DSC_TRY(check(&c->options, err));
    DSC_TRY(dsc_ground_prepare(&c->ground, recipe, data, err));
    c->kind = kind_of(c->ground.data);
    DSC_TRY(dsc_contenders_make(c, err));
    DSC_TRY(c->options.tune > 0 ? dsc_tune(c, err) : dsc_find_rates(c, err));
    if (c->interrupted)
        return DESCENT_OK;
    DSC_TRY(train_all(c, err));
    return c->interrupted ? DESCENT_OK : dsc_judge(c, err);
}

descent_status descent_compare(descent_comparison **out, const descent_recipe *recipe,
                               const descent_dataset *data, const descent_compare_options *options,
                               descent_error *err)
{
    *out = NULL;
    descent_comparison *c = dsc_alloc(1, sizeof *c);
    if (!c)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a comparison");
    c->options = options ? *options : descent_compare_defaults();
    const descent_status status = run(c, recipe, data, err);
    if (status == DESCENT_OK && !c->interrupted)
        *out = c;
    else
        descent_comparison_free(c);
    return status;
}

void descent_comparison_free(descent_comparison *c)
{
    if (!c)
        return;
    for (size_t i = 0; c->trial && i < c->n_contenders * (size_t)c->options.seeds; i++)
        dsc_trial_free(&c->trial[i]);
    dsc_free(c->trial);
    dsc_contenders_free(c);
    dsc_free(c->run);
    dsc_free(c->pair);
    dsc_ground_free(&c->ground);
    dsc_free(c);
}

descent_score_kind descent_comparison_kind(const descent_comparison *c)
{
    return c->kind;
}

double descent_comparison_target(const descent_comparison *c)
{
    return c->target;
}

const char *descent_comparison_data(const descent_comparison *c)
{
    return c->ground.data->name;
}

size_t descent_comparison_test_count(const descent_comparison *c)
{
    return c->test_count;
}

size_t descent_comparison_contenders(const descent_comparison *c)
{
    return c->n_contenders;
}

size_t descent_comparison_seeds(const descent_comparison *c)
{
    return (size_t)c->options.seeds;
}

descent_contender descent_comparison_contender(const descent_comparison *c, size_t index)
{
    return index < c->n_contenders ? c->contender[index].facts : (descent_contender){0};
}

descent_compare_run descent_comparison_run(const descent_comparison *c, size_t contender,
                                           size_t seed)
{
    const size_t seeds = (size_t)c->options.seeds;

    return contender < c->n_contenders && seed < seeds ? c->run[contender * seeds + seed]
                                                       : (descent_compare_run){0};
}

size_t descent_comparison_pairs(const descent_comparison *c)
{
    return c->n_pairs;
}

descent_compare_pair descent_comparison_pair(const descent_comparison *c, size_t index)
{
    return index < c->n_pairs ? c->pair[index] : (descent_compare_pair){0};
}

int descent_comparison_sentence(const descent_comparison *c, size_t index, char *out, size_t size)
{
    static const char *const what[] = {"accuracy", "rmse", "loss"};
    const descent_compare_pair p = descent_comparison_pair(c, index);
    const char *better = c->contender[p.better].name, *worse = c->contender[p.worse].name;
    const bool accuracy = c->kind == DESCENT_SCORE_ACCURACY;

    if (index >= c->n_pairs)
        return dsc_print(out, size, "%s", "");
    if (isnan(p.difference))
        return dsc_print(out, size, "%s and %s: one of them has no result to compare", better,
                         worse);
    if (!p.distinct)
        return dsc_print(out, size, "%s and %s: no difference that %d seeds can show (p = %.2g)",
                         better, worse, c->options.seeds, p.corrected);
    if (accuracy)
        return dsc_print(out, size, "%s is better than %s by %.2f points (p = %.2g)", better, worse,
                         100.0 * p.difference, p.corrected);
    return dsc_print(out, size, "%s is better than %s: its %s is lower by %.4g (p = %.2g)", better,
                     worse, what[c->kind], p.difference, p.corrected);
}
