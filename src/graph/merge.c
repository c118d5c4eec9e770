/* merge.c - puts one op in the place of several that follow each other, where that is faster. */
#include "graph/node.h"

#include <string.h>

enum { LONGEST = 4 };

static int readers(const dsc_graph *graph, dsc_id id)
{
    int n = id == graph->output || id == graph->loss;

    for (size_t k = 0; k < graph->n_nodes; k++) {
        const dsc_entry *entry = graph->entry[k];
        for (int i = 0; entry->needed && i < entry->node.n_inputs; i++)
            n += entry->node.input[i] == id;
    }
    return n;
}

/* chain <- the nodes that end in `last` and are called as `op` wants; false when they are not, or
 * somebody else reads what lies between. */
static bool find_chain(const dsc_graph *graph, const dsc_op *op, dsc_id last,
                       const dsc_node *chain[LONGEST])
{
    int n = 0;

    while (op->merges[n])
        n++;
    for (int i = n - 1; i >= 0; i--) {
        const dsc_node *node = dsc_graph_node(graph, last);
        if (node->kind != DSC_OP || strcmp(node->op->name, op->merges[i]) != 0)
            return false;
        if (i < n - 1 && readers(graph, last) != 1)
            return false;
        chain[i] = node;
        last = node->input[0];
    }
    return n > 0;
}

static void merge_at(dsc_graph *graph, dsc_id id, const dsc_kernels *kernels)
{
    dsc_node *node = &graph->entry[id]->node;
    const dsc_op *op = graph->find(node->op->merged, graph->type, graph->level);
    const dsc_node *chain[LONGEST] = {0}, *input[DSC_MAX_INPUTS] = {0};
    dsc_node merged = *node;

    if (!op || !op->merges || !find_chain(graph, op, id, chain))
        return;
    for (int i = 0; i < chain[0]->n_inputs; i++)
        input[i] = dsc_graph_node(graph, chain[0]->input[i]);
    merged.op = op;
    if (!op->merge(&merged, chain, input, kernels))
        return;
    memcpy(merged.name, op->name, strlen(op->name) + 1);
    *node = merged;
}

void dsc_graph_merge_ops(dsc_graph *graph)
{
    const dsc_kernels *kernels = dsc_kernels_choose(graph->type, graph->backend, graph->level);

    for (size_t k = 0; k < graph->n_nodes; k++) {
        const dsc_entry *entry = graph->entry[k];
        if (entry->needed && entry->node.kind == DSC_OP && entry->node.op->merged)
            merge_at(graph, (dsc_id)k, kernels);
    }
}
