/* layers.c - finds the layers of a graph that have something to measure. */
#include "instrument/layers.h"

#include "base/memory.h"
#include "graph/op.h"
#include "layer/layer.h"

#include <math.h>
#include <string.h>

static const double NEAR_END = 0.025; /* share of the range at either end */

/* Activations whose values have ends. */
static const struct {
    const char *op;
    double low, high;
} squeezing[] = {{"tanh", -1, 1}, {"sigmoid", 0, 1}, {"softsign", -1, 1}, {"hardsigmoid", 0, 1}};

static double attribute(const dsc_node *node, const char *name)
{
    for (int i = 0; i < node->op->n_attributes; i++)
        if (strcmp(node->op->attribute[i], name) == 0)
            return node->attribute[i];
    return 0.0;
}

/* The states of an rnn are what its activation gives; those of lstm and gru lie between -1 and 1 as
 * well. */
static const char *activation_of(const dsc_node *node)
{
    if (node->kind != DSC_OP)
        return NULL;
    if (strcmp(node->op->name, "rnn") == 0)
        return attribute(node, "relu") != 0.0 ? NULL : "tanh";
    if (strcmp(node->op->name, "lstm") == 0 || strcmp(node->op->name, "gru") == 0)
        return "tanh";
    const dsc_layer *layer = dsc_layer_find(node->op->name);
    return layer && layer->activation ? node->op->name : NULL;
}

/* The op that shows what activation `id` gave: itself, or one that stands for it and its
 * neighbours. */
static dsc_id shown_by(const dsc_graph *graph, dsc_id id)
{
    const size_t n = dsc_graph_nodes(graph);

    if (dsc_graph_runs(graph, id))
        return id;
    for (dsc_id k = id + 1; (size_t)k < n; k++)
        if (dsc_graph_runs(graph, k))
            return dsc_graph_node(graph, k)->op && dsc_graph_node(graph, k)->op->merges ? k : -1;
    return -1;
}

static void note_activation(dsc_measured *layer, const dsc_graph *graph, const dsc_node *node)
{
    const char *activation = activation_of(node);

    layer->output = shown_by(graph, node->id);
    if (layer->output < 0)
        return;
    const dsc_shape shape = dsc_graph_node(graph, layer->output)->shape;
    layer->units = dsc_shape_count(shape);
    layer->channels = shape.rank == 3 ? (size_t)shape.size[0] : layer->units;
    layer->dies = strcmp(activation, "relu") == 0 || strcmp(activation, "relu6") == 0;
    for (size_t i = 0; i < sizeof squeezing / sizeof *squeezing; i++) {
        const double span = squeezing[i].high - squeezing[i].low;
        if (strcmp(activation, squeezing[i].op) != 0)
            continue;
        layer->squeezes = true;
        layer->low = squeezing[i].low + NEAR_END * span;
        layer->high = squeezing[i].high - NEAR_END * span;
    }
}

static void note_parameter(dsc_measured *layer, const dsc_node *node)
{
    const size_t end = node->offset + dsc_shape_count(node->shape);

    if (layer->end == layer->begin)
        layer->begin = node->offset;
    layer->end = end;
}

/* Parameters of a layer come one after another, in the graph and in w. */
static dsc_measured *layer_of(dsc_layers *layers, const dsc_node *node)
{
    if (layers->n > 0 && strcmp(layers->layer[layers->n - 1].name, node->layer) == 0)
        return &layers->layer[layers->n - 1];
    layers->layer[layers->n] = (dsc_measured){.name = node->layer, .output = -1};
    layers->name[layers->n] = node->layer;
    return &layers->layer[layers->n++];
}

descent_status dsc_layers_find(dsc_layers *out, const dsc_graph *graph, descent_error *err)
{
    const size_t n = dsc_graph_nodes(graph);

    *out = (dsc_layers){.layer = dsc_alloc(n, sizeof *out->layer),
                        .name = dsc_alloc(n, sizeof *out->name)};
    if (!out->layer || !out->name)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the names of %zu layers", n);
    for (dsc_id k = 0; (size_t)k < n; k++) {
        const dsc_node *node = dsc_graph_node(graph, k);
        if (node->kind == DSC_PARAMETER)
            note_parameter(layer_of(out, node), node);
        else if (activation_of(node))
            note_activation(layer_of(out, node), graph, node);
    }
    return DESCENT_OK;
}

void dsc_layers_free(dsc_layers *layers)
{
    dsc_free(layers->layer);
    dsc_free(layers->name);
    *layers = (dsc_layers){0};
}
