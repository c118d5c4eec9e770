/* activation.c - element-wise nonlinearities as layers: each is one op, whose attributes are the
 * layer's parameters in their order. */
#include "layer/layer.h"

static dsc_id add_op(dsc_graph *graph, const char *op, dsc_id x, const dsc_value *values, int n)
{
    double attribute[DSC_MAX_ATTRIBUTES] = {0};

    for (int i = 0; i < n; i++)
        attribute[i] = values[i].number;
    return dsc_graph_op(graph, op, 1, &x, n, attribute);
}

enum { FORM, N_GELU };
static const descent_param gelu_params[N_GELU] = {
    [FORM] = {"form", 0, 0, 1, "exact, or the short form with tanh", DESCENT_CHOICE, "erf|tanh"},
};

enum { NEGATIVE_SLOPE, N_LEAKY_RELU };
static const descent_param leaky_relu_params[N_LEAKY_RELU] = {
    [NEGATIVE_SLOPE] = {"negative_slope", 0.01, -1, 1, "slope below zero", DESCENT_NUMBER, NULL},
};

enum { ALPHA, N_ELU };
static const descent_param elu_params[N_ELU] = {
    [ALPHA] = {"alpha", 1, 0, 1000, "minus the value far below zero", DESCENT_NUMBER, NULL},
};

enum { BETA, THRESHOLD, N_SOFTPLUS };
static const descent_param softplus_params[N_SOFTPLUS] = {
    [BETA] = {"beta", 1, 1e-6, 1e6, "how sharply it bends", DESCENT_NUMBER, NULL},
    [THRESHOLD] = {"threshold", 20, 0, 1000, "y = x where beta x is above", DESCENT_NUMBER, NULL},
};

/* One layer: its name, its number of parameters (all of them positional), and what is said. */
#define LAYER(word, count, ...)                                                       \
  static dsc_id add_##word(dsc_graph *graph, dsc_id x, const dsc_value *values,       \
                           const dsc_layer_scope *scope)                              \
  {                                                                                   \
    (void)scope;                                                                      \
    return add_op(graph, #word, x, values, count);                                    \
  }                                                                                   \
  const dsc_layer dsc_layer_##word = {                                                \
      .info = {.name = #word, .n_params = count, .n_positional = count, __VA_ARGS__}, \
      .activation = true,                                                             \
      .add = add_##word}

LAYER(relu, 0, .summary = "negative numbers become zero", .formula = "y = max(x, 0)");
LAYER(tanh, 0, .summary = "squeezes into -1 to 1", .formula = "y = tanh(x)");
LAYER(sigmoid, 0, .summary = "squeezes into 0 to 1", .formula = "y = 1 / (1 + exp(-x))");
LAYER(gelu, N_GELU, .summary = "a smooth relu", .formula = "y = x Phi(x)",
      .reference = "Hendrycks & Gimpel 2016, arXiv:1606.08415", .params = gelu_params);
LAYER(relu6, 0, .summary = "relu that ends at 6", .formula = "y = min(max(x, 0), 6)",
      .reference = "Howard et al. 2017, arXiv:1704.04861");
LAYER(leaky_relu, N_LEAKY_RELU, .summary = "relu that lets a little through below zero",
      .formula = "y = x for x > 0, else negative_slope x", .reference = "Maas et al. 2013",
      .params = leaky_relu_params);
LAYER(elu, N_ELU, .summary = "relu that bends smoothly to -alpha",
      .formula = "y = x for x > 0, else alpha (exp(x) - 1)",
      .reference = "Clevert et al. 2016, arXiv:1511.07289", .params = elu_params);
LAYER(selu, 0, .summary = "elu scaled so that activations keep mean 0 and variance 1",
      .formula = "y = 1.0507 (x for x > 0, else 1.67326 (exp(x) - 1))",
      .reference = "Klambauer et al. 2017, arXiv:1706.02515");
LAYER(silu, 0, .summary = "x times its sigmoid, also called swish",
      .formula = "y = x / (1 + exp(-x))", .reference = "Elfwing et al. 2018, arXiv:1702.03118");
LAYER(mish, 0, .summary = "a smooth relu that dips below zero",
      .formula = "y = x tanh(log(1 + exp(x)))", .reference = "Misra 2020, arXiv:1908.08681");
LAYER(softplus, N_SOFTPLUS, .summary = "a smooth relu that is never zero",
      .formula = "y = log(1 + exp(beta x)) / beta", .reference = "Dugas et al. 2001",
      .params = softplus_params);
LAYER(softsign, 0, .summary = "squeezes into -1 to 1, more slowly than tanh",
      .formula = "y = x / (1 + |x|)", .reference = "Turian et al. 2009");
LAYER(logsigmoid, 0, .summary = "the logarithm of sigmoid, for log-probabilities",
      .formula = "y = -log(1 + exp(-x))");
LAYER(hardsigmoid, 0, .summary = "sigmoid of three straight lines",
      .formula = "y = min(max(x + 3, 0), 6) / 6",
      .reference = "Howard et al. 2019, arXiv:1905.02244");
LAYER(hardswish, 0, .summary = "silu of straight lines and a parabola",
      .formula = "y = x min(max(x + 3, 0), 6) / 6",
      .reference = "Howard et al. 2019, arXiv:1905.02244");
