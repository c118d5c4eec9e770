/* test_build.c - adding nodes: numbers, layout, and every mistake's whole message. */
#include "toy.h"

static void expect(dsc_graph *graph, descent_status status, const char *message)
{
    descent_error err = {0};

    assert_int_equal(dsc_graph_status(graph, &err), status);
    assert_int_equal(err.status, status);
    assert_string_equal(err.message, message);
    dsc_graph_free(graph);
}

static dsc_graph *new_graph(void)
{
    return dsc_graph_new(DESCENT_F64, 4, DSC_BACKEND_REF, toy_find);
}

static void layout(void **state)
{
    (void)state;
    dsc_graph *graph = new_graph();
    const dsc_id a = toy_parameter(graph, "a", 3), b = toy_parameter(graph, "b", 5);
    const dsc_id mean = dsc_graph_buffer(graph, "mean", (dsc_shape){1, {3}}, 7.5, 0.1);
    const dsc_id var = dsc_graph_buffer(graph, "var", (dsc_shape){1, {2}}, 1.0, 0.1);
    const dsc_node *first = dsc_graph_node(graph, a);

    for (int i = 0; i < 100; i++)
        (void)toy_scale(graph, a, 1.0);
    assert_ptr_equal(dsc_graph_node(graph, a), first); /* growing moves no node */
    assert_int_equal(dsc_graph_nodes(graph), 104);
    assert_int_equal(first->offset, 0);
    assert_int_equal(dsc_graph_node(graph, b)->offset, 3);
    assert_int_equal(dsc_graph_parameters(graph), 8);
    assert_int_equal(dsc_graph_node(graph, mean)->offset, 0);
    assert_int_equal(dsc_graph_node(graph, var)->offset, 3);
    assert_int_equal(dsc_graph_buffers(graph), 5);
    assert_int_equal(dsc_graph_type(graph), DESCENT_F64);
    assert_int_equal(dsc_graph_node(graph, 50)->id, 50);
    assert_int_equal(dsc_graph_node(graph, 50)->max_rows, 4);
    assert_null(dsc_graph_node(graph, 104));
    assert_null(dsc_graph_node(graph, -1));
    dsc_graph_free(graph);
    dsc_graph_free(NULL);
}

/* Only the first mistake counts; what follows does nothing. */
static void sticky(void **state)
{
    (void)state;
    dsc_graph *graph = new_graph();
    const dsc_id x = toy_input(graph, "x", 3);
    const dsc_id bad = toy(graph, "relu", x, -1);

    assert_int_equal(bad, -1);
    assert_int_equal(toy(graph, "tanh", bad, -1), -1);
    assert_int_equal(toy_input(graph, "y", 3), -1);
    assert_int_equal(dsc_graph_nodes(graph), 1);
    dsc_graph_fail(graph, DESCENT_SHAPE, "a later mistake");
    expect(graph, DESCENT_UNKNOWN, "no op is called 'relu'");
}

static void mistakes_have_a_place(void **state)
{
    (void)state;
    const char *text = "linear 4, add\nmore";
    dsc_graph *graph = new_graph();
    descent_error err = {0};

    dsc_graph_at(graph, (dsc_place){"--model", 1, 11, text});
    (void)toy(graph, "add", toy_input(graph, "x", 3), toy_input(graph, "y", 4));
    assert_int_equal(dsc_graph_status(graph, &err), DESCENT_SHAPE);
    assert_string_equal(err.message, "add: shapes 3 and 4 differ");
    assert_string_equal(err.file, "--model");
    assert_string_equal(err.excerpt, "linear 4, add");
    assert_int_equal(err.line, 1);
    assert_int_equal(err.column, 11);
    dsc_graph_free(graph);
}

static void wrong_arguments(void **state)
{
    (void)state;
    const double attribute[2] = {1.0, 2.0};
    dsc_graph *graph = new_graph();
    dsc_id x = toy_input(graph, "x", 3);

    (void)toy(graph, "tanh", x, x);
    expect(graph, DESCENT_INVALID, "tanh has 2 inputs, takes 1");

    graph = new_graph();
    x = toy_input(graph, "x", 3);
    (void)dsc_graph_op(graph, "scale", 1, &x, 2, attribute);
    expect(graph, DESCENT_INVALID, "scale has 2 attributes, takes 1");

    graph = new_graph();
    x = 5;
    (void)dsc_graph_op(graph, "tanh", 1, &x, 0, NULL);
    expect(graph, DESCENT_INVALID, "tanh: input 1 is no node of this graph");
}

static void wrong_parameters(void **state)
{
    (void)state;
    dsc_graph *graph = new_graph();

    (void)toy_parameter(graph, "0.weight", 3);
    (void)toy_parameter(graph, "0.weight", 3);
    expect(graph, DESCENT_INVALID, "two parameters are called '0.weight'");

    graph = new_graph();
    (void)dsc_graph_parameter(graph, "w", "weight", (dsc_shape){1, {2}}, DSC_INIT_HE_NORMAL, 0, 1);
    expect(graph, DESCENT_INVALID, "w: fans of 0 inputs and 1 outputs, must be at least 1");

    graph = new_graph();
    (void)toy_input(graph, "x", 0);
    expect(graph, DESCENT_SHAPE,
           "x: every size must be at least 1, and all together at most 2147483647 elements");

    graph = new_graph();
    (void)toy_input(graph, "a234567890123456789012345678901234567890123456789012345678901234", 3);
    expect(graph, DESCENT_INVALID,
           "the name 'a234567890123456789012345678901234567890123456789012345678901234' has 64 "
           "characters, must have at most 63");

    expect(dsc_graph_new(DESCENT_F64, 0, DSC_BACKEND_REF, toy_find), DESCENT_INVALID,
           "a run of 0 rows, must be at least 1");
}

static void wrong_ends(void **state)
{
    (void)state;
    descent_error err = {0};
    dsc_graph *graph = new_graph();

    assert_int_equal(dsc_graph_build(graph, 0, -1, &err), DESCENT_INVALID);
    assert_string_equal(err.message, "output 0 is no node of this graph");
    dsc_graph_free(graph);

    graph = new_graph();
    dsc_id x = toy_input(graph, "x", 3);
    assert_int_equal(dsc_graph_build(graph, x, x, &err), DESCENT_INVALID);
    assert_string_equal(err.message, "loss 0 is no op of this graph");
    dsc_graph_free(graph);

    graph = new_graph();
    x = toy_input(graph, "x", 3);
    assert_int_equal(dsc_graph_build(graph, x, -1, &err), DESCENT_OK);
    assert_int_equal(dsc_graph_build(graph, x, -1, &err), DESCENT_INVALID);
    assert_string_equal(err.message, "the graph is built already");
    dsc_graph_free(graph);

    graph = new_graph();
    x = toy_input(graph, "x", 3);
    assert_int_equal(dsc_graph_build(graph, x, -1, &err), DESCENT_OK);
    (void)toy(graph, "tanh", x, -1);
    expect(graph, DESCENT_INVALID, "the graph is built, no node can be added");
}

static void wrong_runs(void **state)
{
    (void)state;
    descent_error err = {0};
    double numbers[3] = {0};
    dsc_run *run = (dsc_run *)&err;
    dsc_graph *graph = new_graph();
    const dsc_id x = toy_input(graph, "x", 3), w = toy_parameter(graph, "w", 3);
    const dsc_id b = dsc_graph_buffer(graph, "b", (dsc_shape){1, {3}}, 0.0, 0.1);
    const dsc_id y = toy(graph, "center", toy(graph, "mul", x, w), b);

    assert_int_equal(dsc_run_create(&run, graph, true, numbers, numbers, numbers, &err),
                     DESCENT_INVALID);
    assert_null(run);
    assert_string_equal(err.message, "the graph is not built yet");
    assert_int_equal(dsc_graph_build(graph, y, -1, &err), DESCENT_OK);
    assert_int_equal(dsc_run_create(&run, graph, true, numbers, numbers, numbers, &err),
                     DESCENT_INVALID);
    assert_string_equal(err.message, "the graph has no loss to take gradients of");
    assert_int_equal(dsc_run_create(&run, graph, false, NULL, numbers, NULL, &err),
                     DESCENT_INVALID);
    assert_string_equal(err.message, "the graph has 3 parameters, but w is missing");
    assert_int_equal(dsc_run_create(&run, graph, false, numbers, NULL, NULL, &err),
                     DESCENT_INVALID);
    assert_string_equal(err.message, "the graph has 3 statistics, but b is missing");
    dsc_graph_want_gradient(graph, w);
    assert_int_equal(dsc_run_create(&run, graph, false, numbers, numbers, NULL, &err),
                     DESCENT_INVALID);
    assert_string_equal(err.message,
                        "node 1 has no gradient to ask for, must be an input of numbers");
    dsc_graph_free(graph);
    dsc_run_free(NULL);
}

/* Building calls pass a missing graph on, so that only the end has to ask. */
static void no_graph(void **state)
{
    (void)state;
    descent_error err = {0};

    dsc_graph_at(NULL, (dsc_place){0});
    dsc_graph_fail(NULL, DESCENT_INVALID, "nobody hears this");
    assert_int_equal(toy_input(NULL, "x", 3), -1);
    assert_int_equal(toy_parameter(NULL, "w", 3), -1);
    assert_int_equal(toy(NULL, "tanh", 0, -1), -1);
    assert_int_equal(dsc_graph_build(NULL, 0, -1, &err), DESCENT_NOMEM);
    assert_string_equal(err.message, "out of memory for a graph");
}

static void initialize(void **state)
{
    (void)state;
    enum { N = 4000 };
    static const dsc_init init[] = {DSC_INIT_HE_NORMAL, DSC_INIT_GLOROT_UNIFORM,
                                    DSC_INIT_LECUN_NORMAL, DSC_INIT_ONE, DSC_INIT_ZERO};
    const double deviation[] = {sqrt(2.0 / 50.0), sqrt(2.0 / 200.0), sqrt(1.0 / 50.0), 1.0, 0.0};
    static const char *const name[] = {"a", "b", "c", "d", "e"};
    static double w[5 * N], b[2];
    static float v[5 * N];
    dsc_graph *graph[2];

    for (int type = 0; type < 2; type++) {
        graph[type] = dsc_graph_new((descent_type)type, 1, DSC_BACKEND_REF, toy_find);
        for (int i = 0; i < 5; i++)
            (void)dsc_graph_parameter(graph[type], name[i], "weight", (dsc_shape){1, {N}}, init[i],
                                      50, 150);
        (void)dsc_graph_buffer(graph[type], "f", (dsc_shape){1, {2}}, 0.75, 0.1);
    }
    dsc_graph_initialize(graph[DESCENT_F64], 3, w, b);
    dsc_graph_initialize(graph[DESCENT_F32], 3, v, NULL);
    assert_true(b[0] == 0.75 && b[1] == 0.75);
    for (int i = 0; i < 5; i++) {
        double sum = 0.0, squares = 0.0;
        for (int k = 0; k < N; k++) {
            const double x = w[i * N + k];
            sum += x;
            squares += x * x;
            assert_true((float)x == v[i * N + k]);
            assert_true(init[i] != DSC_INIT_GLOROT_UNIFORM || fabs(x) <= sqrt(6.0 / 200.0));
        }
        assert_true(fabs(sqrt(squares / N) - deviation[i]) <= 0.05 * deviation[i]);
        assert_true(init[i] == DSC_INIT_ONE || fabs(sum / N) <= 0.05 * deviation[i]);
    }
    assert_true(w[0] != w[2 * N] * sqrt(2.0)); /* another parameter, other numbers */
    dsc_graph_free(graph[0]);
    dsc_graph_free(graph[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layout),
        cmocka_unit_test(sticky),
        cmocka_unit_test(mistakes_have_a_place),
        cmocka_unit_test(wrong_arguments),
        cmocka_unit_test(wrong_parameters),
        cmocka_unit_test(wrong_ends),
        cmocka_unit_test(wrong_runs),
        cmocka_unit_test(no_graph),
        cmocka_unit_test(initialize),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
