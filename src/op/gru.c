/* gru.c - the gated recurrent unit (Cho et al. 2014, arXiv:1406.1078, with the reset gate behind
 * the product as PyTorch and cuDNN have it): see recurrent.h.
 *
 *     r, z = sigmoid of their thirds of a_t + u_t, n = tanh(a_n + r u_n), in the order r z n
 *     h_t = (1 - z) n + z h_(t-1) */
#include "op/recurrent.h"

static const char *const attributes[] = {"bias", "state", "last", "cached"};

static void forward_cell(const cell_forward *s)
{
    const size_t units = s->units;
    real *r = s->gates, *z = r + units, *n = z + units;
    const real *u = s->u;

    for (size_t k = 0; k < units; k++)
        r[k] = gate_sigmoid(r[k] + u[k]);
    for (size_t k = 0; k < units; k++)
        z[k] = gate_sigmoid(z[k] + u[units + k]);
    for (size_t k = 0; k < units; k++) {
        s->extra[k] = u[2 * units + k];
        n[k] = real_tanh(n[k] + r[k] * s->extra[k]);
        s->h[k] = (1 - z[k]) * n[k] + z[k] * s->h_before[k];
    }
}

static void backward_cell(const cell_backward *s)
{
    const size_t units = s->units;
    const real *r = s->gates, *z = r + units, *n = z + units;
    real *da = s->da, *du = s->du;

    for (size_t k = 0; k < units; k++) {
        const real dh = s->dh[k];
        const real dn = dh * (1 - z[k]) * (1 - n[k] * n[k]);
        const real dr = dn * s->extra[k] * (r[k] * (1 - r[k]));
        const real dz = dh * (s->h_before[k] - n[k]) * (z[k] * (1 - z[k]));
        da[k] = du[k] = dr;
        da[units + k] = du[units + k] = dz;
        da[2 * units + k] = dn;
        du[2 * units + k] = dn * r[k];
        s->dh[k] = dh * z[k];
    }
}

static const recurrent_cell cell = {.gates = 3,
                                    .has_extra = true,
                                    .own_du = true,
                                    .forward = forward_cell,
                                    .backward = backward_cell};

RECURRENT_OP(gru, "h_t = (1 - z) n + z h_(t-1)");
