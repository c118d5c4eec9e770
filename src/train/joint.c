/* joint.c - shards that do their first layer together: see graph/joint.h. Each thread has some
 * columns of its matrix, forward and backward. The optimizer keeps to its own pieces: whole rows go
 * faster than columns, at whose ends the processor reads on into those of another core. */
#include "graph/joint.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "train/gradient.h"

#include <math.h>

/* Bytes of all shards' input above which it would be handed from core to core in the place of the
 * weights, and longer. */
enum { MOST_INPUT = 1 << 18 };

static dsc_stripes columns_of(const dsc_node *w, int parts)
{
    const size_t cols = (size_t)w->shape.size[1];
    const int units = (int)((cols + DSC_COLUMN_UNIT - 1) / DSC_COLUMN_UNIT);

    return (dsc_stripes){.begin = w->offset,
                         .rows = (size_t)w->shape.size[0],
                         .cols = cols,
                         .parts = parts < units ? parts : units};
}

descent_status dsc_trainer_make_joint(dsc_trainer *t, descent_error *err)
{
    const dsc_graph *graph = t->o.network->graph;
    const dsc_id id = dsc_graph_joint(graph);
    dsc_joint *joint = &t->joint;

    if (id < 0 || t->o.shards < 2 || (size_t)t->o.shards * t->shard_rows * t->x_bytes > MOST_INPUT)
        return DESCENT_OK;
    const size_t bytes = dsc_joint_scratch(graph, t->o.shards);
    if (bytes == 0)
        return DESCENT_OK;
    const dsc_node *w = dsc_graph_node(graph, dsc_graph_node(graph, id)->input[1]);
    joint->columns = columns_of(w, t->o.threads);
    joint->stride = (bytes + 63) / 64 * 64;
    joint->parts = columns_of(w, t->o.shards).parts;
    joint->outputs_stride = (dsc_joint_outputs(graph, t->o.shards) + 63) / 64 * 64;
    joint->outputs = dsc_alloc((size_t)joint->parts - 1, joint->outputs_stride);
    joint->scratch = dsc_alloc((size_t)joint->columns.parts, joint->stride);
    joint->facts = dsc_alloc((size_t)joint->columns.parts, sizeof *joint->facts);
    if (!joint->scratch || !joint->outputs || !joint->facts)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the first layer of %d shards",
                        t->o.shards);
    return DESCENT_OK;
}

void dsc_trainer_free_joint(dsc_trainer *t)
{
    dsc_free(t->joint.scratch);
    dsc_free(t->joint.outputs);
    dsc_free(t->joint.facts);
}

size_t dsc_trainer_joint_bytes(const dsc_trainer *t)
{
    const dsc_joint *joint = &t->joint;

    if (!joint->scratch)
        return 0;
    return dsc_block_bytes((size_t)joint->columns.parts * joint->stride) +
           dsc_block_bytes((size_t)(joint->parts - 1) * joint->outputs_stride);
}

static void look(int s, void *user)
{
    dsc_trainer *t = user;
    dsc_shard *sh = &t->shard[s];

    const double begin = t->timed ? dsc_seconds() : 0.0;
    dsc_shard_fill(t, sh);
    sh->fill_seconds = t->timed ? dsc_seconds() - begin : 0.0;
    sh->suits = dsc_run_look(sh->run, &sh->pass);
    sh->seconds = t->timed ? dsc_seconds() - begin : 0.0;
}

/* Of a timed step: what the parts take together. */
static void for_parts(dsc_trainer *t, void (*work)(int part, void *user))
{
    const int parts = t->joint.columns.parts;
    const double begin = t->timed ? dsc_seconds() : 0.0;

    dsc_parallel_for(t->o.threads, parts, work, t);
    t->seconds += t->timed ? (dsc_seconds() - begin) * parts : 0.0;
}

static void *scratch_of(const dsc_trainer *t, int lane)
{
    return (char *)t->joint.scratch + (size_t)lane * t->joint.stride;
}

/* A lane takes neighbouring parts, of which there are as many for any number of lanes. */
static void forward_parts(int lane, void *user)
{
    const dsc_trainer *t = user;
    const dsc_joint *joint = &t->joint;
    dsc_stripes parts = joint->columns;

    parts.parts = joint->parts;
    for (int p = joint->parts * lane / joint->columns.parts;
         p < joint->parts * (lane + 1) / joint->columns.parts; p++)
        dsc_joint_forward(
            t->run, t->used, dsc_stripes_cut(&parts, p), dsc_stripes_cut(&parts, p + 1),
            p == 0 ? NULL : (char *)joint->outputs + (size_t)(p - 1) * joint->outputs_stride,
            scratch_of(t, lane));
}

static void go_on(int s, void *user)
{
    dsc_trainer *t = user;
    const dsc_joint *joint = &t->joint;
    dsc_shard *sh = &t->shard[s];
    const dsc_contributions others = {
        .part = joint->outputs, .stride = joint->outputs_stride, .n = joint->parts - 1, .run = s};

    const double begin = t->timed ? dsc_seconds() : 0.0;
    sh->loss = dsc_run_go_on(sh->run, joint->done ? &others : NULL);
    dsc_shard_count_hits(t, sh);
    if (joint->done)
        dsc_run_backward_but(sh->run);
    else
        dsc_run_backward(sh->run);
    sh->seconds += t->timed ? dsc_seconds() - begin : 0.0;
}

bool dsc_trainer_run_joint(dsc_trainer *t)
{
    t->joint.done = false;
    if (!t->joint.scratch || t->used < 2 || t->sampling)
        return false;
    dsc_parallel_for(t->o.threads, t->used, look, t);
    t->joint.done = true;
    for (int s = 0; s < t->used; s++)
        t->joint.done = t->joint.done && t->shard[s].suits;
    if (t->joint.done)
        for_parts(t, forward_parts);
    dsc_parallel_for(t->o.threads, t->used, go_on, t);
    return true;
}

static void make_columns(const dsc_trainer *t, int part)
{
    const dsc_stripes *c = &t->joint.columns;

    dsc_joint_backward(t->run, t->used, dsc_stripes_cut(c, part), dsc_stripes_cut(c, part + 1),
                       scratch_of(t, part));
}

static void make_part(int part, void *user)
{
    make_columns(user, part);
}

/* The part's share of elements begin..end, which lie outside the matrix. */
static void sum_share(const dsc_trainer *t, size_t begin, size_t end, int part,
                      dsc_gradient_facts *all)
{
    const dsc_stripes *c = &t->joint.columns;
    dsc_gradient_facts facts;

    t->reduce(&t->reduction, dsc_stripes_share(c, begin, end, part),
              dsc_stripes_share(c, begin, end, part + 1), &facts);
    dsc_facts_join(all, &facts);
}

/* A part of the gradient and what there is to know of it, while it is in the cache. */
static void finish_part(int part, void *user)
{
    const dsc_trainer *t = user;
    dsc_gradient_facts *facts = &t->joint.facts[part];

    make_columns(t, part);
    t->look(t->g[0], &t->joint.columns, part, facts);
    sum_share(t, 0, t->joint.columns.begin, part, facts);
    sum_share(t, dsc_stripes_end(&t->joint.columns), t->n_w, part, facts);
}

bool dsc_trainer_finish_joint(dsc_trainer *t)
{
    dsc_reduction *r = &t->reduction;
    const dsc_stripes *c = &t->joint.columns;
    const bool at_once = !r->add && !r->squares && r->total == t->g[0];

    if (!t->joint.done)
        return false;
    for_parts(t, at_once ? finish_part : make_part);
    r->done_begin = c->begin;
    r->done_end = dsc_stripes_end(c);
    return at_once;
}

dsc_gradient_facts dsc_trainer_joint_facts(const dsc_trainer *t)
{
    dsc_gradient_facts all = t->joint.facts[0];

    for (int part = 1; part < t->joint.columns.parts; part++)
        dsc_facts_join(&all, &t->joint.facts[part]);
    return all;
}
