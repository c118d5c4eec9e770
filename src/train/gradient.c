/* gradient.c - the gradient of the mean loss over some examples; see gradient.h.
 *
 *     g = sum over batches, over shards, over examples of dL/dw / (weight of all examples) */
#include "train/gradient.h"

#include "base/clock.h"
#include "base/parallel.h"

#include <math.h>
#include <string.h>

/* Hands out the rows of the batch that begins at `begin`; returns what its loss is divided by. */
double dsc_trainer_begin_batch(dsc_trainer *t, size_t begin)
{
    const size_t left = t->n - begin, n = left < t->o.batch ? left : t->o.batch;
    double weight = 0.0;

    t->used = (int)((n + t->shard_rows - 1) / t->shard_rows);
    for (int s = 0; s < t->used; s++) {
        dsc_shard *sh = &t->shard[s];
        const size_t first = (size_t)s * t->shard_rows;
        const size_t rows = n - first < t->shard_rows ? n - first : t->shard_rows;

        sh->index = t->index + begin + first;
        sh->pass = (dsc_pass){.rows = (int)rows,
                              .first_row = (int64_t)(begin + first),
                              .training = true,
                              .seed = t->o.seed,
                              .step = (uint64_t)t->step};
        t->o.fill(t->o.fill_user, t->step, sh->index, rows, NULL,
                  dsc_run_input(sh->run, t->o.network->target));
        weight += dsc_run_loss_weight(sh->run, &sh->pass);
    }
    return weight;
}

/* Examples that all weigh nothing (their labels are ignored) have a loss of 0, not 0 / 0. */
double dsc_trainer_weight_of_all(dsc_trainer *t)
{
    double weight = 0.0;

    for (size_t begin = 0; begin < t->n; begin += t->o.batch)
        weight += dsc_trainer_begin_batch(t, begin);
    return weight > 0.0 ? weight : 1.0;
}

/* Is the first of the largest of n outputs that of the label? Most labels are passed early on. */
static bool leads(const dsc_trainer *t, const void *output, size_t at, int32_t label)
{
    const double *x64 = (const double *)output + at;
    const float *x32 = (const float *)output + at;
    int i = 0;

    if (label < 0 || label >= t->outputs)
        return false;
    if (t->type == DESCENT_F64) {
        while (i < t->outputs && !(i < label ? x64[i] >= x64[label] : x64[i] > x64[label]))
            i++;
    } else {
        while (i < t->outputs && !(i < label ? x32[i] >= x32[label] : x32[i] > x32[label]))
            i++;
    }
    return i == t->outputs;
}

void dsc_shard_count_hits(const dsc_trainer *t, dsc_shard *sh)
{
    if (!t->classes)
        return;
    const int32_t *label = dsc_run_input(sh->run, t->o.network->target);
    const void *output = dsc_run_value(sh->run, t->o.network->output);
    const size_t places = (size_t)sh->pass.rows * t->positions;

    sh->hits = 0;
    for (size_t i = 0; i < places; i++)
        sh->hits += leads(t, output, i * (size_t)t->outputs, label[i]);
}

/* Inputs of the shard, rows in equal parts. */
typedef struct fill_work {
    const dsc_trainer *t;
    const dsc_shard *shard;
    int parts;
} fill_work;

static void fill_part(int part, void *user)
{
    const fill_work *w = user;
    const dsc_trainer *t = w->t;
    const size_t rows = (size_t)w->shard->pass.rows, parts = (size_t)w->parts;
    const size_t begin = rows * (size_t)part / parts, end = rows * ((size_t)part + 1) / parts;

    t->o.fill(t->o.fill_user, t->step, w->shard->index + begin, end - begin,
              (char *)dsc_run_input(w->shard->run, t->o.network->x) + begin * t->x_bytes, NULL);
}

/* A shard that is alone has all threads to itself; a few numbers are not worth waking them. */
void dsc_shard_fill(const dsc_trainer *t, const dsc_shard *sh)
{
    enum { LEAST = 1 << 15 }; /* bytes */
    const bool many = t->o.shards == 1 && t->x_bytes * (size_t)sh->pass.rows >= LEAST;
    fill_work w = {.t = t, .shard = sh, .parts = many ? t->o.threads : 1};

    if (w.parts > 1)
        dsc_parallel_for(t->o.threads, w.parts, fill_part, &w);
    else
        fill_part(0, &w);
}

void dsc_trainer_forward_shard(dsc_trainer *t, dsc_shard *sh)
{
    const double begin = t->timed ? dsc_seconds() : 0.0;

    dsc_shard_fill(t, sh);
    sh->fill_seconds = t->timed ? dsc_seconds() - begin : 0.0;
    sh->loss = dsc_run_forward(sh->run, &sh->pass);
}

void dsc_trainer_run_shard(int s, void *user)
{
    dsc_trainer *t = user;
    dsc_shard *sh = &t->shard[s];
    const double begin = t->timed ? dsc_seconds() : 0.0;

    dsc_trainer_forward_shard(t, sh);
    if (t->sampling) {
        dsc_trainer_draw_labels(t, sh);
        sh->loss = dsc_run_forward(sh->run, &sh->pass);
    }
    dsc_shard_count_hits(t, sh);
    dsc_run_backward(sh->run);
    sh->seconds = t->timed ? dsc_seconds() - begin : 0.0;
}

int dsc_trainer_slices(size_t n)
{
    const size_t size = dsc_vector_piece(n);

    return (int)((n + size - 1) / size);
}

static void sum_slice(int slice, void *user)
{
    const dsc_trainer *t = user;
    const size_t size = dsc_vector_piece(t->n_w), begin = (size_t)slice * size;
    const size_t end = begin + size < t->n_w ? begin + size : t->n_w;

    t->reduce(&t->reduction, begin, end, &t->slice_facts[slice]);
}

void dsc_facts_join(dsc_gradient_facts *all, const dsc_gradient_facts *part)
{
    all->finite = all->finite && part->finite;
    all->largest = part->largest > all->largest ? part->largest : all->largest;
    all->squares += part->squares;
}

static dsc_gradient_facts facts_of_slices(const dsc_trainer *t)
{
    dsc_gradient_facts all = {.known = true, .finite = true};

    for (int slice = 0; slice < t->slices; slice++)
        dsc_facts_join(&all, &t->slice_facts[slice]);
    return all;
}

/* out <- the sum of the shards, or out + it; what is known of out then */
static dsc_gradient_facts sum_shards(dsc_trainer *t, void *out, bool add, bool squares)
{
    t->reduction =
        (dsc_reduction){.g = t->g, .shards = t->used, .total = out, .add = add, .squares = squares};
    if (dsc_trainer_finish_joint(t))
        return dsc_trainer_joint_facts(t);
    dsc_parallel_for(t->slice_threads, t->slices, sum_slice, t);
    return facts_of_slices(t);
}

static void write_outer(int index, void *user)
{
    const dsc_trainer *t = user;

    (void)index;
    dsc_run_write_outer(t->run[0]);
}

/* True when the optimizer takes outer products as they are; else they are written to g. */
static bool stays_outer(dsc_trainer *t, dsc_gradient *result)
{
    if (t->n_outer == 0)
        return false;
    result->facts = dsc_trainer_outer_facts(t);
    if (!t->whole && isfinite(result->loss) &&
        dsc_optimizer_takes_outer(t->o.optimizer, result->facts))
        return true;
    dsc_parallel_for(1, 1, write_outer, t); /* denormals are flushed as in all of backward */
    return false;
}

/* The shards' activations become visible, or not any more. */
static void watch_shards(dsc_trainer *t, bool on)
{
    for (int s = 0; t->watcher && s < t->o.shards; s++)
        dsc_run_watch(t->run[s], on ? dsc_watcher_see : NULL, dsc_watcher_shard(t->watcher, s));
}

/* A copy for instruments. What was left out of g is written to it: nobody else reads it there. */
static void show_gradient(dsc_trainer *t, const void *g, bool outer)
{
    if (!t->shown)
        return;
    if (outer)
        dsc_parallel_for(1, 1, write_outer, t);
    memcpy(t->shown, outer ? t->g[0] : g, t->n_w * t->element);
}

dsc_gradient dsc_trainer_gradient(dsc_trainer *t, void *out, bool measure, bool squares)
{
    const double weight = dsc_trainer_weight_of_all(t);
    dsc_gradient result = {0};
    bool outer = false;

    if (measure)
        watch_shards(t, true);
    for (size_t begin = 0; begin < t->n; begin += t->o.batch) {
        const bool last = t->n - begin <= t->o.batch;
        if (t->n > t->o.batch) /* of one batch the rows are handed out already */
            dsc_trainer_begin_batch(t, begin);
        for (int s = 0; s < t->used; s++)
            t->shard[s].pass.loss_scale = 1.0 / weight;
        if (!dsc_trainer_run_joint(t))
            dsc_parallel_for(t->o.threads, t->used, dsc_trainer_run_shard, t);
        for (int s = 0; s < t->used; s++) {
            result.loss += t->shard[s].loss;
            result.hits += t->shard[s].hits;
            t->fill_seconds += t->timed ? t->shard[s].fill_seconds : 0.0;
            t->seconds += t->timed ? t->shard[s].seconds : 0.0;
        }
        outer = stays_outer(t, &result);
        if (!outer)
            result.facts = sum_shards(t, out, begin > 0, squares && last);
        if (measure)
            dsc_graph_merge_buffers(t->o.network->graph, t->run, t->used, t->o.b);
    }
    result.loss /= weight;
    if (measure) {
        watch_shards(t, false);
        show_gradient(t, out, outer);
    }
    return result;
}
