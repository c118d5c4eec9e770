/* look.c - fixing a graph, and looking inside one. */
#include "graph/node.h"

#include <math.h>

/* Marks what output and loss are computed from. Inputs of a node always have smaller numbers than
 * it. */
static void mark_needed(dsc_graph *graph)
{
    for (size_t k = graph->n_nodes; k-- > 0;) {
        dsc_entry *entry = graph->entry[k];
        entry->needed = (dsc_id)k == graph->output || (dsc_id)k == graph->loss;
    }
    for (size_t k = graph->n_nodes; k-- > 0;) {
        const dsc_entry *entry = graph->entry[k];
        for (int i = 0; entry->needed && i < entry->node.n_inputs; i++)
            graph->entry[entry->node.input[i]]->needed = true;
    }
}

descent_status dsc_graph_build(dsc_graph *graph, dsc_id output, dsc_id loss, descent_error *err)
{
    if (!graph)
        return dsc_graph_status(graph, err); /* out of memory */
    if (graph->built)
        dsc_graph_fail(graph, DESCENT_INVALID, "the graph is built already");
    DSC_TRY(dsc_graph_status(graph, err));

    const dsc_node *end = dsc_graph_node(graph, loss);
    if (!dsc_graph_node(graph, output))
        dsc_graph_fail(graph, DESCENT_INVALID, "output %d is no node of this graph", output);
    if (loss != -1 && (!end || end->kind != DSC_OP))
        dsc_graph_fail(graph, DESCENT_INVALID, "loss %d is no op of this graph", loss);
    DSC_TRY(dsc_graph_status(graph, err));

    graph->output = output;
    graph->loss = loss;
    mark_needed(graph);
    dsc_graph_merge_ops(graph);
    mark_needed(graph);
    graph->built = true;
    return DESCENT_OK;
}

bool dsc_graph_runs(const dsc_graph *graph, dsc_id id)
{
    return dsc_graph_node(graph, id) && graph->entry[id]->needed;
}

size_t dsc_graph_nodes(const dsc_graph *graph)
{
    return graph->n_nodes;
}

const dsc_node *dsc_graph_node(const dsc_graph *graph, dsc_id id)
{
    if (!graph || id < 0 || (size_t)id >= graph->n_nodes)
        return NULL;
    return &graph->entry[id]->node;
}

size_t dsc_graph_parameters(const dsc_graph *graph)
{
    return graph->n_w;
}

size_t dsc_graph_buffers(const dsc_graph *graph)
{
    return graph->n_b;
}

descent_type dsc_graph_type(const dsc_graph *graph)
{
    return graph->type;
}

void dsc_graph_background(dsc_graph *graph, dsc_id input, const void *values)
{
    const dsc_node *node = dsc_graph_node(graph, input);

    if (!node || !graph->entry[input]->background)
        return;
    double *f64 = graph->entry[input]->background;
    float *f32 = graph->entry[input]->background;
    for (size_t i = 0; i < dsc_shape_count(node->shape); i++)
        if (graph->type == DESCENT_F64)
            f64[i] = isfinite(((const double *)values)[i]) ? ((const double *)values)[i] : 0.0;
        else
            f32[i] = isfinite(((const float *)values)[i]) ? ((const float *)values)[i] : 0.0f;
}

void dsc_graph_want_gradient(dsc_graph *graph, dsc_id input)
{
    const dsc_node *node = dsc_graph_node(graph, input);

    if (!node || node->kind != DSC_INPUT || node->element != DSC_REALS)
        dsc_graph_fail(graph, DESCENT_INVALID,
                       "node %d has no gradient to ask for, must be an input of numbers", input);
    else
        graph->entry[input]->wanted = true;
}

size_t dsc_element_bytes(const dsc_graph *graph, const dsc_node *node)
{
    if (node->element == DSC_LABELS)
        return sizeof(int32_t);
    return graph->type == DESCENT_F64 ? sizeof(double) : sizeof(float);
}

size_t dsc_node_elements(const dsc_node *node, int rows)
{
    return dsc_shape_count(node->shape) * (node->batched ? (size_t)rows : 1);
}
