/* dead_units.c - relu units that are 0 for every example: nothing can bring them back. */
#include "finding/outcome.h"

#include <math.h>

static const double DEAD = 0.4; /* share of a layer's units */

static void judge(const dsc_case *c, descent_finding *out)
{
    const dsc_layer_facts *worst = NULL;

    /* an activation behind the last weights is the output: constant-output tells of that */
    for (size_t i = 0; i + 1 < c->layers; i++)
        if (c->layer[i].silent > DEAD && (!worst || c->layer[i].silent > worst->silent))
            worst = &c->layer[i];
    if (!worst || dsc_outcome_normed_away(c))
        return;
    const bool from_start = worst->silent_at_start > 0.5 * worst->silent;
    out->confidence = 0.5 + 0.4 * dsc_sure(worst->silent, DEAD, 0.9);
    if (c->gave_up) /* long steps kill them as well, which another finding tells of */
        out->confidence = fmin(out->confidence, 0.5);
    /* a network with more units than it needs may lose some; those dead from the start never were
     * of any use */
    const bool lost = dsc_outcome_learned(c) && !(worst->silent_at_start > DEAD);
    out->severity = lost ? DESCENT_NOTE : worst->silent > 0.99 ? DESCENT_FAILURE : DESCENT_WARNING;
    DSC_TELL(out->evidence,
             "%.0f %% of the units of '%s' are 0 for every example of the training part (%.0f %% "
             "before the first step); above %.0f %% a layer is crippled",
             100.0 * worst->silent, worst->name, 100.0 * worst->silent_at_start, 100.0 * DEAD);
    DSC_TELL(out->cause,
             from_start ? "they are dead from the start, by their first weights or by inputs far "
                          "from 0; a relu that is 0 gets no gradient"
                        : "long steps pushed their weights to where they are never above 0; a relu "
                          "that is 0 gets no gradient and stays there");
    if (from_start && dsc_remedy_init(c, out)) {
        DSC_TELL(out->remedy, "leave first weights and biases to the model, and take leaky_relu, "
                              "which lets a gradient through below 0");
    } else if (from_start || isnan(c->plan.lr)) {
        DSC_TELL(out->remedy, "take leaky_relu, which lets a gradient through below 0");
    } else {
        DSC_TELL(out->remedy,
                 "lower the learning rate from %.3g to %.3g, and take leaky_relu, which lets a "
                 "gradient through below 0",
                 c->plan.lr, c->plan.lr / 10.0);
        dsc_remedy_optimizer(c, out, "lr", c->plan.lr / 10.0);
    }
    dsc_remedy_model(c, out, "relu", "leaky_relu");
}

const dsc_finding dsc_finding_dead_units = {
    .info = {.name = "dead-units",
             .summary = "relu units are 0 for every example and get no gradient any more",
             .formula = "more than 40 % of a layer's units (of pictures: channels) are 0 for all "
                        "of up to 256 examples of the training part",
             .advice = "a lower lr, leaky_relu or gelu, He's first weights, a norm layer",
             .reference = "Maas, Hannun & Ng 2013; Lu et al. 2020, arXiv:1903.06733"},
    .origin = DSC_IN_START,
    .when = DSC_AFTER,
    .explains = "constant-output underfitting frozen-parameters vanishing-gradients "
                "saddle-or-plateau learning-rate-too-low class-imbalance ill-conditioned "
                "decay-too-strong",
    .judge = judge,
};
