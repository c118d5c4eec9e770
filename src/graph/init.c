/* init.c - first values of parameters and buffers, and what a step makes of the buffers. */
#include "base/rng.h"
#include "graph/run.h"

#include <math.h>

/* Element i of parameter number `index`. Drawn in double, so that float and double agree. */
static double draw(const dsc_node *node, uint64_t seed, uint64_t index, size_t i)
{
    const double in = (double)node->fan_in, out = (double)node->fan_out;

    switch (node->init) {
    case DSC_INIT_ZERO:
        return 0.0;
    case DSC_INIT_ONE:
        return 1.0;
    case DSC_INIT_QUARTER:
        return 0.25;
    case DSC_INIT_HE_NORMAL:
        return sqrt(2.0 / in) * dsc_random_normal(seed, DSC_RNG_INIT, index, i);
    case DSC_INIT_GLOROT_UNIFORM:
        return sqrt(6.0 / (in + out)) *
               (2.0 * dsc_random_uniform(seed, DSC_RNG_INIT, index, i) - 1.0);
    case DSC_INIT_LECUN_NORMAL:
        return sqrt(1.0 / in) * dsc_random_normal(seed, DSC_RNG_INIT, index, i);
    case DSC_INIT_EMBEDDING:
        return 0.02 * dsc_random_normal(seed, DSC_RNG_INIT, index, i);
    case DSC_INIT_NORMAL:
        return dsc_random_normal(seed, DSC_RNG_INIT, index, i);
    case DSC_INIT_LECUN_UNIFORM:
        return sqrt(1.0 / in) * (2.0 * dsc_random_uniform(seed, DSC_RNG_INIT, index, i) - 1.0);
    }
    return 0.0;
}

void dsc_graph_gain(dsc_graph *graph, dsc_id parameter, double gain)
{
    if (dsc_graph_node(graph, parameter))
        graph->entry[parameter]->node.gain = gain;
}

void dsc_graph_initialize(const dsc_graph *graph, uint64_t seed, void *w, void *b)
{
    const dsc_vector *vector = dsc_vector_choose(graph->type, graph->level);
    uint64_t index = 0;

    for (size_t k = 0; k < graph->n_nodes; k++) {
        const dsc_entry *entry = graph->entry[k];
        const size_t count = dsc_shape_count(entry->node.shape);

        for (size_t i = 0; b && entry->node.kind == DSC_BUFFER && i < count; i++)
            vector->set(b, entry->node.offset + i, entry->initial);
        if (entry->node.kind != DSC_PARAMETER)
            continue;
        for (size_t i = 0; w && i < count; i++)
            vector->set(w, entry->node.offset + i,
                        entry->node.gain * draw(&entry->node, seed, index, i));
        index++;
    }
}

/* Whether a run's last pass measured statistics. */
static bool measured(const dsc_run *run)
{
    return run->rows > 0 && run->training;
}

/* The mean over the runs, weighted by rows and added in their order. */
static double mean_statistic(dsc_run *const *run, int n_runs, dsc_id id, size_t i, double rows)
{
    double mean = 0.0;

    for (int r = 0; r < n_runs; r++)
        if (measured(run[r]))
            mean += (double)run[r]->rows / rows *
                    run[r]->vector->get(dsc_run_block(run[r], run[r]->plan.slots[id].statistic), i);
    return mean;
}

/* share < 0: every node's momentum. */
static void merge(const dsc_graph *graph, dsc_run *const *run, int n_runs, double share, void *b)
{
    const dsc_vector *vector = dsc_vector_choose(graph->type, graph->level);
    double rows = 0.0;

    for (int r = 0; r < n_runs; r++)
        rows += measured(run[r]) ? (double)run[r]->rows : 0.0;
    for (dsc_id k = 0; rows > 0.0 && (size_t)k < graph->n_nodes; k++) {
        const dsc_entry *entry = graph->entry[k];
        const double momentum = share < 0.0 ? entry->node.momentum : share;

        if (entry->node.kind != DSC_BUFFER || !entry->needed)
            continue;
        for (size_t i = 0; i < dsc_shape_count(entry->node.shape); i++) {
            const size_t at = entry->node.offset + i;
            const double mean = mean_statistic(run, n_runs, k, i, rows);
            vector->set(b, at, (1.0 - momentum) * vector->get(b, at) + momentum * mean);
        }
    }
}

void dsc_graph_merge_buffers(const dsc_graph *graph, dsc_run *const *run, int n_runs, void *b)
{
    merge(graph, run, n_runs, -1.0, b);
}

void dsc_graph_mean_buffers(const dsc_graph *graph, dsc_run *const *run, int n_runs, double share,
                            void *b)
{
    merge(graph, run, n_runs, share, b);
}
