/* test_matrix_sides.c - matrices with a basis for one side only, and those of which the direction
 * waits until it is known how much of it is left. */
#include "matrix_run.h"

/* A gradient of 6 x 4, and the same one of 4 x 6. */
static double tall(int step, size_t i)
{
    return waves(step, i);
}

static double turned(int step, size_t i)
{
    return waves(step, i % 6 * 4 + i / 6);
}

/* The side longer than max_dim has no basis: rows of the one are columns of the other. */
static void test_one_basis(void **unused)
{
    static const descent_segment high = {"w", "weight", 0, 24, 2, {6, 4}};
    static const descent_segment wide = {"w", "weight", 0, 24, 2, {4, 6}};
    const run a = {&high, 1, 24, 1, 6, tall}, b = {&wide, 1, 24, 1, 6, turned};
    static const char spec[] = "soap lr=0.01 every=2 max_dim=4";
    descent_optimizer *first = create(&a, spec, DESCENT_F64);
    descent_optimizer *second = create(&b, spec, DESCENT_F64);
    descent_optimizer *both = create(&a, "soap lr=0.01 every=2 max_dim=6", DESCENT_F64);
    double w[24] = {0}, v[24] = {0}, u[24] = {0}, apart = 0;

    (void)unused;
    for (int t = 0; t < a.steps; t++) {
        step(first, &a, DESCENT_F64, t, w);
        step(second, &b, DESCENT_F64, t, v);
        step(both, &a, DESCENT_F64, t, u);
    }
    for (size_t i = 0; i < 24; i++) {
        const double other = v[i % 4 * 6 + i / 4];
        if (!(fabs(w[i] - other) < 1e-12))
            fail_msg("w[%zu] = %.17g, turned over it is %.17g", i, w[i], other);
        apart += fabs(w[i] - u[i]);
    }
    assert_true(apart > 1e-3); /* a second basis is something else */
    descent_optimizer_free(first);
    descent_optimizer_free(second);
    descent_optimizer_free(both);
}

/* What is left of d where it agrees with g, made up for by the share that does. */
static void expect_masked(const double *d, const double *g, const double *moved, size_t n,
                          double *masked)
{
    double agree = 0;

    for (size_t i = 0; i < n; i++)
        agree += d[i] * g[i] > 0;
    for (size_t i = 0; i < n; i++) {
        const double expected = d[i] * g[i] > 0 ? d[i] * (double)n / agree : 0;
        if (!(fabs(moved[i] - expected) < 1e-12))
            fail_msg("element %zu of %zu moves by %.17g instead of %.17g", i, n, moved[i],
                     expected);
    }
    *masked += (double)n - agree;
}

/* Muon's direction depends on no weight, so that of the plain rule is what the cautious one masks:
 * its matrix whole, the bias beside it by blocks, each with a share of its own. */
static void test_cautious(void **unused)
{
    static const descent_segment parts[] = {{"0.weight", "weight", 0, 30, 2, {6, 5}},
                                            {"0.bias", "bias", 30, 6, 1, {6}}};
    const run r = {parts, COUNT(parts), 36, 2, 4, waves};
    descent_optimizer *plain = create(&r, "muon lr=0.01 weight_decay=0", DESCENT_F64);
    descent_optimizer *cautious = create(&r, "muon lr=0.01 weight_decay=0 cautious", DESCENT_F64);
    double masked[2] = {0};

    (void)unused;
    for (int t = 0; t < r.steps; t++) {
        double w[36] = {0}, v[36] = {0}, g[36], d[36], moved[36];
        step(plain, &r, DESCENT_F64, t, w);
        step(cautious, &r, DESCENT_F64, t, v);
        for (size_t i = 0; i < r.n; i++) {
            g[i] = waves(t, i);
            d[i] = -w[i];
            moved[i] = -v[i];
        }
        expect_masked(d, g, moved, 30, &masked[0]);
        expect_masked(d + 30, g + 30, moved + 30, 6, &masked[1]);
    }
    assert_true(masked[0] > 0 && masked[1] > 0); /* or nothing was tested */
    descent_optimizer_free(plain);
    descent_optimizer_free(cautious);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_basis),
        cmocka_unit_test(test_cautious),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
