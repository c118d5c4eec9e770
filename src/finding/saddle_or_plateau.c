/* saddle_or_plateau.c - the loss stands still where there is no minimum. */
#include "finding/outcome.h"
#include "finding/steps.h"

#include <math.h>
#include <string.h>

static const double LIKELY = 0.25;

static void prescribe(const dsc_case *c, descent_finding *out)
{
    if (strstr(c->plan.model, "sigmoid")) {
        DSC_TELL(out->remedy, "take relu in the place of sigmoid, whose slope is 1/4 at most");
        dsc_remedy_model(c, out, "sigmoid", "relu");
        if (c->plan.adaptive)
            return;
    }
    if (!c->plan.adaptive) {
        if (!out->remedy[0])
            DSC_TELL(out->remedy, "take a rule that divides by the size of the gradient: adam");
        dsc_remedy_flag(out, "--optimizer", "adam lr=0.003");
        return;
    }
    const double higher = dsc_steps_round(3.0 * c->plan.lr);
    DSC_TELL(out->remedy, "raise the learning rate from %.3g to %.3g", c->plan.lr, higher);
    dsc_remedy_optimizer(c, out, "lr", higher);
}

/* Less than 1 where there is nothing to learn from the examples, or too little to learn it with. */
static double learnable(const dsc_case *c)
{
    const dsc_audit *a = &c->data;
    double sure = c->plan.deep == 1 ? 0.3 : 1.0; /* such a loss has one valley */

    if (a->neighbours_asked > 0 && a->majority > 0.0)
        sure *= dsc_sure(a->neighbours_right / a->majority, 1.0, 1.5);
    if (a->done && 2 * a->constant >= a->features)
        sure *= 0.3;
    return sure;
}

static void judge_walk(const dsc_case *c, descent_finding *out)
{
    const dsc_walk *w = &c->walk;
    const bool ridge = !w->diverged && w->lower_beside > 0.0;
    const bool passed = !w->converged && !w->diverged && w->g_least < 0.05 * w->g_first &&
                        (w->g_last > 3.0 * w->g_least || w->g_last < 0.05 * w->g_first) &&
                        w->along < 0.0;
    const bool flat = !w->converged && !w->diverged && w->g_most < 1e-2 && w->along <= 0.0 &&
                      fabs(w->f_last - w->f_first) < 0.05 * fmax(fabs(w->f_first), 1e-3);

    if (!ridge && !passed && !flat)
        return;
    out->confidence = ridge ? 0.95 : 0.85;
    if (ridge)
        DSC_TELL(out->evidence,
                 "|g| is %.3g where the walk ended, but a little aside f is lower, by %.3g: that "
                 "is no minimum",
                 w->g_last, w->lower_beside);
    else
        DSC_TELL(out->evidence,
                 "|g| began at %.3g, was %.3g on the way and %.3g in the end, while the function "
                 "curves down along the steps, by %.3g",
                 w->g_first, w->g_least, w->g_last, w->along);
    DSC_TELL(out->cause, "a saddle or a plateau: the slope is almost zero there, though it is no "
                         "minimum, and steps are as short as the slope is");
    if (ridge) {
        DSC_TELL(out->remedy, "start a little beside the ridge: another --from");
        return;
    }
    DSC_TELL(out->remedy, "take a rule whose steps do not shrink with the slope: adam");
    dsc_remedy_flag(out, "--optimizer", "adam lr=0.1");
}

static void judge(const dsc_case *c, descent_finding *out)
{
    if (c->plan.minimizes) {
        judge_walk(c, out);
        return;
    }
    double level = (double)NAN;
    const double first = dsc_steps_first(c), flat = dsc_steps_standstill(c, &level);
    const double last = dsc_steps_loss(c, 0.95, 1.0);
    /* many a network stays for a while with how often each character is, and goes on */
    const double stays = c->plan.text ? dsc_sure(flat, 0.4, 0.7) : dsc_sure(flat, 0.2, 0.45);
    /* nothing threw it there, and it moves */
    const double quiet = (1.0 - dsc_sure_log(dsc_steps_peak(c, 0.0, 0.5, NULL) / first, 1.3, 2.0)) *
                         (1.0 - dsc_steps_dead(c));
    const double moves = dsc_sure_log(dsc_steps_first_update(c, c->plan.momentum), 0.0003, 0.002);
    const double most = 0.65 + 0.15 * dsc_sure(flat, 0.8, 1.0); /* it never came away */
    const double sure = most * stays * quiet * moves * learnable(c);

    if (c->step_losses < 20 || !(sure > LIKELY) || !(c->plan.lr > 0.0))
        return;
    out->confidence = sure;
    if (last > 0.9 * level)
        out->severity = DESCENT_FAILURE;
    else if (dsc_outcome_learned(c)) /* it came away, and made up for it */
        out->severity = DESCENT_NOTE;
    DSC_TELL(out->evidence,
             "over %.0f %% of the steps the loss stood at %.4g, where guessing has %.4g, and ended "
             "at %.4g; the steps were long enough, and the mean of the gradients next to nothing",
             100.0 * flat, level, dsc_steps_guessing(c), last);
    DSC_TELL(out->cause, "a saddle or a plateau: the slope is almost zero there in all directions "
                         "that the steps see, though it is no minimum");
    prescribe(c, out);
}

const dsc_finding dsc_finding_saddle_or_plateau = {
    .info = {.name = "saddle-or-plateau",
             .summary = "the loss stands still for a long time at a height that is no minimum",
             .formula =
                 "over a fifth of the steps and more (of a text two fifths) the loss changes by "
                 "less than 2 % of the first, above 0.85 of what guessing gives (of a text "
                 "between 0.95 and 1.05)",
             .advice = "an adaptive rule or momentum; relu in the place of sigmoid; other initial "
                       "weights",
             .reference = "Dauphin et al. 2014, arXiv:1406.2572"},
    .origin = DSC_IN_STEPS,
    .when = DSC_DURING | DSC_AFTER | DSC_ON_WALK,
    .explains = "constant-output underfitting ill-conditioned learning-rate-too-low",
    .judge = judge,
};
