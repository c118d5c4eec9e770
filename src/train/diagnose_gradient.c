/* diagnose_gradient.c - is the gradient that the training takes the derivative of its loss? Finite
 * differences on three examples in double, and the training's own kernels against that. Only checks
 * before a training ask for it; a training itself does not pay for it.
 *
 * The weights are moved a little: first weights of 0 stand on the kinks of relu, where there is no
 * derivative. */
#include "train/diagnose.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "graph/check.h"
#include "graph/op.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { EXAMPLES = 3, MOST_ELEMENTS = 12, PASSES = 8 /* forward, for one derivative, on average */ };

static const double seconds = 1.5; /* that finite differences may take, about */
static const double moved = 0.02;  /* how far a weight is moved at most */

/* The network in double, and what it works on. */
typedef struct twin {
    dsc_network net;
    dsc_run *run;
    double *w, *b, *g;
    float *g_float;
    float *w_before, *b_before; /* of the model */
    void *x, *y;                /* the examples, for the training's kernels */
    dsc_pass pass;
    dsc_check_plan plan;
    double error;
} twin;

static void release(twin *t)
{
    dsc_run_free(t->run);
    dsc_network_free(&t->net);
    dsc_free(t->w);
    dsc_free(t->b);
    dsc_free(t->g);
    dsc_free(t->g_float);
    dsc_free(t->w_before);
    dsc_free(t->b_before);
    dsc_free(t->x);
    dsc_free(t->y);
}

/* Room for the network's node and all examples; what it holds is as large as a float. */
static void *room_for(const twin *t, dsc_id node)
{
    return dsc_alloc(EXAMPLES * dsc_shape_count(dsc_graph_node(t->net.graph, node)->shape),
                     sizeof(float));
}

static descent_status make(twin *t, const dsc_fit *fit, descent_error *err)
{
    const descent_model *model = fit->model;

    DSC_TRY(dsc_network_build(&t->net, &model->options, DESCENT_F64, EXAMPLES, DSC_BACKEND_REF,
                              (dsc_place){0}, NULL, err));
    t->w = dsc_alloc(model->n_w, sizeof *t->w);
    t->b = dsc_alloc(model->n_b, sizeof *t->b);
    t->g = dsc_alloc(model->n_w, sizeof *t->g);
    t->g_float = dsc_alloc(model->n_w, sizeof *t->g_float);
    t->w_before = dsc_alloc(model->n_w, sizeof *t->w_before);
    t->b_before = dsc_alloc(model->n_b, sizeof *t->b_before);
    t->x = room_for(t, t->net.x);
    t->y = room_for(t, t->net.target);
    if (!t->w || !t->b || !t->g || !t->g_float || !t->w_before || !t->b_before || !t->x || !t->y)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the gradient of %zu weights",
                        model->n_w);
    memcpy(t->w_before, model->w, model->n_w * sizeof *model->w);
    memcpy(t->b_before, model->b, model->n_b * sizeof *model->b);
    for (size_t i = 0; i < model->n_b; i++)
        t->b[i] = (double)model->b[i];
    return dsc_run_create(&t->run, t->net.graph, true, t->w, t->b, t->g, err);
}

/* Three examples, spread over the training part. */
static int choose(const dsc_fit *fit, uint32_t index[EXAMPLES])
{
    const size_t n = fit->split->n_train;
    const int count = n < EXAMPLES ? (int)n : EXAMPLES;

    for (int i = 0; i < count; i++)
        index[i] = fit->split->train[n / (size_t)count * (size_t)i];
    return count;
}

static void differentiate(int part, void *user)
{
    twin *t = user;

    (void)part;
    t->error = dsc_graph_check_parts(t->net.graph, t->run, &t->pass, t->w, t->g, &t->plan);
}

/* As many elements as the time allows, of as many parameters. */
static void plan(twin *t)
{
    size_t parameters = 0;

    for (dsc_id k = 0; (size_t)k < dsc_graph_nodes(t->net.graph); k++)
        parameters += dsc_graph_node(t->net.graph, k)->kind == DSC_PARAMETER;
    const double begin = dsc_seconds();
    t->pass.loss_scale = 1.0 / dsc_run_loss_weight(t->run, &t->pass);
    (void)dsc_run_forward(t->run, &t->pass);
    const double elements = fmax(1.0, seconds / (PASSES * (dsc_seconds() - begin + 1e-7)));
    const double each = elements / fmax(1.0, (double)parameters);
    t->plan.limit = each < 1.0 ? 1 : each < MOST_ELEMENTS ? (size_t)each : MOST_ELEMENTS;
    t->plan.every = each < 1.0 ? (size_t)ceil(1.0 / each) : 1;
}

/* "0.1 conv" -> the layer of the parameter with the largest error. */
static void name_worst(const twin *t, dsc_start *start)
{
    if (t->plan.worst >= 0)
        snprintf(start->gradient_op, sizeof start->gradient_op, "%s",
                 dsc_graph_node(t->net.graph, t->plan.worst)->layer);
}

/* The same examples through the kernels of the training, in their precision: how far its gradient
 * is from that in double, over the length of the latter. */
static descent_status compare_kernels(twin *t, const dsc_fit *fit, const uint32_t *index,
                                      double *kernels, descent_error *err)
{
    descent_model *model = fit->model;
    double difference = 0.0, length = 0.0;
    const size_t rows = (size_t)t->pass.rows;

    dsc_batch_gather(fit->data, &model->scaling, DESCENT_F32, index, rows, t->x, t->y);
    (void)descent_model_gradient(model, t->x, t->y, rows, t->g_float);
    if (!model->gradient_run)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory to compare the kernels' gradient");
    for (size_t i = 0; i < model->n_w; i++) {
        const double d = (double)t->g_float[i] - t->g[i];
        difference += d * d;
        length += t->g[i] * t->g[i];
    }
    *kernels = length > 0.0 ? sqrt(difference / length) : 0.0;
    return DESCENT_OK;
}

/* A point near the first weights, the same for both precisions. */
static void move(twin *t, descent_model *model)
{
    for (size_t i = 0; i < model->n_w; i++) {
        const double u = dsc_random_uniform(model->options.seed, DSC_RNG_NEAR, 0, i);
        model->w[i] += (float)(moved * (2.0 * u - 1.0));
        t->w[i] = (double)model->w[i];
    }
}

static void move_back(const twin *t, descent_model *model)
{
    memcpy(model->w, t->w_before, model->n_w * sizeof *model->w);
    memcpy(model->b, t->b_before, model->n_b * sizeof *model->b);
}

static descent_status check(twin *t, dsc_fit *fit, double *kernels, descent_error *err)
{
    dsc_start *start = &fit->diagnosis->c.start;
    uint32_t index[EXAMPLES];

    DSC_TRY(make(t, fit, err));
    move(t, fit->model);
    /* the seed and step of a model's first descent_model_gradient(): dropout drops the same */
    t->pass =
        (dsc_pass){.rows = choose(fit, index), .training = true, .seed = fit->model->options.seed};
    dsc_batch_gather(fit->data, &fit->model->scaling, DESCENT_F64, index, (size_t)t->pass.rows,
                     dsc_run_input(t->run, t->net.x), dsc_run_input(t->run, t->net.target));
    plan(t);
    dsc_parallel_for(1, 1, differentiate, t);
    start->gradient_error = t->error;
    name_worst(t, start);
    const descent_status status = compare_kernels(t, fit, index, kernels, err);
    move_back(t, fit->model);
    return status;
}

descent_status dsc_diagnosis_gradient(dsc_fit *fit, double *kernels, descent_error *err)
{
    twin t = {.plan = {.worst = -1}};

    const descent_status status = check(&t, fit, kernels, err);
    release(&t);
    return status;
}
