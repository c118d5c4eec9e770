/* data_bound.c - making batches takes a large part of the time. */
#include "finding/finding.h"

static const double SHARE = 0.2, HARMFUL = 0.36;

static void judge(const dsc_case *c, descent_finding *out)
{
    if (!(c->wait_share > SHARE))
        return;
    out->confidence = 0.6 + 0.35 * dsc_sure(c->wait_share, SHARE, 2.0 * HARMFUL);
    out->severity = c->plan.augments && c->wait_share > HARMFUL ? DESCENT_WARNING : DESCENT_NOTE;
    DSC_TELL(out->evidence,
             "making batches takes %.3g %% of the time of a step; it should be below %g %%",
             100.0 * c->wait_share, 100.0 * SHARE);
    if (c->plan.augments) {
        DSC_TELL(out->cause, "changing the pictures costs as much as learning from them: the "
                             "network is small for it");
        DSC_TELL(out->remedy, "leave the augmentation out, or give it a network that gains by it");
        dsc_remedy_flag(out, "--augment", "none");
        return;
    }
    DSC_TELL(out->cause, "the network is so small that fetching and scaling its examples takes as "
                         "long as learning from them");
    DSC_TELL(out->remedy, "nothing has to change; a larger network would take little longer");
}

const dsc_finding dsc_finding_data_bound = {
    .info = {.name = "data-bound",
             .summary = "making batches takes a large part of the time",
             .formula = "above 20 % of the time of a step; a warning above 36 % with augmentation",
             .advice = "no augmentation, or a larger network",
             .reference = "Mohan et al. 2021, arXiv:2007.06775"},
    .origin = DSC_IN_PLAN,
    .when = DSC_AFTER,
    .reads_clock = true,
    .judge = judge,
};
