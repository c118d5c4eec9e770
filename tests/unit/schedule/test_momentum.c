/* test_momentum.c - the momentum that goes with a schedule, or none. */
#include "make.h"

typedef struct row {
    const char *spec;
    int64_t steps, step;
    double momentum; /* NaN: left alone */
} row;

static void test_momentum(void **unused)
{
    static const row cases[] = {
        {"cyclic up=4 momentum", 100, 0, 0.9},
        {"cyclic up=4 momentum", 100, 4, 0.8},
        {"cyclic up=4 momentum", 100, 6, 0.85},
        {"cyclic up=4 momentum_low=0.5 mode=triangular2", 100, 12, 0.7},
        {"one_cycle momentum", 10, 0, 0.95},
        {"one_cycle momentum", 10, 2, 0.85},
        {"one_cycle momentum", 10, 9, 0.95},
        {"one_cycle momentum_high=0.9", 10, 1, 0.875},
        {"one_cycle momentum three_phase", 10, 4, 0.95},
        {"one_cycle momentum three_phase", 10, 7, 0.95},
        {"one_cycle momentum warmup=5", 15, 3, 0.95},
        {"sequence (constant for=5, one_cycle momentum)", 15, 7, 0.85},
        {"product (constant, one_cycle momentum)", 10, 2, 0.85},
        {"one_cycle", 10, 2, (double)NAN},
        {"cyclic momentum=no momentum_low=0.5", 10, 2, (double)NAN},
        {"cosine", 10, 2, (double)NAN},
        {"sequence (constant for=5, one_cycle momentum)", 15, 4, (double)NAN},
        {"product (constant, cosine)", 10, 2, (double)NAN},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        descent_schedule *schedule = make(cases[i].spec, cases[i].steps);
        const double momentum = descent_schedule_momentum(schedule, cases[i].step);
        if (!(fabs(momentum - cases[i].momentum) <= 1e-15) &&
            !(isnan(momentum) && isnan(cases[i].momentum)))
            fail_msg("'%s' at step %lld: momentum %.17g, expected %.17g", cases[i].spec,
                     (long long)cases[i].step, momentum, cases[i].momentum);
        descent_schedule_free(schedule);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_momentum)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
