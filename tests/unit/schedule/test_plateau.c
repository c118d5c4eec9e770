/* test_plateau.c - a function of the metrics observed; what it remembers can be carried over. */
#include "make.h"

/* Feeds metrics and compares the factor after each. */
static void follow(const char *spec, const double *metric, const double *expected, size_t n)
{
    descent_schedule *schedule = make(spec, 100);

    for (size_t i = 0; i < n; i++) {
        descent_schedule_observe(schedule, metric[i]);
        const double factor = descent_schedule_factor(schedule, (int64_t)i);
        if (!(fabs(factor - expected[i]) <= 1e-15))
            fail_msg("'%s' after metric %zu: %.17g, expected %.17g", spec, i, factor, expected[i]);
    }
    descent_schedule_free(schedule);
}

static void test_rule(void **unused)
{
    static const double level[] = {1, 1, 1, 1, 1, 1, 1, 1};

    (void)unused;
    /* two bad ones are let pass, the third drops */
    follow("plateau factor=0.5 patience=2", level,
           (const double[]){1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25}, 8);
    follow("plateau factor=0.5 patience=0", level, (const double[]){1, 0.5, 0.25, 0.125}, 4);
    /* after a drop the next two are not counted */
    follow("plateau factor=0.5 patience=0 cooldown=2", level,
           (const double[]){1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125}, 8);
    follow("plateau factor=0.5 patience=0 floor=0.4", level, (const double[]){1, 0.5, 0.4, 0.4}, 4);
    follow("plateau factor=0.5 patience=0 eps=0.3", level, (const double[]){1, 0.5, 0.5, 0.5}, 4);
    follow("plateau factor=0.5 patience=0 eps=0.5", level, (const double[]){1, 1, 1, 1}, 4);
    follow("plateau factor=0.5 patience=0 from=3", level, (const double[]){3, 1.5, 0.75}, 3);
    /* what counts as better: 0.95 is not 10 % below 1, nor 0.1 */
    follow("plateau factor=0.5 patience=0 threshold=0.1", (const double[]){1, 0.95, 0.85, 0.8},
           (const double[]){1, 0.5, 0.5, 0.25}, 4);
    follow("plateau factor=0.5 patience=0 threshold=0.1 threshold_mode=abs",
           (const double[]){2, 1.95, 1.89}, (const double[]){1, 0.5, 0.5}, 3);
    follow("plateau factor=0.5 patience=0 threshold=0.1 mode=max", (const double[]){1, 1.05, 1.2},
           (const double[]){1, 0.5, 0.5}, 3);
    follow("plateau factor=0.5 patience=0 threshold=0.1 mode=max threshold_mode=abs",
           (const double[]){2, 2.05, 2.15}, (const double[]){1, 0.5, 0.5}, 3);
    /* a loss that is no number is no improvement */
    follow("plateau factor=0.5 patience=0", (const double[]){(double)NAN, 1},
           (const double[]){0.5, 0.5}, 2);
}

/* Inside others it hears every metric. */
static void test_inside_others(void **unused)
{
    static const double level[] = {1, 1, 1, 1};

    (void)unused;
    follow("product (plateau factor=0.5 patience=0, constant factor=0.5)", level,
           (const double[]){0.5, 0.25, 0.125}, 3);
    follow("sequence (constant for=2, plateau factor=0.5 patience=0)", level,
           (const double[]){1, 1, 0.25, 0.125}, 4);
    follow("product (plateau factor=0.5 patience=0, plateau factor=0.5 patience=1)", level,
           (const double[]){1, 0.5, 0.125, 0.0625}, 4);
}

/* A schedule that takes over the memory of another goes on as that one does. */
static void test_memory_resumes(void **unused)
{
    static const char *const specs[] = {
        "plateau factor=0.5 patience=2 cooldown=1",
        "sequence (constant for=3, plateau factor=0.7 patience=1)",
        "product (plateau patience=1, plateau factor=0.9 patience=0 mode=max)",
    };
    static const double metric[] = {3,   2,   2.5, 2.4, 1.9, 2, 2, 2, 2,
                                    1.5, 1.6, 1.7, 1.8, 1,   2, 2, 2};
    enum { N = sizeof metric / sizeof *metric };

    (void)unused;
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++)
        for (int stop = 0; stop < N; stop++) {
            descent_schedule *whole = make(specs[s], 100), *resumed = make(specs[s], 100);
            size_t n, m;
            for (int i = 0; i < stop; i++)
                descent_schedule_observe(whole, metric[i]);
            double *from = dsc_schedule_memory(whole, &n), *to = dsc_schedule_memory(resumed, &m);
            assert_true(n > 0 && n == m);
            memcpy(to, from, n * sizeof *to);
            for (int i = stop; i < N; i++) {
                descent_schedule_observe(whole, metric[i]);
                descent_schedule_observe(resumed, metric[i]);
                assert_true(descent_schedule_factor(whole, i) ==
                            descent_schedule_factor(resumed, i));
            }
            assert_memory_equal(from, to, n * sizeof *to);
            descent_schedule_free(whole);
            descent_schedule_free(resumed);
        }
}

/* All others have nothing to remember, and take no notice. */
static void test_others_ignore_metrics(void **unused)
{
    descent_schedule *a = make("sequence (one_cycle for=20, cosine)", 50);
    descent_schedule *b = make("sequence (one_cycle for=20, cosine)", 50);
    size_t n = 9;

    (void)unused;
    assert_null(dsc_schedule_memory(a, &n));
    assert_int_equal(n, 0);
    for (int i = 0; i < 50; i++)
        descent_schedule_observe(a, 1.0);
    assert_same(a, b, 60);
    descent_schedule_free(a);
    descent_schedule_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rule),
        cmocka_unit_test(test_inside_others),
        cmocka_unit_test(test_memory_resumes),
        cmocka_unit_test(test_others_ignore_metrics),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
