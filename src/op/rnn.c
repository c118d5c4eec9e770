/* rnn.c - the plain recurrent layer (Elman 1990, Cognitive Science 14): see recurrent.h.
 *
 *     h_t = act(a_t + u_t), act tanh or, with the attribute `relu`, max(0, .)
 *     da = du = dh act'(a_t + u_t) */
#include "op/recurrent.h"

static const char *const attributes[] = {"bias", "state", "last", "cached", "relu"};

static void forward_cell(const cell_forward *f)
{
    const bool relu = f->node->attribute[OWN] != 0;

    for (size_t i = 0; relu && i < f->units; i++) {
        const real a = f->gates[i] + f->u[i];
        f->gates[i] = f->h[i] = a < 0 ? 0 : a; /* NaN stays NaN */
    }
    for (size_t i = 0; !relu && i < f->units; i++)
        f->gates[i] = f->h[i] = real_tanh(f->gates[i] + f->u[i]);
}

static void backward_cell(const cell_backward *b)
{
    const bool relu = b->node->attribute[OWN] != 0;

    for (size_t i = 0; i < b->units; i++) {
        const real h = b->gates[i];
        const real slope = relu ? (real)(h > 0) : 1 - h * h;
        b->da[i] = b->dh[i] * slope;
        b->dh[i] = 0;
    }
}

static const recurrent_cell cell = {.gates = 1, .forward = forward_cell, .backward = backward_cell};

RECURRENT_OP(rnn, "h_t = tanh(w_ih x_t + b_ih + w_hh h_(t-1) + b_hh)");
