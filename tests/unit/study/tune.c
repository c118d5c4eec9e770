/* tune.c - the grid of learning rates, and which of them is chosen. */
#include "study/comparison.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static size_t choose(const double *score, const double *loss, size_t n, descent_score_kind kind)
{
    descent_compare_trial trial[8] = {0};

    for (size_t i = 0; i < n; i++)
        trial[i] = (descent_compare_trial){
            .lr = (double)i, .score = score[i], .held_out_loss = loss ? loss[i] : 1};
    return dsc_tune_choose(trial, n, kind, 400);
}

static void grid_is_even_and_moves_with_the_seed(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 20; seed++) {
        const double first = dsc_tune_lr(0.1, 0, 12, seed), last = dsc_tune_lr(0.1, 11, 12, seed);
        assert_true(first >= 0.001 && first <= 0.0022);
        assert_true(last >= 4.6 && last <= 10);
        for (int i = 1; i < 12; i++) {
            const double step = dsc_tune_lr(0.1, i, 12, seed) / dsc_tune_lr(0.1, i - 1, 12, seed);
            assert_true(fabs(log10(step) - 1.0 / 3.0) < 0.05);
        }
    }
    assert_true(fabs(dsc_tune_lr(0.1, 0, 12, 1) - dsc_tune_lr(0.1, 0, 12, 2)) > 0);
    assert_true(fabs(dsc_tune_lr(0.1, 3, 12, 1) - dsc_tune_lr(0.1, 3, 12, 1)) <= 0);
}

static void chooses_what_has_a_good_neighbour(void **state)
{
    const double nan = (double)NAN;
    const double peak[] = {0.1, 0.5, 0.8, 0.9, 0.7, nan};
    const double spike[] = {0.1, 0.95, 0.2, 0.8, 0.85, 0.8}; /* one lucky training */
    const double edge[] = {0.5, 0.6, 0.7, 0.75, 0.8, 0.99};  /* better and better */
    const double rmse[] = {9, 5, 3, 2, 4, nan};
    const double tie[] = {0.8, 0.8, 0.8, 0.8}, loss[] = {4, 3, 1, 2};

    (void)state;
    assert_int_equal(choose(peak, NULL, 6, DESCENT_SCORE_ACCURACY), 3);
    assert_int_equal(choose(spike, NULL, 6, DESCENT_SCORE_ACCURACY), 4);
    assert_int_equal(choose(edge, NULL, 6, DESCENT_SCORE_ACCURACY), 5);
    assert_int_equal(choose(rmse, NULL, 6, DESCENT_SCORE_RMSE), 3);
    assert_int_equal(choose(tie, loss, 4, DESCENT_SCORE_ACCURACY), 2);
}

/* On 400 examples the error of 0.97 is 0.0085: a rate that is worse by less but not beside the
 * cliff is taken, one that is worse by more is not. */
static void keeps_away_from_the_cliff(void **state)
{
    const double nan = (double)NAN;
    const double near[] = {0.5, 0.9, 0.965, 0.97, nan}, far[] = {0.5, 0.8, 0.9, 0.97, nan};
    const double plain[] = {0.5, 0.965, 0.975, 0.98, 0.1};

    (void)state;
    assert_int_equal(choose(near, NULL, 5, DESCENT_SCORE_ACCURACY), 2);
    assert_int_equal(choose(far, NULL, 5, DESCENT_SCORE_ACCURACY), 3);
    assert_int_equal(choose(plain, NULL, 5, DESCENT_SCORE_ACCURACY), 2);
}

static void scores_have_an_order(void **state)
{
    const double nan = (double)NAN;

    (void)state;
    assert_true(dsc_score_better(DESCENT_SCORE_ACCURACY, 0.9, 0.8));
    assert_true(dsc_score_better(DESCENT_SCORE_RMSE, 1, 2));
    assert_true(dsc_score_better(DESCENT_SCORE_LOSS, 1, nan));
    assert_false(dsc_score_better(DESCENT_SCORE_LOSS, nan, 1));
    assert_false(dsc_score_better(DESCENT_SCORE_ACCURACY, nan, nan));
    assert_false(dsc_score_better(DESCENT_SCORE_ACCURACY, 0.5, 0.5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grid_is_even_and_moves_with_the_seed),
        cmocka_unit_test(chooses_what_has_a_good_neighbour),
        cmocka_unit_test(keeps_away_from_the_cliff),
        cmocka_unit_test(scores_have_an_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
