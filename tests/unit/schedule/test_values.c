/* test_values.c - hand-computed values of every schedule, warm-up, and purity. */
#include "make.h"

typedef struct row {
    const char *spec;
    int64_t steps, step;
    double factor;
} row;

static const row rows[] = {
    {"constant", 10, 0, 1},
    {"constant", 10, 1000, 1},
    {"constant factor=0.5", 10, 3, 0.5},
    {"constant factor=0.5", 10, 1000, 0.5},
    {"constant factor=0.5 steps=4", 10, 3, 0.5},
    {"constant factor=0.5 steps=4", 10, 4, 1},
    {"constant from=3", 10, 4, 3},
    {"linear", 10, 0, 1},
    {"linear", 10, 9, 0.1},
    {"linear", 10, 10, 0},
    {"linear", 10, 100, 0},
    {"linear from=0.25 to=2.25 steps=4", 10, 2, 1.25},
    {"linear from=0.25 to=2.25 steps=4", 10, 5, 2.25},
    {"linear from=1 to=0 steps=100", 1000, 25, 0.75},
    {"step every=3", 10, 2, 1},
    {"step every=3", 10, 3, 0.1},
    {"step every=3 gamma=0.5", 10, 11, 0.125},
    {"step 30 gamma=0.1", 100, 30, 0.1},
    {"multistep at=\"3,8\" gamma=0.5", 10, 2, 1},
    {"multistep at=\"3,8\" gamma=0.5", 10, 3, 0.5},
    {"multistep \" 8 , 3 \" 0.5", 10, 8, 0.25},
    {"multistep at=\"4, 4, 9\" gamma=0.5", 10, 4, 0.25},
    {"multistep at=5", 10, 4, 1},
    {"multistep at=5", 10, 5, 0.1},
    {"multistep at=0 gamma=0.5", 10, 0, 0.5},
    {"exponential gamma=0.5", 10, 0, 1},
    {"exponential gamma=0.5", 10, 3, 0.125},
    {"exponential gamma=0.5", 10, 20, 0x1p-20},
    {"exponential gamma=0.25 every=2", 10, 1, 0.5},
    {"exponential 0.25 every=2 staircase", 10, 3, 0.25},
    {"exponential 0.5 floor=0.2", 10, 3, 0.2},
    {"exponential 2 floor=5", 10, 2, 4},
    {"exponential 2 floor=5", 10, 3, 5},
    {"inverse_time 1", 10, 0, 1},
    {"inverse_time 1", 10, 3, 0.25},
    {"inverse_time 3 every=2", 10, 2, 0.25},
    {"inverse_time 3 every=2 staircase", 10, 1, 1},
    {"inverse_sqrt warmup=4", 10, 0, 0.25},
    {"inverse_sqrt warmup=4", 10, 3, 1},
    {"inverse_sqrt warmup=4 from=2", 10, 15, 1},
    {"noam d_model=64 warmup=4", 10, 0, 1.0 / 64},
    {"noam d_model=64 warmup=4", 10, 3, 1.0 / 16},
    {"noam 64 4 factor=2", 10, 15, 1.0 / 16},
    {"polynomial", 10, 5, 0.5},
    {"polynomial 2", 10, 5, 0.25},
    {"polynomial power=2 floor=0.2", 10, 5, 0.4},
    {"polynomial power=2 steps=4", 10, 7, 0},
    {"polynomial power=0.5 steps=4", 10, 3, 0.5},
    {"cosine", 100, 0, 1},
    {"cosine", 100, 50, 0.5},
    {"cosine", 100, 100, 0},
    {"cosine", 100, 150, 0},
    {"cosine floor=0.2", 100, 50, 0.6},
    {"cosine floor=0.2", 100, 1000, 0.2},
    {"cosine from=2 floor=0.2", 100, 1000, 0.4},
    {"cosine steps=40", 100, 20, 0.5},
    {"cosine steps=40", 100, 60, 0},
    {"cosine power=2", 100, 50, 0.25},
    {"cosine steps=40 waves", 100, 60, 0.5},
    {"cosine steps=40 waves", 100, 80, 1},
    {"cosine steps=40 waves", 100, 80000000000020, 0.5},
    {"restarts first=10", 100, 5, 0.5},
    {"restarts first=10", 100, 10, 1},
    {"restarts 10", 100, 80000000000025, 0.5},
    {"restarts 10 2", 100, 10, 1},
    {"restarts 10 2", 100, 20, 0.5},
    {"restarts 10 2", 100, 30, 1},
    {"restarts 10 2", 100, 50, 0.5},
    {"restarts 10 3", 100, 25, 0.5},
    {"restarts 10 3", 100, 40, 1},
    {"restarts 10 3", 100, 85, 0.5},
    {"restarts 10 floor=0.5 decay=0.5", 100, 10, 0.75},
    {"restarts 10 floor=0.5 decay=0.5", 100, 20, 0.625},
    {"cyclic up=4", 100, 0, 0.1},
    {"cyclic up=4", 100, 4, 1},
    {"cyclic low=0 up=4", 100, 6, 0.5},
    {"cyclic low=0 up=4 down=2", 100, 5, 0.5},
    {"cyclic low=0 up=4 down=2", 100, 6, 0},
    {"cyclic low=0 up=4 down=2", 100, 10, 1},
    {"cyclic low=0 high=2 up=4 mode=triangular2", 100, 12, 1},
    {"cyclic low=1 high=2 up=4 mode=triangular2", 100, 20, 1.25},
    {"cyclic low=0 up=2 mode=exp_range gamma=0.5", 100, 2, 0.25},
    {"cyclic low=0 up=2 mode=exp_range gamma=0.5", 100, 6, 0x1p-6},
    /* 10 steps of which 3 go up: the peak is step 2, the end is step 9 */
    {"one_cycle", 10, 0, 0.04},
    {"one_cycle", 10, 1, 0.52},
    {"one_cycle", 10, 2, 1},
    {"one_cycle", 10, 9, 4e-6},
    {"one_cycle", 10, 100, 4e-6},
    {"one_cycle anneal=linear div_factor=2 final_div_factor=5 steps=12 pct_start=0.25", 99, 1,
     0.75},
    {"one_cycle anneal=linear div_factor=2 final_div_factor=5 steps=12 pct_start=0.25", 99, 11,
     0.1},
    {"one_cycle three_phase anneal=linear div_factor=2 final_div_factor=5", 10, 4, 0.5},
    {"one_cycle three_phase anneal=linear div_factor=2 final_div_factor=5", 10, 9, 0.1},
    {"wsd", 100, 79, 1},
    {"wsd", 100, 80, 1},
    {"wsd", 100, 85, 0.5},
    {"wsd", 100, 100, 0},
    {"wsd warmup=10 stable=20 decay=40 shape=linear", 100, 5, 0.5},
    {"wsd warmup=10 stable=20 decay=40 shape=linear", 100, 50, 0.5},
    {"wsd stable=60 shape=linear", 100, 80, 0.5},
    {"wsd decay=40 shape=cosine floor=0.5", 100, 80, 0.75},
    {"wsd decay=40 shape=1-square", 100, 80, 0.75},
    {"wsd stable=0 decay=0 floor=0.25", 100, 0, 0.25},
    {"rex", 100, 0, 1},
    {"rex", 100, 50, 2.0 / 3},
    {"rex floor=0.4", 100, 50, 0.8},
    {"rex", 100, 200, 0},
    {"plateau", 100, 50, 1},
    {"plateau from=2 warmup=4", 100, 1, 0.5},
    {"swa to=0.2", 100, 5, 0.6},
    {"swa to=0.2", 100, 10, 0.2},
    {"swa from=3 to=1 steps=4 anneal=linear", 100, 1, 2.5},
    {"swa to=0.2 steps=0", 100, 0, 0.2},
    {"piecewise \"0:1, 10:0.5\"", 100, 9, 1},
    {"piecewise \"0:1, 10:0.5\"", 100, 10, 0.5},
    {"piecewise \"5:1,10:0.5\"", 100, 0, 1},
    {"piecewise \"0:1, 10:0.5\" between=linear", 100, 5, 0.75},
    {"piecewise \"0:1, 10:0, 20:4\" cosine from=2", 100, 15, 4},
    {"piecewise \"0:1, 10:0, 20:4\" cosine", 100, 99, 4},
    {"sequence (linear from=0.1 to=1 for=10, cosine)", 110, 5, 0.55},
    {"sequence (linear from=0.1 to=1 for=10, cosine)", 110, 60, 0.5},
    {"sequence (constant for=2, constant factor=0.5 for=3, constant factor=0.25)", 9, 4, 0.5},
    {"sequence (constant for=2, constant factor=0.5 for=3, constant factor=0.25)", 9, 5, 0.25},
    {"sequence warmup=10 from=2 (step every=10 gamma=0.5)", 50, 5, 1},
    {"sequence warmup=10 from=2 (step every=10 gamma=0.5)", 50, 20, 1},
    {"sequence (linear for=10, sequence (linear for=20, linear))", 130, 80, 0.5},
    {"product (constant factor=0.1 steps=2, exponential gamma=0.5)", 9, 1, 0.05},
    {"product (constant factor=0.1 steps=2, exponential gamma=0.5)", 9, 2, 0.25},
    {"expression \"0.5*(1+cos(pi*progress))\"", 100, 50, 0.5},
    {"expression \"1 - step/steps\" steps=10", 100, 4, 0.6},
    {"expression progress", 10, 25, 1},
    {"expression \"max(0, 1 - step/4)\" from=2 warmup=2", 10, 3, 1.5},
    /* warm-up, and then the whole schedule in what is left */
    {"constant warmup=4", 10, 0, 0},
    {"constant warmup=4", 10, 1, 0.25},
    {"constant warmup=4", 10, 4, 1},
    {"constant warmup=4 warmup_from=0.5", 10, 0, 0.5},
    {"constant warmup=4 warmup_from=0.5", 10, 2, 0.75},
    {"linear from=2 to=0 steps=4 warmup=4", 100, 2, 1},
    {"cosine warmup=20", 120, 10, 0.5},
    {"cosine warmup=20", 120, 20, 1},
    {"cosine warmup=20", 120, 70, 0.5},
    {"cosine warmup=20", 120, 120, 0},
    {"cosine warmup=20 steps=40", 1000, 40, 0.5},
    {"cosine warmup=100 floor=0.01", 1100, 1100, 0.01},
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
enum { N_ROWS = sizeof rows / sizeof *rows };

static void test_values(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < N_ROWS; i++) {
        descent_schedule *schedule = make(rows[i].spec, rows[i].steps);
        const double factor = descent_schedule_factor(schedule, rows[i].step);
        if (!(fabs(factor - rows[i].factor) <= 2e-15))
            fail_msg("'%s' of %lld steps, step %lld: %.17g, expected %.17g", rows[i].spec,
                     (long long)rows[i].steps, (long long)rows[i].step, factor, rows[i].factor);
        descent_schedule_free(schedule);
    }
    descent_schedule_free(NULL);
}

static bool begins_with(const char *spec, const char *name)
{
    const size_t length = strlen(name);

    return strncmp(spec, name, length) == 0 && (spec[length] == '\0' || spec[length] == ' ');
}

/* Every schedule that is registered has rows above, and a complete descriptor. */
static void test_registry(void **unused)
{
    const descent_info *info;
    size_t count = 0;

    (void)unused;
    for (; (info = descent_schedule_info(count)) != NULL; count++) {
        int found = 0;
        for (size_t i = 0; i < N_ROWS; i++)
            found += begins_with(rows[i].spec, info->name);
        if (found < 2)
            fail_msg("schedule '%s' has %d rows in the table of values", info->name, found);
        assert_non_null(info->summary);
        assert_non_null(info->formula);
        assert_true(info->n_params >= 3 && info->n_params <= DSC_MAX_PARAMS);
        assert_string_equal(info->params[info->n_params - 1].name, "for");
        int has_from = 0, has_warmup = 0;
        for (int i = 0; i < info->n_params; i++) {
            has_from += strcmp(info->params[i].name, "from") == 0;
            has_warmup += strcmp(info->params[i].name, "warmup") == 0;
            assert_non_null(info->params[i].help);
        }
        assert_int_equal(has_from, 1);
        assert_int_equal(has_warmup, 1);
    }
    assert_true(count >= 21);
}

/* Any order of questions gets the same answers: a resumed training is on the same schedule. */
static void test_factor_is_pure(void **unused)
{
    enum { STEPS = 60 };
    double forward[STEPS];

    (void)unused;
    for (size_t i = 0; i < N_ROWS; i++) {
        descent_schedule *schedule = make(rows[i].spec, 50), *other = make(rows[i].spec, 50);
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

/* A cycle begins at its peak, whatever rounding makes of logarithms. */
static void test_borders_of_restarts(void **unused)
{
    char spec[64];

    (void)unused;
    for (int first = 1; first <= 40; first++)
        for (int mult = 1; mult <= 10; mult++) {
            snprintf(spec, sizeof spec, "restarts %d %d", first, mult);
            descent_schedule *schedule = make(spec, 100);
            int64_t begin = 0, length = first;
            for (int k = 0; k < 40 && begin * mult < (int64_t)1 << 50; k++) {
                if (descent_schedule_factor(schedule, begin) != 1.0 ||
                    (begin > 0 && length / mult > 1 &&
                     !(descent_schedule_factor(schedule, begin - 1) < 0.51)))
                    fail_msg("'%s': cycle %d does not begin at step %lld", spec, k,
                             (long long)begin);
                begin += length;
                length *= mult;
            }
            descent_schedule_free(schedule);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_registry),
        cmocka_unit_test(test_factor_is_pure),
        cmocka_unit_test(test_borders_of_restarts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
