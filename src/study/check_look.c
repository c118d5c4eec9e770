/* check_look.c - data, start, gradient, signals and decay: a training is built, looked at, and
 * takes one step. */
#include "study/check.h"

#include "train/diagnose.h"

#include <math.h>
#include <string.h>

/* Of the relative error of a gradient: above the first it is surely wrong, above the second a kink
 * or rounding may have made it. The second is CS231n's for networks with kinks. */
static const double wrong = 1e-2, doubtful = 1e-4;
/* The same of kernels that count in fewer bits. */
static const double kernels_wrong = 1e-2, kernels_wrong_bf16 = 0.2;

static descent_mark verdict_of(descent_severity severity)
{
    return severity == DESCENT_FAILURE   ? DESCENT_FAIL
           : severity == DESCENT_WARNING ? DESCENT_WARN
                                         : DESCENT_PASS;
}

/* What a line about a finding is called: by where in a training the cause sits. */
static const char *place_of(const char *finding)
{
    static const char *const name[] = {[DSC_IN_DATA] = "data",
                                       [DSC_IN_PLAN] = "plan",
                                       [DSC_IN_START] = "start",
                                       [DSC_IN_STEPS] = "steps",
                                       [DSC_IN_RESULT] = "result"};
    size_t i = 0;

    while (dsc_finding_at(i) && strcmp(dsc_finding_at(i)->info.name, finding) != 0)
        i++;
    return dsc_finding_at(i) ? name[dsc_finding_at(i)->origin] : "data";
}

/* What findings say of data, plan and start; gradient-bug has a line of its own. */
static void say_data(descent_check *check, const dsc_fit *fit)
{
    const dsc_case *c = &fit->diagnosis->c;
    bool data_at_fault = false;

    for (const descent_finding *f = check->finding; f->name; f++) {
        if (strcmp(f->name, "gradient-bug") == 0)
            continue;
        descent_check_line *line = dsc_check_say(check, place_of(f->name), verdict_of(f->severity),
                                                 "%s: %s", f->name, f->evidence);
        DSC_TELL(line->flags, "%s", f->flags);
        data_at_fault = data_at_fault || strcmp(line->name, "data") == 0;
    }
    if (data_at_fault)
        return;
    if (c->data.done)
        dsc_check_say(check, "data", DESCENT_PASS,
                      "%zu of %zu training examples were looked at: scales, constants, classes, "
                      "doubles and labels are in order",
                      c->data.looked_at, c->plan.train);
    else
        dsc_check_say(check, "data", DESCENT_PASS, "%zu training and %zu test examples were read",
                      c->plan.train, c->plan.test);
}

/* The loss of a network that says the same of every example: the entropy of the labels, the
 * variance of the targets. NaN: this loss has no such value. */
static double chance_of(const dsc_case *c)
{
    const bool entropy = strcmp(c->plan.loss_name, "cross_entropy") == 0;
    const bool variance = strcmp(c->plan.loss_name, "mse") == 0;
    const bool plain = strchr(c->plan.loss, ' ') == NULL;

    if (!plain || (!entropy && !variance))
        return (double)NAN;
    if (c->data.done && c->data.chance_loss > 0.0 && entropy)
        return c->data.chance_loss;
    return entropy ? log((double)c->plan.outputs) : c->plan.standardizes ? 1.0 : (double)NAN;
}

/* A finding about the first weights has said so already. */
static bool start_is_at_fault(const descent_check *check)
{
    for (size_t i = 0; i < check->n_lines; i++)
        if (strcmp(check->line[i].name, "start") == 0)
            return true;
    return false;
}

static void say_start(descent_check *check, const dsc_case *c)
{
    /* times chance; the square of what He's first weights put out is some times that of targets */
    static const double high = 3.0, high_squared = 30.0, low = 0.5;
    const double loss = c->start.loss, chance = chance_of(c);
    const double most = strcmp(c->plan.loss_name, "mse") == 0 ? high_squared : high;

    if (!isfinite(loss))
        dsc_check_say(check, "start", DESCENT_FAIL,
                      "the loss of the untrained network is not finite; the first batch's should "
                      "be near to chance");
    else if (start_is_at_fault(check))
        return;
    else if (isnan(chance))
        dsc_check_say(check, "start", DESCENT_PASS,
                      "the loss of the untrained network is %.4g; what chance would have is not "
                      "known of the loss %s",
                      loss, c->plan.loss);
    else if (loss > most * chance)
        dsc_check_say(check, "start", DESCENT_WARN,
                      "the loss of the untrained network is %.4g, %.3g times that of chance "
                      "(%.4g); it should be near to it: the first weights of the last layer, or "
                      "the inputs, are too large",
                      loss, loss / chance, chance);
    else if (loss < low * chance && c->plan.classifies)
        dsc_check_say(check, "start", DESCENT_WARN,
                      "the loss of the untrained network is %.4g, and chance has %.4g: nothing can "
                      "be known yet; does an input hold the label?",
                      loss, chance);
    else
        dsc_check_say(check, "start", DESCENT_PASS,
                      "the loss of the untrained network is %.4g, chance has %.4g", loss, chance);
}

static void say_gradient(descent_check *check, const dsc_fit *fit, double kernels)
{
    const dsc_start *start = &fit->diagnosis->c.start;
    const double most = fit->settings->bf16 ? kernels_wrong_bf16 : kernels_wrong;
    const double error = start->gradient_error;

    if (!(error <= wrong))
        dsc_check_say(check, "gradient", DESCENT_FAIL,
                      "the gradient of layer '%s' differs from finite differences by %.2g of its "
                      "length, and should by less than %g: backward of an op is wrong",
                      start->gradient_op, error, doubtful);
    else if (!(kernels <= most))
        dsc_check_say(check, "gradient", DESCENT_FAIL,
                      "the gradient of the kernels in use differs from that in double by %.2g of "
                      "its length, and should by less than %g; compare with --kernel ref",
                      kernels, most);
    else if (error > doubtful)
        dsc_check_say(check, "gradient", DESCENT_WARN,
                      "the gradient of layer '%s' differs from finite differences by %.2g of its "
                      "length, above %g; a kink of an activation can do that, a wrong op too",
                      start->gradient_op, error, doubtful);
    else
        dsc_check_say(check, "gradient", DESCENT_PASS,
                      "the gradient agrees with finite differences in double but for %.1g of its "
                      "length, and the kernels in use with both but for %.1g",
                      error, kernels);
}

/* --- the training ----------------------------------------------------------------------------- */

static int stop_at_once(const descent_train_progress *now, void *user)
{
    (void)now;
    (void)user;
    return 1;
}

static descent_status look(dsc_fit *fit, void *user, descent_error *err)
{
    descent_check *check = user;
    const descent_check_options *o = &check->options;
    descent_train_result result;
    double kernels;

    if (o->on_start)
        o->on_start(fit->recipe, fit->data, fit->model, fit->optimizer, o->user);
    check->lr = descent_optimizer_get(fit->optimizer, "lr");
    if (dsc_check_tell(check, DSC_CHECK_LOOK, 0.2))
        return DESCENT_OK;
    DSC_TRY(dsc_diagnosis_gradient(fit, &kernels, err));
    if (dsc_check_tell(check, DSC_CHECK_LOOK, 0.8))
        return DESCENT_OK;
    DSC_TRY(dsc_fit_run(fit, &result, err));
    dsc_findings_judge(&fit->diagnosis->c, DSC_BEFORE, check->finding);
    say_data(check, fit);
    say_start(check, &fit->diagnosis->c);
    say_gradient(check, fit, kernels);
    DSC_TRY(dsc_check_signals(check, &fit->diagnosis->c, err));
    dsc_check_decay(check, fit);
    return DESCENT_OK;
}

descent_status dsc_check_look(descent_check *check, descent_error *err)
{
    descent_train_options o = descent_train_defaults();

    o.threads = check->options.threads;
    o.kernels = check->options.kernels;
    o.on_progress = stop_at_once;
    return dsc_train_prepared(check->ground.recipe, check->ground.data, &o, look, check, err);
}
