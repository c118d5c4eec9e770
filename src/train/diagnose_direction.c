/* diagnose_direction.c - is the gradient the derivative of the loss? In one direction for all
 * weights together, before the first step: a few passes over three examples, in double. Where that
 * disagrees, one direction for each parameter tells which is wrong, and a look at each op alone
 * whose backward it is.
 *
 * The direction has of every parameter its gradient and as much of chance, both of length 1, so
 * that none is too small to be seen, and neither is a gradient that is wrong across itself. */
#include "train/diagnose.h"
#include "train/twin.h"

#include "base/parallel.h"
#include "base/rng.h"
#include "layer/layer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CHANCE = 509, TRIES = 4, PASSES = 7 };
enum { MOST_WEIGHTS = 1 << 20 }; /* 16 bytes each, for a moment */

/* Plain kernels in double take so many times as long as those of a training. */
static const double SLOWER = 16.0;
/* Of a training's time; of tiny networks so many multiplications cost next to nothing. */
static const double SHARE = 0.01, FREE = 3e5;
static const double WRONG = 1e-4; /* as finding/gradient_bug.c has it */

typedef struct walk {
    dsc_twin twin;
    double chance[CHANCE];
    dsc_id only; /* the parameter that moves; -1: all */
    double error;
    dsc_id worst;
} walk;

/* Multiplications of the passes against those of the training: forward 1, backward 2. */
static bool affordable(const dsc_fit *fit)
{
    const double uses = dsc_fit_uses(fit->model->network.graph, NULL);
    const double passes = uses * PASSES * DSC_TWIN_EXAMPLES;
    const double training = 3.0 * uses * (double)fit->steps * (double)fit->window;

    return fit->model->n_w <= MOST_WEIGHTS &&
           (passes <= FREE || SLOWER * passes <= SHARE * training);
}

static const dsc_node *moves(const walk *s, dsc_id k)
{
    const dsc_node *node = dsc_graph_node(s->twin.net.graph, k);
    const bool does = node->kind == DSC_PARAMETER && (s->only < 0 || s->only == k);

    return does ? node : NULL;
}

/* |g| of a parameter, and of as many numbers of chance; each 0 has no direction. */
static void lengths(const walk *s, const dsc_node *node, double *of_g, double *of_chance)
{
    const double *g = s->twin.g + node->offset;
    double squares = 0.0, chance = 0.0;

    for (size_t i = 0, n = dsc_shape_count(node->shape); i < n; i++) {
        const double r = s->chance[i % CHANCE];
        squares += g[i] * g[i];
        chance += r * r;
    }
    *of_g = sqrt(squares);
    *of_chance = sqrt(chance);
}

/* w <- w + h * direction, of all that moves; returns what the gradient says of the direction. */
static double step(walk *s, double h)
{
    double slope = 0.0;

    for (dsc_id k = 0; (size_t)k < dsc_graph_nodes(s->twin.net.graph); k++) {
        const dsc_node *node = moves(s, k);
        double of_g, of_chance;
        if (!node)
            continue;
        double *w = s->twin.w + node->offset;
        const double *g = s->twin.g + node->offset;
        lengths(s, node, &of_g, &of_chance);
        const double a = of_g > 0.0 ? 1.0 / of_g : 0.0, b = 1.0 / of_chance;
        for (size_t i = 0, n = dsc_shape_count(node->shape); i < n; i++) {
            const double d = a * g[i] + b * s->chance[i % CHANCE];
            w[i] += h * d;
            slope += d * g[i];
        }
    }
    return slope;
}

/* (f(h) - f(-h)) / 2h along the direction, and the largest |f|. */
static double central(walk *s, double h, double *slope, double *size)
{
    dsc_twin *t = &s->twin;

    *slope = step(s, h);
    const double above = dsc_run_forward(t->run, &t->pass);
    step(s, -2.0 * h);
    const double below = dsc_run_forward(t->run, &t->pass);
    step(s, h);
    *size = t->pass.loss_scale * fmax(fabs(above), fabs(below));
    return t->pass.loss_scale * (above - below) / (2.0 * h);
}

/* |numeric - analytic| / (|numeric| + |analytic|) along the direction; 0 also where differences of
 * two lengths disagree by as much, or rounding could: then nothing is known. */
static double direction_error(walk *s)
{
    static const double ROUNDING = 1e-14, CLEAR = 10.0;
    double best = (double)NAN, disagreement = (double)INFINITY, slope = 0.0, noise = 0.0;
    double h = 1e-4;

    for (int i = 0; i < TRIES; i++, h /= 10.0) {
        double size;
        const double coarse = central(s, h, &slope, &size),
                     fine = central(s, h / 2.0, &slope, &size);
        if (fabs(coarse - fine) < disagreement) {
            disagreement = fabs(coarse - fine);
            best = (4.0 * fine - coarse) / 3.0;
            noise = ROUNDING * size / h;
        }
        if (disagreement <= 1e-6 * fabs(best))
            break;
    }
    const double difference = fabs(best - slope);
    if (!(difference > CLEAR * (disagreement + noise)))
        return 0.0;
    return difference / (fabs(best) + fabs(slope));
}

/* Which parameter's gradient is wrong the most. */
static void find_worst(walk *s)
{
    s->error = 0.0;
    for (dsc_id k = 0; (size_t)k < dsc_graph_nodes(s->twin.net.graph); k++) {
        if (dsc_graph_node(s->twin.net.graph, k)->kind != DSC_PARAMETER)
            continue;
        s->only = k;
        const double error = direction_error(s);
        if (error <= s->error)
            continue;
        s->error = error;
        s->worst = k;
    }
}

static void compare(int part, void *user)
{
    walk *s = user;

    (void)part;
    (void)dsc_run_forward(s->twin.run, &s->twin.pass);
    dsc_run_backward(s->twin.run);
    s->error = direction_error(s);
    if (s->error > WRONG)
        find_worst(s);
}

/* "1 wrong_relu" -> what a model string calls it. */
static void name(const dsc_node *node, dsc_start *start)
{
    const char *blank = strrchr(node->layer, ' ');
    const dsc_layer *layer = blank ? dsc_layer_find(blank + 1) : NULL;

    snprintf(start->gradient_op, sizeof start->gradient_op, "%s", node->layer);
    start->gradient_activation = layer && layer->activation ? layer->info.name : NULL;
}

static descent_status check(walk *s, dsc_fit *fit, descent_error *err)
{
    dsc_start *start = &fit->diagnosis->c.start;

    DSC_TRY(dsc_twin_make(&s->twin, fit, DSC_TWIN_EXAMPLES, err));
    for (size_t i = 0; i < CHANCE; i++)
        s->chance[i] = dsc_random_normal(fit->model->options.seed, DSC_RNG_NEAR, 1, i);
    dsc_parallel_for(1, 1, compare, s);
    start->gradient_error = s->error;
    if (s->worst < 0)
        return DESCENT_OK;
    const dsc_graph *graph = s->twin.net.graph;
    const dsc_id wrong = dsc_find_wrong_op(graph, fit->model->options.seed);
    name(dsc_graph_node(graph, wrong >= 0 ? wrong : s->worst), start);
    return DESCENT_OK;
}

descent_status dsc_diagnosis_direction(dsc_fit *fit, descent_error *err)
{
    walk s = {.only = -1, .worst = -1};

    if (!fit->diagnosis || !affordable(fit))
        return DESCENT_OK;
    const descent_status status = check(&s, fit, err);
    dsc_twin_release(&s.twin);
    return status;
}
