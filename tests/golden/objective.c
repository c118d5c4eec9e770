/* objective.c - the objectives of cases that evaluate the loss themselves. */
#include "golden.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { QUADRATIC, ROSENBROCK, LOGCOSH_QUARTIC, N_TYPES };

bool golden_objective_read(golden_objective *f, const json_t *objective, size_t n)
{
    static const char *const names[N_TYPES] = {"quadratic", "rosenbrock", "logcosh_quartic"};
    size_t count;

    *f = (golden_objective){.type = -1, .n = n};
    for (int i = 0; i < N_TYPES; i++)
        if (strcmp(golden_string(objective, "type"), names[i]) == 0)
            f->type = i;
    if (f->type != QUADRATIC)
        return f->type >= 0;
    f->a = golden_join(json_object_get(objective, "A"), NULL, &count);
    if (count != n * n)
        return false;
    f->b = golden_array(json_object_get(objective, "b"), &count);
    return count == n;
}

void golden_objective_free(golden_objective *f)
{
    free(f->a);
    free(f->b);
}

/* 0.5 (x-b)'A(x-b) */
static double quadratic(const golden_objective *f, const double *x, double *g)
{
    double value = 0;

    for (size_t i = 0; i < f->n; i++) {
        double row = 0, column = 0;
        for (size_t j = 0; j < f->n; j++) {
            row += f->a[i * f->n + j] * (x[j] - f->b[j]);
            column += f->a[j * f->n + i] * (x[j] - f->b[j]);
        }
        value += 0.5 * (x[i] - f->b[i]) * row;
        if (g)
            g[i] = 0.5 * (row + column);
    }
    return value;
}

/* sum 100 (x[i+1]-x[i]^2)^2 + (1-x[i])^2 */
static double rosenbrock(const golden_objective *f, const double *x, double *g)
{
    double value = 0;

    if (g)
        memset(g, 0, f->n * sizeof *g);
    for (size_t i = 0; i + 1 < f->n; i++) {
        const double rise = x[i + 1] - x[i] * x[i], rest = 1 - x[i];
        value += 100 * rise * rise + rest * rest;
        if (!g)
            continue;
        g[i] += -400 * x[i] * rise - 2 * rest;
        g[i + 1] += 200 * rise;
    }
    return value;
}

/* sum log(cosh(x[i]-0.3 i)) + 0.01 (sum x[i])^4 */
static double logcosh_quartic(const golden_objective *f, const double *x, double *g)
{
    double value = 0, sum = 0;

    for (size_t i = 0; i < f->n; i++)
        sum += x[i];
    for (size_t i = 0; i < f->n; i++) {
        value += log(cosh(x[i] - 0.3 * (double)i));
        if (g)
            g[i] = tanh(x[i] - 0.3 * (double)i) + 0.04 * sum * sum * sum;
    }
    return value + 0.01 * sum * sum * sum * sum;
}

double golden_objective_value(const golden_objective *f, const double *x, double *g)
{
    switch (f->type) {
    case QUADRATIC:
        return quadratic(f, x, g);
    case ROSENBROCK:
        return rosenbrock(f, x, g);
    default:
        return logcosh_quartic(f, x, g);
    }
}
