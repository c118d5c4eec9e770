/* curvature.c - estimates of the Hessian's diagonal, for rules that want one every few steps.
 *
 *     sophia_g   the gradient at labels drawn from the network's own softmax
 *                (Gauss-Newton-Bartlett)
 *     others     u (H u), with u of random signs (Hutchinson 1990),
 *                H u = (g(w + e u) - g(w - e u)) / 2 e
 *
 * on the examples of the step, with the same dropout (Liu et al. 2023, arXiv:2305.14342). */
#include "train/gradient.h"

#include <math.h>
#include <string.h>

/* e: far enough that rounding of float gradients does not drown the difference */
static const double SHIFT = 1e-3;
enum { EVERY = 10 }; /* steps from one estimate to the next */

static double logit(const dsc_trainer *t, const void *output, size_t at)
{
    return t->type == DESCENT_F64 ? ((const double *)output)[at]
                                  : (double)((const float *)output)[at];
}

/* A class with the probability that softmax gives it: the first whose sum passes the draw. */
static int32_t draw_label(const dsc_trainer *t, const void *output, size_t row, double uniform)
{
    const size_t classes = (size_t)t->outputs, at = row * classes;
    double largest = logit(t, output, at), sum = 0.0, passed = 0.0;
    size_t label = 0;

    for (size_t c = 1; c < classes; c++)
        largest = fmax(largest, logit(t, output, at + c));
    for (size_t c = 0; c < classes; c++)
        sum += exp(logit(t, output, at + c) - largest);
    for (; label + 1 < classes; label++) {
        passed += exp(logit(t, output, at + label) - largest);
        if (uniform * sum < passed)
            break;
    }
    return (int32_t)label;
}

void dsc_trainer_draw_labels(const dsc_trainer *t, dsc_shard *sh)
{
    const void *output = dsc_run_value(sh->run, t->o.network->output);
    int32_t *label = dsc_run_input(sh->run, t->o.network->target);

    for (size_t row = 0; row < (size_t)sh->pass.rows * t->positions; row++) {
        const uint64_t index = (uint64_t)sh->pass.first_row * t->positions + row;
        label[row] =
            draw_label(t, output, row,
                       dsc_random_uniform(t->o.seed, DSC_RNG_LABELS, (uint64_t)t->step, index));
    }
}

/* Element i of u: +1 or -1, a bit of its own. Elements are asked for in their order, and 32 of them
 * share *word. */
static double next_sign(const dsc_trainer *t, size_t i, uint32_t *word)
{
    if (i % 32 == 0)
        *word = dsc_random_bits(t->o.seed, DSC_RNG_SIGNS, (uint64_t)t->step, (uint64_t)(i / 32));
    return *word >> (i % 32) & 1 ? 1.0 : -1.0;
}

/* w <- w_before + by u */
static void shift(const dsc_trainer *t, double by)
{
    float *w32 = t->o.w;
    double *w64 = t->o.w;
    const float *from32 = t->w_before;
    const double *from64 = t->w_before;
    uint32_t word = 0;

    for (size_t i = 0; i < t->n_w; i++) {
        const double move = by * next_sign(t, i, &word);
        if (t->type == DESCENT_F64)
            w64[i] = from64[i] + move;
        else
            w32[i] = (float)((double)from32[i] + move);
    }
}

/* w_trial <- u (w_trial - total) / 2 e */
static void multiply(const dsc_trainer *t)
{
    float *h32 = t->w_trial;
    double *h64 = t->w_trial;
    const float *g32 = t->total;
    const double *g64 = t->total;
    uint32_t word = 0;

    for (size_t i = 0; i < t->n_w; i++) {
        const double u = next_sign(t, i, &word) / (2.0 * SHIFT);
        if (t->type == DESCENT_F64)
            h64[i] = u * (h64[i] - g64[i]);
        else
            h32[i] = (float)(u * ((double)h32[i] - (double)g32[i]));
    }
}

static void hutchinson(dsc_trainer *t)
{
    memcpy(t->w_before, t->o.w, t->n_w * t->element);
    shift(t, SHIFT);
    const bool above = dsc_trainer_gradient(t, t->w_trial, false, false).facts.finite;
    shift(t, -SHIFT);
    const bool below = dsc_trainer_gradient(t, t->total, false, false).facts.finite;
    memcpy(t->o.w, t->w_before, t->n_w * t->element);
    multiply(t);
    if (above && below)
        dsc_optimizer_curvature(t->o.optimizer, t->w_trial);
}

void dsc_trainer_curvature(dsc_trainer *t)
{
    if (descent_optimizer_steps(t->o.optimizer) % EVERY != 0)
        return;
    if (!dsc_optimizer_samples(t->o.optimizer)) {
        hutchinson(t);
        return;
    }
    t->sampling = true;
    const dsc_gradient gradient = dsc_trainer_gradient(t, t->total, false, false);
    t->sampling = false;
    if (gradient.facts.finite)
        dsc_optimizer_curvature(t->o.optimizer, t->total);
}
