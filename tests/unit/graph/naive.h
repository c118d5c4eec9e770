/* naive.h - a graph run the plain way: every value, gradient and scratch has memory of its own. */
#ifndef NAIVE_H
#define NAIVE_H

#include "toy.h"

enum { NAIVE_NODES = 64 };

typedef struct naive {
    double *value[NAIVE_NODES], *gradient[NAIVE_NODES], *keep[NAIVE_NODES];
    double *statistic[NAIVE_NODES];
    bool leads[NAIVE_NODES]; /* from a parameter or wanted input */
} naive;

static inline double *naive_memory(const dsc_node *node)
{
    double *memory = dsc_alloc(dsc_node_elements(node, node->max_rows), sizeof(double));

    assert_non_null(memory);
    return memory;
}

static inline dsc_call naive_call(const dsc_graph *graph, naive *n, const dsc_node *node,
                                  const dsc_pass *pass, void *scratch)
{
    dsc_call call = {.node = node, .pass = pass, .scratch = scratch};

    call.y = n->value[node->id];
    call.keep = n->keep[node->id];
    for (int i = 0; i < node->n_inputs; i++) {
        call.x[i] = n->value[node->input[i]];
        call.from[i] = dsc_graph_node(graph, node->input[i]);
        call.new_x[i] = n->statistic[node->input[i]];
    }
    return call;
}

/* Inputs are copied from `run`, parameters from w. */
static inline void naive_forward(const dsc_graph *graph, naive *n, dsc_run *run,
                                 const dsc_pass *pass)
{
    for (dsc_id k = 0; (size_t)k < dsc_graph_nodes(graph); k++) {
        const dsc_node *node = dsc_graph_node(graph, k);
        const size_t count = dsc_node_elements(node, pass->rows);

        n->value[k] = naive_memory(node);
        n->gradient[k] = naive_memory(node);
        n->statistic[k] = naive_memory(node);
        n->leads[k] = node->kind == DSC_PARAMETER || graph->entry[k]->wanted;
        if (node->kind != DSC_OP) {
            const void *from =
                node->kind == DSC_INPUT ? dsc_run_input(run, k) : dsc_run_value(run, k);
            memcpy(n->value[k], from, count * sizeof(double));
            continue;
        }
        for (int i = 0; i < node->n_inputs; i++)
            n->leads[k] = n->leads[k] || n->leads[node->input[i]];
        void *scratch = dsc_alloc(node->scratch_bytes + 1, 1);
        n->keep[k] = dsc_alloc(node->keep_bytes + 1, 1);
        assert_true(scratch && n->keep[k]);
        const dsc_call call = naive_call(graph, n, node, pass, scratch);
        node->op->forward(&call);
        dsc_free(scratch);
    }
}

static inline void naive_backward(const dsc_graph *graph, naive *n, const dsc_pass *pass)
{
    bool below[NAIVE_NODES] = {false};

    below[graph->loss] = true;
    for (size_t i = 0; i < dsc_node_elements(dsc_graph_node(graph, graph->loss), pass->rows); i++)
        n->gradient[graph->loss][i] = pass->loss_scale;
    for (dsc_id k = graph->loss; k >= 0; k--) {
        const dsc_node *node = dsc_graph_node(graph, k);
        if (node->kind != DSC_OP || !below[k] || !n->leads[k])
            continue;
        void *scratch = dsc_alloc(node->scratch_bytes + 1, 1);
        dsc_call call = naive_call(graph, n, node, pass, scratch);
        call.dy = n->gradient[k];
        call.y = node->op->flags & DSC_NEEDS_OUTPUT ? call.y : NULL;
        for (int i = 0; i < node->n_inputs; i++) {
            call.x[i] = node->op->flags & DSC_NEEDS_INPUT ? call.x[i] : NULL;
            below[node->input[i]] = true;
            if (n->leads[node->input[i]])
                call.dx[i] = naive_memory(call.from[i]);
        }
        node->op->backward(&call);
        for (int i = 0; i < node->n_inputs; i++) {
            const double *dx = call.dx[i];
            for (size_t j = 0; dx && j < dsc_node_elements(call.from[i], pass->rows); j++)
                n->gradient[node->input[i]][j] += dx[j];
            dsc_free(call.dx[i]);
        }
        dsc_free(scratch);
    }
}

static inline void naive_free(naive *n)
{
    for (int k = 0; k < NAIVE_NODES; k++) {
        dsc_free(n->value[k]);
        dsc_free(n->gradient[k]);
        dsc_free(n->keep[k]);
        dsc_free(n->statistic[k]);
    }
}

#endif
