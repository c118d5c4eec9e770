/* norm.c - layers that normalize every row on its own: layer_norm and rms_norm. */
#include "layer/layer.h"

#include <stdio.h>

enum { EPS, AFFINE, BIAS, N_LAYER_NORM, N_RMS_NORM = BIAS };

static const descent_param layer_norm_params[N_LAYER_NORM] = {
    [EPS] = {"eps", 1e-5, 1e-12, 1, "added to the variance", DESCENT_NUMBER, NULL},
    [AFFINE] = {"affine", 1, 0, 1, "learn a gain, and a bias, for each number", DESCENT_FLAG, NULL},
    [BIAS] = {"bias", 1, 0, 1, "with affine: learn a bias too", DESCENT_FLAG, NULL},
};
static const descent_param rms_norm_params[N_RMS_NORM] = {
    [EPS] = {"eps", 1e-6, 1e-12, 1, "added to the mean square", DESCENT_NUMBER, NULL},
    [AFFINE] = {"affine", 1, 0, 1, "learn a gain for each number", DESCENT_FLAG, NULL},
};

/* A parameter as long as the last axis of x; -1 without one. */
static dsc_id add_row(dsc_graph *graph, dsc_id x, const dsc_layer_scope *scope, const char *what,
                      const char *role, dsc_init init)
{
    const dsc_shape shape = dsc_graph_node(graph, x)->shape;
    char name[64];

    snprintf(name, sizeof name, "%s.%s", scope->path, what);
    return dsc_graph_parameter(graph, name, role,
                               (dsc_shape){1, {shape.rank > 0 ? shape.size[shape.rank - 1] : 1}},
                               init, 1, 1);
}

static dsc_id add_layer_norm(dsc_graph *graph, dsc_id x, const dsc_value *values,
                             const dsc_layer_scope *scope)
{
    const double attributes[] = {values[EPS].number, 1};
    dsc_id input[3] = {x, -1, -1};
    int n = 1;

    if (!dsc_graph_node(graph, x))
        return -1;
    if (values[AFFINE].number != 0)
        input[n++] = add_row(graph, x, scope, "gain", "norm_gain", DSC_INIT_ONE);
    if (values[AFFINE].number != 0 && values[BIAS].number != 0)
        input[n++] = add_row(graph, x, scope, "bias", "norm_bias", DSC_INIT_ZERO);
    return dsc_graph_op(graph, "layer_norm", n, input, 2, attributes);
}

static dsc_id add_rms_norm(dsc_graph *graph, dsc_id x, const dsc_value *values,
                           const dsc_layer_scope *scope)
{
    dsc_id input[2] = {x, -1};
    int n = 1;

    if (!dsc_graph_node(graph, x))
        return -1;
    if (values[AFFINE].number != 0)
        input[n++] = add_row(graph, x, scope, "gain", "norm_gain", DSC_INIT_ONE);
    return dsc_graph_op(graph, "rms_norm", n, input, 1, &values[EPS].number);
}

const dsc_layer dsc_layer_layer_norm = {
    .info = {.name = "layer_norm",
             .summary = "the numbers of each row to mean 0 and deviation 1",
             .formula = "y = (x - mean) / sqrt(var + eps) gain + bias",
             .reference = "Ba et al. 2016, arXiv:1607.06450",
             .params = layer_norm_params,
             .n_params = N_LAYER_NORM},
    .add = add_layer_norm,
};
const dsc_layer dsc_layer_rms_norm = {
    .info = {.name = "rms_norm",
             .summary = "the numbers of each row to mean square 1",
             .formula = "y = x / sqrt(mean(x^2) + eps) gain",
             .reference = "Zhang & Sennrich 2019, arXiv:1910.07467",
             .params = rms_norm_params,
             .n_params = N_RMS_NORM},
    .add = add_rms_norm,
};
