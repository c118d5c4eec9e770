/* lr_page.c - a search for the learning rate as one JSON object, with pictures for a page. */
#include "command.h"
#include "picture.h"

#include <math.h>

static json_t *curve_json(const descent_lr_curve *c)
{
    json_t *lr = json_array(), *loss = json_array(), *smoothed = json_array();

    for (size_t i = 0; i < c->n; i++) {
        json_array_append_new(lr, cli_number(c->point[i].lr));
        json_array_append_new(loss, cli_number(c->point[i].loss));
        json_array_append_new(smoothed, cli_number(c->point[i].smoothed));
    }
    return json_pack("{s:I, s:o, s:o, s:o, s:b, s:o, s:o, s:o}", "seed", (json_int_t)c->seed,
                     "steepest", cli_number(c->steepest), "lowest", cli_number(c->lowest),
                     "divergence", cli_number(c->divergence), "diverged", c->diverged, "lr", lr,
                     "loss", loss, "smoothed", smoothed);
}

/* A line across the picture at the suggestion. */
static json_t *mark(double lr, double low, double high)
{
    json_t *trace = cli_picture_curve("suggestion", 6, "lines", json_pack("[f, f]", lr, lr),
                                      json_pack("[f, f]", low, high));

    json_object_set_new(json_object_get(trace, "line"), "dash", json_string("dot"));
    return trace;
}

static json_t *range_picture(const descent_lr_search *search, const json_t *curves)
{
    json_t *traces = json_array();
    double low = (double)INFINITY, high = 0;
    char name[40];

    for (size_t i = 0; i < json_array_size(curves); i++) {
        const json_t *c = json_array_get(curves, i);
        const json_t *y = json_object_get(c, "smoothed");
        for (size_t k = 0; k < json_array_size(y); k++) {
            const double loss = json_number_value(json_array_get(y, k));
            low = loss > 0 && loss < low ? loss : low;
            high = loss > high ? loss : high;
        }
        snprintf(name, sizeof name, "seed %lld",
                 (long long)json_integer_value(json_object_get(c, "seed")));
        json_array_append_new(traces, cli_picture_curve(name, i, "lines",
                                                        json_deep_copy(json_object_get(c, "lr")),
                                                        json_deep_copy(y)));
    }
    if (low < high)
        json_array_append_new(traces, mark(descent_lr_suggest(search).lr, low, high));
    return cli_picture("Loss over the learning rate",
                       "One step at every rate, from small to large; smoothed.", traces,
                       "learning rate", true, "training loss", true);
}

static json_t *probes_picture(const descent_lr_search *search)
{
    json_t *lr = json_array(), *loss = json_array(), *traces = json_array();

    for (size_t i = 0; i < descent_lr_probes(search); i++) {
        const descent_lr_probe p = descent_lr_probe_at(search, i);
        json_array_append_new(lr, cli_number(p.lr));
        json_array_append_new(loss, cli_number(p.loss));
    }
    json_array_append_new(traces,
                          cli_picture_curve("short training", 0, "lines+markers", lr, loss));
    return cli_picture("Short trainings",
                       "The last training loss of each; without one it diverged.", traces,
                       "learning rate", true, "training loss", true);
}

static json_t *table(const descent_lr_suggestion *s)
{
    return json_pack("{s:s, s:[s, s], s:[[s, o], [s, o], [s, o], [s, o], [s, o], [s, o]]}", "title",
                     "Learning rates", "columns", "what", "lr", "rows", "suggestion",
                     cli_number(s->lr), "lowest over the seeds", cli_number(s->low),
                     "highest over the seeds", cli_number(s->high), "where the loss falls fastest",
                     cli_number(s->steepest), "where it is lowest", cli_number(s->lowest),
                     "a tenth of where it diverges", cli_number(s->tenth));
}

json_t *cli_lr_json(const descent_lr_search *search, const char *data)
{
    const descent_lr_suggestion all = descent_lr_suggest(search);
    const char *optimizer = descent_lr_optimizer(search);
    json_t *curves = json_array(), *probes = json_array(), *pictures = json_array();
    char sentence[256];

    for (size_t i = 0; i < descent_lr_probes(search); i++) {
        const descent_lr_probe p = descent_lr_probe_at(search, i);
        json_array_append_new(
            probes, json_pack("{s:o, s:o}", "lr", cli_number(p.lr), "loss", cli_number(p.loss)));
    }
    for (size_t i = 0; i < descent_lr_curves(search); i++) {
        const descent_lr_curve curve = descent_lr_curve_at(search, i);
        json_array_append_new(curves, curve_json(&curve));
    }
    json_array_append_new(pictures, range_picture(search, curves));
    if (json_array_size(probes) > 0)
        json_array_append_new(pictures, probes_picture(search));
    snprintf(sentence, sizeof sentence, "Train with --optimizer \"%s\".", optimizer);
    json_t *object = json_pack(
        "{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "kind", "find-lr", "data", data,
        "optimizer", optimizer, "lr", cli_number(all.lr), "low", cli_number(all.low), "high",
        cli_number(all.high), "steepest", cli_number(all.steepest), "tenth", cli_number(all.tenth),
        "lowest", cli_number(all.lowest), "probes", probes, "curves", curves);
    json_object_set_new(object, "title", json_sprintf("Learning rate for %s", data));
    json_object_set_new(object, "text", json_pack("[s]", sentence));
    json_object_set_new(object, "pictures", pictures);
    json_object_set_new(object, "tables", json_pack("[o]", table(&all)));
    return object;
}
