/* test_cautious.c - what is done to a finished direction, cautious and stable; and clipping as a
 * function of its own. */
#include "make.h"

static void step(descent_optimizer *opt, double *w, const double *g)
{
    descent_optimizer_step_f64(opt, w, g);
}

static void test_cautious_by_hand(void **unused)
{
    /* b = 1, then 0.5 + g: two of four disagree, the others make up for them */
    descent_optimizer *opt = plain("sgd lr=1 momentum=0.5 cautious", 4);
    double w[4] = {10, 10, 10, 10};
    const double g1[4] = {1, 1, 1, 1}, g2[4] = {-0.25, 1, 1, -0.25}, zero[4] = {0};

    (void)unused;
    step(opt, w, g1);
    assert_true(w[0] == 9 && w[3] == 9);
    step(opt, w, g2);
    assert_true(w[0] == 9 && w[1] == 9 - 2 * 1.5 && w[2] == 6 && w[3] == 9);
    step(opt, w, zero); /* nobody agrees with 0 */
    assert_true(w[0] == 9 && w[1] == 6);
    descent_optimizer_free(opt);

    /* m = 0.5, so 0.25 - 0.125 points along 1 and against g */
    opt = plain("lion lr=0.5 beta1=0.5 beta2=0.5 cautious weight_decay=0.5", 2);
    double v[2] = {8, 8};
    const double a[2] = {1, 1}, b[2] = {-0.25, 1};
    step(opt, v, a);
    assert_true(v[0] == 8 * 0.75 - 0.5 && v[1] == v[0]);
    step(opt, v, b);
    assert_true(v[0] == 5.5 * 0.75 && v[1] == 5.5 * 0.75 - 2 * 0.5);
    descent_optimizer_free(opt);

    /* uphill is along -g */
    opt = plain("sgd lr=1 cautious maximize", 2);
    v[0] = v[1] = 0;
    step(opt, v, b);
    assert_true(v[0] == -0.25 && v[1] == 1);
    descent_optimizer_free(opt);
}

/* Each segment has a share of its own. */
static void test_cautious_by_segment(void **unused)
{
    const descent_optimizer_options o = grouped(NULL);
    descent_optimizer *opt = make("sgd lr=1 momentum=0.5 cautious", N, DESCENT_F64, &o);
    double w[N] = {0}, g[N];

    (void)unused;
    for (int i = 0; i < N; i++)
        g[i] = 1;
    step(opt, w, g);
    g[6] = -0.25;
    step(opt, w, g);
    assert_true(w[0] == -2.5 && w[6] == -1 && w[7] == -1 - 2 * 1.5 && w[8] == -2.5);
    descent_optimizer_free(opt);
}

static void test_cautious_with_tiny_numbers(void **unused)
{
    descent_optimizer *wide = plain("sgd lr=0.5 cautious", 2);
    descent_optimizer *narrow = make("sgd lr=0.5 cautious", 2, DESCENT_F32, NULL);
    double w[2] = {0}, g[2] = {1e-200, -1e-200};
    float v[2] = {0}, h[2] = {1e-30f, -1e-30f};

    (void)unused;
    step(wide, w, g);
    assert_true(w[0] == -0.5e-200 && w[1] == 0.5e-200);
    descent_optimizer_step_f32(narrow, v, h);
    assert_true(v[0] == -0.5e-30f && v[1] == 0.5e-30f);
    descent_optimizer_free(wide);
    descent_optimizer_free(narrow);
}

/* Without momentum adam moves by lr g / sqrt(v^); v^ = 1, then (0.1875 + 25) / 0.4375. */
static void test_stable_by_hand(void **unused)
{
    descent_optimizer *opt = plain("adam lr=1 beta1=0 beta2=0.75 eps=0 stable", 1);
    const double mean = (0.1875 + 25) / 0.4375;
    double w = 0, g = 1;

    (void)unused;
    step(opt, &w, &g);
    near(w, -1);
    w = 0;
    g = 10;
    step(opt, &w, &g);
    near(w, -10 / sqrt(mean) / sqrt(100 / mean));
    w = 0;
    g = 0.1; /* below its mean: as without */
    step(opt, &w, &g);
    near(w, -0.1 / sqrt((0.75 * 25.1875 + 0.0025) / (1 - 0.421875)));
    descent_optimizer_free(opt);
}

/* What is masked counts as growth too. */
static void test_both(void **unused)
{
    descent_optimizer *both = plain("adam lr=1 beta1=0.75 beta2=0.75 eps=0 stable cautious", 2);
    descent_optimizer *bare = plain("adam lr=1 beta1=0.75 beta2=0.75 eps=0", 2);
    double w[2] = {0}, v[2] = {0}, g[2] = {1, 1};

    (void)unused;
    step(both, w, g);
    step(bare, v, g);
    assert_true(w[0] == v[0]);
    w[0] = w[1] = v[0] = v[1] = 0;
    g[0] = -0.7; /* against m */
    g[1] = 10;
    step(both, w, g);
    step(bare, v, g);
    const double mean0 = (0.1875 + 0.1225) / 0.4375, mean1 = (0.1875 + 25) / 0.4375;
    assert_true(w[0] == 0);
    near(w[1], 2 * v[1] / sqrt((0.49 / mean0 + 100 / mean1) / 2));
    descent_optimizer_free(both);
    descent_optimizer_free(bare);
}

/* --- on its own ------------------------------------------------------------------------------- */

static void test_clip_norm(void **unused)
{
    const double inf = (double)INFINITY, nan = (double)NAN;
    const struct row {
        double g[3], p, most, norm, factor;
    } rows[] = {
        {{3, -4, 0}, 2, 1, 5, 1 / (5 + 1e-6)},
        {{3, -4, 0}, 1, 1, 7, 1 / (7 + 1e-6)},
        {{3, -4, 0}, inf, 1, 4, 1 / (4 + 1e-6)},
        {{3, -4, 0}, 2, 5, 5, 5 / (5 + 1e-6)},
        {{3, -4, 0}, 2, 5.1, 5, 1},
        {{3, -4, 0}, 2, 0, 5, 0},
        {{0, 0, 0}, 2, 1, 0, 1},
        {{3e200, -4e200, 0}, 2, 1, 5e200, 1 / 5e200},
        {{3e-200, -4e-200, 0}, 2, 1, 5e-200, 1},
        {{3e-310, -4e-310, 0}, 2, 1, 5e-310, 1},
        {{1, inf, 2}, 2, 1, inf, 1},
        {{1, -inf, 2}, inf, 1, inf, 1},
        {{nan, 5, 2}, 2, 1, nan, 1},
        {{nan, 5, 2}, inf, 1, nan, 1},
        {{5, nan, 2}, 1, 1, nan, 1},
        {{5, 2, nan}, inf, 1, nan, 1},
        {{1.5e308, 1.5e308, 1.5e308}, 2, 1, inf, 1}, /* the norm alone is too large */
    };

    (void)unused;
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        double g[3];
        memcpy(g, rows[r].g, sizeof g);
        const double norm = descent_clip_norm_f64(g, 3, rows[r].most, rows[r].p);
        assert_true(isfinite(rows[r].norm) ? fabs(norm - rows[r].norm) <= 1e-14 * rows[r].norm
                                           : memcmp(&norm, &rows[r].norm, sizeof norm) == 0 ||
                                                 (isnan(norm) && isnan(rows[r].norm)));
        for (int i = 0; i < 3; i++)
            if (rows[r].factor == 1)
                assert_memory_equal(&g[i], &rows[r].g[i], sizeof g[i]);
            else
                assert_true(fabs(g[i] - rows[r].g[i] * rows[r].factor) < 1e-14);
    }
    float f[2] = {3e38f, 3e38f};
    assert_true(fabs(descent_clip_norm_f32(f, 2, 1, 2) / (3e38 * sqrt(2)) - 1) < 1e-6);
    assert_true(fabs((double)f[0] - sqrt(0.5)) < 1e-6);
    assert_true(descent_clip_norm_f32(f, 0, 1, 2) == 0);
}

static void test_clip_value(void **unused)
{
    double g[5] = {-3, 0.5, (double)INFINITY, (double)NAN, -(double)INFINITY};
    float f[5] = {-3, 0.5f, INFINITY, NAN, -INFINITY};

    (void)unused;
    descent_clip_value_f64(g, 5, 1);
    descent_clip_value_f32(f, 5, 1);
    assert_true(g[0] == -1 && g[1] == 0.5 && g[2] == 1 && isnan(g[3]) && g[4] == -1);
    assert_true(f[0] == -1 && f[1] == 0.5f && f[2] == 1 && isnan(f[3]) && f[4] == -1);
}

static void test_refusals(void **unused)
{
    (void)unused;
    refuses("ftrl cautious", 1, NULL, "", 6,
            "ftrl: cautious needs a direction, and this rule places w anew");
    refuses("lion stable", 1, NULL, "", 6,
            "lion: stable compares g^2 with its running mean, and this rule keeps none");
    refuses("adam clip_norm=-1", 1, NULL, "", 16,
            "adam: clip_norm = -1, must be between 0 and 1e+30");
    refuses("adam clip_nrom=1", 1, NULL, "", 6,
            "adam has no parameter 'clip_nrom'; it has lr, beta1, beta2, eps, weight_decay, "
            "amsgrad, decay, decay_all, maximize, clip_value and 11 more; did you mean "
            "'clip_norm'?");
    /* where the value that does not fit was not typed, the place is the rule's */
    refuses("rprop step_min=60", 1, NULL, "", 7, "rprop: step_min must not be above step_max");
    refuses("rprop step_max=1e-7", 1, NULL, "", 1, "rprop: step_min must not be above step_max");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cautious_by_hand),
        cmocka_unit_test(test_cautious_by_segment),
        cmocka_unit_test(test_cautious_with_tiny_numbers),
        cmocka_unit_test(test_stable_by_hand),
        cmocka_unit_test(test_both),
        cmocka_unit_test(test_clip_norm),
        cmocka_unit_test(test_clip_value),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
