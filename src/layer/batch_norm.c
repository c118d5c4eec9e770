/* batch_norm.c - every channel to mean 0 and deviation 1, then scaled and shifted. */
#include "layer/layer.h"

#include <stdio.h>

enum { EPS, MOMENTUM, AFFINE, N_PARAMS };

static const descent_param params[N_PARAMS] = {
    [EPS] = {"eps", 1e-5, 1e-12, 1, "added to the variance", DESCENT_NUMBER, NULL},
    [MOMENTUM] = {"momentum", 0.1, 0, 1, "weight of a batch in the running statistics",
                  DESCENT_NUMBER, NULL},
    [AFFINE] = {"affine", 1, 0, 1, "learn a gain and a bias for each channel", DESCENT_FLAG, NULL},
};

static dsc_id add(dsc_graph *graph, dsc_id x, const dsc_value *values, const dsc_layer_scope *scope)
{
    const dsc_node *from = dsc_graph_node(graph, x);
    const double momentum = values[MOMENTUM].number;
    const bool affine = values[AFFINE].number != 0;
    dsc_id input[5] = {x, -1, -1, -1, -1};
    char name[64];

    if (!from)
        return -1;
    const dsc_shape channels = {1, {from->shape.rank > 0 ? from->shape.size[0] : 1}};
    snprintf(name, sizeof name, "%s.mean", scope->path);
    input[1] = dsc_graph_buffer(graph, name, channels, 0.0, momentum);
    snprintf(name, sizeof name, "%s.variance", scope->path);
    input[2] = dsc_graph_buffer(graph, name, channels, 1.0, momentum);
    snprintf(name, sizeof name, "%s.gain", scope->path);
    if (affine)
        input[3] = dsc_graph_parameter(graph, name, "norm_gain", channels, DSC_INIT_ONE, 1, 1);
    snprintf(name, sizeof name, "%s.bias", scope->path);
    if (affine)
        input[4] = dsc_graph_parameter(graph, name, "norm_bias", channels, DSC_INIT_ZERO, 1, 1);
    return dsc_graph_op(graph, "batch_norm", affine ? 5 : 3, input, 1, &values[EPS].number);
}

const dsc_layer dsc_layer_batch_norm = {
    .info = {.name = "batch_norm",
             .summary = "every channel to mean 0 and deviation 1 over a shard of the batch",
             .formula = "y = (x - mean) / sqrt(var + eps) gain + bias",
             .reference = "Ioffe & Szegedy 2015, arXiv:1502.03167",
             .params = params,
             .n_params = N_PARAMS},
    .add = add,
};
