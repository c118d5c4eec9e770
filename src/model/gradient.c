/* gradient.c - loss and gradient for programs that drive their own optimizer. */
#include "model/model.h"

#include "base/parallel.h"
#include "graph/op.h"

#include <limits.h>
#include <math.h>
#include <string.h>

/* A network and run for n rows; kept for the next call. */
static bool make_room(descent_model *model, int n, float *g)
{
    dsc_run_free(model->gradient_run);
    model->gradient_run = NULL;
    if (n > model->gradient_rows) {
        dsc_network_free(&model->gradient_network);
        model->gradient_rows = 0;
        if (dsc_network_build(&model->gradient_network, &model->options, DESCENT_F32, n,
                              model->backend, (dsc_place){0}, NULL, NULL) != DESCENT_OK)
            return false;
        model->gradient_rows = n;
    }
    return dsc_run_create(&model->gradient_run, model->gradient_network.graph, true, model->w,
                          model->b, g, NULL) == DESCENT_OK;
}

typedef struct work {
    descent_model *model;
    const dsc_pass *pass;
    double loss;
} work;

static void run(int index, void *user)
{
    work *w = user;

    (void)index;
    w->loss = dsc_run_forward(w->model->gradient_run, w->pass);
    dsc_run_backward(w->model->gradient_run);
}

double descent_model_gradient(descent_model *model, const void *x, const void *y, size_t n,
                              float *g)
{
    const dsc_network *net = &model->gradient_network;
    const bool labels = model->loss.kind->target == DSC_LABELS;
    size_t width = 1;

    if (n < 1 || n > INT_MAX)
        return (double)NAN;
    for (int i = 0; i < model->options.rank; i++)
        width *= (size_t)model->options.shape[i];
    if ((!model->gradient_run || model->gradient_g != g || (int)n > model->gradient_rows) &&
        !make_room(model, (int)n, g))
        return (double)NAN;
    model->gradient_g = g;
    memcpy(dsc_run_input(model->gradient_run, net->x), x,
           n * width * sizeof(float)); /* tokens are as long */
    memcpy(dsc_run_input(model->gradient_run, net->target), y,
           n * (labels ? dsc_network_labels(net) * sizeof(int32_t)
                       : (size_t)model->options.outputs * sizeof(float)));

    dsc_pass pass = {.rows = (int)n,
                     .training = true,
                     .seed = model->options.seed,
                     .step = (uint64_t)model->gradient_steps++};
    const double weight = dsc_run_loss_weight(model->gradient_run, &pass);
    pass.loss_scale = 1.0 / weight;
    work w = {.model = model, .pass = &pass};
    dsc_parallel_for(1, 1, run, &w);
    dsc_graph_merge_buffers(net->graph, &model->gradient_run, 1, model->b);
    return w.loss / weight;
}
