/* adaptive_pool.c - pooling into a given number of cells; into one: of whole channels. */
#include "layer/layer.h"

#include <math.h>

enum { SIZE, N_PARAMS };

static const descent_param params[N_PARAMS] = {
    [SIZE] = {"size", (double)NAN, 1, 1 << 16, "cells: 2 or 2x3 (height x width)", DESCENT_SIZE,
              NULL},
};

/* A sequence is one line: of "4" the 4 counts along it. */
static dsc_id add_cells(dsc_graph *graph, const char *op, dsc_id x, const dsc_value *values)
{
    const dsc_node *from = dsc_graph_node(graph, x);
    const bool line = from && from->shape.rank == 2 && values[SIZE].number == values[SIZE].second;

    return dsc_graph_op(graph, op, 1, &x, 2,
                        (double[]){line ? 1 : values[SIZE].number, values[SIZE].second});
}

static dsc_id add_avg(dsc_graph *graph, dsc_id x, const dsc_value *values,
                      const dsc_layer_scope *scope)
{
    (void)scope;
    return add_cells(graph, "adaptive_avg_pool", x, values);
}

static dsc_id add_max(dsc_graph *graph, dsc_id x, const dsc_value *values,
                      const dsc_layer_scope *scope)
{
    (void)scope;
    return add_cells(graph, "adaptive_max_pool", x, values);
}

/* One number a channel. */
static dsc_id add_global(dsc_graph *graph, const char *op, dsc_id x)
{
    x = dsc_graph_op(graph, op, 1, &x, 2, (double[]){1, 1});
    return dsc_graph_op(graph, "flatten", 1, &x, 0, NULL);
}

static dsc_id add_global_avg(dsc_graph *graph, dsc_id x, const dsc_value *values,
                             const dsc_layer_scope *scope)
{
    (void)values;
    (void)scope;
    return add_global(graph, "adaptive_avg_pool", x);
}

static dsc_id add_global_max(dsc_graph *graph, dsc_id x, const dsc_value *values,
                             const dsc_layer_scope *scope)
{
    (void)values;
    (void)scope;
    return add_global(graph, "adaptive_max_pool", x);
}

const dsc_layer dsc_layer_adaptive_avg_pool = {
    .info = {.name = "adaptive_avg_pool",
             .summary = "the mean of each cell, whatever the picture's size: adaptive_avg_pool 2x2",
             .params = params,
             .n_params = N_PARAMS,
             .n_positional = 1},
    .add = add_avg,
};
const dsc_layer dsc_layer_adaptive_max_pool = {
    .info = {.name = "adaptive_max_pool",
             .summary =
                 "the largest of each cell, whatever the picture's size: adaptive_max_pool 2x2",
             .params = params,
             .n_params = N_PARAMS,
             .n_positional = 1},
    .add = add_max,
};
const dsc_layer dsc_layer_global_avg_pool = {
    .info = {.name = "global_avg_pool",
             .summary = "the mean of each channel: one number for it",
             .reference = "Lin et al. 2014, arXiv:1312.4400"},
    .add = add_global_avg,
};
const dsc_layer dsc_layer_global_max_pool = {
    .info = {.name = "global_max_pool",
             .summary = "the largest of each channel: one number for it"},
    .add = add_global_max,
};
