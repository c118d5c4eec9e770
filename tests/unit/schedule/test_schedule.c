/* test_schedule.c - values of every schedule, warm-up, purity, and what is said to mistakes. */
#include "schedule/schedule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static descent_schedule *create(const char *spec, int64_t steps)
{
    descent_schedule *schedule;
    descent_error err = {0};

    if (descent_schedule_create(&schedule, spec, steps, &err))
        fail_msg("'%s': %s", spec, err.message);
    return schedule;
}

static void test_table(void **unused)
{
    static const char *const names[] = {"constant", "step", "exponential", "cosine", "linear"};
    const descent_info *info;
    size_t count = 0;

    (void)unused;
    for (; (info = descent_schedule_info(count)) != NULL; count++) {
        assert_string_equal(info->name, names[count]);
        assert_non_null(info->summary);
        assert_non_null(info->formula);
        assert_true(info->n_params >= 2);
        assert_string_equal(info->params[info->n_params - 2].name, "warmup");
        assert_string_equal(info->params[info->n_params - 1].name, "warmup_from");
    }
    assert_int_equal(count, sizeof names / sizeof *names);
}

static void test_values(void **unused)
{
    static const struct row {
        const char *spec;
        int64_t steps, step;
        double factor;
    } rows[] = {
        {"constant", 10, 0, 1},
        {"constant", 10, 1000, 1},
        {"constant factor=0.5", 10, 3, 0.5},
        {"constant factor=0.5", 10, 1000, 0.5},
        {"constant factor=0.5 steps=4", 10, 3, 0.5},
        {"constant factor=0.5 steps=4", 10, 4, 1},
        {"step every=3", 10, 2, 1},
        {"step every=3", 10, 3, 0.1},
        {"step every=3 gamma=0.5", 10, 11, 0.125},
        {"exponential gamma=0.5", 10, 0, 1},
        {"exponential gamma=0.5", 10, 3, 0.125},
        {"exponential gamma=0.5", 10, 20, 0x1p-20},
        {"cosine", 100, 0, 1},
        {"cosine", 100, 50, 0.5},
        {"cosine", 100, 100, 0},
        {"cosine", 100, 150, 0},
        {"cosine floor=0.2", 100, 50, 0.6},
        {"cosine floor=0.2", 100, 1000, 0.2},
        {"cosine steps=40", 100, 20, 0.5},
        {"cosine steps=40", 100, 60, 0},
        {"cosine steps=40 waves", 100, 60, 0.5},
        {"cosine steps=40 waves", 100, 80, 1},
        {"cosine steps=40 waves", 100, 80000000000020, 0.5},
        {"linear", 10, 0, 1},
        {"linear", 10, 9, 0.1},
        {"linear", 10, 10, 0},
        {"linear", 10, 100, 0},
        {"linear from=0.25 to=2.25 steps=4", 10, 2, 1.25},
        {"linear from=0.25 to=2.25 steps=4", 10, 5, 2.25},
        /* warm-up, and then the whole schedule in what is left */
        {"constant warmup=4", 10, 0, 0},
        {"constant warmup=4", 10, 1, 0.25},
        {"constant warmup=4", 10, 4, 1},
        {"constant warmup=4 warmup_from=0.5", 10, 0, 0.5},
        {"constant warmup=4 warmup_from=0.5", 10, 2, 0.75},
        {"cosine warmup=20", 120, 10, 0.5},
        {"cosine warmup=20", 120, 20, 1},
        {"cosine warmup=20", 120, 70, 0.5},
        {"cosine warmup=20", 120, 120, 0},
        {"cosine warmup=20 steps=40", 1000, 40, 0.5},
        {"linear warmup=2", 10, 6, 0.5},
        {"step every=3 gamma=0.5 warmup=2", 10, 4, 1},
        {"step every=3 gamma=0.5 warmup=2", 10, 5, 0.5},
        {"exponential gamma=0.5 warmup=2", 10, 4, 0.25},
        /* no room is left after the warm-up */
        {"linear warmup=20", 10, 10, 0.5},
        {"linear warmup=20", 10, 20, 1},
        {"linear warmup=20", 10, 21, 0},
        /* a step before the first counts as the first */
        {"linear", 10, -5, 1},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        descent_schedule *schedule = create(rows[i].spec, rows[i].steps);
        const double factor = descent_schedule_factor(schedule, rows[i].step);
        if (!(fabs(factor - rows[i].factor) <= 1e-15))
            fail_msg("'%s' of %lld steps, step %lld: %.17g, expected %.17g", rows[i].spec,
                     (long long)rows[i].steps, (long long)rows[i].step, factor, rows[i].factor);
        descent_schedule_free(schedule);
    }
    descent_schedule_free(NULL);
}

/* Any order of questions gets the same answers: a resumed training is on the same schedule. */
static void test_factor_is_pure(void **unused)
{
    static const char *const specs[] = {
        "constant factor=0.3 steps=9 warmup=5",
        "step every=7",
        "exponential gamma=0.9",
        "cosine warmup=10 floor=0.01",
        "linear warmup_from=0.1 warmup=3",
    };
    enum { STEPS = 60 };
    double forward[STEPS];

    (void)unused;
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++) {
        descent_schedule *schedule = create(specs[s], 50), *other = create(specs[s], 50);
        for (int step = 0; step < STEPS; step++)
            forward[step] = descent_schedule_factor(schedule, step);
        for (int step = STEPS - 1; step >= 0; step--) {
            assert_true(descent_schedule_factor(schedule, step) == forward[step]);
            assert_true(descent_schedule_factor(other, step) == forward[step]);
        }
        descent_schedule_free(schedule);
        descent_schedule_free(other);
    }
}

static void test_bad_strings(void **unused)
{
    static const struct row {
        const char *spec;
        descent_status status;
        int column;
        const char *message;
    } rows[] = {
        {"cosin", DESCENT_UNKNOWN, 1, "no schedule is called 'cosin'; did you mean 'cosine'?"},
        {"plateau", DESCENT_UNKNOWN, 1, "no schedule is called 'plateau'"},
        {"cosine warm=3", DESCENT_UNKNOWN, 8,
         "cosine has no parameter 'warm'; it has steps, floor, waves, warmup, warmup_from; did you "
         "mean 'warmup'?"},
        {"cosine warmup=-1", DESCENT_INVALID, 15,
         "cosine: warmup = -1, must be a whole number at least 0"},
        {"cosine warmup=2.5", DESCENT_INVALID, 15,
         "cosine: warmup = '2.5', must be a whole number"},
        {"step", DESCENT_INVALID, 1, "step: every is missing (steps from one drop to the next)"},
        {"step every=0", DESCENT_INVALID, 12, "step: every = 0, must be a whole number at least 1"},
        {"exponential", DESCENT_INVALID, 1,
         "exponential: gamma is missing (factor from one step to the next)"},
        {"linear from=-1", DESCENT_INVALID, 13, "linear: from = -1, must be between 0 and 1000000"},
        {"", DESCENT_SYNTAX, 1, "expected a name, found the end"},
        {NULL, DESCENT_SYNTAX, 1, "expected a name, found the end"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        descent_schedule *schedule = (descent_schedule *)&schedule;
        descent_error err = {0};
        assert_int_equal(descent_schedule_create(&schedule, rows[i].spec, 100, &err),
                         rows[i].status);
        assert_null(schedule);
        assert_string_equal(err.message, rows[i].message);
        assert_string_equal(err.file, "");
        assert_int_equal(err.line, 1);
        assert_int_equal(err.column, rows[i].column);
    }
}

static void test_bad_length_and_place(void **unused)
{
    const dsc_place origin = {.file = "--schedule", .line = 1, .column = 1};
    descent_schedule *schedule;
    descent_error err = {0};

    (void)unused;
    assert_int_equal(descent_schedule_create(&schedule, "cosine", 0, &err), DESCENT_INVALID);
    assert_null(schedule);
    assert_string_equal(err.message, "a schedule needs at least 1 step, found 0");
    assert_int_equal(dsc_schedule_create_at(&schedule, "cosin", 9, origin, &err), DESCENT_UNKNOWN);
    assert_null(schedule);
    assert_string_equal(err.file, "--schedule");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_factor_is_pure),
        cmocka_unit_test(test_bad_strings),
        cmocka_unit_test(test_bad_length_and_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
