/* diagnose_gradient.c - is the gradient that the training takes the derivative of its loss? Finite
 * differences on three examples in double, and the training's own kernels against that. Only checks
 * before a training ask for it; a training itself pays for one direction: diagnose_direction.c. */
#include "train/diagnose.h"
#include "train/twin.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "graph/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_ELEMENTS = 12, PASSES = 8 /* forward, for one derivative, on average */ };

static const double seconds = 1.5; /* that finite differences may take, about */

typedef struct checked {
    dsc_twin twin;
    float *g_float;
    float *w_before, *b_before; /* of the model */
    void *x, *y;                /* the examples, for the training's kernels */
    dsc_check_plan plan;
    double error;
} checked;

static void release(checked *t)
{
    dsc_twin_release(&t->twin);
    dsc_free(t->g_float);
    dsc_free(t->w_before);
    dsc_free(t->b_before);
    dsc_free(t->x);
    dsc_free(t->y);
}

/* Room for the network's node and all examples; what it holds is as large as a float. */
static void *room_for(const dsc_twin *t, dsc_id node)
{
    return dsc_alloc(DSC_TWIN_EXAMPLES * dsc_shape_count(dsc_graph_node(t->net.graph, node)->shape),
                     sizeof(float));
}

static descent_status make(checked *t, const dsc_fit *fit, descent_error *err)
{
    const descent_model *model = fit->model;

    DSC_TRY(dsc_twin_make(&t->twin, fit, err));
    t->g_float = dsc_alloc(model->n_w, sizeof *t->g_float);
    t->w_before = dsc_alloc(model->n_w, sizeof *t->w_before);
    t->b_before = dsc_alloc(model->n_b, sizeof *t->b_before);
    t->x = room_for(&t->twin, t->twin.net.x);
    t->y = room_for(&t->twin, t->twin.net.target);
    if (!t->g_float || !t->w_before || !t->b_before || !t->x || !t->y)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the gradient of %zu weights",
                        model->n_w);
    memcpy(t->w_before, model->w, model->n_w * sizeof *model->w);
    memcpy(t->b_before, model->b, model->n_b * sizeof *model->b);
    return DESCENT_OK;
}

static void differentiate(int part, void *user)
{
    checked *c = user;
    dsc_twin *t = &c->twin;

    (void)part;
    c->error = dsc_graph_check_parts(t->net.graph, t->run, &t->pass, t->w, t->g, &c->plan);
}

/* As many elements as the time allows, of as many parameters. */
static void plan(checked *c)
{
    const dsc_twin *t = &c->twin;
    size_t parameters = 0;

    for (dsc_id k = 0; (size_t)k < dsc_graph_nodes(t->net.graph); k++)
        parameters += dsc_graph_node(t->net.graph, k)->kind == DSC_PARAMETER;
    const double begin = dsc_seconds();
    (void)dsc_run_forward(t->run, &t->pass);
    const double elements = fmax(1.0, seconds / (PASSES * (dsc_seconds() - begin + 1e-7)));
    const double each = elements / fmax(1.0, (double)parameters);
    c->plan.limit = each < 1.0 ? 1 : each < MOST_ELEMENTS ? (size_t)each : MOST_ELEMENTS;
    c->plan.every = each < 1.0 ? (size_t)ceil(1.0 / each) : 1;
}

/* "0.1 conv" -> the layer of the parameter with the largest error. */
static void name_worst(const checked *c, dsc_start *start)
{
    if (c->plan.worst >= 0)
        snprintf(start->gradient_op, sizeof start->gradient_op, "%s",
                 dsc_graph_node(c->twin.net.graph, c->plan.worst)->layer);
}

/* The same examples through the kernels of the training, in their precision: how far its gradient
 * is from that in double, over the length of the latter. */
static descent_status compare_kernels(checked *c, const dsc_fit *fit, double *kernels,
                                      descent_error *err)
{
    const dsc_twin *t = &c->twin;
    descent_model *model = fit->model;
    double difference = 0.0, length = 0.0;
    const size_t rows = (size_t)t->pass.rows;

    dsc_batch_gather(fit->data, &model->scaling, DESCENT_F32, t->index, rows, c->x, c->y);
    (void)descent_model_gradient(model, c->x, c->y, rows, c->g_float);
    if (!model->gradient_run)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory to compare the kernels' gradient");
    for (size_t i = 0; i < model->n_w; i++) {
        const double d = (double)c->g_float[i] - t->g[i];
        difference += d * d;
        length += t->g[i] * t->g[i];
    }
    *kernels = length > 0.0 ? sqrt(difference / length) : 0.0;
    return DESCENT_OK;
}

static void move_back(const checked *c, descent_model *model)
{
    memcpy(model->w, c->w_before, model->n_w * sizeof *model->w);
    memcpy(model->b, c->b_before, model->n_b * sizeof *model->b);
}

static descent_status check(checked *c, dsc_fit *fit, double *kernels, descent_error *err)
{
    dsc_start *start = &fit->diagnosis->c.start;

    DSC_TRY(make(c, fit, err));
    for (size_t i = 0; i < fit->model->n_w; i++) /* the twin's are floats */
        fit->model->w[i] = (float)c->twin.w[i];
    plan(c);
    dsc_parallel_for(1, 1, differentiate, c);
    start->gradient_error = c->error;
    name_worst(c, start);
    const descent_status status = compare_kernels(c, fit, kernels, err);
    move_back(c, fit->model);
    return status;
}

descent_status dsc_diagnosis_gradient(dsc_fit *fit, double *kernels, descent_error *err)
{
    checked c = {.plan = {.worst = -1}};

    const descent_status status = check(&c, fit, kernels, err);
    release(&c);
    return status;
}
