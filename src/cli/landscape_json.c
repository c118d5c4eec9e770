/* landscape_json.c - the object of descent landscape --json: numbers, and pictures of them as
 * traces of plotly.js, which the page of a report draws as they are. */
#include "landscape.h"
#include "picture.h"

#include <math.h>

static json_t *numbers(const double *x, size_t n)
{
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, cli_number(x[i]));
    return list;
}

/* Rows of the map; by_log: logarithms to base 10 of losses, which show more around a minimum. */
static json_t *heights(const descent_landscape_map *m, bool by_log)
{
    json_t *rows = json_array();

    for (size_t j = 0; j < m->side; j++) {
        json_t *row = json_array();
        for (size_t i = 0; i < m->side; i++) {
            const double loss = m->loss[j * m->side + i];
            json_array_append_new(row, cli_number(by_log ? log10(loss) : loss));
        }
        json_array_append_new(rows, row);
    }
    return rows;
}

static bool all_positive(const descent_landscape_map *m)
{
    bool positive = m->centre > 0.0;

    for (size_t i = 0; i < m->side * m->side; i++)
        positive = positive && !(m->loss[i] <= 0.0);
    return positive;
}

static json_t *map_trace(const descent_landscape_map *m, const char *type, bool by_log)
{
    json_t *trace = json_pack("{s:s, s:o, s:o, s:o, s:s, s:s, s:{s:{s:s}}}", "type", type, "x",
                              numbers(m->x, m->side), "y", numbers(m->y, m->side), "z",
                              heights(m, by_log), "name", "loss", "colorscale", "Viridis",
                              "colorbar", "title", "text", by_log ? "log10 loss" : "loss");

    json_object_set_new(trace, "hovertemplate",
                        json_string("%{x:.4g}, %{y:.4g}: %{z:.4g}<extra></extra>"));
    return trace;
}

/* The way of the training, over the map or (`surface`) at its own height. */
static json_t *path_trace(const descent_landscape_map *m, bool surface, bool by_log)
{
    json_t *losses = numbers(m->path_loss, m->n_path);
    json_t *trace = json_pack(
        "{s:s, s:s, s:s, s:o, s:o, s:O, s:{s:s}}", "type", surface ? "scatter3d" : "scatter",
        "mode", "lines+markers", "name", "path", "x", numbers(m->path_x, m->n_path), "y",
        numbers(m->path_y, m->n_path), "text", losses, "line", "color", "#ff7f0e");

    if (surface) /* spheres in a room are drawn far larger than dots on a sheet */
        json_object_set_new(trace, "marker", json_pack("{s:i}", "size", 3));
    if (surface && by_log) {
        json_t *z = json_array();
        for (size_t i = 0; i < m->n_path; i++)
            json_array_append_new(z, cli_number(log10(m->path_loss[i])));
        json_object_set_new(trace, "z", z);
    } else if (surface) {
        json_object_set(trace, "z", losses);
    }
    json_decref(losses);
    return trace;
}

static json_t *model_trace(void)
{
    return json_pack("{s:s, s:s, s:s, s:[i], s:[i], s:{s:s, s:i, s:s}}", "type", "scatter", "mode",
                     "markers", "name", "model", "x", 0, "y", 0, "marker", "symbol", "x", "size",
                     11, "color", "#d62728");
}

static void add_map(json_t *pictures, const cli_landscape *l)
{
    const descent_landscape_map *m = &l->map;
    const bool by_log = all_positive(m);
    const char *x = m->n_path > 0 ? "first principal component" : "first direction";
    const char *y = m->n_path > 0 ? "second principal component" : "second direction";
    json_t *flat = json_array(), *high = json_array();

    json_array_append_new(flat, map_trace(m, "contour", by_log));
    json_array_append_new(high, map_trace(m, "surface", by_log));
    if (m->n_path > 0) {
        json_array_append_new(flat, path_trace(m, false, by_log));
        json_array_append_new(high, path_trace(m, true, by_log));
    }
    json_array_append_new(flat, model_trace());
    json_array_append_new(
        pictures, cli_picture("Loss map", "The model stands at 0, 0.", flat, x, false, y, false));
    json_array_append_new(
        pictures,
        cli_picture_of("Loss surface", "The same numbers as a surface; drag to turn it.", high,
                       json_pack("{s:{s:{s:{s:s}}, s:{s:{s:s}}, s:{s:{s:s}}}}", "scene", "xaxis",
                                 "title", "text", x, "yaxis", "title", "text", y, "zaxis", "title",
                                 "text", by_log ? "log10 loss" : "loss")));
}

/* One curve of losses. */
static void add_curve(json_t *pictures, const char *title, const char *note, json_t *x, json_t *y,
                      const char *x_name, bool log_y)
{
    json_t *curve = cli_picture_curve("loss", 0, "lines+markers", x, y);

    json_array_append_new(
        pictures, cli_picture(title, note, json_pack("[o]", curve), x_name, false, "loss", log_y));
}

static void add_path(json_t *pictures, const cli_landscape *l)
{
    const size_t n = descent_landscape_snapshots(l->land);
    json_t *steps = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(steps, json_integer(descent_landscape_snapshot(l->land, i)->step));
    add_curve(pictures, "Loss along the path", "Of the snapshots themselves.", steps,
              numbers(l->map.path_loss, n), "step", true);
}

static void add_line(json_t *pictures, const cli_landscape *l)
{
    add_curve(pictures, "Loss between the two models", "t = 0 is the run, t = 1 the other one.",
              numbers(l->line.t, l->line.n), numbers(l->line.loss, l->line.n), "t", false);
}

static json_t *ends(const descent_eigenvalue *e, size_t n)
{
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_pack("{s:o, s:o}", "value", cli_number(e[i].value),
                                              "error", cli_number(e[i].error)));
    return list;
}

static void add_spectrum(json_t *object, const cli_landscape *l)
{
    const descent_spectrum *s = &l->spectrum;

    json_object_set_new(object, "sharpness", cli_number(s->largest[0].value));
    json_object_set_new(
        object, "eigenvalues",
        json_pack("{s:o, s:o, s:I, s:o, s:b}", "largest", ends(s->largest, s->count), "smallest",
                  ends(s->smallest, s->count), "products", (json_int_t)s->products, "product_error",
                  cli_number(s->product_error), "converged", s->converged));
}

static void add_run(json_t *pictures, json_t *object, const cli_landscape *l)
{
    const size_t n = descent_landscape_snapshots(l->land);
    json_t *steps = json_array(), *limits = json_array();

    for (size_t i = 0; i < n; i++) {
        const descent_snapshot *s = descent_landscape_snapshot(l->land, i);
        json_array_append_new(steps, json_integer(s->step));
        json_array_append_new(limits, cli_number(cli_landscape_limit(l, s->lr)));
    }
    json_object_set_new(object, "sharpness_over_run",
                        json_pack("{s:O, s:o, s:O}", "step", steps, "sharpness",
                                  numbers(l->sharpness, n), "limit", limits));
    json_t *traces =
        json_pack("[o]", cli_picture_curve("sharpness", 0, "lines+markers", json_incref(steps),
                                           numbers(l->sharpness, n)));
    if (l->is_sgd)
        json_array_append_new(traces, cli_picture_curve("limit for lr", 1, "lines",
                                                        json_incref(steps), json_incref(limits)));
    json_array_append_new(pictures, cli_picture("Sharpness over the run",
                                                "The largest eigenvalue of the Hessian.", traces,
                                                "step", false, "sharpness", true));
    json_decref(steps);
    json_decref(limits);
}

static json_t *spectrum_table(const descent_spectrum *s)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < s->count; i++)
        json_array_append_new(rows, json_pack("[o, o, o, o]", cli_number(s->largest[i].value),
                                              cli_number(s->largest[i].error),
                                              cli_number(s->smallest[i].value),
                                              cli_number(s->smallest[i].error)));
    return json_pack("[{s:s, s:[s, s, s, s], s:o}]", "title", "Eigenvalues of the Hessian",
                     "columns", "largest", "error", "smallest", "error", "rows", rows);
}

json_t *cli_landscape_json(const cli_landscape *l)
{
    json_t *pictures = json_array();
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:s, s:I, s:o, s:o, s:b, s:o}", "kind", "landscape", "title",
                  "Loss landscape", "run", l->run, "data",
                  descent_dataset_name(descent_landscape_data(l->land)), "examples",
                  (json_int_t)descent_landscape_examples(l->land), "lr", cli_number(l->lr), "limit",
                  cli_number(cli_landscape_limit(l, l->lr)), "interrupted", l->interrupted, "text",
                  cli_landscape_sentences(l));

    if (l->has_map) {
        json_object_set_new(object, "loss", cli_number(l->map.centre));
        json_object_set_new(object, "directions", json_string(l->directions));
        add_map(pictures, l);
    }
    if (l->has_map && l->map.n_path > 0) {
        json_object_set_new(object, "explained", numbers(l->map.explained, 2));
        add_path(pictures, l);
    }
    if (l->has_line) {
        json_object_set_new(object, "loss", cli_number(l->line.loss[0]));
        json_object_set_new(object, "to", json_string(l->other));
        json_object_set_new(object, "distance", cli_number(l->line.distance));
        json_object_set_new(object, "barrier", cli_number(l->line.barrier));
        json_object_set_new(object, "barrier_at", cli_number(l->line.barrier_at));
        add_line(pictures, l);
    }
    if (l->has_spectrum) {
        add_spectrum(object, l);
        json_object_set_new(object, "tables", spectrum_table(&l->spectrum));
    }
    if (l->sharpness)
        add_run(pictures, object, l);
    json_object_set_new(object, "pictures", pictures);
    return object;
}
