/* test_ops.c - what golden cases and gradients don't show: dropout's mask, NaN, levels, messages.
 */
#include "base/rng.h"
#include "graph/op.h"
#include "op/registry.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 30, ROWS = 40 };

/* A float graph of one op on x; runs rows first..first+rows of the batch and returns the output. */
static void run_op(const char *op, double attribute, int first, int rows, bool training,
                   const float *x, float *y)
{
    dsc_graph *graph = dsc_graph_new(DESCENT_F32, ROWS, DSC_BACKEND_AUTO, dsc_op_find);
    const dsc_id in = dsc_graph_input(graph, "x", (dsc_shape){1, {WIDTH}}, true, DSC_REALS);
    const int n = dsc_op_find(op, DESCENT_F32, DSC_LEVEL_base)->n_attributes;
    const dsc_id out = dsc_graph_op(graph, op, 1, &in, n, &attribute);
    const dsc_pass pass = {
        .rows = rows, .first_row = first, .training = training, .seed = 11, .step = 3};
    dsc_run *run;

    assert_int_equal(dsc_graph_build(graph, out, -1, NULL), DESCENT_OK);
    assert_int_equal(dsc_run_create(&run, graph, false, NULL, NULL, NULL, NULL), DESCENT_OK);
    memcpy(dsc_run_input(run, in), x + (size_t)first * WIDTH, (size_t)rows * WIDTH * sizeof(float));
    dsc_run_forward(run, &pass);
    memcpy(y + (size_t)first * WIDTH, dsc_run_value(run, out),
           (size_t)rows * WIDTH * sizeof(float));
    dsc_run_free(run);
    dsc_graph_free(graph);
}

static void dropout_does_not_depend_on_the_shards(void **state)
{
    static float x[ROWS * WIDTH], whole[ROWS * WIDTH], parts[ROWS * WIDTH];
    size_t dropped = 0;

    (void)state;
    for (int i = 0; i < ROWS * WIDTH; i++)
        x[i] = 1.0f + (float)i;
    run_op("dropout", 0.25, 0, ROWS, true, x, whole);
    for (int first = 0; first < ROWS; first += 7)
        run_op("dropout", 0.25, first, ROWS - first < 7 ? ROWS - first : 7, true, x, parts);
    assert_memory_equal(whole, parts, sizeof whole);
    for (int i = 0; i < ROWS * WIDTH; i++) {
        if (whole[i] == 0.0f)
            dropped++;
        else
            assert_true(fabsf(whole[i] - x[i] / 0.75f) < 1e-3f);
    }
    /* 1,200 draws at 0.25: 300, deviation 15 */
    assert_in_range(dropped, 225, 375);
    run_op("dropout", 0.25, 0, ROWS, false, x, whole);
    assert_memory_equal(whole, x, sizeof x);
}

static void nan_does_not_vanish(void **state)
{
    static const char *const ops[] = {"relu", "tanh", "sigmoid", "gelu", "flatten", "dropout"};
    static float x[ROWS * WIDTH], y[ROWS * WIDTH];

    (void)state;
    x[17] = NAN;
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        run_op(ops[i], 0, 0, ROWS, true, x, y);
        assert_true(isnan(y[17]) != 0);
        assert_true(isnan(y[16]) == 0);
    }
}

static void mistakes_name_op_and_shapes(void **state)
{
    static const struct {
        const char *op;
        dsc_shape x, w;
        double attribute[10];
        const char *message;
    } c[] = {
        {"linear",
         {1, {4}},
         {2, {3, 5}},
         {0},
         "linear: the weight is 3x5 and needs 5 numbers on the last axis, found 4"},
        {"conv",
         {1, {64}},
         {4, {8, 1, 3, 3}},
         {1, 1, 0, 0, 1, 1, 1},
         "conv needs pictures (channels x height x width), found 64 numbers"},
        {"conv",
         {3, {1, 8, 8}},
         {4, {8, 1, 9, 9}},
         {1, 1, 0, 0, 1, 1, 1},
         "conv: a kernel of 9x9 does not fit into a picture of 8x8 with padding 0x0"},
        {"add", {1, {4}}, {1, {5}}, {0}, "add needs two of the same shape, found 4 and 5"},
        {"mse", {1, {4}}, {1, {5}}, {0}, "mse needs targets of shape 4, found 5"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        dsc_graph *graph = dsc_graph_new(DESCENT_F32, 2, DSC_BACKEND_AUTO, dsc_op_find);
        const dsc_id x = dsc_graph_input(graph, "x", c[i].x, true, DSC_REALS);
        const bool parameter = strcmp(c[i].op, "linear") == 0 || strcmp(c[i].op, "conv") == 0;
        const dsc_id w =
            parameter ? dsc_graph_parameter(graph, "w", "weight", c[i].w, DSC_INIT_ZERO, 1, 1)
                      : dsc_graph_input(graph, "t", c[i].w, true, DSC_REALS);
        const int n = dsc_op_find(c[i].op, DESCENT_F32, DSC_LEVEL_base)->n_attributes;
        descent_error err = {0};

        assert_int_equal(dsc_graph_op(graph, c[i].op, 2, (dsc_id[]){x, w}, n, c[i].attribute), -1);
        assert_int_equal(dsc_graph_status(graph, &err), DESCENT_SHAPE);
        assert_string_equal(err.message, c[i].message);
        dsc_graph_free(graph);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dropout_does_not_depend_on_the_shards),
        cmocka_unit_test(nan_does_not_vanish),
        cmocka_unit_test(mistakes_name_op_and_shapes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
