/* test_combine.c - sequences, products, and the schedule of a hyperparameter. */
#include "make.h"

/* What is put together of one part is that part. */
static void test_of_one_is_itself(void **unused)
{
    static const char *const specs[] = {
        "cosine warmup=10 floor=0.1",
        "linear from=0.2 to=0.7",
        "one_cycle",
        "wsd warmup=3",
        "restarts 7 2 decay=0.5",
        "noam 16 9",
        "rex",
        "cyclic up=3",
        "multistep at=\"3,20\"",
        "swa to=0.1",
        "exponential 0.95",
        "plateau",
    };
    char spec[128];

    (void)unused;
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        descent_schedule *plain = make(specs[i], 60);
        for (int kind = 0; kind < 2; kind++) {
            snprintf(spec, sizeof spec, "%s (%s)", kind == 0 ? "sequence" : "product", specs[i]);
            descent_schedule *joined = make(spec, 60);
            assert_same(plain, joined, 100);
            descent_schedule_free(joined);
        }
        descent_schedule_free(plain);
    }
}

/* Each part begins at its own step 0 and the last one is as long as what is left. */
static void test_parts_of_a_sequence(void **unused)
{
    descent_schedule *all =
        make("sequence (step every=4 gamma=0.5 for=10, wsd for=30, cosine)", 90);
    descent_schedule *one = make("step every=4 gamma=0.5", 10), *two = make("wsd", 30);
    descent_schedule *three = make("cosine", 50);

    (void)unused;
    for (int64_t t = 0; t < 120; t++) {
        const double expected = t < 10   ? descent_schedule_factor(one, t)
                                : t < 40 ? descent_schedule_factor(two, t - 10)
                                         : descent_schedule_factor(three, t - 40);
        assert_true(descent_schedule_factor(all, t) == expected);
    }
    descent_schedule_free(all);
    descent_schedule_free(one);
    descent_schedule_free(two);
    descent_schedule_free(three);
}

static void test_nested(void **unused)
{
    descent_schedule *inner = make("sequence (linear from=0 to=1 for=5, sequence (constant for=5, "
                                   "product (cosine, step every=10 gamma=0.5)))",
                                   50);
    descent_schedule *cosine = make("cosine", 40);

    (void)unused;
    assert_true(descent_schedule_factor(inner, 4) == 0.8);
    assert_true(descent_schedule_factor(inner, 7) == 1.0);
    assert_true(descent_schedule_factor(inner, 21) == descent_schedule_factor(cosine, 11) * 0.5);
    descent_schedule_free(inner);
    descent_schedule_free(cosine);
}

/* In a hyperparameter's "( ... )" the value is absolute, and its default stands for `from`. */
static void test_from_list(void **unused)
{
    static const struct row {
        const char *text;
        double base;
        int64_t steps, step;
        double value;
    } rows[] = {
        {"cosine", 0.5, 100, 50, 0.25},
        {"cosine from=2", 0.5, 100, 50, 1},
        {"cosine steps=10", 0.5, 0, 5, 0.25},
        {"linear to=0.25", 0.5, 100, 50, 0.375},
        {"linear from=1 to=0.25", 0.5, 100, 100, 0.25},
        {"swa to=0.1", 0.5, 100, 10, 0.1},
        {"constant", 0.5, 0, 3, 0.5},
        {"constant warmup=4", 0.5, 0, 2, 0.25},
        {"step 30", 0.5, 0, 30, 0.05},
        {"piecewise \"0:0.3, 5:0.2\"", 0.5, 0, 5, 0.2},
        {"noam 16 4", 0.5, 0, 3, 0.125},
        {"sequence (linear from=0 to=0.5 for=10, cosine)", 0.5, 30, 5, 0.25},
        {"sequence (linear from=0 to=0.5 for=10, cosine)", 0.5, 30, 20, 0.25},
        {"product (cosine, step every=30 gamma=0.5)", 0.5, 100, 50, 0.125},
        {"product (cosine from=2, step every=30 gamma=0.5)", 0.5, 100, 50, 0.5},
        {"expression \"1/(1+step)\"", 0.5, 0, 1, 0.25},
        {"plateau", 0.5, 0, 9, 0.5},
        {"inverse_sqrt warmup=4", 0.5, 0, 3, 0.5},
        {"wsd warmup=4 stable=5 decay=10 shape=linear", 0.5, 0, 14, 0.25},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        descent_schedule *schedule;
        descent_error err;
        if (from_text(&schedule, rows[i].text, rows[i].base, rows[i].steps, &err))
            fail_msg("'%s': %s", rows[i].text, err.message);
        const double value = descent_schedule_factor(schedule, rows[i].step);
        if (!(fabs(value - rows[i].value) <= 1e-15))
            fail_msg("'%s': %.17g, expected %.17g", rows[i].text, value, rows[i].value);
        descent_schedule_free(schedule);
    }
}

static void test_unknown_length(void **unused)
{
    static const struct row {
        const char *text, *message;
    } rows[] = {
        {"cosine", "cosine needs to know how long the run is; give steps=N"},
        {"linear", "linear needs to know how long the run is; give steps=N"},
        {"one_cycle", "one_cycle needs to know how long the run is; give steps=N"},
        {"rex", "rex needs to know how long the run is; give steps=N"},
        {"polynomial 2", "polynomial needs to know how long the run is; give steps=N"},
        {"wsd decay=3", "wsd needs to know how long the run is; give stable=N and decay=N"},
        {"expression progress", "expression needs to know how long the run is; give steps=N"},
        {"expression 1/steps", "expression needs to know how long the run is; give steps=N"},
        {"sequence (linear for=5, cosine)",
         "cosine needs to know how long the run is; give steps=N"},
        {"product (constant, rex)", "rex needs to know how long the run is; give steps=N"},
        {"constant, cosine",
         "expected one schedule, found a list: 'cosine' after a comma; write sequence (...) to "
         "have one after another"},
        {"cosin steps=4", "no schedule is called 'cosin'; did you mean 'cosine'?"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        descent_schedule *schedule = (descent_schedule *)&schedule;
        descent_error err = {0};
        assert_int_not_equal(from_text(&schedule, rows[i].text, 1.0, 0, &err), DESCENT_OK);
        assert_null(schedule);
        assert_string_equal(err.message, rows[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of_one_is_itself), cmocka_unit_test(test_parts_of_a_sequence),
        cmocka_unit_test(test_nested),           cmocka_unit_test(test_from_list),
        cmocka_unit_test(test_unknown_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
