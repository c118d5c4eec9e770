/* wrong_loss.c - a loss and the end of the network that do not belong together, or classes that
 * are predicted as if they were numbers. */
#include "finding/finding.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Where the last layer of a model string begins: behind the last comma outside of parentheses. */
static const char *last_layer(const char *model)
{
    const char *last = model;
    int depth = 0;

    for (const char *at = model; *at; at++) {
        depth += (*at == '(') - (*at == ')');
        if (*at == ',' && depth == 0)
            last = at + 1;
    }
    while (isspace((unsigned char)*last))
        last++;
    return last;
}

#define BOUNDED   "sigmoid hardsigmoid tanh softsign relu6"
#define ONE_SIDED "relu softplus logsigmoid elu selu gelu silu mish hardswish"

/* What a loss wants of the last layer. */
typedef struct pairing {
    const char *losses, *layers;
    bool must_not; /* the layers do not go with it; else one of them has to be the last */
    const char *why;
    const char *loss_instead; /* NULL: the last layer goes; else the loss changes */
    bool numbers;             /* only where the targets are out of the layer's reach */
} pairing;

static const pairing pairings[] = {
    {"cross_entropy", "softmax", true,
     "cross_entropy has a softmax of its own: after two the loss can't fall below ln(1 + (C - 1) / "
     "e), and gradients vanish",
     NULL, false},
    {"bce_with_logits", "sigmoid hardsigmoid softmax logsigmoid", true,
     "bce_with_logits has a sigmoid of its own: after two no probability leaves 0.5 to 0.73", NULL,
     false},
    {"cross_entropy multi_margin bce_with_logits hinge", BOUNDED " softmax", true,
     "the last layer bounds the outputs, which the loss wants to grow as far as they must", NULL,
     false},
    {"cross_entropy multi_margin bce_with_logits hinge hinge_embedding", "relu relu6 softplus",
     true,
     "the last layer cuts off what is below 0, and with it half of what the loss wants to say",
     NULL, false},
    {"mse l1 huber smooth_l1 log_cosh", BOUNDED " " ONE_SIDED " softmax log_softmax", true,
     "the last layer can't reach all of them", NULL, true},
    {"nll", "log_softmax", false, "nll wants a model that ends in log_softmax", "cross_entropy",
     false},
    {"bce", "sigmoid hardsigmoid softmax", false,
     "bce wants probabilities, of a model that ends in sigmoid", "bce_with_logits", false},
};

/* Can a last layer not give what the targets are? Those a deviation off their mean count. */
static bool out_of_reach(const dsc_case *c, const char *layer)
{
    const double low = c->data.target_mean - c->data.target_deviation;
    const double high = c->data.target_mean + c->data.target_deviation;

    if (c->plan.standardizes)
        return true;
    if (!c->data.done)
        return false;
    if (dsc_has_word("sigmoid hardsigmoid softmax", layer))
        return low < 0.0 || high > 1.0;
    if (dsc_has_word("tanh softsign", layer))
        return low < -1.0 || high > 1.0;
    if (dsc_has_word("log_softmax logsigmoid", layer))
        return high > 0.0;
    return dsc_has_word("relu relu6 softplus", layer) && low < 0.0;
}

static const pairing *find_wrong(const dsc_case *c, const char *layer, size_t length)
{
    char word[32];

    snprintf(word, sizeof word, "%.*s", (int)length, layer);
    for (size_t i = 0; i < sizeof pairings / sizeof *pairings; i++) {
        const pairing *p = &pairings[i];
        if (p->numbers && !out_of_reach(c, word))
            continue;
        if (dsc_has_word(p->losses, c->plan.loss_name) &&
            dsc_has_word(p->layers, word) == p->must_not)
            return p;
    }
    return NULL;
}

static void judge_pairing(const dsc_case *c, descent_finding *out)
{
    const char *layer = last_layer(c->plan.model);
    const size_t length = strcspn(layer, " ,()");
    const pairing *p = length > 0 ? find_wrong(c, layer, length) : NULL;

    if (!p)
        return;
    const bool squashes = length == 7 && strncmp(layer, "softmax", 7) == 0;
    out->confidence = 0.95;
    if (p->numbers)
        DSC_TELL(out->evidence,
                 "the model ends in '%.*s' and the loss is %s: targets have mean %.3g and "
                 "deviation %.3g, and %s",
                 (int)length, layer, c->plan.loss_name,
                 c->plan.standardizes ? 0.0 : c->data.target_mean,
                 c->plan.standardizes ? 1.0 : c->data.target_deviation, p->why);
    else
        DSC_TELL(out->evidence, "the model ends in '%.*s' and the loss is %s: %s", (int)length,
                 layer, c->plan.loss_name, p->why);
    DSC_TELL(out->cause, "the loss and the end of the network do not belong together");
    if (!p->loss_instead) {
        DSC_TELL(out->remedy, "take the last layer, '%.*s', out of the model", (int)length, layer);
        dsc_remedy_last(c, out);
        return;
    }
    DSC_TELL(out->remedy, "use %s%s", p->loss_instead,
             squashes ? " and a model without softmax at its end" : "");
    if (squashes)
        dsc_remedy_last(c, out);
    dsc_remedy_flag(out, "--loss", "%s", p->loss_instead);
}

/* Classes that are numbers in the file are predicted as numbers unless told otherwise. */
static void judge_task(const dsc_case *c, descent_finding *out)
{
    static const char *const numbers = "mse l1 huber smooth_l1 log_cosh";
    const dsc_audit *d = &c->data;

    if (!d->done || c->plan.classifies || !d->targets_are_classes ||
        !dsc_has_word(numbers, c->plan.loss_name))
        return;
    out->confidence = 0.75;
    DSC_TELL(out->evidence,
             "the target has %d different values, all whole numbers without a gap and none of them "
             "rare, and %s treats them as amounts",
             d->target_values, c->plan.loss_name);
    DSC_TELL(out->cause, "these are most likely names of classes: then 2 is not nearer to 3 than "
                         "to 0, which is what the loss learns");
    DSC_TELL(out->remedy, "make classes of them: task=classification behind the data, and "
                          "cross_entropy");
    if (!strstr(c->plan.data, " task=") && !strchr(c->plan.data, '"')) {
        dsc_remedy_flag(out, "--data", "%s task=classification", c->plan.data);
        dsc_remedy_flag(out, "--loss", "cross_entropy");
    }
}

/* A target of 0 is on neither side: it costs the same whatever the output is. */
static void judge_sides(const dsc_case *c, descent_finding *out)
{
    const dsc_audit *d = &c->data;
    const double neither = 1.0 - d->targets_of_sign;
    const char *instead =
        d->targets_are_classes && d->target_values == 2 ? "bce_with_logits" : "mse";

    if (!d->done || !dsc_has_word("hinge hinge_embedding", c->plan.loss_name) || !(neither > 0.0))
        return;
    out->confidence = 0.95;
    DSC_TELL(out->evidence,
             "%.3g %% of the targets are neither -1 nor 1, the only ones that %s knows; their mean "
             "is %.3g",
             100.0 * neither, c->plan.loss_name, d->target_mean);
    DSC_TELL(out->cause, "the loss asks on which side of 0 an output is: a target of 0 is on none, "
                         "and nothing is learned from it");
    DSC_TELL(out->remedy, "use %s; or write -1 and 1 into the data", instead);
    dsc_remedy_flag(out, "--loss", "%s", instead);
}

static void judge(const dsc_case *c, descent_finding *out)
{
    judge_pairing(c, out);
    if (!(out->confidence > 0.0))
        judge_sides(c, out);
    if (!(out->confidence > 0.0))
        judge_task(c, out);
}

const dsc_finding dsc_finding_wrong_loss = {
    .info = {.name = "wrong-loss",
             .summary = "the loss does not go with the end of the network, or with the target",
             .formula = "a softmax before cross_entropy, a sigmoid before bce_with_logits, a last "
                        "layer that cannot reach the targets; or few whole numbers, each of them "
                        "often, with a loss for amounts; or targets that are not -1 or 1 with "
                        "hinge",
             .advice = "take out the last layer, or take the loss that goes with it",
             .reference = "Bridle 1990, Probabilistic interpretation of feedforward classification "
                          "network outputs"},
    .origin = DSC_IN_PLAN,
    .when = DSC_BEFORE | DSC_AFTER,
    .explains = "constant-output underfitting learning-rate-too-low saddle-or-plateau "
                "vanishing-gradients saturated-units dead-units bad-initial-scale diverged "
                "exploding-gradients schedule-decays-too-early overfitting non-finite-source "
                "batch-too-small learning-rate-too-high no-decay-noise-floor ill-conditioned "
                "frozen-parameters",
    .judge = judge,
};
