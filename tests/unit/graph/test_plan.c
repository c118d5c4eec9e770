/* test_plan.c - nothing that lives at the same time shares memory, and what needn't, does. */
#include "naive.h"

#include "graph/check.h"
#include "graph/guard.h"

enum { WIDTH = 5, ROWS = 3, OPS = 14, GRAPHS = 200 };

/* No two blocks overlap in time and in place; all lie in the arena and are aligned. */
static void assert_no_overlap(const dsc_block *block, int n, size_t bytes)
{
    for (int i = 0; i < n; i++) {
        assert_int_equal(block[i].offset % DSC_ALIGNMENT, 0);
        assert_true(block[i].offset + block[i].bytes <= bytes);
        for (int j = 0; j < i; j++) {
            const bool in_time = block[i].begin <= block[j].end && block[j].begin <= block[i].end;
            const bool in_place = block[i].offset < block[j].offset + block[j].bytes &&
                                  block[j].offset < block[i].offset + block[i].bytes;
            assert_false(in_time && in_place);
        }
    }
}

static void random_blocks(void **state)
{
    (void)state;
    enum { N = 60 };
    dsc_block block[N];
    uint64_t counter = 0;
    size_t bytes;

    for (int round = 0; round < 50; round++) {
        size_t sum = 0;
        for (int i = 0; i < N; i++) {
            const int begin = (int)(50.0 * fabs(toy_random(&counter)));
            block[i] = (dsc_block){.bytes = 1 + (size_t)(1000.0 * fabs(toy_random(&counter))),
                                   .begin = begin,
                                   .end = begin + (int)(10.0 * fabs(toy_random(&counter)))};
            sum += block[i].bytes;
        }
        assert_int_equal(dsc_place_blocks(block, N, 0, &bytes, NULL), DESCENT_OK);
        assert_no_overlap(block, N, bytes);
        assert_true(bytes < sum / 2); /* lives are short: most memory is used several times */
    }
}

static void gap_and_limits(void **state)
{
    (void)state;
    dsc_block block[2] = {{.bytes = 64, .begin = 0, .end = 1}, {.bytes = 65, .begin = 1, .end = 2}};
    descent_error err = {0};
    size_t bytes;

    assert_int_equal(dsc_place_blocks(block, 2, 0, &bytes, NULL), DESCENT_OK);
    assert_int_equal(bytes, 192);
    assert_int_equal(dsc_place_blocks(block, 2, 64, &bytes, NULL), DESCENT_OK);
    assert_int_equal(bytes, 128 + 192);
    assert_int_equal(block[1].offset, 0); /* the larger one first */
    assert_int_equal(block[0].offset, 192);
    assert_int_equal(dsc_place_blocks(block, 0, 64, &bytes, NULL), DESCENT_OK);
    assert_int_equal(bytes, 0);
    block[0].bytes = block[1].bytes = SIZE_MAX / 2;
    assert_int_equal(dsc_place_blocks(block, 2, 0, &bytes, &err), DESCENT_NOMEM);
    assert_string_equal(err.message, "out of memory for a plan of 2 blocks");
}

static dsc_id pick(const dsc_id *pool, int n, uint64_t *counter)
{
    return pool[(int)((double)n * fabs(toy_random(counter)))];
}

/* A graph of any of the toy ops on any nodes; some lead nowhere, some meet themselves again. */
static dsc_graph *random_graph(uint64_t *counter)
{
    static const char *const one[] = {"tanh", "tanh", "square", "gate"};
    static const char *const two[] = {"add", "mirror", "mul"};
    dsc_graph *graph = dsc_graph_new(DESCENT_F64, ROWS, DSC_BACKEND_REF, toy_find);
    const dsc_id x = toy_input(graph, "x", WIDTH), target = toy_input(graph, "target", WIDTH);
    const dsc_id w[2] = {toy_parameter(graph, "w0", WIDTH), toy_parameter(graph, "w1", WIDTH)};
    const dsc_id b = dsc_graph_buffer(graph, "b", (dsc_shape){1, {WIDTH}}, 0.5, 0.1);
    dsc_id pool[OPS + 2] = {x, target};
    int n = 2;

    for (; n < OPS + 2; n++) {
        const dsc_id from = pick(pool, n, counter);
        const double kind = fabs(toy_random(counter));
        if (kind < 0.35)
            pool[n] = toy(graph, one[(int)(4.0 * fabs(toy_random(counter)))], from, -1);
        else if (kind < 0.45)
            pool[n] = toy_scale(graph, from, toy_random(counter));
        else if (kind < 0.5)
            pool[n] = toy(graph, "center", from, b);
        else if (kind < 0.7)
            pool[n] = toy(graph, "mul", from, pick(w, 2, counter));
        else
            pool[n] = toy(graph, two[(int)(3.0 * fabs(toy_random(counter)))], from,
                          pick(pool, n, counter));
    }
    const dsc_id end = toy(graph, "tanh", pool[n - 1], -1); /* keeps the numbers small */
    const dsc_id loss = toy(graph, "half_error", end, target);
    if (toy_random(counter) > 0.0)
        dsc_graph_want_gradient(graph, x);
    assert_int_equal(dsc_graph_build(graph, pick(pool, n, counter), loss, NULL), DESCENT_OK);
    return graph;
}

/* Everything that doesn't have to survive becomes NaN. */
static void poison(dsc_run *run)
{
    dsc_guard_end(run);
    for (int i = 0; i < run->plan.n_blocks; i++) {
        const dsc_block *block = &run->plan.block[i];
        if (block->begin != 0 || block->end <= 2 * (int)dsc_graph_nodes(run->graph))
            memset(run->arena + block->offset, 0xff, block->bytes);
    }
    dsc_guard_outside(run);
}

static void assert_same(const double *got, const double *expected, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_true(got[i] == expected[i]);
}

/* The planned run gives the very numbers of a run where nothing shares memory. */
static void compare(const dsc_graph *graph, dsc_run *run, const dsc_pass *pass, const double *g)
{
    naive n = {0};
    const size_t count = dsc_node_elements(dsc_graph_node(graph, graph->output), pass->rows);

    naive_forward(graph, &n, run, pass);
    naive_backward(graph, &n, pass);
    poison(run);
    (void)dsc_run_forward(run, pass);
    assert_same(dsc_run_value(run, graph->output), n.value[graph->output], count);
    assert_same(dsc_run_value(run, graph->loss), n.value[graph->loss], count);
    dsc_run_backward(run);
    assert_same(g, n.gradient[2], WIDTH);
    assert_same(g + WIDTH, n.gradient[3], WIDTH);
    if (graph->entry[0]->wanted)
        assert_same(dsc_run_input_gradient(run, 0), n.gradient[0], count);
    else
        assert_null(dsc_run_input_gradient(run, 0));
    naive_free(&n);
}

static void random_graphs(void **state)
{
    (void)state;
    uint64_t counter = 0;

    for (int round = 0; round < GRAPHS; round++) {
        dsc_graph *graph = random_graph(&counter);
        const dsc_pass pass = {.rows = 1 + round % ROWS, .training = round % 2, .loss_scale = 0.7};
        double w[2 * WIDTH], b[WIDTH], g[2 * WIDTH];
        dsc_run *run;

        toy_draw(w, 2 * WIDTH, &counter);
        dsc_graph_initialize(graph, 1, NULL, b);
        memset(g, 0xff, sizeof g);
        assert_int_equal(dsc_run_create(&run, graph, true, w, b, g, NULL), DESCENT_OK);
        assert_no_overlap(run->plan.block, run->plan.n_blocks, dsc_run_bytes(run));
        toy_draw(dsc_run_input(run, 0), ROWS * WIDTH, &counter);
        toy_draw(dsc_run_input(run, 1), ROWS * WIDTH, &counter);
        compare(graph, run, &pass, g);
        if (round % 5 == 0)
            assert_true(dsc_graph_check(graph, run, &pass, w, g) < 1e-7);
        dsc_run_free(run);
        dsc_graph_free(graph);
    }
}

/* A long chain of ops that work in place and need nothing takes the memory of one. */
static void chain_in_place(void **state)
{
    (void)state;
    dsc_graph *graph = dsc_graph_new(DESCENT_F64, ROWS, DSC_BACKEND_REF, toy_find);
    const dsc_id x = toy_input(graph, "x", WIDTH), w = toy_parameter(graph, "w", WIDTH);
    double weights[WIDTH] = {1, 2, 3, 4, 5}, g[WIDTH];
    dsc_id y = toy(graph, "mul", x, w);
    dsc_run *run;

    for (int i = 0; i < 20; i++)
        y = toy_scale(graph, y, 0.5);
    assert_int_equal(dsc_graph_build(graph, y, y, NULL), DESCENT_OK);
    assert_int_equal(dsc_run_create(&run, graph, true, weights, NULL, g, NULL), DESCENT_OK);
    assert_int_equal(run->plan.n_blocks, 3);                    /* x, all values, all gradients */
    assert_null(run->backward[run->n_backward - 1].call.dx[0]); /* nobody wants dL/dx */
    dsc_run_free(run);
    dsc_graph_free(graph);
}

/* Nodes that only the loss or nobody needs take nothing where they aren't run. */
static void unused_nodes_are_dropped(void **state)
{
    (void)state;
    dsc_graph *graph = dsc_graph_new(DESCENT_F64, ROWS, DSC_BACKEND_REF, toy_find);
    const dsc_id x = toy_input(graph, "x", WIDTH), y = toy(graph, "tanh", x, -1);
    const dsc_id unused = toy(graph, "square", y, -1);
    dsc_run *run;

    assert_int_equal(dsc_graph_build(graph, y, -1, NULL), DESCENT_OK);
    assert_int_equal(dsc_run_create(&run, graph, false, NULL, NULL, NULL, NULL), DESCENT_OK);
    assert_int_equal(run->n_forward, 1);
    assert_null(dsc_run_value(run, unused));
    assert_non_null(dsc_run_value(run, y));
    dsc_run_free(run);
    dsc_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_blocks),
        cmocka_unit_test(gap_and_limits),
        cmocka_unit_test(random_graphs),
        cmocka_unit_test(chain_in_place),
        cmocka_unit_test(unused_nodes_are_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
