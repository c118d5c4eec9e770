/* walk_page.c - the page of `descent minimize`: every point of every run, and the ground. */
#include "walk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CURVE = 481, SIDE = 81 }; /* points of a curve, and along each side of a surface */

/* --- where to look ---------------------------------------------------------------------------- */

/* From the start and the best points of variable i, lowest to highest. */
static void find_ends(const cli_walks *walks, size_t i, double range[2])
{
    range[0] = range[1] = walks->start[i];
    for (size_t r = 0; r < walks->n_walks; r++) {
        range[0] = fmin(range[0], walks->walk[r].best[i]);
        range[1] = fmax(range[1], walks->walk[r].best[i]);
    }
}

/* How far it is from there to there, for variable i; where it is next to nothing, the way of the
 * other variable says how large things are. */
static double find_size(const cli_walks *walks, size_t i, const double ends[2])
{
    double widest = 0, other[2];

    for (size_t k = 0; k < walks->n; k++) {
        find_ends(walks, k, other);
        widest = fmax(widest, other[1] - other[0]);
    }
    return widest > 0 ? fmax(ends[1] - ends[0], widest / 3) : fmax(1, fabs(walks->start[i]) / 2);
}

/* The stretch of variable i that the picture shows: from every start to every best point and what
 * was visited near them. A run that flies away does not stretch it. */
static void find_range(const cli_walks *walks, size_t i, double range[2])
{
    find_ends(walks, i, range);
    const double size = find_size(walks, i, range);
    const double least = range[0] - 1.5 * size, most = range[1] + 1.5 * size;
    for (size_t r = 0; r < walks->n_walks; r++) {
        const cli_path *path = &walks->walk[r].path;
        for (size_t k = 0; k < path->count; k++) {
            const double w = path->row[k * path->width + 4 + i];
            if (w >= least && w <= most) {
                range[0] = fmin(range[0], w);
                range[1] = fmax(range[1], w);
            }
        }
    }
    /* a bowl is seen whole when its other side is seen too */
    const double room = fmax(0.25 * (range[1] - range[0]), size / 2);
    range[0] -= room;
    range[1] += room;
}

static json_t *grid(const double range[2], int n)
{
    json_t *list = json_array();

    for (int i = 0; i < n; i++)
        json_array_append_new(list, json_real(range[0] + (range[1] - range[0]) * i / (n - 1)));
    return list;
}

static double at(const json_t *list, int i)
{
    return json_real_value(json_array_get(list, (size_t)i));
}

static json_t *number(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

static json_t *curve(const cli_walks *walks)
{
    double range[2], g;

    find_range(walks, 0, range);
    json_t *x = grid(range, CURVE), *f = json_array();
    for (int i = 0; i < CURVE; i++) {
        const double w = at(x, i);
        json_array_append_new(f, number(descent_expression_evaluate(1, &w, &g, walks->formula)));
    }
    return json_pack("{s:o, s:o}", "x", x, "f", f);
}

/* f[row][column] at y[row], x[column]. */
static json_t *surface(const cli_walks *walks)
{
    double range[2][2], g[2];

    find_range(walks, 0, range[0]);
    find_range(walks, 1, range[1]);
    json_t *x = grid(range[0], SIDE), *y = grid(range[1], SIDE), *f = json_array();
    for (int i = 0; i < SIDE; i++) {
        json_t *row = json_array();
        for (int k = 0; k < SIDE; k++) {
            const double w[2] = {at(x, k), at(y, i)};
            json_array_append_new(row,
                                  number(descent_expression_evaluate(2, w, g, walks->formula)));
        }
        json_array_append_new(f, row);
    }
    return json_pack("{s:o, s:o, s:o}", "x", x, "y", y, "f", f);
}

/* --- the runs --------------------------------------------------------------------------------- */

static json_t *column(const cli_path *path, size_t index)
{
    json_t *list = json_array();

    for (size_t k = 0; k < path->count; k++)
        json_array_append_new(list, number(path->row[k * path->width + index]));
    return list;
}

static json_t *columns(const cli_path *path, size_t first)
{
    json_t *list = json_array();

    for (size_t i = 0; i < path->n; i++)
        json_array_append_new(list, column(path, first + i));
    return list;
}

static json_t *steps(const cli_path *path)
{
    json_t *list = json_array();

    for (size_t k = 0; k < path->count; k++)
        json_array_append_new(list, json_integer((json_int_t)path->row[k * path->width]));
    return list;
}

/* Formula of the rule that an optimizer string begins with; NULL for wrapped ones. */
static const char *rule_of(const char *optimizer)
{
    const descent_info *info;
    const size_t length = strcspn(optimizer, " (");

    for (size_t i = 0; (info = descent_optimizer_info(i)); i++)
        if (strlen(info->name) == length && memcmp(info->name, optimizer, length) == 0)
            return info->formula;
    return NULL;
}

static json_t *run_json(const cli_walk *walk, size_t n)
{
    const cli_path *path = &walk->path;
    const descent_minimum *m = &walk->result;
    json_t *best = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(best, number(walk->best[i]));
    return json_pack("{s:s, s:s?, s:I, s:{s:o, s:o, s:o, s:o, s:o, s:o}, s:{s:s, s:s, s:I, s:o, "
                     "s:o, s:o}, s:o}",
                     "optimizer", walk->optimizer, "rule", rule_of(walk->optimizer), "every",
                     (json_int_t)path->every, "points", "step", steps(path), "f", column(path, 1),
                     "g_norm", column(path, 2), "lr", column(path, 3), "w", columns(path, 4), "g",
                     columns(path, 4 + n), "result", "stop", descent_stop_text(m->stop), "sentence",
                     m->sentence, "steps", (json_int_t)m->steps, "f", number(m->f), "g_norm",
                     number(m->g_norm), "w", best, "findings", cli_findings_json(m->finding, NULL));
}

int cli_walk_page(const char *path, const cli_walks *walks)
{
    json_t *variables = json_array(), *start = json_array(), *runs = json_array();
    descent_error err;

    for (size_t i = 0; i < walks->n; i++) {
        json_array_append_new(variables,
                              json_string(descent_expression_variable(walks->formula, i)));
        json_array_append_new(start, json_real(walks->start[i]));
    }
    for (size_t r = 0; r < walks->n_walks; r++)
        json_array_append_new(runs, run_json(&walks->walk[r], walks->n));
    json_t *page = json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:o}", "kind", "minimize", "title",
                             walks->text, "formula", walks->text, "variables", variables, "start",
                             start, "schedule", walks->schedule, "runs", runs);
    if (walks->n == 1)
        json_object_set_new(page, "curve", curve(walks));
    if (walks->n == 2)
        json_object_set_new(page, "surface", surface(walks));
    char *text = json_dumps(page, JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(page);
    if (!text)
        return cli_complain("out of memory for the page");
    const descent_status status = descent_report_write(path, text, &err);
    free(text);
    return status == DESCENT_OK ? EXIT_DONE : cli_fail(&err);
}
