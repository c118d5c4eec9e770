/* trainer.c - one step of gradient descent, on any number of threads with the same bits.
 *
 * The batch is cut into shards, a function of the recipe alone. Each shard has working memory and
 * a gradient vector of its own, so shards run in parallel without meeting. Then slices of the
 * parameter vector run in parallel: each sums the shards' gradients in a fixed tree, and, when
 * all were seen to be finite, moves its stretch of w. */
#include "train/trainer.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "graph/op.h"
#include "train/reduce.h"

#include <math.h>

enum { SLICE = 16384 }; /* elements a thread takes at once: w, g and state then fit the cache */

typedef struct shard {
    dsc_run *run;
    dsc_pass pass;
    const uint32_t *index;
    double loss;
    size_t hits;
} shard;

struct dsc_trainer {
    dsc_trainer_options o;
    dsc_reduce reduce;
    descent_type type;
    size_t n_w;
    int outputs;
    bool classes;
    shard *shard;
    void **g; /* one gradient a shard */
    void *g_block;
    dsc_run **run; /* of the shards, as merge_buffers wants them */
    size_t shard_rows;
    int used; /* shards that have rows in this batch; fewer in a ragged last one */
    bool *slice_finite;
    int slices;
};

static size_t slice_end(const dsc_trainer *t, int slice)
{
    const size_t end = ((size_t)slice + 1) * SLICE;

    return end < t->n_w ? end : t->n_w;
}

/* Memory for one gradient vector, padded so that every one starts on a cache line. */
static descent_status make_gradients(dsc_trainer *t, descent_error *err)
{
    const size_t element = t->type == DESCENT_F64 ? sizeof(double) : sizeof(float);
    const size_t stride = (t->n_w + 15) / 16 * 16;

    t->g = dsc_alloc((size_t)t->o.shards, sizeof *t->g);
    t->g_block = dsc_alloc(stride * (size_t)t->o.shards, element);
    if (!t->g || !t->g_block)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %d gradients of %zu numbers",
                        t->o.shards, t->n_w);
    for (int s = 0; s < t->o.shards; s++)
        t->g[s] = (char *)t->g_block + (size_t)s * stride * element;
    return DESCENT_OK;
}

static descent_status make_shards(dsc_trainer *t, descent_error *err)
{
    const dsc_network *net = t->o.network;

    t->shard = dsc_alloc((size_t)t->o.shards, sizeof *t->shard);
    t->run = dsc_alloc((size_t)t->o.shards, sizeof *t->run);
    t->slice_finite = dsc_alloc((size_t)t->slices, sizeof *t->slice_finite);
    if (!t->shard || !t->run || !t->slice_finite)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %d shards", t->o.shards);
    for (int s = 0; s < t->o.shards; s++) {
        DSC_TRY(dsc_run_create(&t->run[s], net->graph, true, t->o.w, t->o.b, t->g[s], err));
        t->shard[s].run = t->run[s];
    }
    return DESCENT_OK;
}

descent_status dsc_trainer_create(dsc_trainer **out, const dsc_trainer_options *options,
                                  descent_error *err)
{
    const dsc_graph *graph = options->network->graph;

    *out = NULL;
    dsc_trainer *t = dsc_alloc(1, sizeof *t);
    if (!t)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a training");
    t->o = *options;
    t->type = dsc_graph_type(graph);
    t->n_w = dsc_graph_parameters(graph);
    t->reduce = dsc_reduce_choose(t->type, dsc_level_choose());
    t->classes = dsc_graph_node(graph, options->network->target)->element == DSC_LABELS;
    t->outputs = (int)dsc_shape_count(dsc_graph_node(graph, options->network->output)->shape);
    t->shard_rows = (size_t)dsc_graph_node(graph, options->network->x)->max_rows;
    t->slices = (int)((t->n_w + SLICE - 1) / SLICE);

    descent_status status = make_gradients(t, err);
    if (status == DESCENT_OK)
        status = make_shards(t, err);
    if (status != DESCENT_OK) {
        dsc_trainer_free(t);
        return status;
    }
    *out = t;
    return DESCENT_OK;
}

void dsc_trainer_free(dsc_trainer *t)
{
    if (!t)
        return;
    for (int s = 0; t->run && s < t->o.shards; s++)
        dsc_run_free(t->run[s]);
    dsc_free(t->run);
    dsc_free(t->shard);
    dsc_free(t->g);
    dsc_free(t->g_block);
    dsc_free(t->slice_finite);
    dsc_free(t);
}

/* Hands out the rows, and asks the loss what the whole batch weighs. */
static double begin_batch(dsc_trainer *t, const uint32_t *index, size_t n, int64_t step)
{
    double weight = 0.0;

    t->used = (int)((n + t->shard_rows - 1) / t->shard_rows);
    for (int s = 0; s < t->used; s++) {
        shard *sh = &t->shard[s];
        const size_t begin = (size_t)s * t->shard_rows;
        const size_t rows = n - begin < t->shard_rows ? n - begin : t->shard_rows;

        sh->index = index + begin;
        sh->pass = (dsc_pass){.rows = (int)rows,
                              .first_row = (int64_t)begin,
                              .training = true,
                              .seed = t->o.seed,
                              .step = (uint64_t)step};
        t->o.fill(t->o.fill_user, sh->index, rows, NULL,
                  dsc_run_input(sh->run, t->o.network->target));
        weight += dsc_run_loss_weight(sh->run, &sh->pass);
    }
    for (int s = 0; s < t->used; s++)
        t->shard[s].pass.loss_scale = 1.0 / weight;
    return weight;
}

/* Examples whose largest output is at their label. */
static size_t count_hits(const dsc_trainer *t, const shard *sh)
{
    const int32_t *label = dsc_run_input(sh->run, t->o.network->target);
    const void *output = dsc_run_value(sh->run, t->o.network->output);
    size_t hits = 0;

    for (int row = 0; row < sh->pass.rows; row++) {
        int best = 0;
        for (int i = 1; i < t->outputs; i++) {
            const size_t at = (size_t)row * (size_t)t->outputs;
            const bool larger = t->type == DESCENT_F64
                                    ? ((const double *)output)[at + (size_t)i] >
                                          ((const double *)output)[at + (size_t)best]
                                    : ((const float *)output)[at + (size_t)i] >
                                          ((const float *)output)[at + (size_t)best];
            best = larger ? i : best;
        }
        hits += best == label[row];
    }
    return hits;
}

static void run_shard(int s, void *user)
{
    dsc_trainer *t = user;
    shard *sh = &t->shard[s];

    t->o.fill(t->o.fill_user, sh->index, (size_t)sh->pass.rows,
              dsc_run_input(sh->run, t->o.network->x), NULL);
    sh->loss = dsc_run_forward(sh->run, &sh->pass);
    if (t->classes)
        sh->hits = count_hits(t, sh);
    dsc_run_backward(sh->run);
}

static void sum_slice(int slice, void *user)
{
    const dsc_trainer *t = user;

    t->slice_finite[slice] = t->reduce(t->g, t->used, (size_t)slice * SLICE, slice_end(t, slice));
}

static void move_slice(int slice, void *user)
{
    const dsc_trainer *t = user;

    dsc_optimizer_apply(t->o.optimizer, t->o.w, t->g[0], (size_t)slice * SLICE,
                        slice_end(t, slice));
}

dsc_step_result dsc_trainer_step(dsc_trainer *t, const uint32_t *index, size_t n, int64_t step)
{
    const double weight = begin_batch(t, index, n, step);
    dsc_step_result result = {.finite = true};

    dsc_parallel_for(t->o.threads, t->used, run_shard, t);
    for (int s = 0; s < t->used; s++) {
        result.loss += t->shard[s].loss;
        result.hits += t->shard[s].hits;
    }
    result.loss /= weight;
    dsc_parallel_for(t->o.threads, t->slices, sum_slice, t);
    result.finite = isfinite(result.loss);
    for (int slice = 0; slice < t->slices; slice++)
        result.finite = result.finite && t->slice_finite[slice];
    if (!result.finite)
        return result;

    dsc_optimizer_begin(t->o.optimizer);
    dsc_parallel_for(t->o.threads, t->slices, move_slice, t);
    dsc_graph_merge_buffers(t->o.network->graph, t->run, t->used, t->o.b);
    return result;
}
