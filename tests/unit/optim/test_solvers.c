/* test_solvers.c - rules that call the objective themselves (lbfgs, cg): how far they get with how
 * many evaluations. */
#include "objectives.h"

enum { NO_MINIMUM = -1 };

static double largest_slope(const counted *c, size_t n, const double *w)
{
    double g[MOST], largest = 0;

    (void)c->f(n, w, g);
    for (size_t i = 0; i < n; i++)
        largest = fabs(g[i]) <= largest ? largest : fabs(g[i]);
    return largest;
}

/* Steps until no element of g is above `enough`; how many evaluations that took. Fails after
 * `limit` of them. f never rises, and step returns f at the w it was handed. */
static int descend(const char *spec, counted c, size_t n, double *w, double enough, int limit)
{
    descent_optimizer *opt = create(spec, n, DESCENT_F64);
    double f_last = (double)INFINITY, g[MOST];

    while (!(largest_slope(&c, n, w) <= enough)) {
        const double here = c.f(n, w, g);
        const double f = descent_optimizer_step_objective_f64(opt, w, count, &c);
        if (!(f <= f_last) || f != here)
            fail_msg("'%s': f %.17g, was %.17g, at w %.17g", spec, f, f_last, here);
        if (c.evaluations > limit)
            fail_msg("'%s': f = %g, |g| = %g after %d evaluations", spec, f,
                     largest_slope(&c, n, w), c.evaluations);
        f_last = f;
    }
    descent_optimizer_free(opt);
    return c.evaluations;
}

/* --- minima ----------------------------------------------------------------------------------- */

typedef struct problem {
    const char *name;
    double (*f)(size_t n, const double *w, double *g);
    size_t n;
    double start[2]; /* odd elements start at the second */
    double minimum;  /* f there */
    int lbfgs, cg;   /* evaluations allowed, a step of one iteration taking two at least */
} problem;

static const problem problems[] = {
    {"sphere", sphere, 10, {3, -2}, 0, 8, 8},
    {"booth", booth, 2, {-4, 6}, 0, 24, 30},
    {"beale", beale, 2, {1, 1}, 0, 40, 55},
    {"himmelblau", himmelblau, 2, {0, 0}, 0, 32, 45},
    {"rosenbrock", rosenbrock, 2, {-1.2, 1}, 0, 100, 150},
    {"rosenbrock of 10", rosenbrock, 10, {-1.2, 1}, 0, 210, 420},
    {"valley", valley, 8, {0, 2}, 0, 600, 2300},
    {"logistic", logistic, 6, {0, 0}, NO_MINIMUM, 24, 40},
    {"barrier", barrier, 3, {0.01, 30}, 1, 50, 45},
};

static void test_minima(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++)
        for (int cg = 0; cg < 2; cg++) {
            const problem *p = &problems[i];
            double w[MOST], g[MOST];
            for (size_t k = 0; k < p->n; k++)
                w[k] = p->start[k % 2];
            const char *spec = cg ? "cg tolerance_change=0" : "lbfgs tolerance_change=0";
            descend(spec, (counted){p->f, 0}, p->n, w, 1e-6, cg ? p->cg : p->lbfgs);
            const double f = p->f(p->n, w, g);
            if (p->minimum != NO_MINIMUM && !(fabs(f - p->minimum) < 1e-10))
                fail_msg("'%s' on %s: f = %g", spec, p->name, f);
        }
}

/* Along a quadratic of n variables both need about n iterations. */
static void test_quadratics_take_n_iterations(void **unused)
{
    static const char *const specs[] = {
        "lbfgs history=30 tolerance_change=0",      "cg c2=0.001 tolerance_change=0",
        "cg c2=0.001 method=fr tolerance_change=0", "cg c2=0.001 method=hs tolerance_change=0",
        "cg c2=0.001 method=dy tolerance_change=0", "cg c2=0.001 method=hz tolerance_change=0",
    };

    (void)unused;
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++)
        for (size_t n = 1; n <= 30; n += n < 10 ? 3 : 10) {
            double w[MOST];
            for (size_t i = 0; i < n; i++)
                w[i] = i % 2 ? -1 : 1;
            /* a step takes one evaluation where it starts, and one or two on its way */
            descend(specs[s], (counted){chain, 0}, n, w, 1e-6, 3 * (int)n + 15);
        }
}

/* Many iterations in one step: the same minimum, fewer evaluations. */
static void test_one_long_step(void **unused)
{
    static const char *const specs[] = {"lbfgs max_iter=200", "cg max_iter=200"};

    (void)unused;
    for (int s = 0; s < 2; s++) {
        double w[2] = {-1.2, 1};
        counted c = {rosenbrock, 0};
        descent_optimizer *opt = create(specs[s], 2, DESCENT_F64);
        assert_true(descent_optimizer_step_objective_f64(opt, w, count, &c) > 24);
        assert_true(fabs(w[0] - 1) < 1e-3 && fabs(w[1] - 1) < 1e-3);
        assert_true(c.evaluations > 20 && c.evaluations < 110);
        descent_optimizer_free(opt);
    }
}

static void test_max_eval_ends_a_step(void **unused)
{
    double w[2] = {-1.2, 1};
    counted c = {rosenbrock, 0};
    descent_optimizer *opt = create("lbfgs max_iter=200 max_eval=10", 2, DESCENT_F64);

    (void)unused;
    descent_optimizer_step_objective_f64(opt, w, count, &c);
    assert_true(c.evaluations >= 10 && c.evaluations < 10 + 26);
    descent_optimizer_free(opt);
}

static void test_f32(void **unused)
{
    static const char *const specs[] = {"lbfgs max_iter=20", "cg max_iter=20", "lbfgs", "cg"};

    (void)unused;
    for (int s = 0; s < 4; s++) {
        float w[2] = {-1.2f, 1};
        counted c = {rosenbrock, 0};
        descent_optimizer *opt = create(specs[s], 2, DESCENT_F32);
        for (int i = 0; i < 60; i++)
            descent_optimizer_step_objective_f32(opt, w, count_f32, &c);
        if (!(fabsf(w[0] - 1) < 5e-3f && fabsf(w[1] - 1) < 1e-2f))
            fail_msg("'%s': w = %g %g", specs[s], (double)w[0], (double)w[1]);
        descent_optimizer_free(opt);
    }
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* The second move of cg is along -g + beta d, with the beta that the papers give. */
static void test_beta_of_every_method(void **unused)
{
    static const char *const methods[] = {"pr+", "fr", "hs", "dy", "hz"};
    enum { N = 6 };

    (void)unused;
    for (int m = 0; m < 5; m++) {
        double w[3][N] = {{-1.2, 1, -1, 1.5, 0.3, 0}}, g[2][N], d[N], y[N], expected[N], got[N];
        counted c = {rosenbrock, 0};
        char spec[32] = "cg method=";
        descent_optimizer *opt = create(strcat(spec, methods[m]), N, DESCENT_F64);
        for (int i = 0; i < 2; i++) {
            (void)c.f(N, w[i], g[i]);
            memcpy(w[i + 1], w[i], sizeof w[i]);
            descent_optimizer_step_objective_f64(opt, w[i + 1], count, &c);
        }
        descent_optimizer_free(opt);
        for (int i = 0; i < N; i++) {
            d[i] = -g[0][i];
            y[i] = g[1][i] - g[0][i];
        }
        const double old = dot(g[0], g[0], N), now = dot(g[1], g[1], N), gy = dot(g[1], y, N);
        const double dy = dot(d, y, N), dg = dot(d, g[1], N), yy = dot(y, y, N);
        const double beta[5] = {gy / old, now / old, gy / dy, now / dy,
                                (gy - 2 * dg * yy / dy) / dy};
        assert_true(fabs(beta[m]) > 1e-4);
        for (int i = 0; i < N; i++) {
            expected[i] = -g[1][i] + beta[m] * d[i];
            got[i] = w[2][i] - w[1][i];
        }
        const double cosine =
            dot(expected, got, N) / sqrt(dot(expected, expected, N) * dot(got, got, N));
        if (!(cosine > 1 - 1e-12))
            fail_msg("'%s': beta = %g, but the cosine is 1 - %g", spec, beta[m], 1 - cosine);
        for (int k = 0; k < 5; k++) /* this is what tells the formulas apart */
            assert_true(k == m || fabs(beta[k] - beta[m]) > 1e-4 * fabs(beta[m]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_minima),
        cmocka_unit_test(test_quadratics_take_n_iterations),
        cmocka_unit_test(test_beta_of_every_method),
        cmocka_unit_test(test_one_long_step),
        cmocka_unit_test(test_max_eval_ends_a_step),
        cmocka_unit_test(test_f32),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
