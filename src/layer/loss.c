/* loss.c - the table of losses. */
#include "layer/loss.h"

#include <math.h>
#include <string.h>

/* --- losses of classes ------------------------------------------------------------------------ */

#define WEIGHTS(help)                          \
  {                                            \
    "weights", 0, 0, 0, help, DESCENT_TEXT, "" \
  }
#define CLASS_WEIGHTS                                                                        \
  WEIGHTS("of the classes, such as (1, 2, 5), or balanced: the rarer in the training part, " \
          "the heavier")
#define IGNORE                                                                          \
  {                                                                                     \
    "ignore", -1, -1, INT32_MAX, "a label that costs nothing, by its number; -1: none", \
        DESCENT_INTEGER, NULL                                                           \
  }

/* The constant node of the weights, or -1. */
static dsc_id weights_node(dsc_graph *graph, const dsc_loss_choice *c)
{
    if (!c->weight)
        return -1;
    return dsc_graph_constant(graph, "loss.weights", (dsc_shape){1, {c->n_weights}}, c->weight);
}

/* Op `op` on x, labels and perhaps weights. Classes are the last axis of a network's output. */
static dsc_id add_classes(dsc_graph *graph, const dsc_loss_choice *c, dsc_id x, dsc_id target,
                          int n_attributes, const double *attribute)
{
    const dsc_id input[] = {x, target, weights_node(graph, c)};

    return dsc_graph_op(graph, c->kind->op, c->weight ? 3 : 2, input, n_attributes, attribute);
}

enum { CE_SMOOTHING, CE_WEIGHTS, CE_IGNORE, N_CE };
static const descent_param cross_entropy_params[N_CE] = {
    [CE_SMOOTHING] = {"smoothing", 0, 0, 1, "part of every target that all classes share evenly",
                      DESCENT_NUMBER, NULL},
    [CE_WEIGHTS] = CLASS_WEIGHTS,
    [CE_IGNORE] = IGNORE,
};

static dsc_id add_cross_entropy(dsc_graph *graph, const dsc_loss_choice *c, dsc_id x, dsc_id target)
{
    const double attribute[] = {c->number[CE_SMOOTHING], c->number[CE_IGNORE], 1};

    return add_classes(graph, c, x, target, 3, attribute);
}

enum { NLL_WEIGHTS, NLL_IGNORE, N_NLL };
static const descent_param nll_params[N_NLL] = {
    [NLL_WEIGHTS] = CLASS_WEIGHTS,
    [NLL_IGNORE] = IGNORE,
};

static dsc_id add_nll(dsc_graph *graph, const dsc_loss_choice *c, dsc_id x, dsc_id target)
{
    return add_classes(graph, c, x, target, 2, (const double[]){c->number[NLL_IGNORE], 1});
}

enum { MM_P, MM_MARGIN, MM_WEIGHTS, N_MM };
static const descent_param multi_margin_params[N_MM] = {
    [MM_P] = {"p", 1, 1, 2, "power of what is missing: 1 or 2", DESCENT_INTEGER, NULL},
    [MM_MARGIN] = {"margin", 1, 0, 1e9, "how far other classes must stay behind", DESCENT_NUMBER,
                   NULL},
    [MM_WEIGHTS] = CLASS_WEIGHTS,
};

static dsc_id add_multi_margin(dsc_graph *graph, const dsc_loss_choice *c, dsc_id x, dsc_id target)
{
    return add_classes(graph, c, x, target, 3,
                       (const double[]){c->number[MM_P], c->number[MM_MARGIN], 1});
}

/* --- losses of numbers ------------------------------------------------------------------------ */

enum { POS_WEIGHT, N_LOGITS };
static const descent_param logits_params[N_LOGITS] = {
    [POS_WEIGHT] =
        {"pos_weight", 0, 0, 0,
         "how much more a target of 1 weighs than one of 0: 3, or (1, 3) for two targets",
         DESCENT_TEXT, ""},
};

static dsc_id add_bce_with_logits(dsc_graph *graph, const dsc_loss_choice *c, dsc_id x,
                                  dsc_id target)
{
    const dsc_id input[] = {x, target, weights_node(graph, c)};
    const bool weighted = c->weight != NULL;

    return dsc_graph_op(graph, c->kind->op, weighted ? 3 : 2, input, 2,
                        (const double[]){0, weighted});
}

static const descent_param huber_params[] = {
    {"delta", 1, 1e-9, 1e9, "errors up to this, in deviations of the target, count as squares",
     DESCENT_NUMBER, NULL}};
static const descent_param smooth_l1_params[] = {
    {"beta", 1, 0, 1e9, "errors up to this, in deviations of the target, count as squares",
     DESCENT_NUMBER, NULL}};
static const descent_param hinge_params[] = {
    {"p", 1, 1, 10, "power of what is missing to the margin: 2 is the squared hinge",
     DESCENT_NUMBER, NULL}};
static const descent_param hinge_embedding_params[] = {
    {"margin", 1, 0, 1e9, "outputs whose target is -1 must reach this", DESCENT_NUMBER, NULL}};
static const descent_param kl_div_params[] = {
    {"log_target", 0, 0, 1, "targets are logarithms of probabilities, as outputs are", DESCENT_FLAG,
     NULL}};
static const descent_param poisson_nll_params[] = {
    {"log_input", 1, 0, 1, "outputs are logarithms of the rate", DESCENT_FLAG, NULL},
    {"full", 0, 0, 1, "add Stirling's formula for log target!", DESCENT_FLAG, NULL},
    {"eps", 1e-8, 0, 1, "added to the rate before its logarithm, with log_input=no", DESCENT_NUMBER,
     NULL}};

static dsc_link kl_div_link(const double *number)
{
    return number[0] != 0 ? DSC_LINK_IDENTITY : DSC_LINK_EXP;
}

static dsc_link poisson_link(const double *number)
{
    return number[0] != 0 ? DSC_LINK_EXP : DSC_LINK_IDENTITY;
}

#define PARAMS(list) .params = (list), .n_params = sizeof(list) / sizeof *(list)

static const dsc_loss losses[] = {
    {.info = {.name = "cross_entropy",
              .summary = "classes: softmax and negative log-likelihood",
              .formula = "-log softmax(x)[label]",
              PARAMS(cross_entropy_params)},
     .op = "cross_entropy",
     .target = DSC_LABELS,
     .link = DSC_LINK_SOFTMAX,
     .add = add_cross_entropy},
    {.info = {.name = "nll",
              .summary = "classes: negative log-likelihood of a model that ends in log_softmax",
              .formula = "-x[label]",
              PARAMS(nll_params)},
     .op = "nll",
     .target = DSC_LABELS,
     .link = DSC_LINK_SOFTMAX,
     .add = add_nll},
    {.info = {.name = "multi_margin",
              .summary = "classes: hinge loss, other classes must stay behind by a margin",
              .formula = "sum over k of max(0, margin - x[label] + x[k])^p / classes",
              .reference = "Weston & Watkins 1999, ESANN",
              .advice = "its outputs are scores, not probabilities; predictions show their softmax",
              PARAMS(multi_margin_params)},
     .op = "multi_margin",
     .target = DSC_LABELS,
     .link = DSC_LINK_SOFTMAX,
     .add = add_multi_margin},
    {.info = {.name = "mse", .summary = "numbers: mean squared error", .formula = "(x - target)^2"},
     .op = "mse",
     .target = DSC_REALS},
    {.info = {.name = "l1",
              .summary = "numbers: mean absolute error, which outliers move little",
              .formula = "|x - target|"},
     .op = "l1",
     .target = DSC_REALS},
    {.info = {.name = "huber",
              .summary = "numbers: squared for small errors, absolute for large ones",
              .formula = "d^2 / 2 where |d| <= delta, else delta (|d| - delta / 2)",
              .reference = "Huber 1964, Annals of Mathematical Statistics 35",
              PARAMS(huber_params)},
     .op = "huber",
     .target = DSC_REALS},
    {.info = {.name = "smooth_l1",
              .summary = "numbers: huber divided by its border, slopes of 1 outside",
              .formula = "d^2 / (2 beta) where |d| < beta, else |d| - beta / 2",
              .reference = "Girshick 2015, arXiv:1504.08083",
              PARAMS(smooth_l1_params)},
     .op = "smooth_l1",
     .target = DSC_REALS},
    {.info = {.name = "log_cosh",
              .summary = "numbers: like huber, but smooth everywhere",
              .formula = "log cosh(x - target)"},
     .op = "log_cosh",
     .target = DSC_REALS},
    {.info = {.name = "bce_with_logits",
              .summary = "numbers between 0 and 1: sigmoid and binary cross-entropy",
              .formula = "-t log sigmoid(x) - (1 - t) log(1 - sigmoid(x))",
              PARAMS(logits_params)},
     .op = "bce_with_logits",
     .target = DSC_REALS,
     .link = DSC_LINK_SIGMOID,
     .fixed_targets = true,
     .highest = 1,
     .add = add_bce_with_logits},
    {.info = {.name = "bce",
              .summary = "numbers between 0 and 1: the same for a model that ends in sigmoid",
              .formula = "-t log x - (1 - t) log(1 - x)",
              .advice = "bce_with_logits loses fewer digits"},
     .op = "bce",
     .target = DSC_REALS,
     .fixed_targets = true,
     .highest = 1},
    {.info = {.name = "hinge",
              .summary = "numbers -1 or 1: the right side of 0, by a margin of 1",
              .formula = "max(0, 1 - target x)^p",
              .reference = "Cortes & Vapnik 1995, Machine Learning 20",
              PARAMS(hinge_params)},
     .op = "hinge",
     .target = DSC_REALS,
     .fixed_targets = true,
     .lowest = -1,
     .highest = 1},
    {.info = {.name = "hinge_embedding",
              .summary = "numbers -1 or 1: small outputs for 1, large ones for -1",
              .formula = "x where target = 1, max(0, margin - x) where target = -1",
              PARAMS(hinge_embedding_params)},
     .op = "hinge_embedding",
     .target = DSC_REALS,
     .fixed_targets = true,
     .lowest = -1,
     .highest = 1},
    {.info = {.name = "kl_div",
              .summary = "probabilities: divergence from them, of a model that ends in log_softmax",
              .formula = "target (log target - x)",
              .reference = "Kullback & Leibler 1951, Annals of Mathematical Statistics 22",
              PARAMS(kl_div_params)},
     .op = "kl_div",
     .target = DSC_REALS,
     .fixed_targets = true,
     .lowest = (double)-INFINITY,
     .highest = 1,
     .link_of = kl_div_link},
    {.info = {.name = "poisson_nll",
              .summary = "counts: negative log-likelihood of a Poisson rate",
              .formula = "exp(x) - target x",
              PARAMS(poisson_nll_params)},
     .op = "poisson_nll",
     .target = DSC_REALS,
     .fixed_targets = true,
     .highest = (double)INFINITY,
     .link_of = poisson_link},
};

const dsc_loss *dsc_loss_at(size_t index)
{
    return index < sizeof losses / sizeof *losses ? &losses[index] : NULL;
}

const dsc_loss *dsc_loss_find(const char *name)
{
    const dsc_loss *loss;

    for (size_t i = 0; (loss = dsc_loss_at(i)) != NULL; i++)
        if (strcmp(loss->info.name, name) == 0)
            return loss;
    return NULL;
}

const descent_info *descent_loss_info(size_t index)
{
    const dsc_loss *loss = dsc_loss_at(index);

    return loss ? &loss->info : NULL;
}

dsc_id dsc_loss_add(dsc_graph *graph, const dsc_loss_choice *choice, dsc_id x, dsc_id target)
{
    const dsc_loss *kind = choice->kind;

    if (choice->balanced) {
        dsc_graph_fail(graph, DESCENT_INVALID,
                       "%s: weights=balanced is for trainings, which count the classes; a model "
                       "needs numbers such as weights=(1, 2, 5)",
                       kind->info.name);
        return -1;
    }
    if (kind->add)
        return kind->add(graph, choice, x, target);
    return dsc_graph_op(graph, kind->op, 2, (const dsc_id[]){x, target}, kind->info.n_params,
                        choice->number);
}
