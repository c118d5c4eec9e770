/* recurrent.c - layers that read a sequence step by step and carry a state along. */
#include "layer/layer.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { UNITS, LAST, BIAS, GAIN, N_PARAMS, NONLINEARITY = N_PARAMS, N_RNN };

#define PARAMS                                                                                     \
  [UNITS] = {"units", (double)NAN, 1, 1 << 20, "numbers in the state", DESCENT_INTEGER, NULL},     \
  [LAST] = {"last",                                                                                \
            0,                                                                                     \
            0,                                                                                     \
            1,                                                                                     \
            "give the state after the last step alone, not that of every step",                    \
            DESCENT_FLAG,                                                                          \
            NULL},                                                                                 \
  [BIAS] = {"bias",       1,   0, 1, "add biases, one to the input's part and one to the state's", \
            DESCENT_FLAG, NULL},                                                                   \
  [GAIN] = DSC_GAIN_PARAM

static const descent_param params[N_PARAMS] = {PARAMS};
static const descent_param rnn_params[N_RNN] = {
    PARAMS,
    [NONLINEARITY] = {"nonlinearity", 0, 0, 1, "of the state", DESCENT_CHOICE, "tanh|relu"},
};

/* A parameter of gates * units rows, or a bias (columns 0), drawn within 1 / sqrt(units) as
 * PyTorch does. */
static dsc_id add_parameter(dsc_graph *graph, const dsc_layer_scope *scope, const char *suffix,
                            int rows, int columns, int units)
{
    const dsc_shape shape = {columns > 0 ? 2 : 1, {rows, columns}};
    char name[64];

    snprintf(name, sizeof name, "%s.%s", scope->path, suffix);
    return dsc_graph_parameter(graph, name, columns > 0 ? "weight" : "bias", shape,
                               DSC_INIT_LECUN_UNIFORM, units, rows);
}

static dsc_id add_recurrent(dsc_graph *graph, const char *op, int gates, int n_attributes,
                            double own, dsc_id x, const dsc_value *values,
                            const dsc_layer_scope *scope)
{
    const dsc_node *from = dsc_graph_node(graph, x);
    const int units = (int)values[UNITS].number;
    const bool bias = values[BIAS].number != 0;
    const double attribute[] = {bias, 0, values[LAST].number, scope->cached ? scope->context : 0,
                                own};
    char found[48];

    if (!from)
        return -1;
    if (from->shape.rank > 2) {
        dsc_graph_fail(graph, DESCENT_SHAPE, "%s needs a sequence (steps x numbers), found %s", op,
                       dsc_shape_words(from->shape, found));
        return -1;
    }
    const int in =
        from->shape.rank == 2 ? from->shape.size[1] : 1; /* a row of numbers: one a step */
    const int wide = gates * units;
    if ((int64_t)wide * (in > units ? in : units) > INT_MAX) {
        dsc_graph_fail(graph, DESCENT_SHAPE,
                       "%s: %d units of %d gates have more than 2^31 - 1 weights", op, units,
                       gates);
        return -1;
    }
    dsc_id input[5] = {x, add_parameter(graph, scope, "weight_ih", wide, in, units),
                       add_parameter(graph, scope, "weight_hh", wide, units, units)};
    dsc_graph_gain(graph, input[1], values[GAIN].number);
    dsc_graph_gain(graph, input[2], values[GAIN].number);
    if (bias) {
        input[3] = add_parameter(graph, scope, "bias_ih", wide, 0, units);
        input[4] = add_parameter(graph, scope, "bias_hh", wide, 0, units);
    }
    return dsc_graph_op(graph, op, bias ? 5 : 3, input, n_attributes, attribute);
}

static dsc_id add_rnn(dsc_graph *graph, dsc_id x, const dsc_value *values,
                      const dsc_layer_scope *scope)
{
    return add_recurrent(graph, "rnn", 1, 5, values[NONLINEARITY].number, x, values, scope);
}

static dsc_id add_lstm(dsc_graph *graph, dsc_id x, const dsc_value *values,
                       const dsc_layer_scope *scope)
{
    return add_recurrent(graph, "lstm", 4, 5, 0, x, values, scope);
}

static dsc_id add_gru(dsc_graph *graph, dsc_id x, const dsc_value *values,
                      const dsc_layer_scope *scope)
{
    return add_recurrent(graph, "gru", 3, 4, 0, x, values, scope);
}

const dsc_layer dsc_layer_rnn = {
    .info = {.name = "rnn",
             .summary = "reads a sequence, carrying a state: rnn 32 last",
             .formula = "h_t = tanh(w_ih x_t + b_ih + w_hh h_(t-1) + b_hh)",
             .reference = "Elman 1990, Cognitive Science 14",
             .advice = "forgets within some ten steps; lstm and gru remember for longer",
             .params = rnn_params,
             .n_params = N_RNN,
             .n_positional = 1},
    .weights = true,
    .add = add_rnn,
};
const dsc_layer dsc_layer_lstm = {
    .info = {.name = "lstm",
             .summary = "reads a sequence with a memory that gates guard: lstm 64 last",
             .formula = "c_t = f c_(t-1) + i g, h_t = o tanh(c_t)",
             .reference = "Hochreiter & Schmidhuber 1997, Neural Computation 9",
             .params = params,
             .n_params = N_PARAMS,
             .n_positional = 1},
    .weights = true,
    .add = add_lstm,
};
const dsc_layer dsc_layer_gru = {
    .info = {.name = "gru",
             .summary = "like lstm, with three gates of four and no second state: gru 64 last",
             .formula = "h_t = (1 - z) n + z h_(t-1)",
             .reference = "Cho et al. 2014, arXiv:1406.1078",
             .params = params,
             .n_params = N_PARAMS,
             .n_positional = 1},
    .weights = true,
    .add = add_gru,
};
