/* diagnose_op.c - which op of a network has a backward that is not the derivative of its forward:
 * each alone, in double, on a few numbers of chance. */
#include "train/twin.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "finding/case.h"
#include "graph/check.h"
#include "op/registry.h"

#include <math.h>
#include <string.h>

enum { ELEMENTS = 12 }; /* of each input that are moved */

/* One op between inputs of its own and a sum of what it gives, each number times one of chance. */
typedef struct alone {
    dsc_graph *graph;
    dsc_run *run;
    dsc_pass pass;
    dsc_id input[DSC_MAX_INPUTS + 1];
    int n_inputs;
    double error;
} alone;

static void release(alone *a)
{
    dsc_run_free(a->run);
    dsc_graph_free(a->graph);
}

/* Ops of numbers alone, which keep nothing between passes. */
static bool suits(const dsc_graph *graph, const dsc_node *node)
{
    for (int i = 0; i < node->n_inputs; i++) {
        const dsc_node *from = dsc_graph_node(graph, node->input[i]);
        if (from->element != DSC_REALS || from->kind == DSC_BUFFER)
            return false;
    }
    return node->kind == DSC_OP && node->op->backward;
}

static dsc_id add_input(alone *a, const dsc_node *like)
{
    const dsc_id id = dsc_graph_input(a->graph, like->name[0] ? like->name : "x", like->shape,
                                      like->batched, DSC_REALS);

    a->input[a->n_inputs++] = id;
    return id;
}

static bool make(alone *a, const dsc_graph *graph, const dsc_node *node)
{
    dsc_id x[DSC_MAX_INPUTS];

    a->graph = dsc_graph_new(DESCENT_F64, DSC_TWIN_EXAMPLES, DSC_BACKEND_REF, dsc_op_find);
    if (!a->graph)
        return false;
    for (int i = 0; i < node->n_inputs; i++) {
        x[i] = add_input(a, dsc_graph_node(graph, node->input[i]));
        if (x[i] >= 0)
            dsc_graph_want_gradient(a->graph, x[i]);
    }
    const dsc_id y = dsc_graph_op(a->graph, node->op->name, node->n_inputs, x,
                                  node->op->n_attributes, node->attribute);
    if (y < 0)
        return false;
    const dsc_id times = add_input(a, dsc_graph_node(a->graph, y));
    const dsc_id sum = dsc_graph_op(a->graph, "mul", 2, (dsc_id[]){y, times}, 0, NULL);
    return dsc_graph_build(a->graph, y, sum, NULL) == DESCENT_OK &&
           dsc_run_create(&a->run, a->graph, true, NULL, NULL, NULL, NULL) == DESCENT_OK;
}

static void fill(const alone *a, uint64_t seed)
{
    for (int i = 0; i < a->n_inputs; i++) {
        const dsc_node *node = dsc_graph_node(a->graph, a->input[i]);
        const size_t n = dsc_shape_count(node->shape) * (node->batched ? DSC_TWIN_EXAMPLES : 1);
        double *x = dsc_run_input(a->run, a->input[i]);
        for (size_t k = 0; k < n; k++)
            x[k] = dsc_random_normal(seed, DSC_RNG_NEAR, 2 + (uint64_t)i, k);
    }
}

static void differentiate(int part, void *user)
{
    alone *a = user;

    (void)part;
    a->error = dsc_graph_check_some(a->graph, a->run, &a->pass, NULL, NULL, ELEMENTS);
}

static bool is_wrong(const dsc_graph *graph, const dsc_node *node, uint64_t seed)
{
    alone a = {.pass = {.rows = DSC_TWIN_EXAMPLES, .training = true, .loss_scale = 1.0}};

    if (make(&a, graph, node)) {
        fill(&a, seed);
        dsc_parallel_for(1, 1, differentiate, &a);
    }
    release(&a);
    return a.error > DSC_SUSPICIOUS_GRADIENT;
}

dsc_id dsc_find_wrong_op(const dsc_graph *graph, uint64_t seed)
{
    for (dsc_id k = 0; (size_t)k < dsc_graph_nodes(graph); k++) {
        const dsc_node *node = dsc_graph_node(graph, k);
        if (dsc_graph_runs(graph, k) && suits(graph, node) && is_wrong(graph, node, seed))
            return k;
    }
    return -1;
}
