/* optim_search.c - one step of an optimizer that evaluates the objective itself. */
#include "optim.h"

#include <stdlib.h>
#include <string.h>

/* Compares with the losses in the order of evaluation, as far as they were recorded. */
static double evaluate(golden_run *r, const double *x, double *g)
{
    const json_t *losses = json_object_get(r->root, "closure_losses");
    const double f = golden_objective_value(&r->f, x, g);
    const size_t k = (size_t)r->evaluations++;

    if (k < json_array_size(losses) && !golden_is_f32(r->root) && !r->wrong) {
        const double theirs = golden_number(json_array_get(losses, k));
        r->wrong = !golden_close(r->root, "evaluation", &f, &theirs, 1, &r->why);
    }
    return f;
}

static double evaluate_f64(size_t n, const double *w, double *g, void *user)
{
    (void)n;
    return evaluate(user, w, g);
}

static double evaluate_f32(size_t n, const float *w, float *g, void *user)
{
    golden_run *r = user;

    for (size_t i = 0; i < n; i++)
        r->w[i] = (double)w[i];
    const double f = evaluate(r, r->w, r->out);
    for (size_t i = 0; i < n; i++)
        g[i] = (float)r->out[i];
    return f;
}

/* float32 losses near a minimum are mostly rounding, and were rounded another way when they were
 * recorded: there the weights and the counts are compared. */
golden_outcome golden_search(golden_run *r, const json_t *expected, bool compare, golden_note *note)
{
    double loss;

    if (golden_is_f32(r->root)) {
        loss = descent_optimizer_step_objective_f32(r->opt, r->w32, evaluate_f32, r);
        for (size_t i = 0; i < r->n; i++)
            r->w[i] = (double)r->w32[i];
    } else {
        loss = descent_optimizer_step_objective_f64(r->opt, r->w, evaluate_f64, r);
    }
    if (r->wrong)
        return golden_say(note, GOLDEN_FAILED, "%.200s", r->why.text);
    if (!compare)
        return GOLDEN_PASSED;
    const double after = golden_objective_value(&r->f, r->w, NULL);
    const double counts[2] = {r->evaluations, descent_optimizer_get(r->opt, "iterations")};
    const struct {
        const char *key;
        double got;
        bool exact;
    } check[] = {{"loss_returned", loss, false},
                 {"loss_before", loss, false},
                 {"loss_after", after, false},
                 {"func_evals", counts[0], true},
                 {"n_iter", counts[1], true}};
    for (size_t i = 0; i < sizeof check / sizeof *check; i++) {
        const json_t *value = json_object_get(expected, check[i].key);
        const double theirs = golden_number(value);
        if (!value || (!check[i].exact && golden_is_f32(r->root)))
            continue;
        if (check[i].exact ? check[i].got != theirs
                           : !golden_close(r->root, check[i].key, &check[i].got, &theirs, 1, note))
            return golden_say(note, GOLDEN_FAILED, "%s = %.17g, expected %.17g", check[i].key,
                              check[i].got, theirs);
    }
    return GOLDEN_PASSED;
}
