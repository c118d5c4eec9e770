/* optim.c - optimizers against recorded runs: 60 steps along given gradients. All tensors of a case
 * are one vector, in the precision of the case. */
#include "golden.h"

#include "descent/optimizer.h"

#include <stdlib.h>
#include <string.h>

/* One case, unpacked. `w` is the vector in double; `w32` the one that moves in float32 cases. */
typedef struct run {
    const json_t *root;
    descent_optimizer *opt;
    size_t n;
    double *w;
    float *w32, *g32;
} run;

/* All tensors of a list, one after another: arrays, or objects that hold one as `key`. */
static double *join(const json_t *list, const char *key, size_t *n)
{
    const json_t *tensor;
    size_t i, used = 0;

    *n = 0;
    json_array_foreach(list, i, tensor) *n +=
        json_array_size(key ? json_object_get(tensor, key) : tensor);
    double *all = calloc(*n + 1, sizeof *all);
    json_array_foreach(list, i, tensor)
    {
        size_t count;
        double *part = golden_array(key ? json_object_get(tensor, key) : tensor, &count);
        if (all && part)
            memcpy(all + used, part, count * sizeof *part);
        used += count;
        free(part);
    }
    return all;
}

static golden_outcome prepare(run *r, golden_note *note)
{
    char spec[512];
    descent_error err;

    if (!golden_optimizer_spec(golden_string(r->root, "optimizer"),
                               json_object_get(r->root, "hyper"), spec, sizeof spec))
        return golden_say(note, GOLDEN_SKIPPED, "%s", spec);
    r->w = join(json_object_get(r->root, "params"), "init", &r->n);
    r->w32 = calloc(r->n + 1, sizeof *r->w32);
    r->g32 = calloc(r->n + 1, sizeof *r->g32);
    if (!r->w || !r->w32 || !r->g32)
        return golden_say(note, GOLDEN_FAILED, "out of memory for %zu parameters", r->n);
    for (size_t i = 0; i < r->n; i++)
        r->w32[i] = (float)r->w[i];
    if (descent_optimizer_create(&r->opt, spec, r->n,
                                 golden_is_f32(r->root) ? DESCENT_F32 : DESCENT_F64, &err))
        return golden_say(note, GOLDEN_FAILED, "'%s' was refused: %s", spec, err.message);
    return GOLDEN_PASSED;
}

/* The learning rate may change before a step: [[step, lr], ...]. */
static golden_outcome change_lr(const run *r, size_t step, golden_note *note)
{
    const json_t *change;
    descent_error err;
    size_t i;

    json_array_foreach(json_object_get(r->root, "lr_changes"), i, change)
    {
        if ((size_t)json_integer_value(json_array_get(change, 0)) != step)
            continue;
        const double lr = golden_number(json_array_get(change, 1));
        if (descent_optimizer_set(r->opt, "lr", lr, &err))
            return golden_say(note, GOLDEN_FAILED, "%s", err.message);
    }
    return GOLDEN_PASSED;
}

/* One step along gradient `step` of the case, counted from 1. */
static golden_outcome take_step(run *r, size_t step, golden_note *note)
{
    size_t n;
    double *g = join(json_array_get(json_object_get(r->root, "grads"), step - 1), NULL, &n);
    golden_outcome outcome = GOLDEN_PASSED;

    if (!g || n != r->n) {
        outcome = golden_say(note, GOLDEN_FAILED, "the gradient of step %zu has %zu numbers, w %zu",
                             step, n, r->n);
    } else if (golden_is_f32(r->root)) {
        for (size_t i = 0; i < n; i++)
            r->g32[i] = (float)g[i];
        descent_optimizer_step_f32(r->opt, r->w32, r->g32);
        for (size_t i = 0; i < n; i++)
            r->w[i] = (double)r->w32[i];
    } else {
        descent_optimizer_step_f64(r->opt, r->w, g);
    }
    free(g);
    return outcome;
}

static golden_outcome compare(const run *r, const json_t *expected, size_t step, golden_note *note)
{
    size_t n;
    double *w = join(json_object_get(expected, "params"), NULL, &n);
    golden_note detail;
    golden_outcome outcome = GOLDEN_PASSED;

    if (!w || n != r->n)
        outcome = golden_say(note, GOLDEN_FAILED, "step %zu has %zu expected numbers, w %zu", step,
                             n, r->n);
    else if (!golden_close(r->root, "w", r->w, w, n, &detail))
        outcome = golden_say(note, GOLDEN_FAILED, "after step %zu: %.200s", step, detail.text);
    free(w);
    return outcome;
}

static golden_outcome follow(run *r, golden_note *note)
{
    const size_t steps = json_array_size(json_object_get(r->root, "grads"));
    const json_t *list = json_object_get(r->root, "expected"), *expected;
    golden_outcome outcome = GOLDEN_PASSED;
    size_t taken = 0, k;

    if (json_array_size(list) == 0)
        return golden_say(note, GOLDEN_FAILED, "the case has no expected steps");
    json_array_foreach(list, k, expected)
    {
        const size_t until = (size_t)json_integer_value(json_object_get(expected, "step"));
        if (until < 1 || until > steps || until < taken)
            return golden_say(note, GOLDEN_FAILED,
                              "expected step %zu is out of order or beyond "
                              "the %zu gradients",
                              until, steps);
        while (taken < until && outcome == GOLDEN_PASSED) {
            outcome = change_lr(r, ++taken, note);
            if (outcome == GOLDEN_PASSED)
                outcome = take_step(r, taken, note);
        }
        if (outcome == GOLDEN_PASSED)
            outcome = compare(r, expected, until, note);
        if (outcome != GOLDEN_PASSED)
            return outcome;
    }
    return outcome;
}

golden_outcome golden_optim(const json_t *root, golden_note *note)
{
    run r = {.root = root};

    golden_outcome outcome = prepare(&r, note);
    if (outcome == GOLDEN_PASSED)
        outcome = follow(&r, note);
    descent_optimizer_free(r.opt);
    free(r.w);
    free(r.w32);
    free(r.g32);
    return outcome;
}
