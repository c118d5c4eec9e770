/* peek.c - passes through the network beside the steps: to look at it, and for the statistics of
 * batch_norm at weights that no step was taken from. */
#include "train/gradient.h"

#include "base/parallel.h"

static void look_shard(int s, void *user)
{
    dsc_trainer *t = user;

    dsc_trainer_forward_shard(t, &t->shard[s]);
}

const dsc_graph *dsc_trainer_graph(const dsc_trainer *t)
{
    return t->o.network->graph;
}

size_t dsc_trainer_room(const dsc_trainer *t)
{
    return t->shard_rows;
}

double dsc_trainer_peek(dsc_trainer *t, const uint32_t *index, size_t n, dsc_watch watch,
                        void *user, dsc_run **run)
{
    t->index = index;
    t->n = n;
    t->step = 0;
    *run = t->run[0];
    const double weight = dsc_trainer_begin_batch(t, 0);
    dsc_run_watch(t->run[0], watch, user);
    dsc_parallel_for(1, 1, look_shard, t); /* denormals are flushed as in a step */
    dsc_run_watch(t->run[0], NULL, NULL);
    return t->shard[0].loss / (weight > 0.0 ? weight : 1.0);
}

static void watch_shards(dsc_trainer *t, dsc_watch_call watch, void *user)
{
    for (int s = 0; s < t->o.shards; s++)
        dsc_run_watch_calls(t->run[s], watch, user);
}

/* The batch that was begun, forward and backward. */
static void run_batch(dsc_trainer *t, double weight)
{
    for (int s = 0; s < t->used; s++)
        t->shard[s].pass.loss_scale = 1.0 / weight;
    dsc_parallel_for(1, t->used, dsc_trainer_run_shard, t);
}

void dsc_trainer_trace(dsc_trainer *t, dsc_watch_call watch, void *user)
{
    const double weight = dsc_trainer_weight_of_all(t);

    watch_shards(t, watch, user);
    for (size_t begin = 0; begin < t->n; begin += t->o.batch) {
        if (t->n > t->o.batch)
            dsc_trainer_begin_batch(t, begin);
        run_batch(t, weight);
    }
    watch_shards(t, NULL, NULL);
}

void dsc_trainer_trace_on(dsc_trainer *t, const uint32_t *index, size_t n, dsc_watch_call watch,
                          void *user)
{
    t->index = index;
    t->n = n;
    t->step = 0;
    watch_shards(t, watch, user);
    for (size_t begin = 0; begin < n; begin += t->o.batch) {
        const double weight = dsc_trainer_begin_batch(t, begin);
        run_batch(t, weight > 0.0 ? weight : 1.0);
    }
    watch_shards(t, NULL, NULL);
}

void dsc_trainer_measure(dsc_trainer *t, const uint32_t *index, size_t n)
{
    if (t->n_b == 0)
        return;
    t->index = index;
    t->n = n;
    t->step = 0;
    for (size_t begin = 0; begin < n; begin += t->o.batch) {
        const size_t left = n - begin, rows = left < t->o.batch ? left : t->o.batch;
        dsc_trainer_begin_batch(t, begin);
        dsc_parallel_for(t->o.threads, t->used, look_shard, t);
        dsc_graph_mean_buffers(t->o.network->graph, t->run, t->used,
                               (double)rows / (double)(begin + rows), t->o.b);
    }
}
