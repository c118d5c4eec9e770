/* prelu.c - relu whose slope below zero is learned. */
#include "layer/layer.h"

#include <stdio.h>

enum { PER_CHANNEL, N_PARAMS };
static const descent_param params[N_PARAMS] = {
    [PER_CHANNEL] = {"per_channel", 0, 0, 1, "a slope for each channel instead of one for all",
                     DESCENT_FLAG, NULL},
};

static dsc_id add(dsc_graph *graph, dsc_id x, const dsc_value *values, const dsc_layer_scope *scope)
{
    const dsc_node *from = dsc_graph_node(graph, x);
    const bool each = values[PER_CHANNEL].number != 0;
    char name[64];

    if (!from)
        return -1;
    const dsc_shape slopes = {1, {each && from->shape.rank > 0 ? from->shape.size[0] : 1}};
    snprintf(name, sizeof name, "%s.slope", scope->path);
    /* a gain: weight decay would pull it to relu */
    const dsc_id slope =
        dsc_graph_parameter(graph, name, "norm_gain", slopes, DSC_INIT_QUARTER, 1, 1);
    return dsc_graph_op(graph, "prelu", 2, (dsc_id[]){x, slope}, 0, NULL);
}

const dsc_layer dsc_layer_prelu = {
    .info = {.name = "prelu",
             .summary = "relu whose slope below zero is learned",
             .formula = "y = x for x > 0, else slope x",
             .reference = "He et al. 2015, arXiv:1502.01852",
             .params = params,
             .n_params = N_PARAMS},
    .activation = true,
    .add = add,
};
