/* check_signals.c - what the layers do with the first batch, and which weights decay. */
#include "study/check.h"

#include "base/memory.h"

#include <math.h>
#include <stdio.h>

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

/* Biases, gains of norms and such: lists of numbers that decay only makes worse. */
static bool wants_no_decay(const descent_segment *s)
{
    return s->rank < 2;
}

void dsc_check_decay(descent_check *check, const dsc_fit *fit)
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

descent_status dsc_check_signals(descent_check *check, const dsc_case *c, descent_error *err)
{
    DSC_TRY(keep_layers(check, c, err));
    say_signals(check, c);
    return DESCENT_OK;
}
