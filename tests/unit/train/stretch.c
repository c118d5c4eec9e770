/* stretch.c - the lines of a log, of runs of any length: past 2^31 steps, 2^24 examples. */
#include "train/stretch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_thousand_lines_cover_any_run(void **unused)
{
    static const int64_t steps[] = {
        1, 999, 1000, 1001, (int64_t)1 << 31, (int64_t)1 << 40, INT64_MAX / 2};

    (void)unused;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        const int64_t length = dsc_stretch_length(steps[i]);
        assert_true(length >= 1);
        assert_true((steps[i] - 1) / length < DSC_STRETCHES);
    }
}

/* Sums of hits, labels and samples stay whole numbers. */
static void counts_stay_exact(void **unused)
{
    const dsc_stretch_step step = {.step = ((int64_t)1 << 40) + 1,
                                   .loss = 0.1,
                                   .hits = ((size_t)1 << 33) + 1,
                                   .labels = ((size_t)1 << 33) + 3,
                                   .samples = ((size_t)1 << 33) + 5};
    enum { TIMES = 1000 };
    dsc_stretch_sums sums = {0};

    (void)unused;
    for (int i = 0; i < TIMES; i++)
        dsc_stretch_add(&sums, &step);
    assert_true(sums.first == (double)step.step);
    assert_true(sums.hits == (double)TIMES * (double)step.hits);
    assert_true(sums.labels == (double)TIMES * (double)step.labels);
    assert_true(sums.samples == (double)TIMES * (double)step.samples);
    assert_true(sums.count == TIMES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_thousand_lines_cover_any_run),
                                       cmocka_unit_test(counts_stay_exact)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
