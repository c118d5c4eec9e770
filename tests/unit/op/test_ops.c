/* test_ops.c - what golden cases and gradients don't show: dropout's mask, NaN, statistics, labels
 * that are ignored. */
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

enum { CHANNELS = 2, AREA = 3, NUMBERS = ROWS * CHANNELS * AREA };

/* batch_norm while training hands on the batch's mean and unbiased variance: with momentum 1 they
 * are the buffers' new values. A run of no rows changes nothing. */
static void batch_norm_hands_on_its_statistics(void **state)
{
    dsc_graph *graph = dsc_graph_new(DESCENT_F64, ROWS, DSC_BACKEND_AUTO, dsc_op_find);
    const dsc_shape shape = {2, {CHANNELS, AREA}}, each = {1, {CHANNELS}};
    const dsc_id in[] = {dsc_graph_input(graph, "x", shape, true, DSC_REALS),
                         dsc_graph_buffer(graph, "mean", each, 0.0, 1.0),
                         dsc_graph_buffer(graph, "variance", each, 1.0, 1.0)};
    const dsc_id out = dsc_graph_op(graph, "batch_norm", 3, in, 1, &(double){1e-5});
    dsc_pass pass = {.rows = ROWS, .training = true};
    double b[2 * CHANNELS];
    dsc_run *run;

    (void)state;
    assert_int_equal(dsc_graph_build(graph, out, -1, NULL), DESCENT_OK);
    dsc_graph_initialize(graph, 1, NULL, b);
    assert_int_equal(dsc_run_create(&run, graph, false, NULL, b, NULL, NULL), DESCENT_OK);
    double *x = dsc_run_input(run, in[0]), sum[CHANNELS] = {0}, squares[CHANNELS] = {0};
    for (size_t i = 0; i < NUMBERS; i++) {
        const size_t channel = i / AREA % CHANNELS;
        x[i] = dsc_random_normal(1, DSC_RNG_TEST, 0, i) + (double)channel;
        sum[channel] += x[i];
        squares[channel] += x[i] * x[i];
    }
    dsc_run_forward(run, &pass);
    dsc_graph_merge_buffers(graph, &run, 1, b);
    for (size_t c = 0; c < CHANNELS; c++) {
        const double n = ROWS * AREA, mean = sum[c] / n;
        assert_true(fabs(b[c] - mean) < 1e-12);
        assert_true(fabs(b[CHANNELS + c] - (squares[c] - n * mean * mean) / (n - 1)) < 1e-12);
    }
    const double before = b[0];
    pass.rows = 0;
    dsc_run_forward(run, &pass);
    dsc_graph_merge_buffers(graph, &run, 1, b);
    assert_true(b[0] == before);
    dsc_run_free(run);
    dsc_graph_free(graph);
}

/* Labels 0, ignored, 2 and 1 with class weights 1, 10 and 100: the ignored one weighs nothing,
 * costs nothing and sends nothing back. Logits of 1e4 lose nothing. */
static void ignored_labels_weigh_nothing(void **state)
{
    static const double x[] = {1e4, 0, 0, 5, 6, 7, 0, 1e4, 0, 0, 0, 0};
    static const int32_t label[] = {0, -1, 2, 1};
    dsc_graph *graph = dsc_graph_new(DESCENT_F64, 4, DSC_BACKEND_AUTO, dsc_op_find);
    const dsc_shape three = {1, {3}};
    const dsc_id in[] = {dsc_graph_input(graph, "x", three, true, DSC_REALS),
                         dsc_graph_input(graph, "label", (dsc_shape){0}, true, DSC_LABELS),
                         dsc_graph_input(graph, "weight", three, false, DSC_REALS)};
    const dsc_id loss = dsc_graph_op(graph, "cross_entropy", 3, in, 3, (double[]){0, -1, 0});
    const dsc_pass pass = {.rows = 4, .training = true, .loss_scale = 1};
    dsc_run *run;

    (void)state;
    dsc_graph_want_gradient(graph, in[0]);
    dsc_graph_want_gradient(graph, in[2]);
    assert_int_equal(dsc_graph_build(graph, loss, loss, NULL), DESCENT_OK);
    assert_int_equal(dsc_run_create(&run, graph, true, NULL, NULL, NULL, NULL), DESCENT_OK);
    memcpy(dsc_run_input(run, in[0]), x, sizeof x);
    memcpy(dsc_run_input(run, in[1]), label, sizeof label);
    memcpy(dsc_run_input(run, in[2]), (double[]){1, 10, 100}, 3 * sizeof(double));
    assert_true(dsc_run_loss_weight(run, &pass) == 1 + 100 + 10);
    dsc_run_forward(run, &pass);
    const double *y = dsc_run_value(run, loss);
    assert_true(y[0] == 0 && y[1] == 0 && y[2] == 100 * 1e4);
    assert_true(fabs(y[3] - 10 * log(3)) < 1e-12);
    dsc_run_backward(run);
    const double *dx = dsc_run_input_gradient(run, in[0]), *dw = dsc_run_input_gradient(run, in[2]);
    for (int i = 3; i < 6; i++)
        assert_true(dx[i] == 0);
    assert_true(dx[7] == 100 && dx[8] == -100);
    assert_true(dw[0] == 0 && dw[1] == 0 && dw[2] == 0); /* constants */
    dsc_run_free(run);
    dsc_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dropout_does_not_depend_on_the_shards),
        cmocka_unit_test(nan_does_not_vanish),
        cmocka_unit_test(batch_norm_hands_on_its_statistics),
        cmocka_unit_test(ignored_labels_weigh_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
