/* cases.h - the case table of the ops: one row a case. An op without a row fails the tests.
 *
 * A row says what the op's inputs are, its attributes, and whether the pass trains. */
#ifndef TEST_OP_CASES_H
#define TEST_OP_CASES_H

#include "base/rng.h"
#include "graph/op.h"
#include "op/registry.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 3, MOST = 8192 };

/* One input: 'x' numbers with a batch axis, whose gradient is wanted; 'w' a parameter; 'm' and 'v'
 * buffers (mean, variance); 'l' labels below the first size of x; 'p' numbers from 0 to 1 with a
 * batch axis, 'q' the same away from 0 and 1, 'a' numbers above 0.5, both with their gradient
 * wanted; 's' numbers shared by all rows, positive; 'i' places 0, 1, 2, 0, ... shared by all rows.
 */
typedef struct input {
    char kind;
    dsc_shape shape;
} input;

typedef struct row {
    const char *op;
    input input[DSC_MAX_INPUTS];
    double attribute[12];
    bool training;
} row;

#define S1(a) \
  {           \
    1,        \
    {         \
      a       \
    }         \
  }
#define S2(a, b) \
  {              \
    2,           \
    {            \
      a, b       \
    }            \
  }
#define S3(a, b, c) \
  {                 \
    3,              \
    {               \
      a, b, c       \
    }               \
  }
#define S4(a, b, c, d) \
  {                    \
    4,                 \
    {                  \
      a, b, c, d       \
    }                  \
  }

static const row rows[] = {
#include "rows_elements.inc"
#include "rows_losses.inc"
#include "rows_pictures.inc"
#include "rows_recurrent.inc"
#include "rows_sequences.inc"
};
enum { N_ROWS = sizeof rows / sizeof *rows };

/* A number away from the kinks of relu and max: at least 0.05 from zero and from its like. */
static inline double number_at(uint64_t i)
{
    const double u = dsc_random_uniform(3, DSC_RNG_TEST, 0, i) - 0.5;

    return (u < 0 ? -1 : 1) * (0.1 + 2 * fabs(u)) + 1e-3 * (double)(i % 97);
}

static inline dsc_id add_input(dsc_graph *graph, const input *in, int number)
{
    char name[16];

    snprintf(name, sizeof name, "%d", number);
    switch (in->kind) {
    case 'w':
        return dsc_graph_parameter(graph, name, "weight", in->shape, DSC_INIT_ZERO, 1, 1);
    case 'm':
        return dsc_graph_buffer(graph, name, in->shape, 0.3, 0.1);
    case 'v':
        return dsc_graph_buffer(graph, name, in->shape, 1.7, 0.1);
    case 'l':
        return dsc_graph_input(graph, name, in->shape, true, DSC_LABELS);
    case 's':
        return dsc_graph_input(graph, name, in->shape, false, DSC_REALS);
    case 'i':
        return dsc_graph_input(graph, name, in->shape, false, DSC_LABELS);
    default:
        return dsc_graph_input(graph, name, in->shape, true, DSC_REALS);
    }
}

static inline void put(descent_type type, void *x, size_t i, double value)
{
    if (type == DESCENT_F64)
        ((double *)x)[i] = value;
    else
        ((float *)x)[i] = (float)value;
}

static inline void fill_input(const dsc_graph *graph, dsc_run *run, const input *in, dsc_id id,
                              int classes)
{
    const size_t n = dsc_shape_count(in->shape) * (dsc_graph_node(graph, id)->batched ? ROWS : 1);
    void *x = dsc_run_input(run, id);

    for (size_t i = 0; i < n; i++) {
        const uint64_t at = (uint64_t)id * 1000 + i;
        if (in->kind == 'l')
            ((int32_t *)dsc_run_input(run, id))[i] = (int32_t)(i * 7 % (size_t)classes);
        else if (in->kind == 'i')
            ((int32_t *)dsc_run_input(run, id))[i] = (int32_t)(i % 3);
        else
            put(dsc_graph_type(graph), x, i,
                in->kind == 'x'   ? number_at(at)
                : in->kind == 'q' ? 0.05 + 0.9 * dsc_random_uniform(4, DSC_RNG_TEST, 0, at)
                                  : dsc_random_uniform(4, DSC_RNG_TEST, 0, at) +
                                        (strchr("sa", in->kind) ? 0.5 : 0));
    }
}

/* The graph of a row with its run, ready for forward; vectors of either precision. */
typedef struct op_case {
    dsc_graph *graph;
    dsc_run *run;
    dsc_id end;
    dsc_pass pass;
    double w[MOST], g[MOST], b[64];
} op_case;

/* The graph ends in the op itself, or in mse with it for ops that are no losses, so that the
 * upstream gradient differs from element to element. */
static inline void case_open(op_case *c, const row *r, descent_type type, dsc_backend backend)
{
    const dsc_op *op = dsc_op_find(r->op, type, dsc_level_choose());
    dsc_id id[DSC_MAX_INPUTS], target = -1;
    descent_error err = {0};
    int n = 0;

    assert_non_null(op);
    memset(c, 0, sizeof *c);
    dsc_graph *graph = c->graph = dsc_graph_new(type, ROWS, backend, dsc_op_find);
    for (; n < DSC_MAX_INPUTS && r->input[n].kind; n++) {
        id[n] = add_input(graph, &r->input[n], n);
        if (strchr("xqa", r->input[n].kind))
            dsc_graph_want_gradient(graph, id[n]);
    }
    c->end = dsc_graph_op(graph, r->op, n, id, op->n_attributes, r->attribute);
    if (!(op->flags & DSC_LOSS) && c->end >= 0) {
        const dsc_shape shape = dsc_graph_node(graph, c->end)->shape;
        target = dsc_graph_input(graph, "target", shape, true, DSC_REALS);
        c->end = dsc_graph_op(graph, "mse", 2, (dsc_id[]){c->end, target}, 0, NULL);
    }
    if (dsc_graph_build(graph, c->end, c->end, &err) != DESCENT_OK)
        fail_msg("%s: %s", r->op, err.message);
    assert_true(dsc_graph_parameters(graph) < MOST && dsc_graph_buffers(graph) < 64);
    dsc_graph_initialize(graph, 1, NULL, c->b);
    for (size_t i = 0; i < dsc_graph_parameters(graph); i++)
        put(type, c->w, i, number_at(i + 77));
    assert_int_equal(dsc_run_create(&c->run, graph, true, c->w, c->b, c->g, &err), DESCENT_OK);
    for (int i = 0; i < n; i++)
        if (!strchr("wmv", r->input[i].kind))
            fill_input(graph, c->run, &r->input[i], id[i], r->input[0].shape.size[0]);
    if (target >= 0)
        fill_input(graph, c->run, &(input){'p', dsc_graph_node(graph, target)->shape}, target, 1);
    c->pass = (dsc_pass){
        .rows = ROWS, .training = r->training, .seed = 5, .step = 9, .loss_scale = 1.0 / 7};
}

static inline void case_close(op_case *c)
{
    dsc_run_free(c->run);
    dsc_graph_free(c->graph);
}

#endif
