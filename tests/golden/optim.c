/* optim.c - optimizers against recorded runs: steps along given gradients, or on an objective. All
 * tensors of a case are one vector of segments, in the precision of the case. */
#include "optim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether the case takes tensors of 2 dimensions as matrices, and those of more as vectors, where
 * ours takes both as matrices. */
static bool is_flat(const json_t *root, size_t rank)
{
    const char *name = golden_string(root, "optimizer");

    return rank > 2 && (strcmp(name, "adafactor") == 0 || strcmp(name, "muon_aux_adam") == 0);
}

/* The tensors' shapes, of which a segment has four sizes; the last one takes the rest. False when
 * there are too many. */
static bool read_segments(golden_run *r)
{
    const json_t *tensor, *size;
    size_t i, k, offset = 0;

    json_array_foreach(json_object_get(r->root, "params"), i, tensor)
    {
        const json_t *shape = json_object_get(tensor, "shape");
        if (i == MOST_SEGMENTS)
            return false;
        descent_segment *s = &r->segment[r->n_segments++];
        snprintf(r->name[i], sizeof r->name[i], "%zu.tensor", i);
        s->name = r->name[i];
        s->rank = json_array_size(shape) < 4 ? (int)json_array_size(shape) : 4;
        if (is_flat(r->root, json_array_size(shape)))
            s->rank = 1;
        s->role = s->rank >= 2 ? "weight" : "bias";
        s->offset = offset;
        s->count = json_array_size(json_object_get(tensor, "init"));
        json_array_foreach(shape, k, size)
        {
            if (k < 4)
                s->shape[k] = (int)json_integer_value(size);
            else
                s->shape[3] *= (int)json_integer_value(size);
        }
        if (s->rank == 1)
            s->shape[0] = (int)s->count;
        offset += s->count;
    }
    return true;
}

static golden_outcome prepare(golden_run *r, golden_note *note)
{
    const json_t *objective = json_object_get(r->root, "objective");
    descent_optimizer_options options = descent_optimizer_defaults();
    char spec[768];
    descent_error err;

    if (!golden_optimizer_spec(golden_string(r->root, "optimizer"),
                               json_object_get(r->root, "hyper"), spec, sizeof spec))
        return golden_say(note, GOLDEN_SKIPPED, "%.200s", spec);
    r->w = golden_join(json_object_get(r->root, "params"), "init", &r->n);
    r->out = calloc(r->n + 1, sizeof *r->out);
    r->w32 = calloc(3 * (r->n + 1), sizeof *r->w32);
    if (!r->w || !r->w32 || !r->out)
        return golden_say(note, GOLDEN_FAILED, "out of memory for %zu parameters", r->n);
    r->g32 = r->w32 + r->n + 1;
    r->out32 = r->g32 + r->n + 1;
    for (size_t i = 0; i < r->n; i++)
        r->w32[i] = (float)r->w[i];
    if (!read_segments(r))
        return golden_say(note, GOLDEN_FAILED, "more than %d tensors", MOST_SEGMENTS);
    if (objective && !golden_objective_read(&r->f, objective, r->n))
        return golden_say(note, GOLDEN_SKIPPED, "objective %s is not built",
                          golden_string(objective, "type"));
    options.segments = r->segment;
    options.n_segments = r->n_segments;
    options.gives_objective = objective != NULL;
    options.gives_curvature = 1;
    if (descent_optimizer_create_with(&r->opt, spec, r->n,
                                      golden_is_f32(r->root) ? DESCENT_F32 : DESCENT_F64, &options,
                                      &err))
        return golden_say(note, GOLDEN_FAILED, "'%.120s' was refused: %.110s", spec, err.message);
    return GOLDEN_PASSED;
}

/* --- steps along given gradients -------------------------------------------------------------- */

/* The learning rate may change before a step: [[step, lr], ...]. */
static golden_outcome change_lr(const golden_run *r, size_t step, golden_note *note)
{
    const json_t *change;
    descent_error err;
    size_t i;

    json_array_foreach(json_object_get(r->root, "lr_changes"), i, change)
    {
        if ((size_t)json_integer_value(json_array_get(change, 0)) != step)
            continue;
        const double lr = golden_number(json_array_get(change, 1));
        /* of all groups, where there are several: 0 is what the matrices have */
        const bool groups = json_object_get(json_object_get(r->root, "hyper"), "adam") != NULL;
        if (descent_optimizer_set(r->opt, "lr", lr, &err) ||
            (groups && descent_optimizer_set(r->opt, "adam_lr", 0.0, &err)))
            return golden_say(note, GOLDEN_FAILED, "%.200s", err.message);
    }
    return GOLDEN_PASSED;
}

/* Hands one vector of the case to a function of the right type. */
static bool hand_over(golden_run *r, const json_t *tensors,
                      void (*f32)(descent_optimizer *, float *, const float *),
                      void (*f64)(descent_optimizer *, double *, const double *))
{
    size_t n;
    double *g = golden_join(tensors, NULL, &n);
    const bool fits = g && n == r->n;

    if (fits && golden_is_f32(r->root)) {
        for (size_t i = 0; i < n; i++)
            r->g32[i] = (float)g[i];
        f32(r->opt, r->w32, r->g32);
        for (size_t i = 0; i < n; i++)
            r->w[i] = (double)r->w32[i];
    } else if (fits) {
        f64(r->opt, r->w, g);
    }
    free(g);
    return fits;
}

static void curve_f32(descent_optimizer *opt, float *w, const float *h)
{
    (void)w;
    descent_optimizer_curvature_f32(opt, h);
}

static void curve_f64(descent_optimizer *opt, double *w, const double *h)
{
    (void)w;
    descent_optimizer_curvature_f64(opt, h);
}

/* One step along gradient `step` of the case, counted from 1; before it an estimate of curvature,
 * if the case has one. */
static golden_outcome follow_gradient(golden_run *r, size_t step, golden_note *note)
{
    const json_t *at;
    size_t k;
    bool fits = true;

    if (change_lr(r, step, note) != GOLDEN_PASSED)
        return GOLDEN_FAILED;
    json_array_foreach(json_object_get(r->root, "hessian_steps"), k,
                       at) if ((size_t)json_integer_value(at) == step) fits =
        hand_over(r, json_array_get(json_object_get(r->root, "hessian_inputs"), k), curve_f32,
                  curve_f64);
    fits = fits && hand_over(r, json_array_get(json_object_get(r->root, "grads"), step - 1),
                             descent_optimizer_step_f32, descent_optimizer_step_f64);
    return fits ? GOLDEN_PASSED
                : golden_say(note, GOLDEN_FAILED, "the vectors of step %zu don't fit", step);
}

/* --- comparing -------------------------------------------------------------------------------- */

static golden_outcome compare_vector(const golden_run *r, const json_t *tensors, const double *got,
                                     const char *what, golden_note *note)
{
    size_t n;
    double *w = golden_join(tensors, NULL, &n);
    golden_outcome outcome = GOLDEN_PASSED;

    if (!w || n != r->n)
        outcome = golden_say(note, GOLDEN_FAILED, "%zu expected numbers, w has %zu", n, r->n);
    else if (!golden_close(r->root, what, got, w, n, note))
        outcome = GOLDEN_FAILED;
    free(w);
    return outcome;
}

static golden_outcome compare(golden_run *r, const json_t *expected, golden_note *note)
{
    const json_t *average = json_object_get(expected, "ax");
    const json_t *d = json_object_get(expected, "d");

    if (!average)
        average = json_object_get(expected, "eval_params");
    if (compare_vector(r, json_object_get(expected, "params"), r->w, "w", note) != GOLDEN_PASSED)
        return GOLDEN_FAILED;
    if (d) {
        const double got = descent_optimizer_get(r->opt, "d"), theirs = golden_number(d);
        if (!golden_close(r->root, "d", &got, &theirs, 1, note))
            return GOLDEN_FAILED;
    }
    if (!average)
        return GOLDEN_PASSED;
    if (golden_is_f32(r->root)) {
        descent_optimizer_average_f32(r->opt, r->w32, r->out32);
        for (size_t i = 0; i < r->n; i++)
            r->out[i] = (double)r->out32[i];
    } else {
        descent_optimizer_average_f64(r->opt, r->w, r->out);
    }
    return compare_vector(r, average, r->out, "average", note);
}

static golden_outcome follow(golden_run *r, golden_note *note)
{
    const json_t *list = json_object_get(r->root, "expected"), *expected;
    const bool searches = json_object_get(r->root, "objective") != NULL;
    golden_outcome outcome = GOLDEN_PASSED;
    golden_note detail = {""};
    size_t k;

    if (json_array_size(list) == 0)
        return golden_say(note, GOLDEN_FAILED, "the case has no expected steps");
    json_array_foreach(list, k, expected)
    {
        const size_t until = (size_t)json_integer_value(json_object_get(expected, "step"));
        if (until < 1 || until < r->taken)
            return golden_say(note, GOLDEN_FAILED, "expected step %zu is out of order", until);
        while (r->taken < until && outcome == GOLDEN_PASSED)
            outcome = searches ? golden_search(r, expected, ++r->taken == until, &detail)
                               : follow_gradient(r, ++r->taken, &detail);
        if (outcome == GOLDEN_PASSED)
            outcome = compare(r, expected, &detail);
        if (outcome != GOLDEN_PASSED)
            return golden_say(note, outcome, "after step %zu: %.200s", until, detail.text);
    }
    return outcome;
}

golden_outcome golden_optim(const json_t *root, golden_note *note)
{
    golden_run r = {.root = root};

    golden_outcome outcome = prepare(&r, note);
    if (outcome == GOLDEN_PASSED)
        outcome = follow(&r, note);
    descent_optimizer_free(r.opt);
    golden_objective_free(&r.f);
    free(r.w);
    free(r.out);
    free(r.w32);
    return outcome;
}
