/* test_recurrent.c - recurrent layers: parameters as PyTorch names and draws them, shapes, numbers
 * worked by hand, the same bits for any number of threads. */
#include "graph/op.h"
#include "model/model.h"
#include "op/registry.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static descent_model *make(const char *layers, int steps, int in, int outputs)
{
    const descent_model_options o = {.layers = layers,
                                     .loss = "mse",
                                     .rank = in > 0 ? 2 : 1,
                                     .shape = {steps, in},
                                     .outputs = outputs,
                                     .seed = 3};
    descent_error err = {0};
    descent_model *model;

    if (descent_model_create(&model, &o, &err) != DESCENT_OK)
        fail_msg("%s: %s", layers, err.message);
    return model;
}

static void parameters_are_those_of_pytorch(void **state)
{
    static const struct {
        const char *name, *role;
        int rank, shape[2];
    } expected[] = {
        {"0.weight_ih", "weight", 2, {20, 3}}, {"0.weight_hh", "weight", 2, {20, 5}},
        {"0.bias_ih", "bias", 1, {20}},        {"0.bias_hh", "bias", 1, {20}},
        {"1.weight_ih", "weight", 2, {6, 5}},  {"1.weight_hh", "weight", 2, {6, 2}},
        {"2.weight", "head", 2, {1, 2}},       {"2.bias", "bias", 1, {1}},
    };
    descent_model *m = make("lstm 5, gru 2 last bias=no, linear", 7, 3, 1);
    const float *w = descent_model_weights(m);

    (void)state;
    assert_int_equal(descent_model_segments(m), sizeof expected / sizeof *expected);
    for (size_t i = 0; i < descent_model_segments(m); i++) {
        const descent_segment *s = descent_model_segment(m, i);
        assert_string_equal(s->name, expected[i].name);
        assert_string_equal(s->role, expected[i].role);
        assert_int_equal(s->rank, expected[i].rank);
        assert_memory_equal(s->shape, expected[i].shape, (size_t)s->rank * sizeof(int));
        const double bound = 1 / sqrt(i < 4 ? 5.0 : 2.0);
        double largest = 0;
        for (size_t k = 0; k < s->count; k++)
            largest = fmax(largest, fabs((double)w[s->offset + k]));
        if (i < 6)
            assert_true(largest <= bound && largest > 0.5 * bound);
    }
    const descent_layer_line *first = descent_model_line(m, 0), *second = descent_model_line(m, 1);
    assert_true(first->rank == 2 && first->shape[0] == 7 && first->shape[1] == 5);
    assert_true(second->rank == 1 && second->shape[0] == 2);
    descent_model_free(m);
}

/* One unit, two steps: h1 = tanh(w x1 + b), h2 = tanh(w x2 + v h1 + b); a row of numbers is a
 * sequence of one number a step. */
static void an_rnn_is_what_its_formula_says(void **state)
{
    static const float w[] = {0.7f, -0.4f, 0.2f, 0.1f}, x[] = {0.5f, -1.5f}, y[] = {0};
    const double h1 = tanh(0.7 * 0.5 + 0.3), h2 = tanh(0.7 * -1.5 - 0.4 * h1 + 0.3);
    descent_model *m = make("rnn 1 last", 2, 0, 1);
    float g[4];

    (void)state;
    assert_int_equal(descent_model_size(m), 4);
    memcpy(descent_model_weights(m), w, sizeof w);
    assert_true(fabs(descent_model_gradient(m, x, y, 1, g) - h2 * h2) < 1e-6);
    const double d2 = 2 * h2 * (1 - h2 * h2), d1 = d2 * -0.4 * (1 - h1 * h1);
    assert_true(fabs((double)g[0] - (d2 * -1.5 + d1 * 0.5)) < 1e-6);
    assert_true(fabs((double)g[1] - d2 * h1) < 1e-6);
    assert_true(fabs((double)g[2] - (d1 + d2)) < 1e-6 && g[3] == g[2]);
    descent_model_free(m);
}

enum { ROWS = 64, STEPS = 20, IN = 8, UNITS = 64, WEIGHTS = 4 * UNITS * (IN + UNITS) };

/* A wide lstm, so that several parts are worth it; the graph's loss is mse with zeros. */
static double run_lstm(int threads, const float *w, float *g)
{
    dsc_graph *graph = dsc_graph_new(DESCENT_F32, ROWS, DSC_BACKEND_AUTO, dsc_op_find);
    const dsc_id in[] = {dsc_graph_input(graph, "x", (dsc_shape){2, {STEPS, IN}}, true, DSC_REALS),
                         dsc_graph_parameter(graph, "ih", "weight", (dsc_shape){2, {4 * UNITS, IN}},
                                             DSC_INIT_ZERO, 1, 1),
                         dsc_graph_parameter(graph, "hh", "weight",
                                             (dsc_shape){2, {4 * UNITS, UNITS}}, DSC_INIT_ZERO, 1,
                                             1)};
    const dsc_id h = dsc_graph_op(graph, "lstm", 3, in, 5, (double[]){0, 0, 0, 0, 0});
    const dsc_id target =
        dsc_graph_input(graph, "target", (dsc_shape){2, {STEPS, UNITS}}, true, DSC_REALS);
    const dsc_id loss = dsc_graph_op(graph, "mse", 2, (dsc_id[]){h, target}, 0, NULL);
    const dsc_pass pass = {.rows = ROWS, .training = true, .loss_scale = 1};
    dsc_run *run;

    assert_int_equal(dsc_graph_build(graph, h, loss, NULL), DESCENT_OK);
    assert_int_equal(dsc_run_create(&run, graph, true, w, NULL, g, NULL), DESCENT_OK);
    dsc_run_set_threads(run, threads);
    for (size_t i = 0; i < (size_t)ROWS * STEPS * IN; i++)
        ((float *)dsc_run_input(run, in[0]))[i] =
            (float)dsc_random_normal(1, DSC_RNG_TEST, 1, (uint64_t)i);
    const double sum = dsc_run_forward(run, &pass);
    dsc_run_backward(run);
    dsc_run_free(run);
    dsc_graph_free(graph);
    return sum;
}

static void threads_give_the_same_bits(void **state)
{
    static float w[WEIGHTS], one[WEIGHTS], four[WEIGHTS];

    (void)state;
    for (size_t i = 0; i < WEIGHTS; i++)
        w[i] = 0.1f * (float)dsc_random_normal(1, DSC_RNG_TEST, 2, (uint64_t)i);
    const double sum = run_lstm(1, w, one);
    assert_true(sum > 0 && sum == run_lstm(4, w, four));
    assert_memory_equal(one, four, sizeof one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_are_those_of_pytorch),
        cmocka_unit_test(an_rnn_is_what_its_formula_says),
        cmocka_unit_test(threads_give_the_same_bits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
