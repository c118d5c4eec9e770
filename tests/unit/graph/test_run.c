/* test_run.c - forward and backward of one run, and the check that says they fit. */
#include "net.h"

#include "graph/check.h"

/* y = x w w: both uses of w count, dL/dw = sum over rows of 2 x w. */
static void tied_parameter(void **state)
{
    (void)state;
    const double w[2] = {3.0, -1.0}, x[4] = {1.0, 2.0, 4.0, 8.0};
    double g[2];
    dsc_graph *graph = dsc_graph_new(DESCENT_F64, 2, DSC_BACKEND_REF, toy_find);
    const dsc_id in = toy_input(graph, "x", 2), weight = toy_parameter(graph, "w", 2);
    const dsc_id y = toy(graph, "mul", toy(graph, "mul", in, weight), weight);
    const dsc_pass pass = {.rows = 2, .loss_scale = 0.5};
    dsc_run *run;

    dsc_graph_want_gradient(graph, in);
    assert_int_equal(dsc_graph_build(graph, y, y, NULL), DESCENT_OK);
    assert_int_equal(dsc_run_create(&run, graph, true, w, NULL, g, NULL), DESCENT_OK);
    memcpy(dsc_run_input(run, in), x, sizeof x);
    assert_true(dsc_run_forward(run, &pass) == 9.0 * 5.0 + 10.0);
    assert_true(dsc_run_loss_weight(run, &pass) == 4.0); /* no rule: every element weighs 1 */
    dsc_run_backward(run);
    assert_true(g[0] == 0.5 * 2.0 * 3.0 * 5.0 && g[1] == 0.5 * 2.0 * -1.0 * 10.0);
    const double *dx = dsc_run_input_gradient(run, in);
    assert_true(dx[0] == 4.5 && dx[1] == 0.5 && dx[2] == 4.5 && dx[3] == 0.5);

    const double upstream[4] = {1.0, 0.0, 0.0, 2.0};
    (void)dsc_run_forward(run, &pass);
    dsc_run_backward_from(run, upstream);
    assert_true(g[0] == 2.0 * 3.0 * 1.0 && g[1] == 2.0 * 2.0 * -1.0 * 8.0);
    dsc_run_free(run);
    dsc_graph_free(graph);
}

static void gradient_is_right(void **state)
{
    (void)state;
    const dsc_pass pass = pass_of(ROWS);
    net n;

    open_net(&n, ROWS, true, true);
    fill_net(&n, 0, ROWS);
    assert_true(dsc_graph_check(n.graph, n.run, &pass, n.w, n.g) < 1e-9);
    assert_true(dsc_graph_check_some(n.graph, n.run, &pass, n.w, n.g, 2) < 1e-9);
    close_net(&n);
}

/* The check itself can fail. */
static void wrong_gradient_is_seen(void **state)
{
    (void)state;
    const dsc_pass pass = pass_of(ROWS);
    double wrong[2 * WIDTH];
    net n;

    open_net(&n, ROWS, true, true);
    fill_net(&n, 0, ROWS);
    (void)dsc_run_forward(n.run, &pass);
    dsc_run_backward(n.run);
    memcpy(wrong, n.g, sizeof wrong);
    wrong[WIDTH + 2] += 0.01;
    assert_true(dsc_graph_check(n.graph, n.run, &pass, n.w, wrong) > 1e-3);
    wrong[WIDTH + 2] = (double)NAN;
    assert_true(isnan(dsc_graph_check(n.graph, n.run, &pass, n.w, wrong)));
    close_net(&n);
}

/* Relative to the length of a parameter's gradient, so that a small one can be wrong too. */
static void a_wrong_part_is_named(void **state)
{
    (void)state;
    const dsc_pass pass = {.rows = ROWS, .training = true, .loss_scale = 1e-4};
    dsc_check_plan plan = {.limit = SIZE_MAX, .every = 1}, some = {.limit = 1, .every = 2};
    double wrong[2 * WIDTH];
    net n;

    open_net(&n, ROWS, true, true);
    fill_net(&n, 0, ROWS);
    assert_true(dsc_graph_check_parts(n.graph, n.run, &pass, n.w, n.g, &plan) < 1e-8);
    memcpy(wrong, n.g, sizeof wrong);
    for (int i = 0; i < WIDTH; i++)
        wrong[WIDTH + i] *= 2.0;
    /* |g - 2 g| / (|g| + |2 g|) */
    assert_true(fabs(dsc_graph_check_parts(n.graph, n.run, &pass, n.w, wrong, &plan) - 1.0 / 3.0) <
                1e-6);
    assert_int_equal(plan.worst, 3);
    /* only the first parameter is looked at */
    assert_true(dsc_graph_check_parts(n.graph, n.run, &pass, n.w, wrong, &some) < 1e-8);
    wrong[WIDTH] = (double)NAN;
    assert_true(isnan(dsc_graph_check_parts(n.graph, n.run, &pass, n.w, wrong, &plan)));
    close_net(&n);
}

static void unused_parameter_gets_zero(void **state)
{
    (void)state;
    const dsc_pass pass = pass_of(ROWS), empty = pass_of(0);
    net n;

    open_net(&n, ROWS, true, true);
    fill_net(&n, 0, ROWS);
    (void)dsc_run_forward(n.run, &pass);
    dsc_run_backward(n.run);
    for (int i = 0; i < WIDTH; i++)
        assert_true(n.g[i] == 0.0 && n.g[WIDTH + i] != 0.0 && isfinite(n.g[WIDTH + i]));
    assert_true(dsc_run_loss_weight(n.run, &empty) == 0.0);
    assert_true(dsc_run_forward(n.run, &empty) == 0.0);
    dsc_run_backward(n.run);
    for (int i = 0; i < 2 * WIDTH; i++)
        assert_true(n.g[i] == 0.0);
    close_net(&n);
}

/* Each in float, yet summed in double. */
static void losses_are_summed_in_double(void **state)
{
    (void)state;
    const float x[4] = {1e8F, 1.0F, 1.0F, 0.25F};
    const dsc_pass pass = {.rows = 4, .loss_scale = 1.0};
    dsc_graph *graph = dsc_graph_new(DESCENT_F32, 4, DSC_BACKEND_AUTO, toy_find);
    const dsc_id in = dsc_graph_input(graph, "x", (dsc_shape){0}, true, DSC_REALS);
    const dsc_id y = toy(graph, "copy_f32", in, -1);
    dsc_run *run;

    assert_int_equal(dsc_graph_build(graph, y, y, NULL), DESCENT_OK);
    assert_int_equal(dsc_run_create(&run, graph, false, NULL, NULL, NULL, NULL), DESCENT_OK);
    memcpy(dsc_run_input(run, in), x, sizeof x);
    assert_true(dsc_run_forward(run, &pass) == 100000002.25);
    dsc_run_free(run);
    dsc_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tied_parameter),
        cmocka_unit_test(gradient_is_right),
        cmocka_unit_test(wrong_gradient_is_seen),
        cmocka_unit_test(a_wrong_part_is_named),
        cmocka_unit_test(unused_parameter_gets_zero),
        cmocka_unit_test(losses_are_summed_in_double),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
