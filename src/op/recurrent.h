/* recurrent.h - what the recurrent ops share: sequences in, one state after another, and backward
 * through time. Included by rnn.c, lstm.c and gru.c, which say what one step of one example is.
 *
 *     a_t = w_ih x_t + b_ih        for all steps at once, one product
 *     u_t = w_hh h_(t-1) + b_hh    step by step
 *     h_t = what the cell makes of a_t, u_t and the state before
 *
 * Inputs: x (rows, steps, in), or (rows, steps) of one number a step, or without a batch axis
 * (steps, rows, in) as PyTorch has it; w_ih (G units, in), w_hh (G units, units) of a cell with G
 * gates; with the attribute `bias` b_ih and b_hh (G units); with `state` the first h (rows, units)
 * and, for cells that have one, c. Output: h of every step in the order of x, or with `last` only
 * the last one. With `cell`, where there is a c, h and c side by side. With `cached`, a number of
 * places, a run remembers the state after each and goes on from the one where the pass says that
 * its sequences have a past: predictions one step at a time.
 *
 * Examples don't meet within a sequence, so fixed groups of them are the parts that threads take.
 * Backward follows the chain rule exactly (Werbos 1990, "Backpropagation through time", Proc. IEEE
 * 78): from da and du of all steps come dx, dw and db in one product each. */
#ifndef DSC_OP_RECURRENT_H
#define DSC_OP_RECURRENT_H

#include "op/elements.h"
#include "op/parts.h"

enum { X, W_IH, W_HH, FIRST_OPTIONAL };
enum { BIAS, STATE, LAST, CACHED, OWN }; /* attributes; OWN is the cell's own one */

/* One example at one step, forward. Gates are G vectors of `units` numbers. */
typedef struct cell_forward {
    size_t units;
    const dsc_node *node;
    real *gates;   /* at entry a_t; what is left there, backward finds again */
    const real *u; /* u_t */
    const real *h_before, *c_before;
    real *h, *c; /* to be set */
    real *extra; /* kept for backward too, `units` numbers */
} cell_forward;

/* ... and backward. */
typedef struct cell_backward {
    size_t units;
    const dsc_node *node;
    const real *gates, *extra, *h_before, *c_before;
    real *dh;      /* at entry dL/dh_t; to be set: what of it reaches h_before not by way of u */
    real *dc;      /* at entry dL/dc_t; to be set: dL/dc_before */
    real *da, *du; /* to be set; the same place where the cell has no own du */
} cell_backward;

typedef struct recurrent_cell {
    int gates;
    bool has_c, has_extra, own_du;
    void (*forward)(const cell_forward *f);
    void (*backward)(const cell_backward *b);
} recurrent_cell;

static inline real gate_sigmoid(real x)
{
    const real e = real_exp(-real_abs(x)); /* never overflows */

    return x < 0 ? e / (1 + e) : 1 / (1 + e);
}

/* The shape rule, forward and backward of an op that is made of such cells. */
descent_status DSC_R(dsc_recurrent_shape)(dsc_node *node, const dsc_node *const *input,
                                          const recurrent_cell *cell, descent_error *err);
void DSC_R(dsc_recurrent_forward)(const dsc_call *c, const recurrent_cell *cell);
descent_status DSC_R(dsc_recurrent_prepare)(const dsc_call *c, bool gradients, void **plan,
                                            descent_error *err);
void DSC_R(dsc_recurrent_release)(void *plan);
void DSC_R(dsc_recurrent_backward)(const dsc_call *c, const recurrent_cell *cell);

/* The rest of a file that has `attributes` and `cell`: the op. */
#define RECURRENT_OP(op, text)                                                                  \
  static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err) \
  {                                                                                             \
    return DSC_R(dsc_recurrent_shape)(node, input, &cell, err);                                 \
  }                                                                                             \
  static void forward(const dsc_call *c)                                                        \
  {                                                                                             \
    DSC_R(dsc_recurrent_forward)(c, &cell);                                                     \
  }                                                                                             \
  static void backward(const dsc_call *c)                                                       \
  {                                                                                             \
    DSC_R(dsc_recurrent_backward)(c, &cell);                                                    \
  }                                                                                             \
  const dsc_op DSC_R(dsc_op_##op) = {.name = #op,                                               \
                                     .formula = text,                                           \
                                     .attribute = attributes,                                   \
                                     .n_attributes = sizeof attributes / sizeof *attributes,    \
                                     .n_inputs = -1,                                            \
                                     .flags = DSC_NEEDS_INPUT,                                  \
                                     .shape = shape,                                            \
                                     .forward = forward,                                        \
                                     .backward = backward,                                      \
                                     .prepare = DSC_R(dsc_recurrent_prepare),                   \
                                     .release = DSC_R(dsc_recurrent_release)}

/* --- for recurrent.c and recurrent_backward.c --------------------------------------------------
 */

static inline int recurrent_inputs(const dsc_node *node, const recurrent_cell *cell)
{
    return FIRST_OPTIONAL + (node->attribute[BIAS] != 0 ? 2 : 0) +
           (node->attribute[STATE] != 0 ? 1 + cell->has_c : 0);
}

/* The first of the two biases, the first h. */
static inline int bias_input(const dsc_node *node)
{
    return node->attribute[BIAS] != 0 ? FIRST_OPTIONAL : -1;
}

static inline int state_input(const dsc_node *node)
{
    return node->attribute[STATE] != 0 ? FIRST_OPTIONAL + (node->attribute[BIAS] != 0 ? 2 : 0) : -1;
}

static inline bool shows_c(const dsc_node *node, const recurrent_cell *cell)
{
    return cell->has_c && node->attribute[OWN] != 0;
}

/* Sizes of one pass. Example r at step t is number r * row_step + t * time_step of the things that
 * lie in x's order. */
typedef struct recurrent_sizes {
    size_t rows, steps, in, units, wide; /* wide = gates * units */
    size_t row_step, time_step;
} recurrent_sizes;

/* Numbers of x a step. */
static inline int recurrent_numbers(dsc_shape x)
{
    return x.rank == 1 ? 1 : x.size[x.rank - 1];
}

static inline recurrent_sizes recurrent_sizes_of(const dsc_node *node, const dsc_node *x,
                                                 const dsc_node *w_hh, size_t rows)
{
    const bool batched = node->batched;
    recurrent_sizes z = {.rows = batched ? rows : (size_t)x->shape.size[1],
                         .steps = (size_t)x->shape.size[0],
                         .in = (size_t)recurrent_numbers(x->shape),
                         .units = (size_t)w_hh->shape.size[1],
                         .wide = (size_t)w_hh->shape.size[0]};

    z.row_step = batched ? z.steps : 1;
    z.time_step = batched ? 1 : z.rows;
    return z;
}

static inline recurrent_sizes recurrent_sizes_call(const dsc_call *c)
{
    return recurrent_sizes_of(c->node, c->from[X], c->from[W_HH], (size_t)c->pass->rows);
}

/* Where everything lies. In x's order: gates and what is kept; by example: u, h and c of now. */
typedef struct recurrent_work {
    const dsc_call *call;
    const recurrent_cell *cell;
    recurrent_sizes z;
    real *gates, *h_before, *c_before, *extra; /* kept */
    real *u, *h, *c;                           /* of the present step; backward: dh and dc */
    real *da, *du;                             /* backward, all steps */
    int parts;
} recurrent_work;

static inline recurrent_work recurrent_open(const dsc_call *c, const recurrent_cell *cell)
{
    const recurrent_sizes z = recurrent_sizes_call(c);
    const size_t all = z.rows * z.steps;
    recurrent_work w = {.call = c, .cell = cell, .z = z, .gates = c->keep, .u = c->scratch};

    w.h_before = w.gates + all * z.wide;
    w.c_before = w.h_before + all * z.units;
    w.extra = w.c_before + (cell->has_c ? all * z.units : 0);
    w.h = w.u + z.rows * z.wide;
    w.c = w.h + z.rows * z.units;
    w.da = w.c + z.rows * z.units;
    w.du = cell->own_du ? w.da + all * z.wide : w.da;
    w.parts = parts_worth(2.0 * (double)all * (double)z.wide * (double)z.units, 8e6);
    return w;
}

/* Example r at step t, in x's order. */
static inline size_t recurrent_at(recurrent_sizes z, size_t r, size_t t)
{
    return r * z.row_step + t * z.time_step;
}

/* Where y, or dy, has example r at step t; NULL: not shown. */
static inline size_t recurrent_shown(const recurrent_work *w, size_t r, size_t t, bool *shown)
{
    const bool last = w->call->node->attribute[LAST] != 0;
    const size_t width = w->z.units * (shows_c(w->call->node, w->cell) ? 2 : 1);

    *shown = !last || t + 1 == w->z.steps;
    return (last ? r : recurrent_at(w->z, r, t)) * width;
}

/* to <- rows copies of a vector, or zeros. */
static inline void fill_rows(real *to, const real *vector, size_t rows, size_t n)
{
    for (size_t r = 0; r < rows; r++, to += n) {
        if (vector)
            memcpy(to, vector, n * sizeof *to);
        else
            memset(to, 0, n * sizeof *to);
    }
}

#endif
