/* decay_on_norm_or_bias.c - weight decay acts where it only does harm. */
#include "finding/outcome.h"

#include <math.h>
#include <string.h>

static void judge(const dsc_case *c, descent_finding *out)
{
    const int norms = c->plan.decayed_norms, biases = c->plan.decayed_biases;
    const double decay = c->plan.weight_decay;

    if (norms + biases == 0)
        return;
    out->confidence = norms > 0 ? 0.8 : 0.65;
    DSC_TELL(out->evidence,
             "weight_decay%s also pulls %d gains and shifts of norms and %d biases to zero; it "
             "should act on matrices and filters alone",
             decay > 0.0 ? "" : " of a group", norms, biases);
    DSC_TELL(out->cause, "%s",
             c->plan.decay_all ? "decay_all takes away the mask that keeps decay off norms and "
                                 "biases"
                               : "a group gives norms or biases a weight_decay of their own");
    if (c->plan.decay_all) {
        DSC_TELL(out->remedy, "leave decay_all out");
        dsc_remedy_without(c, out, "decay_all");
    } else {
        const char *role = norms > 0 ? "norm_*" : "bias";
        DSC_TELL(out->remedy, "no decay for them: role=%s weight_decay=0",
                 biases > 0 ? "bias" : role);
        dsc_remedy_flag(out, "--group", "role=%s weight_decay=0",
                        biases > 0 ? "bias" : "norm_gain");
    }
}

const dsc_finding dsc_finding_decay_on_norm_or_bias = {
    .info = {.name = "decay-on-norm-or-bias",
             .summary = "weight decay acts on gains of norms or on biases",
             .formula = "a segment whose role is norm_gain, norm_bias or bias has a weight_decay "
                        "above 0",
             .advice =
                 "leave decay_all out: what has one dimension needs no decay, and a gain near "
                 "0 silences its layer",
             .reference = "Goyal et al. 2017, arXiv:1706.02677, section 5.1"},
    .origin = DSC_IN_PLAN,
    .when = DSC_BEFORE | DSC_AFTER,
    .judge = judge,
};
