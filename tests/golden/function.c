/* function.c - formulas: values, exact gradients, minima and trajectories; and the bowl, bit for
 * bit. */
#include "golden.h"

#include "descent/descent.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The order of the formula's variables may be y, x. */
typedef struct formula {
    descent_expression *e;
    size_t n;
    int at[2]; /* where x and y stand; -1: the formula lacks it */
} formula;

static bool parse(formula *f, const char *text, golden_note *note)
{
    static const char *const names[2] = {"x", "y"};
    descent_error err;

    if (descent_expression_parse(&f->e, text, &err)) {
        golden_say(note, GOLDEN_FAILED, "'%.60s': %.150s", text, err.message);
        return false;
    }
    f->n = descent_expression_variables(f->e);
    for (int v = 0; v < 2; v++) {
        f->at[v] = -1;
        for (size_t i = 0; i < f->n; i++)
            if (strcmp(descent_expression_variable(f->e, i), names[v]) == 0)
                f->at[v] = (int)i;
    }
    return f->n <= 2;
}

/* f and its gradient in terms of x and y. */
static double evaluate(const formula *f, double x, double y, double g[2])
{
    const double point[2] = {x, y};
    double w[2] = {0}, gw[2];

    for (int v = 0; v < 2; v++)
        if (f->at[v] >= 0)
            w[f->at[v]] = point[v];
    const double value = descent_expression_evaluate(f->n, w, gw, f->e);
    for (int v = 0; v < 2; v++)
        g[v] = f->at[v] >= 0 ? gw[f->at[v]] : 0;
    return value;
}

static golden_outcome check_points(const json_t *root, const formula *f, golden_note *note)
{
    const json_t *point;
    size_t i;

    json_array_foreach(json_object_get(root, "points"), i, point)
    {
        double g[2];
        const double value = evaluate(f, golden_get(point, "x", 0), golden_get(point, "y", 0), g);
        const double expected = golden_get(point, "f", (double)NAN);
        size_t n;
        double *gradient = golden_array(json_object_get(point, "grad"), &n);
        const bool fine = golden_close(root, "f", &value, &expected, 1, note) && n == 2 &&
                          golden_close(root, "gradient", g, gradient, 2, note);
        free(gradient);
        if (!fine)
            return GOLDEN_FAILED;
    }
    return GOLDEN_PASSED;
}

/* Known minima are polished numbers: f there, and that it is flat, to 1e-7. Ackley's has a kink,
 * and no gradient. */
static golden_outcome check_minima(const json_t *root, const formula *f, golden_note *note)
{
    const json_t *minimum;
    size_t i;

    json_array_foreach(json_object_get(root, "minima"), i, minimum)
    {
        double g[2];
        const double value =
            evaluate(f, golden_get(minimum, "x", 0), golden_get(minimum, "y", 0), g);
        const double expected = golden_get(minimum, "f", (double)NAN);
        const double allowed = 1e-7 * (1 + fabs(expected));
        if (!(fabs(value - expected) <= allowed))
            return golden_say(note, GOLDEN_FAILED, "minimum %zu: f = %.17g, expected %.17g", i,
                              value, expected);
        if (fabs(g[0]) > allowed || fabs(g[1]) > allowed)
            return golden_say(note, GOLDEN_FAILED, "minimum %zu: gradient %.3g, %.3g, expected 0",
                              i, g[0], g[1]);
    }
    return GOLDEN_PASSED;
}

/* The path of a minimization, in x and y. */
typedef struct path {
    const formula *f;
    double point[2][64], slope[2][64], value[64];
    size_t n;
} path;

static int on_step(const descent_minimize_step *step, void *user)
{
    path *p = user;

    if (p->n >= 64)
        return 1;
    for (int v = 0; v < 2; v++) {
        p->point[v][p->n] = p->f->at[v] >= 0 ? step->w[p->f->at[v]] : 0;
        p->slope[v][p->n] = p->f->at[v] >= 0 ? step->g[p->f->at[v]] : 0;
    }
    p->value[p->n++] = step->f;
    return 0;
}

static double objective(size_t n, const double *w, double *g, void *user)
{
    return descent_expression_evaluate(n, w, g, ((path *)user)->f->e);
}

/* Compares all steps: with a tolerance of 0 ours only ends early where f overflows, and no recorded
 * path goes there. */
static bool same_path(const json_t *trajectory, const path *p, golden_note *note)
{
    static const char *const key[] = {"x", "y", "f"};
    bool fine = p->n > 0;

    for (int v = 0; v < 3 && fine; v++) {
        size_t n;
        double *expected = golden_array(json_object_get(trajectory, key[v]), &n);
        const bool present = v == 2 || p->f->at[v] >= 0;
        if (p->n != n)
            fine = false, golden_say(note, GOLDEN_FAILED, "%s: %zu points, expected %zu",
                                     golden_string(trajectory, "method"), p->n, n);
        else if (present)
            fine =
                golden_close(trajectory, key[v], v < 2 ? p->point[v] : p->value, expected, n, note);
        free(expected);
    }
    return fine;
}

static golden_outcome check_trajectory(const json_t *trajectory, const formula *f,
                                       golden_note *note)
{
    char spec[512];
    const json_t *start = json_object_get(trajectory, "start");
    descent_minimize_options o = descent_minimize_defaults();
    path p = {.f = f};
    double w[2] = {0};
    descent_error err;

    if (!golden_optimizer_spec(golden_string(trajectory, "implementation"),
                               json_object_get(trajectory, "hyper"), spec, sizeof spec))
        return GOLDEN_SKIPPED;
    for (int v = 0; v < 2; v++)
        if (f->at[v] >= 0)
            w[f->at[v]] = golden_number(json_array_get(start, (size_t)v));
    o.optimizer = spec;
    o.steps = (int64_t)golden_get(trajectory, "steps", 0);
    o.gradient_tolerance = 0;
    o.on_step = on_step;
    o.user = &p;
    if (descent_minimize(objective, w, f->n, &o, NULL, &err))
        return golden_say(note, GOLDEN_FAILED, "%.200s", err.message);
    return same_path(trajectory, &p, note) ? GOLDEN_PASSED : GOLDEN_FAILED;
}

golden_outcome golden_function(const json_t *root, golden_note *note)
{
    formula f = {0};
    const json_t *trajectory;
    char left_out[160] = "";
    size_t i;

    golden_outcome outcome = parse(&f, golden_string(root, "expression"), note)
                                 ? check_points(root, &f, note)
                                 : GOLDEN_FAILED;
    if (outcome == GOLDEN_PASSED)
        outcome = check_minima(root, &f, note);
    json_array_foreach(json_object_get(root, "trajectories"), i, trajectory)
    {
        if (outcome != GOLDEN_PASSED)
            break;
        const size_t used = strlen(left_out);
        const golden_outcome walked = check_trajectory(trajectory, &f, note);
        if (walked == GOLDEN_FAILED)
            outcome = GOLDEN_FAILED;
        if (walked == GOLDEN_SKIPPED)
            snprintf(left_out + used, sizeof left_out - used, " %.40s",
                     golden_string(trajectory, "method"));
    }
    descent_expression_free(f.e);
    if (outcome == GOLDEN_PASSED && left_out[0])
        return golden_say(note, GOLDEN_PASSED, "without the methods not built:%s", left_out);
    return outcome;
}

golden_outcome golden_bowl(const json_t *root, golden_note *note)
{
    const size_t steps = (size_t)golden_get(root, "steps", 0);
    descent_minimize_options o = descent_minimize_defaults();
    formula f = {0};
    char spec[64];
    double w = golden_get(root, "w0", (double)NAN);
    size_t n;

    if (steps > 63 || !parse(&f, golden_string(root, "function"), note))
        return GOLDEN_FAILED;
    path p = {.f = &f};
    snprintf(spec, sizeof spec, "sgd lr=%.17g", golden_get(root, "lr", 0));
    o.optimizer = spec;
    o.steps = (int64_t)steps;
    o.gradient_tolerance = 0;
    o.on_step = on_step;
    o.user = &p;
    bool fine = descent_minimize(objective, &w, 1, &o, NULL, NULL) == DESCENT_OK;
    double *points = golden_array(json_object_get(root, "w"), &n);
    double *losses = golden_array(json_object_get(root, "loss"), &n);
    double *slopes = golden_array(json_object_get(root, "gradient"), &n);
    fine = fine && n == steps && golden_close(root, "w", p.point[0] + 1, points, n, note) &&
           golden_close(root, "loss", p.value + 1, losses, n, note) &&
           golden_close(root, "gradient", p.slope[0], slopes, n, note);
    for (size_t i = 0; fine && i < n; i++) {
        char text[32];
        const char *expected = json_string_value(json_array_get(json_object_get(root, "repr"), i));
        if (strcmp(descent_number_text(p.point[0][i + 1], text), expected) != 0) {
            golden_say(note, GOLDEN_FAILED, "step %zu prints %s, expected %s", i + 1, text,
                       expected);
            fine = false;
        }
    }
    free(points);
    free(losses);
    free(slopes);
    descent_expression_free(f.e);
    return fine ? GOLDEN_PASSED : GOLDEN_FAILED;
}
