/* activation.c - element-wise nonlinearities as layers: each is one op. */
#include "layer/layer.h"

#define SIMPLE(word)                                                            \
  static dsc_id add_##word(dsc_graph *graph, dsc_id x, const dsc_value *values, \
                           const dsc_layer_scope *scope)                        \
  {                                                                             \
    (void)values;                                                               \
    (void)scope;                                                                \
    return dsc_graph_op(graph, #word, 1, &x, 0, NULL);                          \
  }
SIMPLE(relu)
SIMPLE(tanh)
SIMPLE(sigmoid)
#undef SIMPLE

enum { FORM, N_GELU };
static const descent_param gelu_params[N_GELU] = {
    [FORM] = {"form", 0, 0, 1, "exact, or the short form with tanh", DESCENT_CHOICE, "erf|tanh"},
};

static dsc_id add_gelu(dsc_graph *graph, dsc_id x, const dsc_value *values,
                       const dsc_layer_scope *scope)
{
    (void)scope;
    return dsc_graph_op(graph, "gelu", 1, &x, 1, &values[FORM].number);
}

const dsc_layer dsc_layer_relu = {
    .info = {.name = "relu", .summary = "negative numbers become zero", .formula = "y = max(x, 0)"},
    .activation = true,
    .add = add_relu};
const dsc_layer dsc_layer_tanh = {
    .info = {.name = "tanh", .summary = "squeezes into -1 to 1", .formula = "y = tanh(x)"},
    .activation = true,
    .add = add_tanh};
const dsc_layer dsc_layer_sigmoid = {.info = {.name = "sigmoid",
                                              .summary = "squeezes into 0 to 1",
                                              .formula = "y = 1 / (1 + exp(-x))"},
                                     .activation = true,
                                     .add = add_sigmoid};
const dsc_layer dsc_layer_gelu = {.info = {.name = "gelu",
                                           .summary = "a smooth relu",
                                           .formula = "y = x Phi(x)",
                                           .reference = "Hendrycks & Gimpel 2016, arXiv:1606.08415",
                                           .params = gelu_params,
                                           .n_params = N_GELU,
                                           .n_positional = 1},
                                  .activation = true,
                                  .add = add_gelu};
