/* guard.c - opens and closes the arena for AddressSanitizer; see guard.h. */
#include "graph/guard.h"

#ifdef DSC_GUARD

#  include <sanitizer/asan_interface.h>

static void close_all(const dsc_run *run)
{
    ASAN_POISON_MEMORY_REGION(run->arena, run->plan.bytes);
}

static void open(const dsc_run *run, int block)
{
    if (block >= 0)
        ASAN_UNPOISON_MEMORY_REGION(run->arena + run->plan.block[block].offset,
                                    run->plan.block[block].bytes);
}

void dsc_guard_forward(const dsc_run *run, dsc_id id)
{
    const dsc_node *node = dsc_graph_node(run->graph, id);
    const dsc_slots *slots = &run->plan.slots[id];

    close_all(run);
    for (int i = 0; i < node->n_inputs; i++) {
        open(run, run->plan.slots[node->input[i]].value);
        open(run, run->plan.slots[node->input[i]].statistic);
    }
    open(run, slots->value);
    open(run, slots->keep);
    open(run, slots->scratch);
}

void dsc_guard_backward(const dsc_run *run, dsc_id id)
{
    const dsc_node *node = dsc_graph_node(run->graph, id);
    const dsc_slots *slots = &run->plan.slots[id];

    close_all(run);
    for (int i = 0; i < node->n_inputs; i++) {
        if (node->op->flags & DSC_NEEDS_INPUT)
            open(run, run->plan.slots[node->input[i]].value);
        open(run, run->plan.slots[node->input[i]].gradient);
        open(run, slots->part[i]);
    }
    if (node->op->flags & DSC_NEEDS_OUTPUT)
        open(run, slots->value);
    open(run, slots->gradient);
    open(run, slots->keep);
    open(run, slots->scratch_back);
}

void dsc_guard_outside(const dsc_run *run)
{
    close_all(run);
    for (size_t i = 0; i < dsc_graph_nodes(run->graph); i++) {
        const dsc_slots *slots = &run->plan.slots[i];
        open(run, slots->value);
        open(run, slots->statistic);
        const bool joint = run->joint_back >= 0 && (dsc_id)i == run->forward[run->joint].node->id;
        /* the vectors of outer products stay for whoever makes these, dy and mask of a joint op */
        if (run->graph->entry[i]->wanted || joint || dsc_graph_is_outer(run->graph, (dsc_id)i))
            open(run, slots->gradient);
        if (joint)
            open(run, slots->keep);
    }
}

void dsc_guard_end(const dsc_run *run)
{
    ASAN_UNPOISON_MEMORY_REGION(run->arena, run->plan.bytes);
}

#else
typedef int dsc_guard_is_empty; /* ISO C wants a declaration in every file */
#endif
