/* diagnose_direction.c - is the gradient the derivative of the loss? In one direction for all
 * weights together, before the first step: a few passes over three examples, in double. Where that
 * disagrees, one direction for each parameter tells which is wrong, and a look at each op alone
 * whose backward it is.
 *
 * The direction has of every parameter its gradient and as much of chance, both of length 1, so
 * that none is too small to be seen, and neither is a gradient that is wrong across itself. */
#include "train/diagnose.h"
#include "train/twin.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "layer/layer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CHANCE = 509, TRIES = 4, PASSES = 5 };
enum { MOST_WEIGHTS = 1 << 20 }; /* 16 bytes each, for a moment */

/* Plain kernels in double take so many times as long as those of a training. */
static const double SLOWER = 8.0;
/* Of a training's time; of tiny networks so many multiplications cost next to nothing. */
static const double SHARE = 0.01, FREE = 3e5;

/* The direction within a parameter is a g + b chance. */
typedef struct mixture {
    double a, b;
} mixture;

typedef struct walk {
    dsc_twin twin;
    double chance[CHANCE];
    mixture *way; /* of each node of the graph */
    dsc_id only;  /* the parameter that moves; -1: all */
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

/* How many of n numbers from `begin` on meet those of chance, which are taken over and over. */
static size_t turn_of(size_t n, size_t begin)
{
    return n - begin < CHANCE ? n - begin : CHANCE;
}

static double squares(const double *x, size_t n)
{
    double sum[4] = {0.0};

    for (size_t i = 0; i < n; i++)
        sum[i % 4] += x[i] * x[i];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* |chance| over n numbers. */
static double length_of_chance(const walk *s, size_t n)
{
    const size_t times = n / CHANCE;

    return sqrt((double)times * squares(s->chance, CHANCE) + squares(s->chance, n % CHANCE));
}

/* way <- the direction, of all that moves; returns what the gradient says of it. */
static double choose_way(walk *s)
{
    double slope = 0.0;

    for (dsc_id k = 0; (size_t)k < dsc_graph_nodes(s->twin.net.graph); k++) {
        const dsc_node *node = moves(s, k);
        if (!node)
            continue;
        const size_t n = dsc_shape_count(node->shape);
        const double *g = s->twin.g + node->offset, of_g = sqrt(squares(g, n));
        const double a = of_g > 0.0 ? 1.0 / of_g : 0.0, b = 1.0 / length_of_chance(s, n);
        double sum[4] = {0.0};
        for (size_t i = 0; i < n; i += CHANCE)
            for (size_t j = 0, count = turn_of(n, i); j < count; j++)
                sum[j % 4] += (a * g[i + j] + b * s->chance[j]) * g[i + j];
        slope += (sum[0] + sum[1]) + (sum[2] + sum[3]);
        s->way[k] = (mixture){a, b};
    }
    return slope;
}

/* w <- w + h * way */
static void step(const walk *s, double h)
{
    for (dsc_id k = 0; (size_t)k < dsc_graph_nodes(s->twin.net.graph); k++) {
        const dsc_node *node = moves(s, k);
        if (!node)
            continue;
        double *w = s->twin.w + node->offset;
        const double *g = s->twin.g + node->offset, a = s->way[k].a, b = s->way[k].b;
        for (size_t i = 0, n = dsc_shape_count(node->shape); i < n; i += CHANCE)
            for (size_t j = 0, count = turn_of(n, i); j < count; j++)
                w[i + j] += h * (a * g[i + j] + b * s->chance[j]);
    }
}

/* (f(h) - f(-h)) / 2h along the way, and the largest |f|. */
static double central(walk *s, double h, double *size)
{
    dsc_twin *t = &s->twin;

    step(s, h);
    const double above = dsc_run_forward(t->run, &t->pass);
    step(s, -2.0 * h);
    const double below = dsc_run_forward(t->run, &t->pass);
    step(s, h);
    *size = t->pass.loss_scale * fmax(fabs(above), fabs(below));
    return t->pass.loss_scale * (above - below) / (2.0 * h);
}

/* |numeric - analytic| / (|numeric| + |analytic|) along the direction, less what differences of two
 * lengths disagree by and rounding may do. The smallest at several lengths: around a kink that is
 * near, longer ones agree with each other and not with the gradient. 0 where nothing can be told.
 */
static double direction_error(walk *s)
{
    static const double ROUNDING = 1e-14, CLEAR = 10.0, TELLS = 0.1; /* of the slope */
    static const double AGREE = 1e-5;                                /* nearly always, at once */
    const double slope = choose_way(s);
    double h = 1e-4, size, least = (double)INFINITY;
    int told = 0;

    const double first = central(s, h, &size);
    if (fabs(first - slope) <= AGREE * (fabs(first) + fabs(slope)))
        return 0.0;
    for (int i = 0; i < TRIES; i++, h /= 10.0) {
        const double coarse = central(s, h, &size), fine = central(s, h / 2.0, &size);
        const double unsure = CLEAR * (fabs(coarse - fine) + ROUNDING * (size + 1.0) / h);
        const double sum = fabs(fine) + fabs(slope), error = (fabs(fine - slope) - unsure) / sum;
        if (!(unsure < TELLS * sum))
            continue;
        least = fmin(least, fmax(error, 0.0));
        told++;
    }
    return told >= 2 ? least : 0.0;
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
    if (s->error > DSC_SUSPICIOUS_GRADIENT)
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

    DSC_TRY(dsc_twin_make(&s->twin, fit, err));
    s->way = dsc_alloc(dsc_graph_nodes(s->twin.net.graph), sizeof *s->way);
    if (!s->way)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a direction of %zu weights",
                        fit->model->n_w);
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
    dsc_free(s.way);
    return status;
}
