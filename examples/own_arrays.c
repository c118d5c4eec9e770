/* own_arrays.c - an optimizer on your own arrays: fit a line through five points with Adam. */
#include "descent/descent.h"

#include <stdio.h>

int main(void)
{
    static const double x[5] = {0, 1, 2, 3, 4}, y[5] = {1.1, 2.9, 5.2, 7.1, 8.8};
    double w[2] = {0, 0}, g[2]; /* y = w[0] + w[1] x */
    descent_optimizer *opt;
    descent_error err;

    if (descent_optimizer_create(&opt, "adam lr=0.1", 2, DESCENT_F64, &err)) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    for (int step = 0; step < 500; step++) {
        g[0] = g[1] = 0;
        for (int i = 0; i < 5; i++) {
            const double error = w[0] + w[1] * x[i] - y[i];
            g[0] += 2 * error / 5;
            g[1] += 2 * error * x[i] / 5;
        }
        descent_optimizer_step(opt, w, g);
    }
    printf("y = %.3f + %.3f x\n", w[0], w[1]);
    descent_optimizer_free(opt);
    return 0;
}
