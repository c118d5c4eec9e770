/* test_end.c - a schedule that is over long before the run is refused, others are not. */
#include "make.h"

static void test_messages(void **unused)
{
    static const struct row {
        const char *spec;
        int64_t run;
        const char *message; /* NULL: fine */
    } rows[] = {
        {"cosine steps=100", 1530,
         "the schedule 'cosine' is 0 from step 100 on, but the run has 1,530 steps: nothing would "
         "move after that; leave steps out, or give floor=0.01"},
        {"linear steps=100 warmup=10", 1000,
         "the schedule 'linear' is 0 from step 110 on, but the run has 1,000 steps: nothing would "
         "move after that; leave steps out, or give to=0.01"},
        {"cosine steps=1000", 1234567890,
         "the schedule 'cosine' is 0 from step 1,000 on, but the run has 1,234,567,890 steps: "
         "nothing would move after that; leave steps out, or give floor=0.01"},
        {"wsd stable=10 decay=10", 30,
         "the schedule 'wsd' is 0 from step 20 on, but the run has 30 steps: nothing would move "
         "after that; give floor=0.01"},
        {"constant factor=0", 5,
         "the schedule 'constant' is 0 from step 0 on, but the run has 5 steps: nothing would move "
         "after that"},
        {"expression \"max(0, 1 - step/50)\"", 100,
         "the schedule 'expression' is 0 from step 50 on, but the run has 100 steps: nothing would "
         "move after that"},
        {"sequence (constant for=10, linear for=10)", 100,
         "the schedule 'sequence' is 0 from step 20 on, but the run has 100 steps: nothing would "
         "move after that"},
        {"cosine steps=89", 100,
         "the schedule 'cosine' is 0 from step 89 on, but the run has 100 steps: nothing would "
         "move after that; leave steps out, or give floor=0.01"},
        {"cosine", 1530, NULL},
        {"cosine steps=100 floor=0.01", 1530, NULL},
        {"cosine steps=100 waves", 1530, NULL},
        {"cosine steps=95", 100, NULL},
        {"cosine steps=90", 100, NULL},
        {"cosine warmup=100", 1530, NULL},
        {"cosine warmup=100", 50, NULL},
        {"cosine", 1, NULL},
        {"linear steps=1", 2, NULL},
        {"cyclic low=0 up=1", 101, NULL},
        {"restarts 10", 100, NULL},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        descent_schedule *schedule = make(rows[i].spec, rows[i].run);
        descent_error err = {0};
        const descent_status status = dsc_schedule_check_end(
            schedule, rows[i].run, (dsc_place){.file = "--schedule", .line = 1, .column = 1}, &err);
        if (rows[i].message) {
            assert_int_equal(status, DESCENT_INVALID);
            assert_string_equal(err.message, rows[i].message);
            assert_string_equal(err.file, "--schedule");
        } else if (status != DESCENT_OK) {
            fail_msg("'%s': %s", rows[i].spec, err.message);
        }
        descent_schedule_free(schedule);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_messages)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
