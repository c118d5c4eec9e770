/* lstm.c - long short-term memory (Hochreiter & Schmidhuber 1997, Neural Computation 9; with the
 * forget gate of Gers, Schmidhuber & Cummins 2000, Neural Computation 12): see recurrent.h.
 *
 *     i, f, o = sigmoid and g = tanh of their quarters of a_t + u_t, in the order i f g o
 *     c_t = f c_(t-1) + i g
 *     h_t = o tanh(c_t)
 *
 * With the attribute `cell` the output is h and c side by side. */
#include "op/recurrent.h"

static const char *const attributes[] = {"bias", "state", "last", "cached", "cell"};

static void forward_cell(const cell_forward *s)
{
    const size_t n = s->units;
    real *i = s->gates, *f = i + n, *g = f + n, *o = g + n;
    const real *u = s->u;

    for (size_t k = 0; k < n; k++)
        i[k] = gate_sigmoid(i[k] + u[k]);
    for (size_t k = 0; k < n; k++)
        f[k] = gate_sigmoid(f[k] + u[n + k]);
    for (size_t k = 0; k < n; k++)
        g[k] = real_tanh(g[k] + u[2 * n + k]);
    for (size_t k = 0; k < n; k++)
        o[k] = gate_sigmoid(o[k] + u[3 * n + k]);
    for (size_t k = 0; k < n; k++) {
        const real c = f[k] * s->c_before[k] + i[k] * g[k];
        s->c[k] = c;
        s->extra[k] = real_tanh(c);
        s->h[k] = o[k] * s->extra[k];
    }
}

static void backward_cell(const cell_backward *s)
{
    const size_t n = s->units;
    const real *i = s->gates, *f = i + n, *g = f + n, *o = g + n;
    real *di = s->da, *df = di + n, *dg = df + n, *d_o = dg + n;

    for (size_t k = 0; k < n; k++) {
        const real dh = s->dh[k], tanh_c = s->extra[k];
        const real dc = s->dc[k] + dh * o[k] * (1 - tanh_c * tanh_c);
        di[k] = dc * g[k] * (i[k] * (1 - i[k]));
        df[k] = dc * s->c_before[k] * (f[k] * (1 - f[k]));
        dg[k] = dc * i[k] * (1 - g[k] * g[k]);
        d_o[k] = dh * tanh_c * (o[k] * (1 - o[k]));
        s->dc[k] = dc * f[k];
        s->dh[k] = 0;
    }
}

static const recurrent_cell cell = {.gates = 4,
                                    .has_c = true,
                                    .has_extra = true,
                                    .forward = forward_cell,
                                    .backward = backward_cell};

RECURRENT_OP(lstm, "c_t = f c_(t-1) + i g, h_t = o tanh(c_t)");
