/* check_look.c - data, start, gradient, signals and decay: a training is built, looked at, and
 * takes one step. */
#include "study/check.h"

#include "base/memory.h"
#include "train/diagnose.h"

#include <math.h>
#include <stdio.h>
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

/* What findings say of data, plan and start; gradient-bug has a line of its own. */
static void say_data(descent_check *check, const dsc_fit *fit)
{
    const dsc_case *c = &fit->diagnosis->c;
    const size_t before = check->n_lines;

    for (const descent_finding *f = check->finding; f->name; f++) {
        if (strcmp(f->name, "gradient-bug") == 0)
            continue;
        descent_check_line *line =
            dsc_check_say(check, "data", verdict_of(f->severity), "%s: %s", f->name, f->evidence);
        DSC_TELL(line->flags, "%s", f->flags);
    }
    if (check->n_lines > before)
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

static void say_start(descent_check *check, const dsc_case *c)
{
    /* times chance; the square of what He's first weights put out is some times that of targets */
    static const double high = 3.0, high_squared = 30.0, low = 0.5;
    const double loss = c->start.loss, chance = chance_of(c);
    const double most = strcmp(c->plan.loss_name, "mse") == 0 ? high_squared : high;

    check->start_loss = loss;
    check->chance = chance;
    if (!isfinite(loss))
        dsc_check_say(check, "start", DESCENT_FAIL,
                      "the loss of the untrained network is not finite; the first batch's should "
                      "be near to chance");
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
    else if (loss < low * chance)
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

/* --- signals ---------------------------------------------------------------------------------- */

static descent_status keep_layers(descent_check *check, const dsc_case *c, descent_error *err)
{
    if (!c->start_layer || c->layers == 0)
        return DESCENT_OK;
    check->layer = dsc_alloc(c->layers, sizeof *check->layer);
    check->layer_name = dsc_alloc(c->layers, sizeof *check->layer_name);
    if (!check->layer || !check->layer_name)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu layers", c->layers);
    check->n_layers = c->layers;
    for (size_t i = 0; i < c->layers; i++) {
        const dsc_layer_moment *m = &c->start_layer[i];
        const double weights = (double)c->layer[i].weights;
        snprintf(check->layer_name[i], sizeof *check->layer_name, "%s", c->layer[i].name);
        check->layer[i] = (descent_check_layer){
            .name = check->layer_name[i],
            .mean = m->activation_mean,
            .deviation = m->activation_deviation,
            .dead = m->dead_units,
            .saturated = m->saturation,
            .grad_norm = m->grad_norm,
            .grad_rms = weights > 0 ? m->grad_norm / sqrt(weights) : (double)NAN};
    }
    return DESCENT_OK;
}

/* Layers whose share of dead or saturated units, or deviation, is beyond all use. */
static void say_signals(descent_check *check, const dsc_case *c)
{
    static const double many = 0.9, tiny = 1e-4, huge = 100.0, apart = 1e4;
    const char *dead = NULL, *flat = NULL, *silent = NULL;
    double least = (double)INFINITY, largest = 0.0;
    size_t with_weights = 0;

    for (size_t i = 0; i < check->n_layers; i++) {
        const descent_check_layer *l = &check->layer[i];
        if (l->dead > many || l->saturated > many)
            dead = l->name;
        if (l->deviation < tiny || l->deviation > huge)
            flat = l->name;
        if (c->layer[i].weights == 0 || c->layer[i].frozen || isnan(l->grad_rms))
            continue;
        with_weights++;
        least = fmin(least, l->grad_rms);
        largest = fmax(largest, l->grad_rms);
        if (!(l->grad_rms > 0.0))
            silent = l->name;
    }
    if (check->n_layers == 0)
        dsc_check_say(check, "signals", DESCENT_SKIP,
                      "a network of this size is not measured layer by layer");
    else if (silent)
        dsc_check_say(check, "signals", DESCENT_FAIL,
                      "the gradient of layer '%s' is 0 on the first batch: it cannot learn",
                      silent);
    else if (dead)
        dsc_check_say(check, "signals", DESCENT_WARN,
                      "above %.0f %% of layer '%s' are dead or saturated before the first step; "
                      "see the table",
                      100 * many, dead);
    else if (flat)
        dsc_check_say(check, "signals", DESCENT_WARN,
                      "the outputs of layer '%s' have a deviation outside %g to %g; with good "
                      "first weights and scaled inputs it is near 1",
                      flat, tiny, huge);
    else if (with_weights > 1 && largest > apart * least)
        dsc_check_say(check, "signals", DESCENT_WARN,
                      "the gradients of the layers are %.1g times apart for each weight, above %g: "
                      "they vanish or explode on their way",
                      largest / least, apart);
    else
        dsc_check_say(check, "signals", DESCENT_PASS,
                      "activations and gradients of %zu layers are in range", check->n_layers);
}

/* --- decay ------------------------------------------------------------------------------------ */

/* Biases, gains of norms and such: lists of numbers that decay only makes worse. */
static bool wants_no_decay(const descent_segment *s)
{
    return s->rank < 2;
}

static void say_decay(descent_check *check, const dsc_fit *fit)
{
    size_t decayed = 0, wrongly = 0, frozen = 0;
    const descent_model *model = fit->model;
    const char *first = NULL;

    for (size_t i = 0; i < model->n_segments; i++) {
        descent_treatment t;
        if (!descent_optimizer_treatment(fit->optimizer, i, &t))
            continue;
        frozen += t.frozen != 0;
        if (t.frozen || !(t.weight_decay > 0.0))
            continue;
        decayed++;
        if (wants_no_decay(&model->segment[i])) {
            wrongly++;
            first = first ? first : model->segment[i].name;
        }
    }
    if (wrongly > 0)
        dsc_check_say(check, "decay", DESCENT_WARN,
                      "weight decay pulls %zu biases or gains of norms to 0, '%s' first; it should "
                      "act on matrices and filters only: leave decay_all out",
                      wrongly, first);
    else
        dsc_check_say(check, "decay", DESCENT_PASS,
                      "of %zu segments of the weights %zu decay, matrices and filters only, and "
                      "%zu are frozen",
                      model->n_segments, decayed, frozen);
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
    DSC_TRY(keep_layers(check, &fit->diagnosis->c, err));
    say_signals(check, &fit->diagnosis->c);
    say_decay(check, fit);
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
