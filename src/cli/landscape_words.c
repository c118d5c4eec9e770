/* landscape_words.c - what a landscape's numbers mean, one sentence each. */
#include "landscape.h"

#include <math.h>
#include <stdarg.h>

/* Gradient descent with momentum b on a bowl of curvature c goes downhill while lr < 2 (1 + b) / c
 * (Polyak 1964). */
double cli_landscape_limit(const cli_landscape *l, double lr)
{
    return l->is_sgd && lr > 0.0 ? 2.0 * (1.0 + l->momentum) / lr : (double)NAN;
}

static void say(json_t *list, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void say(json_t *list, const char *fmt, ...)
{
    char text[400];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    json_array_append_new(list, json_string(text));
}

static void say_map(json_t *list, const cli_landscape *l)
{
    const descent_landscape_map *m = &l->map;

    if (m->n_path == 0) {
        say(list,
            "The loss is %.4g at the model; the map reaches %.3g of the weights' own length "
            "along two random directions.",
            m->centre, m->x[m->side - 1]);
        return;
    }
    say(list,
        "The plane of the map holds %.1f %% of the path's squared distances from the model: "
        "%.1f %% along the first direction, %.1f %% along the second.",
        100 * (m->explained[0] + m->explained[1]), 100 * m->explained[0], 100 * m->explained[1]);
    say(list, "Losses of the path are those of the snapshots themselves, which lie beside the "
              "plane.");
}

static void say_line(json_t *list, const cli_landscape *l)
{
    const descent_landscape_line *line = &l->line;

    say(list, "The models are %.4g apart; the loss is %.4g in '%s' and %.4g in '%s'.",
        line->distance, line->loss[0], l->run, line->loss[line->n - 1], l->other);
    if (line->interrupted)
        return;
    if (line->barrier > 0.0)
        say(list,
            "Between them it rises by %.4g over the straight line between those (at t = "
            "%.3g): that is the barrier.",
            line->barrier, line->barrier_at);
    else
        say(list, "Between them there is no barrier: the loss stays below the straight line "
                  "between those.");
}

static void say_sharpness(json_t *list, const cli_landscape *l)
{
    const double sharpness = l->spectrum.largest[0].value;
    const double limit = cli_landscape_limit(l, l->lr);

    if (!l->spectrum.converged)
        say(list,
            "The search for eigenvalues ended after %zu products; +- says how far they may "
            "be off.",
            l->spectrum.products);
    if (!l->is_sgd)
        say(list,
            "The sharpness is %.5g. The optimizer scales its steps, so that it is no limit "
            "for lr.",
            sharpness);
    else if (isfinite(limit))
        say(list,
            "The sharpness is %.5g; with lr=%.4g%s steps go downhill up to %.5g, so that lr is %s.",
            sharpness, l->lr, l->momentum > 0.0 ? " and its momentum" : "", limit,
            sharpness < limit ? "not too high here"
                              : "too high here: steps this long would leave again");
    if (l->spectrum.smallest[0].value < -l->spectrum.smallest[0].error - 1e-3 * sharpness)
        say(list,
            "Along some directions the loss still bends downwards (%.4g): it is not quite a "
            "minimum, which is usual.",
            l->spectrum.smallest[0].value);
    if (l->spectrum.product_error > 1e-3)
        say(list,
            "Kinks of the loss, as of relu, make the Hessian jump: products with it are only "
            "good to %.1g of their length.",
            l->spectrum.product_error);
}

json_t *cli_landscape_sentences(const cli_landscape *l)
{
    json_t *list = json_array();
    char count[32];

    say(list, "Mean loss over %s examples of the training part of %s.",
        descent_count_text(descent_landscape_examples(l->land), count),
        descent_dataset_name(descent_landscape_data(l->land)));
    if (l->has_map)
        say_map(list, l);
    if (l->has_line)
        say_line(list, l);
    if (l->has_spectrum)
        say_sharpness(list, l);
    if (l->interrupted)
        say(list, "Interrupted: this is what was measured until then.");
    return list;
}
