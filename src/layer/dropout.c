/* dropout.c - drops numbers at random while training. */
#include "layer/layer.h"

enum { P, N_PARAMS };

static const descent_param params[N_PARAMS] = {
    [P] = {"p", 0.5, 0, 0.999, "probability that a number is dropped", DESCENT_NUMBER, NULL},
};

static dsc_id add(dsc_graph *graph, dsc_id x, const dsc_value *values, const dsc_layer_scope *scope)
{
    (void)scope;
    return dsc_graph_op(graph, "dropout", 1, &x, 1, &values[P].number);
}

const dsc_layer dsc_layer_dropout = {
    .info = {.name = "dropout",
             .summary = "drops numbers at random while training: dropout 0.5",
             .formula = "y = x keep / (1 - p)",
             .reference = "Srivastava et al. 2014, JMLR 15",
             .params = params,
             .n_params = N_PARAMS,
             .n_positional = 1},
    .add = add,
};
