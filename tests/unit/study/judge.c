/* judge.c - places and ranks from scores made by hand. */
#include "study/comparison.h"

#include "base/memory.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SEEDS = 5, MOST = 6 };

/* From the scores of each contender with each seed, of 1,000 examples; less than 0: diverged. */
static descent_comparison prepared(descent_score_kind kind, size_t n, const double (*score)[SEEDS])
{
    descent_comparison c = {.n_contenders = n, .kind = kind};

    c.options = descent_compare_defaults();
    c.contender = dsc_alloc(n, sizeof *c.contender);
    c.trial = dsc_alloc(n * SEEDS, sizeof *c.trial);
    for (size_t i = 0; i < n * SEEDS; i++) {
        const double x = score[i / SEEDS][i % SEEDS];
        c.trial[i].result.test_accuracy = c.trial[i].result.test_rmse = x < 0 ? (double)NAN : x;
        c.trial[i].result.test_count = 1000;
    }
    return c;
}

static descent_comparison judge(descent_score_kind kind, size_t n, const double (*score)[SEEDS])
{
    descent_comparison c = prepared(kind, n, score);

    assert_int_equal(dsc_judge(&c, NULL), DESCENT_OK);
    return c;
}

static void release(descent_comparison *c)
{
    for (size_t k = 0; k < c->n_contenders; k++)
        dsc_free(c->contender[k].epoch);
    dsc_free(c->contender);
    dsc_free(c->trial);
    dsc_free(c->run);
    dsc_free(c->pair);
}

static void check(const descent_comparison *c, size_t k, int place, int rank, int shared)
{
    const descent_contender *f = &c->contender[k].facts;

    if (f->place != place || f->rank != rank || f->shared != shared)
        fail_msg("contender %zu: place %d, rank %d, shared %d; expected %d, %d, %d", k, f->place,
                 f->rank, f->shared, place, rank, shared);
}

static void who_is_within_the_noise_shares_a_rank(void **state)
{
    static const double score[MOST][SEEDS] = {
        {0.901, 0.911, 0.899, 0.905, 0.908}, /* far behind, and alike */
        {0.981, 0.979, 0.984, 0.977, 0.983}, /* as good as the next */
        {0.980, 0.982, 0.979, 0.981, 0.982}, {0.903, 0.908, 0.903, 0.902, 0.907}, /* as the first */
        {-1, 0.99, 0.99, 0.99, 0.99},        /* one seed diverged */
        {0.501, 0.512, 0.499, 0.505, 0.508}, /* alone */
    };
    (void)state;
    descent_comparison c = judge(DESCENT_SCORE_ACCURACY, MOST, score);
    check(&c, 1, 1, 1, 1);
    check(&c, 2, 2, 1, 1);
    check(&c, 0, 3, 3, 1);
    check(&c, 3, 4, 3, 1);
    check(&c, 5, 5, 5, 0);
    check(&c, 4, 6, 6, 0);
    release(&c);
}

/* Noise is not handed on: the last is close to the second, and not to the best of their rank. */
static void ranks_are_measured_from_their_best(void **state)
{
    static const double score[3][SEEDS] = {
        {0.950, 0.952, 0.954, 0.956, 0.958},
        {0.930, 0.951, 0.975, 0.936, 0.960},
        {0.945, 0.947, 0.950, 0.951, 0.953},
    };
    (void)state;
    descent_comparison c = judge(DESCENT_SCORE_ACCURACY, 3, score);
    check(&c, 0, 1, 1, 1);
    check(&c, 1, 2, 1, 1);
    check(&c, 2, 3, 3, 0);
    release(&c);
}

static void equal_ones_stand_in_their_order(void **state)
{
    static const double score[3][SEEDS] = {
        {0.9, 0.9, 0.9, 0.9, 0.9}, {-1, -1, -1, -1, -1}, {0.9, 0.9, 0.9, 0.9, 0.9}};

    (void)state;
    descent_comparison c = judge(DESCENT_SCORE_ACCURACY, 3, score);
    check(&c, 0, 1, 1, 1);
    check(&c, 2, 2, 1, 1);
    check(&c, 1, 3, 3, 0);
    release(&c);
}

/* Scores of 1e30 are so far apart from each other that no test tells them from good ones. */
static void who_diverged_with_every_seed_shares_no_rank_with_who_did_not(void **state)
{
    static const double score[2][SEEDS] = {{1e30, 3e25, 4e10, 8e3, 5e30},
                                           {2.1, 2.2, 2.0, 2.3, 2.1}};

    (void)state;
    descent_comparison c = prepared(DESCENT_SCORE_RMSE, 2, score);
    for (size_t s = 0; s < SEEDS; s++)
        c.trial[s].result.stop = DESCENT_STOP_DIVERGED;
    assert_int_equal(dsc_judge(&c, NULL), DESCENT_OK);
    check(&c, 1, 1, 1, 0);
    check(&c, 0, 2, 2, 0);
    release(&c);
}

/* Of an rmse: one without end is no result, so that no test is made with it and nothing "is lower
 * by inf". */
static void a_score_without_end_is_none(void **state)
{
    static const double score[2][SEEDS] = {{1.0, 1.1, 0.9, 1.0, 1.2},
                                           {1.1, (double)INFINITY, 1.0, 0.9, 1.0}};
    char sentence[256], name[2][8] = {"one", "other"};

    (void)state;
    descent_comparison c = judge(DESCENT_SCORE_RMSE, 2, score);
    check(&c, 0, 1, 1, 0);
    check(&c, 1, 2, 2, 0);
    assert_true(isnan(c.contender[1].facts.mean));
    assert_false(c.pair[0].distinct);
    c.contender[0].name = name[0];
    c.contender[1].name = name[1];
    descent_comparison_sentence(&c, 0, sentence, sizeof sentence);
    assert_string_equal(sentence, "one and other: one of them has no result to compare");
    release(&c);
}

/* Where no contender has a result there is no target, and nobody reaches it. */
static void no_target_is_never_reached(void **state)
{
    static const double score[2][SEEDS] = {{-1, -1, -1, -1, -1}, {-1, -1, -1, -1, -1}};
    dsc_trial_epoch epoch = {.step = 4, .test_accuracy = 0.5};

    (void)state;
    descent_comparison c = prepared(DESCENT_SCORE_ACCURACY, 2, score);
    for (size_t i = 0; i < (size_t)2 * SEEDS; i++) {
        c.trial[i].epoch = &epoch;
        c.trial[i].n_epochs = 1;
    }
    assert_int_equal(dsc_judge(&c, NULL), DESCENT_OK);
    assert_true(isnan(c.target));
    assert_int_equal(c.contender[0].facts.reached, 0);
    assert_int_equal(c.run[0].target_steps, -1);
    release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_within_the_noise_shares_a_rank),
        cmocka_unit_test(ranks_are_measured_from_their_best),
        cmocka_unit_test(who_diverged_with_every_seed_shares_no_rank_with_who_did_not),
        cmocka_unit_test(equal_ones_stand_in_their_order),
        cmocka_unit_test(a_score_without_end_is_none),
        cmocka_unit_test(no_target_is_never_reached),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
