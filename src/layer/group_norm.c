/* group_norm.c - normalization of groups of channels in every example on its own; instance_norm: of
 * every channel. */
#include "layer/layer.h"

#include <math.h>
#include <stdio.h>

enum { GROUPS, GROUP_EPS, GROUP_AFFINE, N_GROUP };
static const descent_param group_params[N_GROUP] = {
    [GROUPS] = {"groups", (double)NAN, 1, 1 << 20, "groups that the channels are cut into",
                DESCENT_INTEGER, NULL},
    [GROUP_EPS] = {"eps", 1e-5, 1e-12, 1, "added to the variance", DESCENT_NUMBER, NULL},
    [GROUP_AFFINE] = {"affine", 1, 0, 1, "learn a gain and a bias for each channel", DESCENT_FLAG,
                      NULL},
};

enum { INSTANCE_EPS, INSTANCE_AFFINE, N_INSTANCE };
static const descent_param instance_params[N_INSTANCE] = {
    [INSTANCE_EPS] = {"eps", 1e-5, 1e-12, 1, "added to the variance", DESCENT_NUMBER, NULL},
    [INSTANCE_AFFINE] = {"affine", 0, 0, 1, "learn a gain and a bias for each channel",
                         DESCENT_FLAG, NULL},
};

static dsc_id add_normalized(dsc_graph *graph, dsc_id x, int channels, double groups, double eps,
                             bool affine, const dsc_layer_scope *scope)
{
    const dsc_shape each = {1, {channels}};
    dsc_id input[3] = {x, -1, -1};
    char name[64];

    if (affine) {
        snprintf(name, sizeof name, "%s.gain", scope->path);
        input[1] = dsc_graph_parameter(graph, name, "norm_gain", each, DSC_INIT_ONE, 1, 1);
        snprintf(name, sizeof name, "%s.bias", scope->path);
        input[2] = dsc_graph_parameter(graph, name, "norm_bias", each, DSC_INIT_ZERO, 1, 1);
    }
    return dsc_graph_op(graph, "group_norm", affine ? 3 : 1, input, 2, (double[]){groups, eps});
}

static dsc_id add_group(dsc_graph *graph, dsc_id x, const dsc_value *values,
                        const dsc_layer_scope *scope)
{
    const dsc_node *from = dsc_graph_node(graph, x);

    if (!from)
        return -1;
    return add_normalized(graph, x, from->shape.rank > 0 ? from->shape.size[0] : 1,
                          values[GROUPS].number, values[GROUP_EPS].number,
                          values[GROUP_AFFINE].number != 0, scope);
}

static dsc_id add_instance(dsc_graph *graph, dsc_id x, const dsc_value *values,
                           const dsc_layer_scope *scope)
{
    const dsc_node *from = dsc_graph_node(graph, x);
    char found[48];

    if (!from)
        return -1;
    const dsc_shape shape = from->shape;
    if (shape.rank < 2 || dsc_shape_count(shape) == (size_t)shape.size[0]) {
        dsc_graph_fail(graph, DESCENT_SHAPE,
                       "instance_norm needs channels of at least 2 numbers, found %s",
                       dsc_shape_words(shape, found));
        return -1;
    }
    return add_normalized(graph, x, shape.size[0], shape.size[0], values[INSTANCE_EPS].number,
                          values[INSTANCE_AFFINE].number != 0, scope);
}

const dsc_layer dsc_layer_group_norm = {
    .info = {.name = "group_norm",
             .summary = "groups of channels to mean 0 and deviation 1 in every example: "
                        "group_norm 8",
             .formula = "y = (x - mean) / sqrt(var + eps) gain + bias",
             .reference = "Wu & He 2018, arXiv:1803.08494",
             .params = group_params,
             .n_params = N_GROUP,
             .n_positional = 1},
    .add = add_group,
};
const dsc_layer dsc_layer_instance_norm = {
    .info = {.name = "instance_norm",
             .summary = "every channel to mean 0 and deviation 1 in every example",
             .formula = "y = (x - mean) / sqrt(var + eps) [gain + bias]",
             .reference = "Ulyanov et al. 2016, arXiv:1607.08022",
             .params = instance_params,
             .n_params = N_INSTANCE},
    .add = add_instance,
};
