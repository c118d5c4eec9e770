/* attention.c - every place of a sequence looks at the others: linear in, attention, linear out. */
#include "layer/layer.h"

#include <math.h>
#include <stdio.h>

enum { HEADS, CAUSAL, KV_HEADS, ROTARY, BASE, BIAS, N_PARAMS };

static const descent_param params[N_PARAMS] = {
    [HEADS] = {"heads", (double)NAN, 1, 4096, "looks that are taken side by side", DESCENT_INTEGER,
               NULL},
    [CAUSAL] = {"causal", 0, 0, 1, "a place sees only itself and those before it", DESCENT_FLAG,
                NULL},
    [KV_HEADS] = {"kv_heads", 0, 0, 4096,
                  "heads that have keys and values of their own, the others share; 0: all",
                  DESCENT_INTEGER, NULL},
    [ROTARY] = {"rotary", 0, 0, 1, "turn queries and keys by their places, instead of `position`",
                DESCENT_FLAG, NULL},
    [BASE] = {"base", 10000, 1, 1e9, "with rotary: of its angles", DESCENT_NUMBER, NULL},
    [BIAS] = {"bias", 1, 0, 1, "add biases", DESCENT_FLAG, NULL},
};

/* A linear layer inside: "3.in.weight", "3.in.bias". Glorot's fans are those of one of queries,
 * keys and values, which are three layers side by side. */
static dsc_id add_linear(dsc_graph *graph, dsc_id x, const dsc_layer_scope *scope, const char *what,
                         int units, int fan_out, bool bias)
{
    const dsc_node *from = dsc_graph_node(graph, x);
    char name[64];

    if (!from)
        return -1;
    const int in = from->shape.size[1];
    snprintf(name, sizeof name, "%s.%s.weight", scope->path, what);
    const dsc_id w = dsc_graph_parameter(graph, name, "weight", (dsc_shape){2, {units, in}},
                                         DSC_INIT_GLOROT_UNIFORM, in, fan_out);
    snprintf(name, sizeof name, "%s.%s.bias", scope->path, what);
    const dsc_id b = bias ? dsc_graph_parameter(graph, name, "bias", (dsc_shape){1, {units}},
                                                DSC_INIT_ZERO, in, fan_out)
                          : -1;
    return dsc_graph_op(graph, "linear", bias ? 3 : 2, (dsc_id[]){x, w, b}, 0, NULL);
}

static dsc_id add(dsc_graph *graph, dsc_id x, const dsc_value *values, const dsc_layer_scope *scope)
{
    const dsc_node *from = dsc_graph_node(graph, x);
    const int heads = (int)values[HEADS].number;
    const int kv_heads = values[KV_HEADS].number > 0 ? (int)values[KV_HEADS].number : heads;
    const bool bias = values[BIAS].number != 0;
    char found[48];

    if (!from)
        return -1;
    if (from->shape.rank != 2) {
        dsc_graph_fail(graph, DESCENT_SHAPE,
                       "attention needs a sequence (length x width), found %s",
                       dsc_shape_words(from->shape, found));
        return -1;
    }
    const int width = from->shape.size[1], depth = width / heads;
    if (width % heads != 0 || heads % kv_heads != 0) {
        dsc_graph_fail(graph, DESCENT_SHAPE,
                       "attention: %d heads must divide the width %d, and kv_heads = %d the heads",
                       heads, width, kv_heads);
        return -1;
    }
    const double attributes[] = {heads, kv_heads, values[CAUSAL].number,
                                 values[ROTARY].number != 0 ? values[BASE].number : 0,
                                 scope->cached ? scope->context : 0};
    x = add_linear(graph, x, scope, "in", (heads + 2 * kv_heads) * depth, width, bias);
    x = dsc_graph_op(graph, "attention", 1, &x, sizeof attributes / sizeof *attributes, attributes);
    return add_linear(graph, x, scope, "out", width, width, bias);
}

const dsc_layer dsc_layer_attention = {
    .info = {.name = "attention",
             .summary = "every place of a sequence looks at the others: attention 4 causal",
             .formula = "y = softmax(q k^T / sqrt(depth)) v, for each head",
             .reference = "Vaswani et al. 2017, arXiv:1706.03762; kv_heads: Ainslie et al. 2023, "
                          "arXiv:2305.13245; rotary: Su et al. 2021, arXiv:2104.09864",
             .params = params,
             .n_params = N_PARAMS,
             .n_positional = 1},
    .add = add,
};
