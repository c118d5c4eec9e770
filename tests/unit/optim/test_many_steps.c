/* test_many_steps.c - every optimizer past the 2^31st and 2^32nd step: nothing counts in 32 bits.
 */
#include "rows.h"

#include <math.h>

static double objective(size_t n, const float *w, float *g, void *user)
{
    double f = 0;

    (void)user;
    for (size_t i = 0; i < n; i++) {
        const double d = (double)w[i] - 0.5;
        g[i] = (float)d;
        f += 0.5 * d * d;
    }
    return f;
}

static void walk(descent_optimizer *opt, float *w, int steps)
{
    static float g[N_SMALL];

    for (int step = 0; step < steps; step++) {
        objective(N_SMALL, w, g, NULL);
        if (dsc_optimizer_needs_curvature(opt))
            descent_optimizer_curvature_f32(opt, g);
        if (dsc_optimizer_needs_objective(opt))
            descent_optimizer_step_objective_f32(opt, w, objective, NULL);
        else
            descent_optimizer_step_f32(opt, w, g);
    }
}

/* As after a resume at that step. */
static void put_step(descent_optimizer *opt, int64_t step)
{
    dsc_part part[DSC_MAX_PARTS];

    dsc_optimizer_parts(opt, part);
    ((double *)part[0].data)[0] = (double)step;
    dsc_optimizer_restored(opt);
}

static void test_goes_on(void **unused)
{
    static const int64_t from[] = {INT32_MAX - 2, UINT32_MAX - (int64_t)2, (int64_t)1 << 40};
    static float w[N_SMALL];
    descent_optimizer_options o = all_options(1);
    char spec[256];

    (void)unused;
    o.segments = small_segments;
    o.steps = (int64_t)1 << 41;
    for (int r = 0; r < N_ROWS; r++)
        for (int k = 0; row_spec(&rule_rows[r], k, spec); k++)
            for (size_t f = 0; f < sizeof from / sizeof *from; f++) {
                descent_optimizer *opt = create_with(spec, N_SMALL, DESCENT_F32, &o);
                for (size_t i = 0; i < N_SMALL; i++)
                    w[i] = (float)cos(0.4 * (double)i);
                walk(opt, w, 3);
                put_step(opt, from[f]);
                walk(opt, w, 6);
                if (descent_optimizer_steps(opt) + descent_optimizer_skipped(opt) != from[f] + 6)
                    fail_msg("'%s' is at step %lld", spec, (long long)descent_optimizer_steps(opt));
                for (size_t i = 0; i < N_SMALL; i++)
                    if (!isfinite(w[i]))
                        fail_msg("'%s': element %zu is %g past step %lld", spec, i, (double)w[i],
                                 (long long)from[f]);
                descent_optimizer_free(opt);
            }
}

/* Far out, the bias correction of Adam is 1: a step is lr times the sign of a steady gradient. */
static void test_bias_correction(void **unused)
{
    descent_optimizer *opt;
    float w[1] = {1.0f}, g[1] = {0.5f};

    (void)unused;
    assert_int_equal(
        descent_optimizer_create(&opt, "adam lr=0.001 beta1=0 beta2=0", 1, DESCENT_F32, NULL),
        DESCENT_OK);
    put_step(opt, ((int64_t)1 << 33) + 1);
    descent_optimizer_step_f32(opt, w, g);
    assert_float_equal(w[0], 0.999f, 1e-7f);
    descent_optimizer_free(opt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_goes_on),
                                       cmocka_unit_test(test_bias_correction)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
