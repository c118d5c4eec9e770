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
            .lr = (double)i, .score = score[i], .test_loss = loss ? loss[i] : 1};
    return dsc_tune_choose(trial, n, kind);
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

static void chooses_the_middle_of_what_is_good(void **state)
{
    const double nan = (double)NAN;
    const double peak[] = {0.1, 0.5, 0.8, 0.9, 0.7, nan};
    const double spike[] = {0.1, 0.95, 0.2, 0.8, 0.85, 0.8}; /* one lucky training */
    const double cliff[] = {0.5, 0.6, 0.7, 0.8, 0.95, nan};  /* the last good one, and then */
    const double edge[] = {0.5, 0.6, 0.7, 0.75, 0.8, 0.99};  /* better and better */
    const double rmse[] = {9, 5, 3, 2, 4, nan};
    const double tie[] = {0.8, 0.8, 0.8, 0.8}, loss[] = {4, 3, 1, 2};

    (void)state;
    assert_int_equal(choose(peak, NULL, 6, DESCENT_SCORE_ACCURACY), 3);
    assert_int_equal(choose(spike, NULL, 6, DESCENT_SCORE_ACCURACY), 4);
    assert_int_not_equal(choose(cliff, NULL, 6, DESCENT_SCORE_ACCURACY), 5);
    assert_int_equal(choose(edge, NULL, 6, DESCENT_SCORE_ACCURACY), 5);
    assert_int_equal(choose(rmse, NULL, 6, DESCENT_SCORE_RMSE), 3);
    assert_int_equal(choose(tie, loss, 4, DESCENT_SCORE_ACCURACY), 2);
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
        cmocka_unit_test(chooses_the_middle_of_what_is_good),
        cmocka_unit_test(scores_have_an_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
