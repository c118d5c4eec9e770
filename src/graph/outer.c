/* outer.c - gradients of matrices that are the outer product of two vectors; see base/outer.h. */
#include "graph/guard.h"

#include <stdlib.h>

int dsc_graph_readers(const dsc_graph *graph, dsc_id id)
{
    int count = 0;

    for (size_t k = 0; k < graph->n_nodes; k++) {
        const dsc_entry *entry = graph->entry[k];
        for (int i = 0; entry->needed && i < entry->node.n_inputs; i++)
            count += entry->node.input[i] == id;
    }
    return count;
}

bool dsc_graph_is_outer(const dsc_graph *graph, dsc_id id)
{
    const dsc_node *node = dsc_graph_node(graph, id);

    if (graph->max_rows != 1 || graph->backend == DSC_BACKEND_BF16 /* rounds the vectors */ ||
        node->kind != DSC_OP || !(node->op->flags & DSC_OUTER))
        return false;
    const dsc_node *x = dsc_graph_node(graph, node->input[0]);
    const dsc_node *w = dsc_graph_node(graph, node->input[1]);
    return w->kind == DSC_PARAMETER && x->batched && x->shape.rank == 1 &&
           dsc_graph_readers(graph, node->input[1]) == 1;
}

static int by_begin(const void *a, const void *b)
{
    const dsc_outer *x = a, *y = b;

    return (x->begin > y->begin) - (x->begin < y->begin);
}

int dsc_run_leave_outer(dsc_run *run, dsc_outer *out)
{
    int n = 0;

    for (int i = 0; i < run->n_backward; i++) {
        dsc_back *back = &run->backward[i];
        dsc_call *call = &back->call;
        if (!dsc_graph_is_outer(run->graph, call->node->id) || !call->dx[1])
            continue;
        out[n++] = (dsc_outer){.begin = call->from[1]->offset,
                               .rows = (size_t)call->from[1]->shape.size[0],
                               .cols = (size_t)call->from[1]->shape.size[1],
                               .column = call->dy,
                               .row = call->x[0]};
        back->left_out = call->dx[1];
        call->dx[1] = NULL;
    }
    qsort(out, (size_t)n, sizeof *out, by_begin);
    return n;
}

void dsc_run_write_outer(dsc_run *run)
{
    for (int i = 0; i < run->n_backward; i++) {
        if (!run->backward[i].left_out)
            continue;
        dsc_call call = run->backward[i].call;
        for (int k = 0; k < DSC_MAX_INPUTS; k++)
            call.dx[k] = NULL;
        call.dx[1] = run->backward[i].left_out;
        dsc_guard_backward(run, call.node->id);
        call.node->op->backward(&call);
    }
    dsc_guard_outside(run);
}
