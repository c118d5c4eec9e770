/* test_messages.c - what is said to mistakes, whole, with the column. */
#include "make.h"

static const struct row {
    const char *spec;
    descent_status status;
    int column;
    const char *message;
} rows[] = {
    {"cosin", DESCENT_UNKNOWN, 1, "no schedule is called 'cosin'; did you mean 'cosine'?"},
    {"zigzag", DESCENT_UNKNOWN, 1, "no schedule is called 'zigzag'"},
    {"cosine warm=3", DESCENT_UNKNOWN, 8,
     "cosine has no parameter 'warm'; it has steps, floor, waves, power, from, warmup, "
     "warmup_from, "
     "for; did you mean 'warmup'?"},
    {"cosine warmup=-1", DESCENT_INVALID, 15,
     "cosine: warmup = -1, must be a whole number at least 0"},
    {"cosine warmup=2.5", DESCENT_INVALID, 15, "cosine: warmup = '2.5', must be a whole number"},
    {"step", DESCENT_INVALID, 1, "step: every is missing (steps from one drop to the next)"},
    {"step every=0", DESCENT_INVALID, 12, "step: every = 0, must be a whole number at least 1"},
    {"exponential", DESCENT_INVALID, 1,
     "exponential: gamma is missing (factor from one step to the next)"},
    {"linear from=-1", DESCENT_INVALID, 13, "linear: from = -1, must be between 0 and 1000000"},
    {"", DESCENT_SYNTAX, 1, "expected a name, found the end"},
    {NULL, DESCENT_SYNTAX, 1, "expected a name, found the end"},
    {"cosine for=3", DESCENT_INVALID, 1,
     "cosine: for is how long a part of a sequence lasts, and this is no part of one"},
    {"product (cosine for=3)", DESCENT_INVALID, 10,
     "cosine: for is how long a part of a sequence lasts, and this is no part of one"},
    {"plateau mode=mean", DESCENT_INVALID, 14,
     "plateau: mode = 'mean', must be one of min|max; did you mean 'min'?"},
    {"plateau factor=2", DESCENT_INVALID, 16, "plateau: factor = 2, must be between 0 and 1"},
    {"wsd shape=sqrt", DESCENT_INVALID, 11,
     "wsd: shape = 'sqrt', must be one of 1-sqrt|linear|cosine|1-square; did you mean '1-sqrt'?"},
    {"one_cycle pct_start=1.5", DESCENT_INVALID, 21,
     "one_cycle: pct_start = 1.5, must be between 0 and 1"},
    /* lists of numbers */
    {"multistep", DESCENT_INVALID, 1,
     "multistep: at is missing (the steps of the drops, in quotes: \"30, 80\")"},
    {"multistep at=\"30,x0\"", DESCENT_INVALID, 18,
     "multistep: 'x0' is no step, a whole number at least 0; write a list such as \"30, 80\""},
    {"multistep at=\"30, -5\"", DESCENT_INVALID, 19,
     "multistep: '-5' is no step, a whole number at least 0; write a list such as \"30, 80\""},
    {"multistep at=3.5", DESCENT_INVALID, 14,
     "multistep: '3.5' is no step, a whole number at least 0; write a list such as \"30, 80\""},
    {"multistep at=\"30,,80\"", DESCENT_SYNTAX, 18,
     "multistep: a step is missing here; write a list such as \"30, 80\""},
    {"multistep at=\"30,\"", DESCENT_SYNTAX, 18,
     "multistep: a step is missing here; write a list such as \"30, 80\""},
    {"multistep at=\"\"", DESCENT_SYNTAX, 15,
     "multistep: a step is missing here; write a list such as \"30, 80\""},
    {"multistep at=\"30 80\"", DESCENT_SYNTAX, 18,
     "multistep: expected ',' or the end, found '80'"},
    {"multistep at=\"30:1\"", DESCENT_SYNTAX, 17, "multistep: expected ',' or the end, found ':1'"},
    {"multistep 30,80", DESCENT_SYNTAX, 14, "expected one entry, found a list: '80' after a comma"},
    {"piecewise \"0:1, 100\"", DESCENT_SYNTAX, 20,
     "piecewise: ':' and a value are missing here; write a list such as \"0:1e-3, 100:1e-4\""},
    {"piecewise \"0:one\"", DESCENT_INVALID, 14,
     "piecewise: 'one' is no value, a number between 0 and 1000000"},
    {"piecewise \"0:-1\"", DESCENT_INVALID, 14,
     "piecewise: '-1' is no value, a number between 0 and 1000000"},
    {"piecewise \"0:nan\"", DESCENT_INVALID, 14,
     "piecewise: 'nan' is no value, a number between 0 and 1000000"},
    {"piecewise \"0:\"", DESCENT_INVALID, 14,
     "piecewise: '' is no value, a number between 0 and 1000000"},
    {"piecewise \"9:1, 9:2\"", DESCENT_INVALID, 17,
     "piecewise: step 9 stands after step 9; the steps must rise"},
    {"sequence (linear for=3, piecewise \"0:1, x\")", DESCENT_INVALID, 41,
     "piecewise: 'x' is no step, a whole number at least 0; write a list such as \"0:1e-3, "
     "100:1e-4\""},
    /* parts */
    {"sequence", DESCENT_INVALID, 1,
     "sequence: its parts are missing; write sequence (schedule, schedule)"},
    {"product", DESCENT_INVALID, 1,
     "product: its parts are missing; write product (schedule, schedule)"},
    {"sequence (linear, cosine)", DESCENT_INVALID, 11,
     "sequence: linear must say how many steps it lasts, as another part follows; give for=N"},
    {"sequence (linear for=3, cosin)", DESCENT_UNKNOWN, 25,
     "no schedule is called 'cosin'; did you mean 'cosine'?"},
    {"cosine (linear)", DESCENT_SYNTAX, 8, "cosine takes no '(...)' here"},
    {"sequence (linear) (cosine)", DESCENT_SYNTAX, 19,
     "sequence takes one '(...)', found a second"},
    /* formulas */
    {"expression \"0.5*progres\"", DESCENT_UNKNOWN, 17,
     "unknown variable 'progres'; this formula may use step, steps, progress; did you mean "
     "'progress'?"},
    {"expression 2*x", DESCENT_UNKNOWN, 14,
     "unknown variable 'x'; this formula may use step, steps, progress"},
    {"expression \"cosine(step)\"", DESCENT_UNKNOWN, 13,
     "unknown function 'cosine'; there are sin, cos, tan, exp, log, sqrt, abs, tanh, min, max; to "
     "multiply write cosine*(...)"},
    {"expression \"1 +\"", DESCENT_SYNTAX, 16,
     "the formula ends where a number, a variable or '(' was expected"},
    {"expression", DESCENT_INVALID, 1,
     "expression: formula is missing (in step, steps and progress = min(1, step / steps), in "
     "quotes)"},
};

static void test_bad_strings(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        descent_schedule *schedule = (descent_schedule *)&schedule;
        descent_error err = {0};
        const descent_status status = descent_schedule_create(&schedule, rows[i].spec, 100, &err);
        if (status != rows[i].status || strcmp(err.message, rows[i].message) != 0 ||
            err.column != rows[i].column)
            fail_msg("'%s': status %d, column %d: %s", rows[i].spec, (int)status, err.column,
                     err.message);
        assert_null(schedule);
        assert_string_equal(err.file, "");
        assert_int_equal(err.line, 1);
    }
}

/* The place is the file's, and the excerpt the whole line, also inside quotes. */
static void test_bad_length_and_place(void **unused)
{
    const char *line = "schedule = expression \"2*y\"";
    const dsc_place origin = {.file = "--schedule", .line = 1, .column = 1};
    const dsc_place in_file = {.file = "r.ini", .line = 7, .column = 12, .line_text = line};
    descent_schedule *schedule;
    descent_error err = {0};

    (void)unused;
    assert_int_equal(descent_schedule_create(&schedule, "cosine", 0, &err), DESCENT_INVALID);
    assert_null(schedule);
    assert_string_equal(err.message, "a schedule needs at least 1 step, found 0");
    assert_int_equal(dsc_schedule_create_at(&schedule, "cosin", 9, origin, &err), DESCENT_UNKNOWN);
    assert_null(schedule);
    assert_string_equal(err.file, "--schedule");
    assert_int_equal(dsc_schedule_create_at(&schedule, line + 11, 9, in_file, &err),
                     DESCENT_UNKNOWN);
    assert_int_equal(err.line, 7);
    assert_int_equal(err.column, 26);
    assert_string_equal(err.excerpt, line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_strings),
        cmocka_unit_test(test_bad_length_and_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
