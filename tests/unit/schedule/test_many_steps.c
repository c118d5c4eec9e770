/* test_many_steps.c - schedules of more than 2^31 steps: the same curve, stretched. */
#include "make.h"

static void test_stretched(void **unused)
{
    static const char *const specs[] = {"constant",
                                        "linear",
                                        "cosine",
                                        "polynomial power=2",
                                        "one_cycle",
                                        "rex",
                                        "wsd",
                                        "cosine floor=0.1",
                                        "expression \"1 - step / steps\""};
    enum { STEPS = 1000 };
    const int64_t factor = (int64_t)1 << 31;

    (void)unused;
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        descent_schedule *s = make(specs[i], STEPS), *l = make(specs[i], STEPS * factor);
        for (int64_t step = 0; step < STEPS; step += 37) {
            const double one = descent_schedule_factor(s, step);
            const double other = descent_schedule_factor(l, step * factor);
            if (!(fabs(one - other) < 5e-3))
                fail_msg("'%s' at %lld of %d: %g, stretched %g", specs[i], (long long)step, STEPS,
                         one, other);
        }
        descent_schedule_free(s);
        descent_schedule_free(l);
    }
}

/* Those with lengths of their own go on, or stay, past 2^32. */
static void test_far_out(void **unused)
{
    static const char *const specs[] = {"step every=30 gamma=0.9",
                                        "exponential gamma=0.999999999",
                                        "inverse_time rate=0.001",
                                        "inverse_sqrt",
                                        "noam",
                                        "cyclic",
                                        "restarts first=100",
                                        "restarts first=100 mult=2 decay=0.5",
                                        "multistep \"10, 20\"",
                                        "piecewise \"0:1, 100:0.5\"",
                                        "sequence (constant for=3000000000, linear)"};
    static const int64_t at[] = {INT32_MAX, (int64_t)INT32_MAX + 1, (int64_t)UINT32_MAX + 1,
                                 (int64_t)1 << 52};

    (void)unused;
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        descent_schedule *s = make(specs[i], (int64_t)1 << 53);
        for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
            const double x = descent_schedule_factor(s, at[k]);
            if (!(x >= 0.0 && x <= 1.0))
                fail_msg("'%s' at %lld is %g", specs[i], (long long)at[k], x);
        }
        descent_schedule_free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_stretched),
                                       cmocka_unit_test(test_far_out)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
