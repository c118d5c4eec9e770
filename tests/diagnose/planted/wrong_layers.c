/* wrong_layers.c - the layers of wrong_ops.c; none has parameters. */
#include "layer/layer.h"

#define LAYER(word, text)                                                       \
  static dsc_id add_##word(dsc_graph *graph, dsc_id x, const dsc_value *values, \
                           const dsc_layer_scope *scope)                        \
  {                                                                             \
    (void)values, (void)scope;                                                  \
    return dsc_graph_op(graph, #word, 1, &x, 0, NULL);                          \
  }                                                                             \
  const dsc_layer dsc_layer_##word = {                                          \
      .info = {.name = #word, .summary = text}, .activation = true, .add = add_##word}

LAYER(wrong_relu, "relu with the derivative of nothing");
LAYER(wrong_tanh, "tanh with a derivative that lacks a square");
LAYER(wrong_silu, "silu with half of its derivative");
LAYER(wrong_leaky_relu, "leaky_relu with a wrong sign");
LAYER(wrong_scale, "a number times 0.8, but not its gradient");
