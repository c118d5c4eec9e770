/* tensors.c - an array of more than 2^31 numbers between the ops of a graph: an embedding writes
 * it, a product and a gather read it. 8.6 GB; run by tests/long/tensors.sh. */
#include "base/memory.h"
#include "base/parallel.h"
#include "graph/op.h"
#include "op/registry.h"

#include <stdio.h>

enum { WIDTH = 1024, ROWS = (1 << 21) + 3, ENTRIES = 7, PICKED = 2 };

typedef struct network {
    dsc_graph *graph;
    dsc_id index, places, target, output;
} network;

static network make(void)
{
    network n = {.graph = dsc_graph_new(DESCENT_F32, ROWS, DSC_BACKEND_AUTO, dsc_op_find)};
    const double axis[] = {0}, no_padding[] = {-1};
    descent_error err = {0};

    n.index = dsc_graph_input(n.graph, "index", (dsc_shape){0}, true, DSC_LABELS);
    n.places = dsc_graph_input(n.graph, "places", (dsc_shape){1, {PICKED}}, false, DSC_LABELS);
    n.target = dsc_graph_input(n.graph, "target", (dsc_shape){1, {PICKED + 1}}, true, DSC_REALS);
    const dsc_id table =
        dsc_graph_parameter(n.graph, "table", "embedding", (dsc_shape){2, {ENTRIES, WIDTH}},
                            DSC_INIT_ZERO, ENTRIES, WIDTH);
    const dsc_id w = dsc_graph_parameter(n.graph, "w", "weight", (dsc_shape){2, {1, WIDTH}},
                                         DSC_INIT_ZERO, WIDTH, 1);
    const dsc_id large =
        dsc_graph_op(n.graph, "embedding", 2, (dsc_id[]){n.index, table}, 1, no_padding);
    const dsc_id sums = dsc_graph_op(n.graph, "linear", 2, (dsc_id[]){large, w}, 0, NULL);
    const dsc_id some =
        dsc_graph_op(n.graph, "index_select", 2, (dsc_id[]){large, n.places}, 1, axis);
    n.output = dsc_graph_op(n.graph, "concat", 2, (dsc_id[]){sums, some}, 1, axis);
    const dsc_id loss = dsc_graph_op(n.graph, "mse", 2, (dsc_id[]){n.output, n.target}, 0, NULL);
    if (dsc_graph_build(n.graph, n.output, loss, &err) != DESCENT_OK)
        fprintf(stderr, "%s\n", err.message);
    return n;
}

typedef struct work {
    dsc_run *run;
    dsc_pass pass;
} work;

static void forward(int part, void *user)
{
    work *w = user;

    (void)part;
    (void)dsc_run_forward(w->run, &w->pass);
}

/* Number j of entry e is 10 e plus 0 to 3; w is 1. */
static float number(size_t e, size_t j)
{
    return (float)(10 * e + j % 4);
}

static size_t count_wrong(const float *y)
{
    size_t wrong = 0;

    for (size_t i = 0; i < ROWS; i++, y += PICKED + 1) {
        const size_t e = i % ENTRIES;
        const float sum = (float)(WIDTH * (10 * e) + WIDTH / 4 * 6);
        wrong += y[0] < sum || y[0] > sum;
        wrong += y[1] < number(e, WIDTH - 1) || y[1] > number(e, WIDTH - 1);
        wrong += y[2] < number(e, 1) || y[2] > number(e, 1);
    }
    return wrong;
}

int main(void)
{
    const network n = make();
    static float parameters[(ENTRIES + 1) * WIDTH];
    work w = {.pass = {.rows = ROWS, .loss_scale = 1.0}};
    size_t wrong = 1;

    for (size_t i = 0; i < (ENTRIES + 1) * WIDTH; i++)
        parameters[i] = i < ENTRIES * WIDTH ? number(i / WIDTH, i % WIDTH) : 1.0f;
    if (dsc_run_create(&w.run, n.graph, false, parameters, NULL, NULL, NULL) != DESCENT_OK) {
        puts("skipped: out of memory");
        return 77;
    }
    int32_t *index = dsc_run_input(w.run, n.index), *places = dsc_run_input(w.run, n.places);
    for (size_t i = 0; i < ROWS; i++)
        index[i] = (int32_t)(i % ENTRIES);
    places[0] = WIDTH - 1;
    places[1] = 1;
    dsc_parallel_for(1, 1, forward, &w);
    wrong = count_wrong(dsc_run_value(w.run, n.output));
    printf("%zu numbers in one array, %zu of %zu outputs are wrong\n", (size_t)ROWS * WIDTH, wrong,
           (size_t)ROWS * (PICKED + 1));
    dsc_run_free(w.run);
    dsc_graph_free(n.graph);
    return wrong > 0;
}
