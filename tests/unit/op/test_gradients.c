/* test_gradients.c - backward of every op against finite differences in double, below 1e-7.
 *
 * One row a case: what the op's inputs are, and its attributes. An op without a row fails. */
#include "base/rng.h"
#include "graph/check.h"
#include "graph/op.h"
#include "op/registry.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 3, MOST = 4096 };

/* One input: 'x' numbers with a batch axis, whose gradient is wanted; 'w' a parameter; 'm' and 'v'
 * buffers (mean, variance); 'l' labels below the first size of x; 'p' numbers from 0 to 1 with a
 * batch axis; 's' numbers shared by all rows, positive. */
typedef struct input {
    char kind;
    dsc_shape shape;
} input;

typedef struct row {
    const char *op;
    input input[6];
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
    {"linear", {{'x', S1(4)}, {'w', S2(3, 4)}, {'w', S1(3)}}, {0}, true},
    {"linear", {{'x', S2(2, 4)}, {'w', S2(5, 4)}}, {0}, true},
    {"conv",
     {{'x', S3(2, 5, 4)}, {'w', S4(3, 2, 3, 3)}, {'w', S1(3)}},
     {1, 1, 1, 1, 1, 1, 1},
     true},
    {"conv", {{'x', S3(4, 6, 7)}, {'w', S4(6, 2, 3, 2)}}, {2, 3, 1, 0, 2, 1, 2}, true},
    {"conv",
     {{'x', S3(3, 3, 3)}, {'w', S4(3, 1, 3, 3)}, {'w', S1(3)}},
     {1, 1, 2, 2, 1, 1, 3},
     true},
    {"max_pool", {{'x', S3(2, 5, 6)}}, {2, 2, 2, 2, 0, 0, 1, 1, 0, 0}, true},
    {"max_pool", {{'x', S3(2, 5, 6)}}, {3, 2, 1, 2, 1, 1, 1, 2, 1, 0}, true},
    {"avg_pool", {{'x', S3(2, 5, 6)}}, {2, 3, 2, 1, 1, 1, 1, 1, 0, 1}, true},
    {"avg_pool", {{'x', S3(2, 5, 5)}}, {2, 2, 2, 2, 0, 0, 1, 1, 1, 0}, true},
    {"flatten", {{'x', S3(2, 3, 2)}}, {0}, true},
    {"add", {{'x', S1(5)}, {'x', S1(5)}}, {0}, true},
    {"dropout", {{'x', S1(50)}}, {0.4}, true},
    {"dropout", {{'x', S1(50)}}, {0.4}, false},
    {"batch_norm",
     {{'x', S1(3)}, {'m', S1(3)}, {'v', S1(3)}, {'w', S1(3)}, {'w', S1(3)}},
     {1e-5},
     true},
    {"batch_norm", {{'x', S3(2, 3, 2)}, {'m', S1(2)}, {'v', S1(2)}}, {1e-3}, true},
    {"batch_norm",
     {{'x', S3(2, 3, 2)}, {'m', S1(2)}, {'v', S1(2)}, {'w', S1(2)}, {'w', S1(2)}},
     {1e-3},
     false},
    {"relu", {{'x', S1(40)}}, {0}, true},
    {"tanh", {{'x', S1(40)}}, {0}, true},
    {"sigmoid", {{'x', S1(40)}}, {0}, true},
    {"gelu", {{'x', S1(40)}}, {0}, true},
    {"gelu", {{'x', S1(40)}}, {1}, true},
    {"cross_entropy", {{'x', S1(4)}, {'l', {0, {0}}}}, {0, -100}, true},
    {"cross_entropy", {{'x', S2(4, 3)}, {'l', S1(3)}}, {0.1, 2}, true},
    {"cross_entropy", {{'x', S1(4)}, {'l', {0, {0}}}, {'s', S1(4)}}, {0.2, -100}, true},
    {"cross_entropy", {{'x', S1(4)}, {'p', S1(4)}}, {0.1, -100}, true},
    {"mse", {{'x', S1(5)}, {'x', S1(5)}}, {0}, true},
    {"bce_with_logits", {{'x', S1(5)}, {'p', S1(5)}}, {0, 0}, true},
    {"bce_with_logits", {{'x', S1(5)}, {'p', S1(5)}, {'s', S1(5)}, {'s', S1(5)}}, {1, 1}, true},
};
enum { N_ROWS = sizeof rows / sizeof *rows };

/* A number away from the kinks of relu and max: at least 0.05 from zero and from its like. */
static double number_at(uint64_t i)
{
    const double u = dsc_random_uniform(3, DSC_RNG_TEST, 0, i) - 0.5;

    return (u < 0 ? -1 : 1) * (0.1 + 2 * fabs(u)) + 1e-3 * (double)(i % 97);
}

static dsc_id add_input(dsc_graph *graph, const input *in, int number)
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
    default:
        return dsc_graph_input(graph, name, in->shape, true, DSC_REALS);
    }
}

static void fill_input(const dsc_graph *graph, dsc_run *run, const input *in, dsc_id id,
                       int classes)
{
    const size_t n = dsc_shape_count(in->shape) * (dsc_graph_node(graph, id)->batched ? ROWS : 1);
    double *x = in->kind == 'l' ? NULL : dsc_run_input(run, id);

    for (size_t i = 0; i < n; i++) {
        const uint64_t at = (uint64_t)id * 1000 + i;
        if (in->kind == 'l')
            ((int32_t *)dsc_run_input(run, id))[i] = (int32_t)(i * 7 % (size_t)classes);
        else
            x[i] = in->kind == 'x'
                       ? number_at(at)
                       : dsc_random_uniform(4, DSC_RNG_TEST, 0, at) + (in->kind == 's' ? 0.5 : 0);
    }
}

/* Largest relative difference; the graph ends in the op itself, or in mse with it for ops that are
 * no losses, so that the upstream gradient differs from element to element. */
static double largest_difference(const row *r)
{
    static double w[MOST], g[MOST], b[64];
    dsc_graph *graph = dsc_graph_new(DESCENT_F64, ROWS, DSC_BACKEND_AUTO, dsc_op_find);
    const dsc_op *op = dsc_op_find(r->op, DESCENT_F64, dsc_level_choose());
    dsc_id id[6];
    int n = 0;
    descent_error err = {0};
    dsc_run *run;

    assert_non_null(op);
    for (; n < 6 && r->input[n].kind; n++) {
        id[n] = add_input(graph, &r->input[n], n);
        if (r->input[n].kind == 'x')
            dsc_graph_want_gradient(graph, id[n]);
    }
    dsc_id end = dsc_graph_op(graph, r->op, n, id, op->n_attributes, r->attribute);
    dsc_id target = -1;
    if (!(op->flags & DSC_LOSS) && end >= 0) {
        target =
            dsc_graph_input(graph, "target", dsc_graph_node(graph, end)->shape, true, DSC_REALS);
        end = dsc_graph_op(graph, "mse", 2, (dsc_id[]){end, target}, 0, NULL);
    }
    if (dsc_graph_build(graph, end, end, &err) != DESCENT_OK)
        fail_msg("%s: %s", r->op, err.message);
    assert_true(dsc_graph_parameters(graph) < MOST && dsc_graph_buffers(graph) < 64);
    dsc_graph_initialize(graph, 1, NULL, b);
    for (size_t i = 0; i < dsc_graph_parameters(graph); i++)
        w[i] = number_at(i + 77);
    assert_int_equal(dsc_run_create(&run, graph, true, w, b, g, &err), DESCENT_OK);
    for (int i = 0; i < n; i++)
        if (!strchr("wmv", r->input[i].kind))
            fill_input(graph, run, &r->input[i], id[i], r->input[0].shape.size[0]);
    if (target >= 0)
        fill_input(graph, run, &(input){'p', dsc_graph_node(graph, target)->shape}, target, 1);
    const dsc_pass pass = {
        .rows = ROWS, .training = r->training, .seed = 5, .step = 9, .loss_scale = 1.0 / 7};
    const double difference = dsc_graph_check(graph, run, &pass, w, g);
    dsc_run_free(run);
    dsc_graph_free(graph);
    return difference;
}

static void every_gradient_is_the_derivative(void **state)
{
    (void)state;
    for (int i = 0; i < N_ROWS; i++) {
        const double difference = largest_difference(&rows[i]);
        if (!(difference < 1e-7))
            fail_msg("row %d, %s: finite differences are %.3g off", i, rows[i].op, difference);
    }
}

static void every_op_has_a_row(void **state)
{
    const dsc_op *op;
    size_t n = 0;

    (void)state;
    for (; (op = dsc_op_at(n, DESCENT_F64, DSC_LEVEL_base)) != NULL; n++) {
        bool found = false;
        for (int i = 0; i < N_ROWS; i++)
            found = found || strcmp(rows[i].op, op->name) == 0;
        if (!found)
            fail_msg("op %s has no row in the gradient table", op->name);
    }
    assert_true(n >= 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_gradient_is_the_derivative),
        cmocka_unit_test(every_op_has_a_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
