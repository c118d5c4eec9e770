/* test_merge.c - where one op may stand for conv, relu and max_pool, and that it does the same. */
#include "base/rng.h"
#include "graph/op.h"
#include "op/registry.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 3, CHANNELS = 9, SIZE = 10, FILTERS = 5, WEIGHTS = FILTERS * CHANNELS * 9 + FILTERS };

/* How a network differs from conv 3x3 pad=1, relu, max_pool 2. */
typedef struct variant {
    double dilation, stride, pad; /* stride, pad: of the pooling */
    bool read_twice;              /* relu's output has a second reader */
    descent_type type;
    dsc_backend backend;
} variant;

/* The graph with mse behind it; *pool: the node of max_pool. */
static dsc_graph *make(variant v, dsc_id *x, dsc_id *pool)
{
    dsc_graph *graph = dsc_graph_new(v.type, ROWS, v.backend, dsc_op_find);
    const double conv[] = {1, 1, v.dilation, v.dilation, v.dilation, v.dilation, 1};
    const double window[] = {2, 2, v.stride, v.stride, v.pad, v.pad, 1, 1, 0, 0};
    descent_error err = {0};

    *x = dsc_graph_input(graph, "x", (dsc_shape){3, {CHANNELS, SIZE, SIZE}}, true, DSC_REALS);
    const dsc_id w =
        dsc_graph_parameter(graph, "w", "weight", (dsc_shape){4, {FILTERS, CHANNELS, 3, 3}},
                            DSC_INIT_HE_NORMAL, CHANNELS * 9, 1);
    const dsc_id b = dsc_graph_parameter(graph, "b", "bias", (dsc_shape){1, {FILTERS}},
                                         DSC_INIT_HE_NORMAL, 20, 1);
    dsc_id at = dsc_graph_op(graph, "conv", 3, (dsc_id[]){*x, w, b}, 7, conv);
    const dsc_id relu = at = dsc_graph_op(graph, "relu", 1, &at, 0, NULL);
    *pool = at = dsc_graph_op(graph, "max_pool", 1, &at, 10, window);
    if (v.read_twice) {
        const dsc_id other = dsc_graph_op(graph, "max_pool", 1, &relu, 10, window);
        at = dsc_graph_op(graph, "add", 2, (dsc_id[]){at, other}, 0, NULL);
    }
    const dsc_id t = dsc_graph_input(graph, "t", dsc_graph_node(graph, at)->shape, true, DSC_REALS);
    const dsc_id loss = dsc_graph_op(graph, "mse", 2, (dsc_id[]){at, t}, 0, NULL);
    dsc_graph_want_gradient(graph, *x);
    if (dsc_graph_build(graph, at, loss, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    return graph;
}

static bool merged(variant v)
{
    dsc_id x, pool;
    dsc_graph *graph = make(v, &x, &pool);
    const dsc_node *node = dsc_graph_node(graph, pool);
    const bool is = strcmp(node->op->name, "conv_relu_max_pool") == 0;

    assert_string_equal(node->name, node->op->name);
    dsc_graph_free(graph);
    return is;
}

static const variant plain = {.dilation = 1, .stride = 2};

static void only_where_nothing_else_is_asked(void **state)
{
    const bool can = dsc_level_choose() != DSC_LEVEL_base;
    variant v = plain;

    (void)state;
    assert_int_equal(merged(v), can);
    v.dilation = 2;
    assert_false(merged(v));
    v = plain, v.stride = 1;
    assert_false(merged(v));
    v = plain, v.pad = 1;
    assert_false(merged(v));
    v = plain, v.read_twice = true;
    assert_false(merged(v));
    v = plain, v.type = DESCENT_F64;
    assert_false(merged(v));
    v = plain, v.backend = DSC_BACKEND_REF;
    assert_false(merged(v));
}

/* loss, g (WEIGHTS) and dx of one pass over random numbers. */
static double pass(variant v, float *g, float *dx)
{
    float w[WEIGHTS];
    dsc_id x, pool;
    dsc_graph *graph = make(v, &x, &pool);
    dsc_run *run;
    const dsc_pass p = {.rows = ROWS, .training = true, .loss_scale = 1};
    const size_t n = ROWS * CHANNELS * SIZE * SIZE;

    assert_int_equal(dsc_graph_parameters(graph), WEIGHTS);
    dsc_graph_initialize(graph, 3, w, NULL);
    assert_int_equal(dsc_run_create(&run, graph, true, w, NULL, g, NULL), DESCENT_OK);
    float *in = dsc_run_input(run, x);
    for (size_t i = 0; i < n; i++)
        in[i] = (float)dsc_random_normal(1, DSC_RNG_TEST, 0, i);
    const double loss = dsc_run_forward(run, &p);
    dsc_run_backward(run);
    memcpy(dx, dsc_run_input_gradient(run, x), n * sizeof *dx);
    dsc_run_free(run);
    dsc_graph_free(graph);
    return loss;
}

static void it_does_what_the_three_do(void **state)
{
    static float g[2][WEIGHTS], dx[2][ROWS * CHANNELS * SIZE * SIZE];
    variant v = plain;

    (void)state;
    const double one = pass(v, g[0], dx[0]);
    v.backend = DSC_BACKEND_REF;
    const double three = pass(v, g[1], dx[1]);
    assert_true(three > 0 && fabs(one - three) < 1e-6 * three);
    for (size_t i = 0; i < WEIGHTS; i++)
        assert_true(fabsf(g[0][i] - g[1][i]) < 1e-4f);
    for (size_t i = 0; i < ROWS * CHANNELS * SIZE * SIZE; i++)
        assert_true(fabsf(dx[0][i] - dx[1][i]) < 1e-4f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_where_nothing_else_is_asked),
        cmocka_unit_test(it_does_what_the_three_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
