/* judge.c - places and ranks from scores made by hand. */
#include "study/comparison.h"

#include "base/memory.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SEEDS = 5, MOST = 6 };

/* Accuracies of each contender with each seed, of 1,000 examples; what is less than 0 diverged. */
static descent_comparison judge(size_t n, const double (*score)[SEEDS])
{
    descent_comparison c = {.n_contenders = n, .kind = DESCENT_SCORE_ACCURACY};

    c.options = descent_compare_defaults();
    c.contender = dsc_alloc(n, sizeof *c.contender);
    c.trial = dsc_alloc(n * SEEDS, sizeof *c.trial);
    for (size_t i = 0; i < n * SEEDS; i++) {
        const double x = score[i / SEEDS][i % SEEDS];
        c.trial[i].result.test_accuracy = x < 0 ? (double)NAN : x;
        c.trial[i].result.test_count = 1000;
    }
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
    descent_comparison c = judge(MOST, score);
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
    descent_comparison c = judge(3, score);
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
    descent_comparison c = judge(3, score);
    check(&c, 0, 1, 1, 1);
    check(&c, 2, 2, 1, 1);
    check(&c, 1, 3, 3, 0);
    release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_within_the_noise_shares_a_rank),
        cmocka_unit_test(ranks_are_measured_from_their_best),
        cmocka_unit_test(equal_ones_stand_in_their_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
