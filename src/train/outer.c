/* outer.c - steps of one example: matrices whose gradient is an outer product go to the optimizer
 * as two vectors (base/outer.h). That spares writing all of g, searching it and reading it again.
 */
#include "base/memory.h"
#include "train/gradient.h"

#include <math.h>

descent_status dsc_trainer_make_outer(dsc_trainer *t, descent_error *err)
{
    const descent_optimizer *opt = t->o.optimizer;

    if (t->o.shards != 1 || t->o.accumulate > 1 || t->o.batch != 1 ||
        dsc_optimizer_needs_curvature(opt) || dsc_optimizer_needs_objective(opt))
        return DESCENT_OK;
    const size_t most = dsc_graph_nodes(t->o.network->graph);
    t->outer = dsc_alloc(most, sizeof *t->outer);
    if (!t->outer)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu outer products", most);
    t->n_outer = dsc_run_leave_outer(t->run[0], t->outer);
    return DESCENT_OK;
}

/* What is known of the numbers v[0..n). */
static dsc_gradient_facts facts_of(const dsc_trainer *t, const void *v, size_t n)
{
    void *g = (void *)(uintptr_t)v; /* one shard and nothing to add: only read */
    dsc_gradient_facts facts;

    t->reduce(&(dsc_reduction){.g = &g, .shards = 1, .total = g}, 0, n, &facts);
    return facts;
}

/* The largest of all products is that of the largest factors, rounded like the others. */
static double largest_product(const dsc_trainer *t, double a, double b)
{
    return t->type == DESCENT_F64 ? a * b : (double)(float)(a * b);
}

static void join(dsc_gradient_facts *all, dsc_gradient_facts part)
{
    all->finite = all->finite && part.finite && isfinite(part.largest);
    all->largest = part.largest > all->largest ? part.largest : all->largest;
}

dsc_gradient_facts dsc_trainer_outer_facts(const dsc_trainer *t)
{
    dsc_gradient_facts all = {.known = true,
                              .finite = true,
                              .squares = (double)NAN,
                              .outer = t->outer,
                              .n_outer = t->n_outer};
    size_t done = 0;

    for (int i = 0; i < t->n_outer; i++) {
        const dsc_outer *o = &t->outer[i];
        const dsc_gradient_facts column = facts_of(t, o->column, o->rows);
        dsc_gradient_facts product = facts_of(t, o->row, o->cols);
        product.finite = product.finite && column.finite;
        product.largest = largest_product(t, product.largest, column.largest);
        join(&all, product);
        join(&all, facts_of(t, (const char *)t->g[0] + done * t->element, o->begin - done));
        done = dsc_outer_end(o);
    }
    join(&all, facts_of(t, (const char *)t->g[0] + done * t->element, t->n_w - done));
    return all;
}
