/* test_minimum.c - every optimizer finds the minimum of five functions, with one setting for all.
 */
#include "rows.h"

#include <math.h>

enum { N = 4, STEPS = 20000, CURVATURE_EVERY = 10 };

/* --- functions of two pairs of variables, with minimum 0 -------------------------------------- */

typedef double (*function)(const double *x, double *g);

static double sphere(const double *x, double *g)
{
    double f = 0;

    for (int i = 0; i < N; i++) {
        f += x[i] * x[i];
        g[i] = 2 * x[i];
    }
    return f;
}

/* Condition 20. */
static double ellipse(const double *x, double *g)
{
    static const double curve[N] = {0.5, 1, 2, 10};
    double f = 0;

    for (int i = 0; i < N; i++) {
        f += 0.5 * curve[i] * x[i] * x[i];
        g[i] = curve[i] * x[i];
    }
    return f;
}

/* At (1, 3). */
static double booth(const double *x, double *g)
{
    double f = 0;

    for (int i = 0; i < N; i += 2) {
        const double a = x[i] + 2 * x[i + 1] - 7, b = 2 * x[i] + x[i + 1] - 5;
        f += a * a + b * b;
        g[i] = 2 * a + 4 * b;
        g[i + 1] = 4 * a + 2 * b;
    }
    return f;
}

/* At (3, 0.5). */
static double beale(const double *x, double *g)
{
    static const double c[3] = {1.5, 2.25, 2.625};
    double f = 0;

    for (int i = 0; i < N; i += 2) {
        const double a = x[i], b = x[i + 1];
        g[i] = g[i + 1] = 0;
        for (int k = 0; k < 3; k++) {
            const double t = c[k] - a + a * pow(b, k + 1);
            f += t * t;
            g[i] += 2 * t * (pow(b, k + 1) - 1);
            g[i + 1] += 2 * t * a * (k + 1) * pow(b, k);
        }
    }
    return f;
}

/* At (1, 1), along a curved valley. */
static double rosenbrock(const double *x, double *g)
{
    double f = 0;

    for (int i = 0; i < N; i += 2) {
        const double rise = x[i + 1] - x[i] * x[i], rest = 1 - x[i];
        f += 100 * rise * rise + rest * rest;
        g[i] = -400 * x[i] * rise - 2 * rest;
        g[i + 1] = 200 * rise;
    }
    return f;
}

static const struct problem {
    const char *name;
    function f;
    double start[N];
} problems[] = {
    {"sphere", sphere, {3, -2, 1, -0.5}},
    {"ellipse", ellipse, {2, -1, 1, 0.5}},
    {"booth", booth, {0, 0, 2, 1}},
    {"beale", beale, {1.5, 0, 2, 0.2}},
    {"rosenbrock", rosenbrock, {-1, 1, 0.5, 0.5}},
};
enum { N_PROBLEMS = sizeof problems / sizeof *problems };

/* --- walking ---------------------------------------------------------------------------------- */

static double evaluate(size_t n, const double *w, double *g, void *user)
{
    (void)n;
    return ((const struct problem *)user)->f(w, g);
}

/* The diagonal of the Hessian, by differences; sophia_g squares what it gets. */
static void feed_curvature(descent_optimizer *opt, const struct problem *p, const double *w)
{
    const double step = 1e-6;
    const bool squared = strcmp(opt->rule->info.name, "sophia_g") == 0;
    double h[N], x[N], above[N], below[N];

    for (int i = 0; i < N; i++) {
        memcpy(x, w, sizeof x);
        x[i] = w[i] + step;
        p->f(x, above);
        x[i] = w[i] - step;
        p->f(x, below);
        h[i] = (above[i] - below[i]) / (2 * step);
        h[i] = squared ? sqrt(fabs(h[i])) : h[i];
    }
    descent_optimizer_curvature_f64(opt, h);
}

/* How far above the minimum a walk ends, where lr falls to 0 along a cosine unless it has a
 * schedule. */
static double walk(const char *spec, const struct problem *p)
{
    static const descent_segment matrix = {"0.weight", "weight", 0, N, 2, {2, 2, 0, 0}};
    descent_optimizer_options o = descent_optimizer_defaults();
    double w[N], g[N];

    o.segments = &matrix;
    o.n_segments = 1;
    o.gives_objective = o.gives_curvature = 1;
    o.steps = STEPS;
    descent_optimizer *opt = create_with(spec, N, DESCENT_F64, &o);
    const double lr = descent_optimizer_get(opt, "lr");
    memcpy(w, p->start, sizeof w);
    for (int step = 0; step < STEPS; step++) {
        const double decay = 0.5 * (1 + cos(3.14159265358979 * step / STEPS));
        if (!opt->rule->solve && opt->lr >= 0 && !dsc_optimizer_schedules(opt, "lr"))
            assert_int_equal(descent_optimizer_set(opt, "lr", lr * decay, NULL), DESCENT_OK);
        if (dsc_optimizer_needs_curvature(opt) && step % CURVATURE_EVERY == 0)
            feed_curvature(opt, p, w);
        if (dsc_optimizer_needs_objective(opt)) {
            descent_optimizer_step_objective_f64(opt, w, evaluate, (void *)(uintptr_t)p);
        } else {
            p->f(w, g);
            descent_optimizer_step_f64(opt, w, g);
        }
    }
    descent_optimizer_average_f64(opt, w, g);
    memcpy(w, g, sizeof w);
    const double f = p->f(w, g);
    descent_optimizer_free(opt);
    return f;
}

static void test_minima(void **unused)
{
    char spec[256];

    (void)unused;
    for (int r = 0; r < N_ROWS; r++)
        for (int i = 0; i < N_PROBLEMS; i++) {
            snprintf(spec, sizeof spec, "%s %s", rule_rows[r].name, rule_rows[r].minimizes);
            const double f = walk(spec, &problems[i]);
            if (!(f < 1e-4))
                fail_msg("'%s' ends %g above the minimum of %s", spec, f, problems[i].name);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_minima)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
