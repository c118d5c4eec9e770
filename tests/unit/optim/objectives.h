/* objectives.h - functions to minimize, and what the tests of lbfgs and cg share. */
#ifndef DSC_TEST_OBJECTIVES_H
#define DSC_TEST_OBJECTIVES_H

#include "descent/optimizer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 40 }; /* elements of w */

static inline descent_optimizer *create(const char *spec, size_t n, descent_type type)
{
    descent_optimizer_options options = descent_optimizer_defaults();
    descent_optimizer *opt;
    descent_error err = {0};

    options.gives_objective = 1;
    if (descent_optimizer_create_with(&opt, spec, n, type, &options, &err))
        fail_msg("'%s': %s", spec, err.message);
    return opt;
}

/* --- objectives ------------------------------------------------------------------------------- */

static inline double sphere(size_t n, const double *w, double *g)
{
    double f = 0;

    for (size_t i = 0; i < n; i++) {
        f += w[i] * w[i];
        g[i] = 2 * w[i];
    }
    return f;
}

/* Curvatures from 1 to 1e6. */
static inline double valley(size_t n, const double *w, double *g)
{
    double f = 0;

    for (size_t i = 0; i < n; i++) {
        const double c = pow(1e6, (double)i / (double)(n - 1));
        f += 0.5 * c * (w[i] - 1) * (w[i] - 1);
        g[i] = c * (w[i] - 1);
    }
    return f;
}

/* A quadratic with neighbours coupled. */
static inline double chain(size_t n, const double *w, double *g)
{
    double f = 0;

    for (size_t i = 0; i < n; i++) {
        const double left = i > 0 ? w[i - 1] : 0, right = i + 1 < n ? w[i + 1] : 0;
        const double a = (2 + 0.1 * (double)i) * w[i] - left - right;
        f += 0.5 * w[i] * a - w[i];
        g[i] = a - 1;
    }
    return f;
}

static inline double rosenbrock(size_t n, const double *w, double *g)
{
    double f = 0;

    memset(g, 0, n * sizeof *g);
    for (size_t i = 0; i + 1 < n; i++) {
        const double a = w[i + 1] - w[i] * w[i], b = 1 - w[i];
        f += 100 * a * a + b * b;
        g[i] -= 400 * a * w[i] + 2 * b;
        g[i + 1] += 200 * a;
    }
    return f;
}

static inline double beale(size_t n, const double *w, double *g)
{
    static const double c[3] = {1.5, 2.25, 2.625};
    double f = 0, power = 1;

    memset(g, 0, n * sizeof *g);
    for (int i = 0; i < 3; i++) {
        const double slope = (i + 1) * power; /* of y^(i + 1) */
        power *= w[1];
        const double a = c[i] - w[0] + w[0] * power;
        f += a * a;
        g[0] += 2 * a * (power - 1);
        g[1] += 2 * a * w[0] * slope;
    }
    return f;
}

static inline double booth(size_t n, const double *w, double *g)
{
    const double a = w[0] + 2 * w[1] - 7, b = 2 * w[0] + w[1] - 5;

    (void)n;
    g[0] = 2 * a + 4 * b;
    g[1] = 4 * a + 2 * b;
    return a * a + b * b;
}

static inline double himmelblau(size_t n, const double *w, double *g)
{
    const double a = w[0] * w[0] + w[1] - 11, b = w[0] + w[1] * w[1] - 7;

    (void)n;
    g[0] = 4 * a * w[0] + 2 * b;
    g[1] = 2 * a + 4 * b * w[1];
    return a * a + b * b;
}

/* Logistic regression with a little L2: 60 points whose labels follow a noisy plane. */
static inline double logistic(size_t n, const double *w, double *g)
{
    double f = 0;

    for (size_t i = 0; i < n; i++) {
        f += 0.005 * w[i] * w[i];
        g[i] = 0.01 * w[i];
    }
    for (int k = 0; k < 60; k++) {
        double z = 0, x[MOST] = {0};
        for (size_t i = 0; i < n; i++) {
            x[i] = sin(1.3 * k * (double)(i + 1) + 0.7 * (double)i);
            z += w[i] * x[i];
        }
        const double label = x[0] - x[1] + 0.8 * sin(2.9 * k) > 0 ? 1 : -1;
        f += log1p(exp(-label * z)) / 60;
        for (size_t i = 0; i < n; i++)
            g[i] -= label * x[i] / (1 + exp(label * z)) / 60;
    }
    return f;
}

/* Minimum 1 at w = 1; not a number outside w > 0. */
static inline double barrier(size_t n, const double *w, double *g)
{
    double f = 0;

    for (size_t i = 0; i < n; i++) {
        f += (w[i] - log(w[i])) / (double)n;
        g[i] = (1 - 1 / w[i]) / (double)n;
    }
    return f;
}

/* Falls for ever. */
static inline double slope(size_t n, const double *w, double *g)
{
    double f = 0;

    for (size_t i = 0; i < n; i++) {
        f -= w[i];
        g[i] = -1;
    }
    return f;
}

/* Finite at 1 alone, and its gradient says to go. */
static inline double island(size_t n, const double *w, double *g)
{
    for (size_t i = 0; i < n; i++)
        g[i] = 1;
    return w[0] == 1 ? 1 : (double)NAN;
}

/* --- counting -------------------------------------------------------------------------------- */

typedef struct counted {
    double (*f)(size_t n, const double *w, double *g);
    int evaluations;
} counted;

static inline double count(size_t n, const double *w, double *g, void *user)
{
    counted *c = user;

    c->evaluations++;
    for (size_t i = 0; i < n; i++)
        assert_true(isfinite(w[i]));
    return c->f(n, w, g);
}

static inline double count_f32(size_t n, const float *w, float *g, void *user)
{
    double w64[MOST] = {0}, g64[MOST] = {0};

    for (size_t i = 0; i < n; i++)
        w64[i] = (double)w[i];
    const double f = count(n, w64, g64, user);
    for (size_t i = 0; i < n; i++)
        g[i] = (float)g64[i];
    return f;
}

#endif
