/* wire.c - creating a run: one arena, and the pointers of every call fixed in it. */
#include "base/memory.h"
#include "graph/guard.h"
#include "graph/joint.h"

static size_t element_bytes(const dsc_run *run)
{
    return run->graph->type == DESCENT_F64 ? sizeof(double) : sizeof(float);
}

/* Where dL/d(node) is gathered; NULL when nobody wants it. */
static void *gradient_of(const dsc_run *run, dsc_id id)
{
    const dsc_node *node = dsc_graph_node(run->graph, id);
    const dsc_slots *slots = &run->plan.slots[id];

    if (!slots->reached)
        return NULL;
    if (node->kind == DSC_PARAMETER)
        return run->g + node->offset * element_bytes(run);
    return dsc_run_block(run, slots->gradient);
}

static dsc_call wire_forward(const dsc_run *run, const dsc_kernels *kernels, const dsc_node *node)
{
    const dsc_slots *slots = &run->plan.slots[node->id];
    dsc_call call = {.node = node,
                     .kernels = kernels,
                     .y = dsc_run_block(run, slots->value),
                     .keep = dsc_run_block(run, slots->keep),
                     .scratch = dsc_run_block(run, slots->scratch),
                     .threads = 1};

    for (int i = 0; i < node->n_inputs; i++) {
        call.x[i] = dsc_run_value(run, node->input[i]);
        call.from[i] = dsc_graph_node(run->graph, node->input[i]);
        call.new_x[i] = dsc_run_block(run, run->plan.slots[node->input[i]].statistic);
    }
    return call;
}

/* Values that the op's flags don't ask for are NULL: their memory may be used again by then.
 * `assigned` tells which gradients an earlier call has begun. */
static dsc_back wire_backward(const dsc_run *run, const dsc_call *forward, bool *assigned)
{
    const dsc_node *node = forward->node;
    const dsc_slots *slots = &run->plan.slots[node->id];
    dsc_back back = {.call = *forward};

    back.call.dy = dsc_run_block(run, slots->gradient);
    back.call.scratch = dsc_run_block(run, slots->scratch_back);
    if (!(node->op->flags & DSC_NEEDS_OUTPUT))
        back.call.y = NULL;
    for (int i = 0; i < node->n_inputs; i++) {
        const dsc_id x = node->input[i];
        void *gradient = gradient_of(run, x);

        back.call.new_x[i] = NULL;
        if (!(node->op->flags & DSC_NEEDS_INPUT))
            back.call.x[i] = NULL;
        if (gradient && assigned[x]) {
            back.call.dx[i] = dsc_run_block(run, slots->part[i]);
            back.add_to[i] = gradient;
        } else {
            back.call.dx[i] = gradient;
        }
        assigned[x] = true;
    }
    return back;
}

/* What ops make for themselves; the backward call of an op shares the forward call's. */
static descent_status prepare(dsc_run *run, descent_error *err)
{
    for (int i = 0; i < run->n_forward; i++) {
        dsc_call *call = &run->forward[i];
        if (call->node->op->prepare)
            DSC_TRY(call->node->op->prepare(call, run->gradients, &call->plan, err));
    }
    return DESCENT_OK;
}

static void release(dsc_run *run)
{
    for (int i = 0; i < run->n_forward; i++)
        if (run->forward[i].plan)
            run->forward[i].node->op->release(run->forward[i].plan);
}

static descent_status wire(dsc_run *run, descent_error *err)
{
    const dsc_graph *graph = run->graph;
    const dsc_kernels *kernels = dsc_kernels_choose(graph->type, graph->backend, graph->level);

    run->forward = dsc_alloc(graph->n_nodes, sizeof *run->forward);
    run->backward = dsc_alloc(graph->n_nodes, sizeof *run->backward);
    bool *assigned = dsc_alloc(graph->n_nodes, sizeof *assigned);
    if (!run->forward || !run->backward || !assigned) {
        dsc_free(assigned);
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a run of %zu nodes", graph->n_nodes);
    }
    for (size_t k = 0; k < graph->n_nodes; k++)
        if (graph->entry[k]->needed && graph->entry[k]->node.kind == DSC_OP)
            run->forward[run->n_forward++] = wire_forward(run, kernels, &graph->entry[k]->node);
    const descent_status status = prepare(run, err);
    for (int i = run->n_forward - 1; i >= 0; i--)
        if (run->plan.slots[run->forward[i].node->id].reached)
            run->backward[run->n_backward++] = wire_backward(run, &run->forward[i], assigned);
    dsc_free(assigned);
    return status;
}

static void find_joint(dsc_run *run)
{
    const dsc_id joint = dsc_graph_joint(run->graph);

    run->joint = run->joint_back = -1;
    for (int i = 0; i < run->n_forward; i++)
        if (run->forward[i].node->id == joint)
            run->joint = i;
    for (int i = 0; i < run->n_backward; i++)
        if (run->backward[i].call.node->id == joint)
            run->joint_back = i;
}

static void fill_constants(const dsc_run *run)
{
    for (dsc_id k = 0; (size_t)k < run->graph->n_nodes; k++) {
        const dsc_entry *entry = run->graph->entry[k];
        for (size_t i = 0; entry->value && i < dsc_shape_count(entry->node.shape); i++)
            run->vector->set(dsc_run_block(run, run->plan.slots[k].value), i, entry->value[i]);
    }
}

/* What was given fits what the graph has. */
static descent_status check(const dsc_graph *graph, bool gradients, const void *w, const void *b,
                            const void *g, descent_error *err)
{
    DSC_TRY(dsc_graph_status(graph, err));
    if (!graph->built)
        return dsc_fail(err, DESCENT_INVALID, "the graph is not built yet");
    if (gradients && graph->loss < 0)
        return dsc_fail(err, DESCENT_INVALID, "the graph has no loss to take gradients of");
    if (graph->n_w > 0 && (!w || (gradients && !g)))
        return dsc_fail(err, DESCENT_INVALID, "the graph has %zu parameters, but %s is missing",
                        graph->n_w, w ? "g" : "w");
    if (graph->n_b > 0 && !b)
        return dsc_fail(err, DESCENT_INVALID, "the graph has %zu statistics, but b is missing",
                        graph->n_b);
    return DESCENT_OK;
}

descent_status dsc_run_create(dsc_run **out, const dsc_graph *graph, bool gradients, const void *w,
                              const void *b, void *g, descent_error *err)
{
    *out = NULL;
    DSC_TRY(check(graph, gradients, w, b, g, err));

    dsc_run *run = dsc_alloc(1, sizeof *run);
    if (!run)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a run of %zu nodes", graph->n_nodes);
    run->graph = graph;
    run->gradients = gradients;
    run->vector = dsc_vector_choose(graph->type, graph->level);
    run->w = w;
    run->b = b;
    run->g = g;
    descent_status status = dsc_plan_make(&run->plan, graph, gradients, err);
    if (status == DESCENT_OK) {
        run->arena = dsc_alloc(run->plan.bytes > 0 ? run->plan.bytes : 1, 1);
        status = run->arena ? wire(run, err)
                            : dsc_fail(err, DESCENT_NOMEM, "out of memory for a run of %zu bytes",
                                       run->plan.bytes);
    }
    if (status != DESCENT_OK) {
        dsc_run_free(run);
        return status;
    }
    find_joint(run);
    fill_constants(run);
    dsc_guard_outside(run);
    *out = run;
    return DESCENT_OK;
}

void dsc_run_free(dsc_run *run)
{
    if (!run)
        return;
    if (run->arena)
        dsc_guard_end(run);
    dsc_free(run->arena);
    release(run);
    dsc_free(run->forward);
    dsc_free(run->backward);
    dsc_plan_free(&run->plan);
    dsc_free(run);
}
