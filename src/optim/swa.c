/* swa.c - stochastic weight averaging: from some step on, the plain mean of the weights.
 *
 *     average <- average + (w - average) / k      for the k-th of every `every` steps from `start`
 */
#include "optim/average_rule.h"

enum { START, EVERY, N_PARAMS };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [START] = {"start", 0, 0, 1e15, "steps before averaging begins", DESCENT_INTEGER, NULL},
    [EVERY] = {"every", 1, 1, 1e9,  "steps from one that counts to the next", DESCENT_INTEGER, NULL},
};
/* clang-format on */

/* The average's share of w at this step: 1 before it begins, so that it is w itself. */
static void begin(dsc_step *s)
{
    const double past = (double)s->count - s->param[START];
    const double k = floor(past / s->param[EVERY]);

    s->scalar[SHARE] = 1.0;
    if (past >= s->param[EVERY])
        s->scalar[SHARE] = past == k * s->param[EVERY] ? 1.0 / k : 0.0;
}

const dsc_wrapper DSC_R(dsc_wrapper_swa) = {
    .info = {.name = "swa",
             .summary = "around another: evaluate and save the mean of the later weights",
             .formula = "average <- average + (w - average) / k",
             .reference = "Izmailov et al. 2018, arXiv:1803.05407",
             .advice =
                 "finds the middle of a wide valley; begin at three quarters of the run, with "
                 "a constant or cyclic lr: swa (sgd lr=0.05 momentum=0.9) start=3000",
             .params = params,
             .n_params = N_PARAMS},
    .n_vectors = 1,
    .averages = true,
    .begin = begin,
    .after = dsc_average_after,
};
