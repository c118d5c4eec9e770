/* frozen_parameters.c - weights that never move. */
#include "finding/outcome.h"

#include <math.h>
#include <string.h>

/* What the layer's gradients and its way from the start were. */
typedef struct record {
    double gradient; /* the largest; NaN: unknown */
    double distance; /* at the last moment that was measured; NaN: unknown */
    int moments;
} record;

static record record_of(const dsc_case *c, size_t layer)
{
    record r = {(double)NAN, (double)NAN, 0};

    for (size_t i = 0; c->layer_moment && i < c->moments; i++) {
        const dsc_layer_moment *m = &c->layer_moment[i * c->layers + layer];
        if (!(c->moment[i].measured > 0.0))
            continue;
        r.gradient = m->grad_norm > r.gradient || isnan(r.gradient) ? m->grad_norm : r.gradient;
        r.distance = m->distance;
        r.moments++;
    }
    return r;
}

typedef enum why { MOVES, BY_PLAN, BY_RATE, NO_GRADIENT, NO_STEP } why;

static why why_still(const dsc_case *c, size_t layer)
{
    const record r = record_of(c, layer);

    if (c->layer[layer].frozen)
        return BY_PLAN;
    if (c->layer[layer].weights > 0 && c->layer[layer].rate < DSC_HARDLY_LEARNS)
        return BY_RATE;
    if (c->layer[layer].weights == 0 || r.moments < 2)
        return MOVES;
    if (r.distance == 0.0)
        return r.gradient > 0.0 ? NO_STEP : NO_GRADIENT;
    return r.gradient == 0.0 ? NO_GRADIENT : MOVES;
}

/* Other findings tell why no gradient comes back: every unit of a relu is dead, or the network says
 * the same of all. */
static bool is_cut_off(const dsc_case *c)
{
    if (c->train_look.n > 0 && c->train_look.output_deviation < 1e-6)
        return true;
    for (size_t i = 0; i < c->layers; i++)
        if (c->layer[i].silent > 0.99)
            return true;
    return false;
}

/* The groups of the recipe stay; a later one of the same layer goes before them. */
static void regroup(const dsc_case *c, const dsc_layer_facts *layer, bool thaw,
                    descent_finding *out)
{
    const int digits = (int)strcspn(layer->name, " ");

    if (thaw)
        dsc_remedy_flag(out, "--group", "%.*s.* frozen=no", digits, layer->name);
    else
        dsc_remedy_flag(out, "--group", "%.*s.* lr=%.3g", digits, layer->name, c->plan.lr);
}

static void tell(const dsc_case *c, size_t layer, why reason, int still, descent_finding *out)
{
    const dsc_layer_facts *l = &c->layer[layer];
    const char *others = still > 1 ? " and others" : "";

    switch (reason) {
    case BY_PLAN:
        DSC_TELL(out->evidence,
                 "layer '%s'%s is frozen: %zu weights stay as they were drawn, of %.0f in all",
                 l->name, others, l->weights, c->plan.parameters);
        DSC_TELL(out->cause, "a group of the recipe freezes it; that helps only where its weights "
                             "come from an earlier training");
        DSC_TELL(out->remedy, "let it learn: frozen=no for its group");
        regroup(c, l, true, out);
        return;
    case BY_RATE:
        DSC_TELL(out->evidence,
                 "layer '%s'%s has %.2g of the learning rate that others have: its %zu weights "
                 "stay about where they were drawn; it should be %g at least",
                 l->name, others, l->rate, l->weights, DSC_HARDLY_LEARNS);
        DSC_TELL(out->cause, "%s; that helps only where its weights come from an earlier training",
                 c->plan.layer_decay < 1.0 ? "layer_decay takes it from layer to layer"
                                           : "a group of the recipe takes it away");
        DSC_TELL(out->remedy, "one learning rate for all layers");
        if (c->plan.layer_decay < 1.0)
            dsc_remedy_optimizer(c, out, "layer_decay", 1.0);
        else
            regroup(c, l, false, out);
        return;
    case NO_STEP:
        DSC_TELL(out->evidence,
                 "layer '%s'%s has gradients, but its %zu weights are where they were drawn: their "
                 "steps are 0 in all",
                 l->name, others, l->weights);
        DSC_TELL(out->cause, c->plan.lr == 0.0 ? "the learning rate is 0"
                                               : "the learning rate of its group is 0, or too "
                                                 "small to change a float");
        DSC_TELL(out->remedy, "give it a learning rate above 0");
        if (c->plan.lr == 0.0)
            dsc_remedy_optimizer(c, out, "lr", c->plan.adaptive ? 0.001 : 0.05);
        else
            regroup(c, l, false, out);
        return;
    case NO_GRADIENT:
    case MOVES:
        DSC_TELL(out->evidence,
                 "the gradient of layer '%s'%s was exactly 0 whenever it was measured; it should "
                 "never be",
                 l->name, others);
        DSC_TELL(out->cause, "no change of its weights changes the loss: what follows lets nothing "
                             "of it through");
        DSC_TELL(out->remedy, "look at what comes behind the layer; relu units that are all 0 "
                              "need another activation");
        dsc_remedy_model(c, out, "relu", "leaky_relu");
        return;
    }
}

/* No whole layer, but most of the weights, such as all matrices. */
static void judge_share(const dsc_case *c, descent_finding *out)
{
    static const double MUCH = 0.3;
    const double share = c->plan.frozen / c->plan.parameters;

    if (!(share > MUCH))
        return;
    out->severity = dsc_outcome_severity(c);
    out->confidence = 0.7 + 0.27 * dsc_sure(share, MUCH, 0.8);
    DSC_TELL(out->evidence, "%.0f of %.0f weights %s: they stay as they were drawn", c->plan.frozen,
             c->plan.parameters,
             c->plan.slow > 0.0 ? "are frozen, or have next to no learning rate" : "are frozen");
    DSC_TELL(out->cause, "a group of the recipe freezes them; that helps only where weights come "
                         "from an earlier training");
    DSC_TELL(out->remedy, "let them learn: %s for their group",
             c->plan.slow > 0.0 ? "frozen=no and a learning rate" : "frozen=no");
    if (c->plan.slow > 0.0)
        dsc_remedy_flag(out, "--group", "* frozen=no lr=%.3g", c->plan.lr);
    else
        dsc_remedy_flag(out, "--group", "* frozen=no");
}

static void judge(const dsc_case *c, descent_finding *out)
{
    why reason = MOVES;
    size_t first = 0;
    int still = 0;

    for (size_t i = 0; i < c->layers; i++) {
        const why one = why_still(c, i);
        if (one == MOVES)
            continue;
        first = still == 0 ? i : first;
        reason = still++ == 0 ? one : reason;
    }
    if (still == 0) {
        judge_share(c, out);
        return;
    }
    out->confidence = reason == NO_GRADIENT ? (is_cut_off(c) ? 0.2 : 0.75) : 0.97;
    tell(c, first, reason, still, out);
}

const dsc_finding dsc_finding_frozen_parameters = {
    .info = {.name = "frozen-parameters",
             .summary = "weights of a layer never move",
             .formula = "a layer is frozen, or has less than a thousandth of the largest lr, or 30 "
                        "% of all weights do, or it is where it began at the "
                        "last measurement, or its "
                        "gradient was exactly 0 in all of them",
             .advice = "frozen=no or an lr for its group, or another layer behind it",
             .reference = "Karpathy, CS231n notes; Schneider et al. 2021, Cockpit, "
                          "arXiv:2102.06604"},
    .origin = DSC_IN_PLAN,
    .when = DSC_DURING | DSC_AFTER,
    .explains = "underfitting constant-output learning-rate-too-low saddle-or-plateau "
                "bad-initial-scale vanishing-gradients adam-eps-dominates",
    .judge = judge,
};
