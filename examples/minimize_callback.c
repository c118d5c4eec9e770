/* minimize_callback.c - minimize a C function: Rosenbrock's curved valley with momentum. */
#include "descent/descent.h"

#include <stdio.h>

/* f(x, y) = (1 - x)^2 + 100 (y - x^2)^2, smallest at (1, 1) */
static double rosenbrock(size_t n, const double *w, double *g, void *user)
{
    const double a = 1 - w[0], b = w[1] - w[0] * w[0];

    (void)n;
    (void)user;
    if (g) {
        g[0] = -2 * a - 400 * w[0] * b;
        g[1] = 200 * b;
    }
    return a * a + 100 * b * b;
}

int main(void)
{
    double w[2] = {-1.2, 1};
    descent_minimize_options options = descent_minimize_defaults();
    descent_minimum result;
    descent_error err;

    options.optimizer = "sgd lr=0.001 momentum=0.9";
    options.steps = 5000;
    if (descent_minimize(rosenbrock, w, 2, &options, &result, &err)) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    printf("f(%.4f, %.4f) = %.2g: %s\n", w[0], w[1], result.f, result.sentence);
    return 0;
}
