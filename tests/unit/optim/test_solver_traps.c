/* test_solver_traps.c - what lbfgs and cg do where the objective is not finite, flat or endless. */
#include "objectives.h"

/* Steps that leave w > 0 are taken back, also without a line search. */
static void test_turns_back_from_nan(void **unused)
{
    static const char *const specs[] = {"lbfgs tolerance_change=0",
                                        "cg tolerance_change=0",
                                        "lbfgs line_search=none",
                                        "lbfgs lr=1e6",
                                        "cg lr=1e6",
                                        "lbfgs line_search=none max_iter=5"};
    static const double starts[] = {1e-3, 0.3, 1, 7, 50};

    (void)unused;
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++)
        for (size_t k = 0; k < sizeof starts / sizeof *starts; k++) {
            double w = starts[k];
            counted c = {barrier, 0};
            descent_optimizer *opt = create(specs[s], 1, DESCENT_F64);
            for (int i = 0; i < 60; i++)
                descent_optimizer_step_objective_f64(opt, &w, count, &c);
            if (!(fabs(w - 1) < 1e-3))
                fail_msg("'%s' from %g: w = %g", specs[s], starts[k], w);
            descent_optimizer_free(opt);
        }
}

static void test_stays_where_nothing_is_better(void **unused)
{
    static const char *const specs[] = {"lbfgs", "cg", "lbfgs max_iter=9", "cg max_iter=9"};

    (void)unused;
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++) {
        double w[3] = {1, 1, 1}, at_nan = -1;
        counted c = {island, 0}, outside = {barrier, 0}, flat = {sphere, 0};
        descent_optimizer *opt = create(specs[s], 3, DESCENT_F64);
        for (int i = 0; i < 5; i++)
            assert_true(descent_optimizer_step_objective_f64(opt, w, count, &c) == 1);
        assert_true(w[0] == 1 && w[1] == 1 && w[2] == 1);
        /* a zero gradient moves nothing */
        memset(w, 0, sizeof w);
        assert_true(descent_optimizer_step_objective_f64(opt, w, count, &flat) == 0);
        assert_true(w[0] == 0 && w[1] == 0 && w[2] == 0 && flat.evaluations == 1);
        descent_optimizer_free(opt);
        /* from outside there is no way to go, until the caller finds one */
        opt = create(specs[s], 1, DESCENT_F64);
        assert_true(isnan(descent_optimizer_step_objective_f64(opt, &at_nan, count, &outside)));
        assert_true(at_nan == -1);
        at_nan = 3;
        for (int i = 0; i < 30; i++)
            descent_optimizer_step_objective_f64(opt, &at_nan, count, &outside);
        assert_true(fabs(at_nan - 1) < 1e-3);
        descent_optimizer_free(opt);
    }
}

/* Down an endless slope w grows, and stays finite in both precisions. */
static void test_endless_slope(void **unused)
{
    static const char *const specs[] = {"lbfgs", "cg", "lbfgs max_iter=9",
                                        "lbfgs line_search=none"};

    (void)unused;
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++) {
        double w = 0;
        float w32 = 0;
        counted c = {slope, 0};
        descent_optimizer *opt = create(specs[s], 1, DESCENT_F64);
        descent_optimizer *opt32 = create(specs[s], 1, DESCENT_F32);
        for (int i = 0; i < 100; i++) {
            descent_optimizer_step_objective_f64(opt, &w, count, &c);
            descent_optimizer_step_objective_f32(opt32, &w32, count_f32, &c);
        }
        assert_true(isfinite(w) && isfinite(w32) && w > 50 && w32 > 50);
        descent_optimizer_free(opt);
        descent_optimizer_free(opt32);
    }
}

/* A bowl of width 4e-8, and not a number around it. */
static double keyhole(size_t n, const double *w, double *g)
{
    (void)n;
    g[0] = w[0] / 4e-16;
    return fabs(w[0]) < 2e-8 ? 0.5 * w[0] * w[0] / 4e-16 : (double)NAN;
}

static void test_finds_a_keyhole(void **unused)
{
    (void)unused;
    for (int cg = 0; cg < 2; cg++) {
        double w = 1.5e-8;
        counted c = {keyhole, 0};
        descent_optimizer *opt = create(cg ? "cg" : "lbfgs", 1, DESCENT_F64);
        descent_optimizer_step_objective_f64(opt, &w, count, &c);
        assert_true(fabs(w) < 1.4e-8 && c.evaluations < 16);
        descent_optimizer_free(opt);
    }
}

static double hill(size_t n, const double *w, double *g)
{
    (void)n;
    g[0] = -w[0];
    return -0.5 * w[0] * w[0];
}

/* s'y < 0: nothing is learned from such a move, and without a search the next is -lr g. */
static void test_curvature_of_a_hill_is_skipped(void **unused)
{
    double w = 3;
    counted c = {hill, 0};
    descent_optimizer *opt = create("lbfgs line_search=none lr=0.125", 1, DESCENT_F64);

    (void)unused;
    descent_optimizer_step_objective_f64(opt, &w, count, &c);
    assert_true(fabs(w - 3.125) < 1e-14);
    descent_optimizer_step_objective_f64(opt, &w, count, &c);
    assert_true(fabs(w - 3.125 * 1.125) < 1e-14);
    descent_optimizer_free(opt);
}

/* An objective that changes from step to step makes old directions point anywhere: every step goes
 * down all the same. */
static void test_changing_objectives(void **unused)
{
    static const char *const specs[] = {"lbfgs",        "cg",           "cg method=fr",
                                        "cg method=hs", "cg method=dy", "cg method=hz"};

    (void)unused;
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++) {
        double w[4] = {-1.2, 1, 2, -1}, g[4];
        descent_optimizer *opt = create(specs[s], 4, DESCENT_F64);
        for (int i = 0; i < 60; i++) {
            counted c = {i % 3 == 0 ? rosenbrock : i % 3 == 1 ? chain : valley, 0};
            const double before = descent_optimizer_step_objective_f64(opt, w, count, &c);
            if (!(c.f(4, w, g) < before))
                fail_msg("'%s' step %d: f = %g stays", specs[s], i, before);
        }
        descent_optimizer_free(opt);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_turns_back_from_nan),
        cmocka_unit_test(test_stays_where_nothing_is_better),
        cmocka_unit_test(test_endless_slope),
        cmocka_unit_test(test_finds_a_keyhole),
        cmocka_unit_test(test_curvature_of_a_hill_is_skipped),
        cmocka_unit_test(test_changing_objectives),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
