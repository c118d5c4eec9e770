/* diagnose_norm.c - do batch_norm's running statistics fit the weights that a training ended with?
 *
 * The same examples three times at the same weights: with the running statistics, with those of
 * each batch as in training, and with those measured afresh over many batches. Losses of steps
 * cannot tell: they were taken at other weights, and while dropout dropped. */
#include "train/diagnose.h"

#include "base/memory.h"
#include "graph/op.h"

#include <math.h>
#include <string.h>

/* Of the forward passes of the training, three a step and example, that the look may take. */
static const double SHARE = 0.02;
enum { MOST = 512, LEAST = 48, PASSES = 4 };

descent_status dsc_norm_create(dsc_diagnosis *d, const dsc_fit *fit, descent_error *err)
{
    const size_t n = fit->model->n_b;

    d->c.norm = (dsc_norm){.running = (double)NAN, .batch = (double)NAN, .afresh = (double)NAN};
    if (d->c.plan.batch_norms == 0 || n == 0)
        return DESCENT_OK;
    d->running = dsc_alloc(n, sizeof *d->running);
    return d->running ? DESCENT_OK
                      : dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu statistics", n);
}

void dsc_norm_free(dsc_diagnosis *d)
{
    dsc_free(d->running);
}

/* As in training, a shard's examples at a time. What is left is no batch of the usual size. */
static double in_batches(const dsc_fit *fit, const uint32_t *index, size_t n)
{
    const size_t room = dsc_trainer_room(fit->trainer);
    double sum = 0.0, batches = 0.0;
    dsc_run *run;

    for (size_t begin = 0; begin + room <= n; begin += room, batches++)
        sum += dsc_trainer_peek(fit->trainer, index + begin, room, NULL, NULL, &run);
    return sum / batches;
}

/* What a batch_norm takes mean and deviation of: places of the examples of a shard. */
static double fewest_numbers(const dsc_fit *fit)
{
    const dsc_graph *graph = dsc_trainer_graph(fit->trainer);
    double fewest = 0.0;

    for (dsc_id k = 0; (size_t)k < dsc_graph_nodes(graph); k++) {
        const dsc_node *node = dsc_graph_node(graph, k);
        if (node->kind != DSC_OP || strcmp(node->op->name, "batch_norm") != 0)
            continue;
        const size_t places = dsc_shape_count(node->shape) / (size_t)node->shape.size[0];
        const double numbers = (double)(dsc_trainer_room(fit->trainer) * places);
        if (fewest == 0.0 || numbers < fewest)
            fewest = numbers;
    }
    return fewest;
}

/* Whole batches, as many as may be looked at; 0: too few to tell. */
static size_t choose(const dsc_diagnosis *d, const dsc_fit *fit)
{
    const double trained = 3.0 * (double)fit->progress.step * (double)fit->window;
    const size_t may = (size_t)(SHARE * trained / PASSES), batch = (size_t)fit->settings->batch;
    size_t n = may < MOST ? may : MOST;

    n = n < LEAST ? LEAST : n;
    n = n < d->look.n_train ? n : d->look.n_train;
    return n - n % batch;
}

descent_status dsc_norm_look(dsc_diagnosis *d, dsc_fit *fit, descent_error *err)
{
    descent_model *model = fit->model;
    const size_t bytes = model->n_b * sizeof *model->b, n = d->running ? choose(d, fit) : 0;
    const uint32_t *index = d->look.train;
    dsc_norm *norm = &d->c.norm;

    norm->numbers = fewest_numbers(fit);
    if (n == 0 || fit->averages || !dsc_look_finite(model))
        return DESCENT_OK;
    DSC_TRY(dsc_look_loss(fit, index, n, &norm->running, err));
    norm->batch = in_batches(fit, index, n);
    memcpy(d->running, model->b, bytes);
    dsc_trainer_measure(fit->trainer, index, n);
    const descent_status status = dsc_look_loss(fit, index, n, &norm->afresh, err);
    memcpy(model->b, d->running, bytes);
    norm->n = n;
    return status;
}
