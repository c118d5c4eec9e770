/* test_foreground.c - linear on inputs that are mostly background gives what it gives on others,
 * whatever the background and the precision; a view of an input is the input. */
#include "base/rng.h"
#include "graph/op.h"
#include "op/registry.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 40, SIDE = 12, IN = SIDE * SIDE, OUT = 9, N_W = OUT * IN + OUT };

/* flatten, linear and mse with `background`; y and g are what comes out. */
typedef struct outcome {
    double y[ROWS * OUT], g[N_W];
    bool in_place; /* flatten moved nothing */
} outcome;

static double weight_at(size_t i)
{
    return dsc_random_normal(1, DSC_RNG_TEST, 0, i);
}

/* Four numbers of five are the background's. */
static double x_at(size_t i, const double *background)
{
    if (dsc_random_uniform(1, DSC_RNG_TEST, 1, i) < 0.8)
        return background[i % IN];
    return dsc_random_normal(1, DSC_RNG_TEST, 2, i);
}

static void put(descent_type type, void *x, size_t i, double value)
{
    if (type == DESCENT_F64)
        ((double *)x)[i] = value;
    else
        ((float *)x)[i] = (float)value;
}

static double get(descent_type type, const void *x, size_t i)
{
    return type == DESCENT_F64 ? ((const double *)x)[i] : (double)((const float *)x)[i];
}

/* told: the graph knows the background; else it expects zeros, of which there are none. */
static void run(descent_type type, const double *background, bool told, outcome *out)
{
    static double w[N_W], g[N_W], real_background[IN];
    descent_error err;
    dsc_run *run;
    dsc_graph *graph = dsc_graph_new(type, ROWS, DSC_BACKEND_AUTO, dsc_op_find);
    const dsc_id x = dsc_graph_input(graph, "x", (dsc_shape){3, {1, SIDE, SIDE}}, true, DSC_REALS);
    const dsc_id t = dsc_graph_input(graph, "t", (dsc_shape){1, {OUT}}, true, DSC_REALS);
    const dsc_id flat = dsc_graph_op(graph, "flatten", 1, &x, 0, NULL);
    const dsc_id a =
        dsc_graph_parameter(graph, "w", "weight", (dsc_shape){2, {OUT, IN}}, DSC_INIT_ZERO, 1, 1);
    const dsc_id b =
        dsc_graph_parameter(graph, "b", "bias", (dsc_shape){1, {OUT}}, DSC_INIT_ZERO, 1, 1);
    const dsc_id y = dsc_graph_op(graph, "linear", 3, (dsc_id[]){flat, a, b}, 0, NULL);
    const dsc_id loss = dsc_graph_op(graph, "mse", 2, (dsc_id[]){y, t}, 0, NULL);
    const dsc_pass pass = {.rows = ROWS, .training = true, .loss_scale = 1};

    assert_int_equal(dsc_graph_build(graph, y, loss, &err), DESCENT_OK);
    for (size_t i = 0; i < IN; i++)
        put(type, real_background, i, background[i]);
    if (told)
        dsc_graph_background(graph, x, real_background);
    for (size_t i = 0; i < N_W; i++)
        put(type, w, i, weight_at(i));
    assert_int_equal(dsc_run_create(&run, graph, true, w, NULL, g, &err), DESCENT_OK);
    for (size_t i = 0; i < ROWS * IN; i++)
        put(type, dsc_run_input(run, x), i, x_at(i, background));
    memset(dsc_run_input(run, t), 0, ROWS * OUT * (type == DESCENT_F64 ? 8 : 4));
    dsc_run_forward(run, &pass);
    for (size_t i = 0; i < ROWS * OUT; i++)
        out->y[i] = get(type, dsc_run_value(run, y), i);
    out->in_place = dsc_run_value(run, flat) == dsc_run_input(run, x);
    dsc_run_backward(run);
    for (size_t i = 0; i < N_W; i++)
        out->g[i] = get(type, g, i);
    for (size_t i = 0; i < ROWS * IN; i++) /* nobody wrote over the input */
        assert_true(fabs(get(type, dsc_run_input(run, x), i) - x_at(i, background)) < 1e-6);
    dsc_run_free(run);
    dsc_graph_free(graph);
}

/* Within `allowed` times the largest of them: small ones may be what large ones left. */
static void near(const double *a, const double *b, size_t n, double allowed)
{
    double largest = 0;

    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(b[i]));
    for (size_t i = 0; i < n; i++)
        if (!(fabs(a[i] - b[i]) <= allowed * largest))
            fail_msg("element %zu: %.17g, expected %.17g", i, a[i], b[i]);
}

static void gives_what_products_give(void **state)
{
    static double background[IN];
    static outcome told, dense;

    (void)state;
    for (int zeros = 0; zeros < 2; zeros++)
        for (int type = 0; type < 2; type++) {
            const double allowed = type == DESCENT_F64 ? 1e-13 : 1e-5;
            for (size_t i = 0; i < IN; i++)
                background[i] = zeros ? 0 : 0.5 + dsc_random_normal(1, DSC_RNG_TEST, 3, i);
            run((descent_type)type, background, true, &told);
            run((descent_type)type, background, false, &dense);
            assert_true(told.in_place);
            near(told.y, dense.y, ROWS * OUT, allowed);
            near(told.g, dense.g, N_W, allowed);
            /* two ways: sums of other numbers */
            if (!zeros)
                assert_memory_not_equal(told.g, dense.g, sizeof told.g);
        }
}

/* What is not finite is no background; nothing else is told of it. */
static void an_infinite_background_is_zero(void **state)
{
    static double background[IN];
    static outcome before, after;

    (void)state;
    memset(background, 0, sizeof background);
    run(DESCENT_F64, background, true, &before);
    dsc_graph *graph = dsc_graph_new(DESCENT_F64, 1, DSC_BACKEND_AUTO, dsc_op_find);
    const dsc_id x = dsc_graph_input(graph, "x", (dsc_shape){1, {2}}, true, DSC_REALS);
    dsc_graph_background(graph, x, (double[]){(double)NAN, 3});
    const double *found = dsc_graph_node(graph, x)->background;
    assert_true(found[0] == 0 && found[1] == 3);
    dsc_graph_background(graph, x, (double[]){1, -(double)INFINITY});
    assert_true(found[0] == 1 && found[1] == 0);
    dsc_graph_free(graph);
    run(DESCENT_F64, background, true, &after);
    assert_memory_equal(&before, &after, sizeof before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_what_products_give),
        cmocka_unit_test(an_infinite_background_is_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
