/* trainer.c - one step of gradient descent: gradient, then the optimizer's move. What is not finite
 * moves nothing, neither weights nor the statistics of batch_norm. */
#include "train/gradient.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/parallel.h"

#include <math.h>
#include <string.h>

/* A vector like w, padded so that what follows starts on a cache line. */
static size_t stride_of(const dsc_trainer *t)
{
    return (t->n_w + 15) / 16 * 16;
}

static descent_status make_gradients(dsc_trainer *t, descent_error *err)
{
    /* one a shard, and one for all batches of a step */
    const size_t vectors = (size_t)t->o.shards + (t->o.accumulate > 1);

    t->g = dsc_alloc((size_t)t->o.shards, sizeof *t->g);
    t->g_block = dsc_alloc(stride_of(t) * vectors, t->element);
    if (!t->g || !t->g_block)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu gradients of %zu numbers",
                        vectors, t->n_w);
    for (int s = 0; s < t->o.shards; s++)
        t->g[s] = (char *)t->g_block + (size_t)s * stride_of(t) * t->element;
    t->total = t->g[0];
    if (t->o.accumulate > 1)
        t->total = (char *)t->g_block + (size_t)t->o.shards * stride_of(t) * t->element;
    return DESCENT_OK;
}

/* Copies for steps that are taken back, and for rules that look elsewhere than at w. */
static descent_status make_copies(dsc_trainer *t, descent_error *err)
{
    const bool curves = dsc_optimizer_needs_curvature(t->o.optimizer);
    const bool searches = dsc_optimizer_searches(t->o.optimizer);

    t->b_before = dsc_alloc(t->n_b, t->element);
    if (curves || searches)
        t->w_before = dsc_alloc(t->n_w, t->element);
    if (curves)
        t->w_trial = dsc_alloc(t->n_w, t->element);
    if (!t->b_before || ((curves || searches) && !t->w_before) || (curves && !t->w_trial))
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for copies of %zu weights", t->n_w);
    return DESCENT_OK;
}

static descent_status make_shards(dsc_trainer *t, descent_error *err)
{
    const dsc_network *net = t->o.network;

    t->shard = dsc_alloc((size_t)t->o.shards, sizeof *t->shard);
    t->run = dsc_alloc((size_t)t->o.shards, sizeof *t->run);
    t->slice_facts = dsc_alloc((size_t)t->slices, sizeof *t->slice_facts);
    if (!t->shard || !t->run || !t->slice_facts)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %d shards", t->o.shards);
    for (int s = 0; s < t->o.shards; s++) {
        DSC_TRY(dsc_run_create(&t->run[s], net->graph, true, t->o.w, t->o.b, t->g[s], err));
        t->shard[s].run = t->run[s];
        if (t->o.shards == 1) /* nothing beside it to do: the threads work inside its ops */
            dsc_run_set_threads(t->run[s], t->o.threads);
    }
    return DESCENT_OK;
}

/* A few examples in one shard leave nothing for a second thread but passes over the weights. As
 * long as those take some microseconds, waking it costs more than it brings, and much more on a
 * machine that is shared. */
static void choose_threads(dsc_trainer *t)
{
    enum { NEAR = 1 << 22, FEW_ROWS = 16 }; /* bytes; examples */
    const size_t vectors = 2 * t->n_w * t->element;
    const bool near = vectors + descent_optimizer_state_size(t->o.optimizer) <= NEAR;
    const bool alone = t->o.shards == 1 && t->shard_rows < FEW_ROWS && near;

    t->slice_threads = alone || t->n_w < DSC_FEW_ELEMENTS ? 1 : t->o.threads;
    dsc_optimizer_set_threads(t->o.optimizer, alone ? 1 : t->o.threads);
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
    t->element = t->type == DESCENT_F64 ? sizeof(double) : sizeof(float);
    t->n_w = dsc_graph_parameters(graph);
    t->n_b = dsc_graph_buffers(graph);
    t->reduce = dsc_reduce_choose(t->type, dsc_level_choose());
    t->look = dsc_look_columns_choose(t->type, dsc_level_choose());
    t->classes = dsc_graph_node(graph, options->network->target)->element == DSC_LABELS;
    t->positions = t->classes ? dsc_network_labels(options->network) : 1;
    t->outputs = (int)(dsc_shape_count(dsc_graph_node(graph, options->network->output)->shape) /
                       t->positions);
    const dsc_node *x = dsc_graph_node(graph, options->network->x);
    t->x_bytes =
        dsc_shape_count(x->shape) * (x->element == DSC_LABELS ? sizeof(int32_t) : t->element);
    t->shard_rows = (size_t)x->max_rows;
    if (t->o.batch == 0)
        t->o.batch = t->shard_rows * (size_t)t->o.shards;
    t->slices = dsc_trainer_slices(t->n_w);
    choose_threads(t);

    descent_status status = make_gradients(t, err);
    if (status == DESCENT_OK)
        status = make_copies(t, err);
    if (status == DESCENT_OK)
        status = make_shards(t, err);
    if (status == DESCENT_OK)
        status = dsc_trainer_make_outer(t, err);
    if (status == DESCENT_OK)
        status = dsc_trainer_make_joint(t, err);
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
    dsc_free(t->slice_facts);
    dsc_free(t->outer);
    dsc_trainer_free_joint(t);
    dsc_free(t->b_before);
    dsc_free(t->w_before);
    dsc_free(t->w_trial);
    dsc_free(t);
}

dsc_trainer_memory dsc_trainer_bytes(const dsc_trainer *t)
{
    const size_t vectors = (size_t)t->o.shards + (t->o.accumulate > 1);
    dsc_trainer_memory bytes = {.gradients = dsc_block_bytes(vectors * stride_of(t) * t->element)};

    bytes.gradients += ((t->w_before ? 1u : 0u) + (t->w_trial ? 1u : 0u)) * t->n_w * t->element;
    for (int s = 0; s < t->o.shards; s++)
        bytes.arenas += dsc_block_bytes(dsc_run_bytes(t->run[s]));
    bytes.arenas += dsc_trainer_joint_bytes(t);
    return bytes;
}

static void note_result(dsc_trainer *t, const dsc_gradient *gradient)
{
    t->result.loss = gradient->loss;
    t->result.hits = gradient->hits;
}

/* For rules that ask for gradients themselves. Only the first of a step counts as a look at the
 * data; dropout drops the same numbers in all of them. */
static double evaluate(void *user, const void *w, void *g)
{
    dsc_trainer *t = user;
    const bool first = t->evaluations++ == 0, elsewhere = w != t->o.w;

    if (elsewhere) {
        memcpy(t->w_before, t->o.w, t->n_w * t->element);
        memcpy(t->o.w, w, t->n_w * t->element);
    }
    const dsc_gradient gradient = dsc_trainer_gradient(t, g ? g : t->total, first, false);
    if (elsewhere)
        memcpy(t->o.w, t->w_before, t->n_w * t->element);
    if (first)
        note_result(t, &gradient);
    return gradient.loss;
}

/* Each step counts alike: one that other programs interrupted says little. */
static void note_times(dsc_trainer *t, double moving)
{
    const double seconds = t->seconds + moving;

    if (!(seconds > 0.0)) /* shorter than the clock can tell */
        return;
    t->fill_shares += t->fill_seconds / seconds;
    t->timed_steps++;
}

static void step_once(dsc_trainer *t)
{
    descent_optimizer *opt = t->o.optimizer;

    t->timed = t->watcher != NULL;
    t->fill_seconds = t->seconds = 0.0;
    const dsc_gradient gradient =
        dsc_trainer_gradient(t, t->total, true, dsc_optimizer_wants_squares(opt));
    const double begin = t->timed ? dsc_seconds() : 0.0;

    note_result(t, &gradient);
    if (isfinite(gradient.loss))
        dsc_optimizer_move(opt, t->o.w, t->total, gradient.facts);
    else
        dsc_optimizer_skip(opt, t->total);
    if (t->timed)
        note_times(t, dsc_seconds() - begin);
    t->timed = false;
}

double dsc_trainer_fill_share(const dsc_trainer *t)
{
    return t->timed_steps > 0.0 ? t->fill_shares / t->timed_steps : (double)NAN;
}

void dsc_trainer_show(dsc_trainer *t, void *g, dsc_watcher *watcher)
{
    t->shown = g;
    t->watcher = watcher;
}

void dsc_trainer_again(dsc_trainer *t, void *g)
{
    t->whole = true;
    dsc_trainer_gradient(t, g, false, false);
    t->whole = false;
}

dsc_step_result dsc_trainer_step(dsc_trainer *t, const uint32_t *index, size_t n, int64_t step)
{
    t->index = index;
    t->n = n;
    t->step = step;
    t->evaluations = 0;
    memcpy(t->b_before, t->o.b, t->n_b * t->element);
    if (dsc_optimizer_needs_curvature(t->o.optimizer))
        dsc_trainer_curvature(t);
    if (dsc_optimizer_needs_objective(t->o.optimizer))
        dsc_optimizer_run(t->o.optimizer, t->o.w, evaluate, t);
    else
        step_once(t);
    t->result.finite = descent_optimizer_skipped_in_a_row(t->o.optimizer) == 0;
    if (!t->result.finite)
        memcpy(t->o.b, t->b_before, t->n_b * t->element);
    return t->result;
}
