/* run.c - forward and backward: loops over calls that were prepared when the run was created. */
#include "graph/run.h"

#include "graph/guard.h"

#include <assert.h>
#include <math.h>
#include <string.h>

void *dsc_run_block(const dsc_run *run, int block)
{
    return block < 0 ? NULL : run->arena + run->plan.block[block].offset;
}

size_t dsc_run_bytes(const dsc_run *run)
{
    return run->plan.bytes;
}

void dsc_run_set_threads(dsc_run *run, int threads)
{
    for (int i = 0; i < run->n_forward; i++)
        run->forward[i].threads = threads;
    for (int i = 0; i < run->n_backward; i++)
        run->backward[i].call.threads = threads;
}

void dsc_run_watch(dsc_run *run, dsc_watch watch, void *user)
{
    run->watch = watch;
    run->watcher = user;
}

void dsc_run_watch_calls(dsc_run *run, dsc_watch_call watch, void *user)
{
    run->watch_call = watch;
    run->call_watcher = user;
}

static void show_call(const dsc_run *run, const dsc_call *call, dsc_when when)
{
    if (run->watch_call)
        run->watch_call(run->call_watcher, call, when);
}

void *dsc_run_input(dsc_run *run, dsc_id input)
{
    const dsc_node *node = dsc_graph_node(run->graph, input);

    if (!node || node->kind != DSC_INPUT)
        return NULL;
    return dsc_run_block(run, run->plan.slots[input].value);
}

const void *dsc_run_value(const dsc_run *run, dsc_id id)
{
    const dsc_node *node = dsc_graph_node(run->graph, id);

    if (!node)
        return NULL;
    if (node->kind == DSC_PARAMETER)
        return run->w + node->offset * dsc_element_bytes(run->graph, node);
    if (node->kind == DSC_BUFFER)
        return run->b + node->offset * dsc_element_bytes(run->graph, node);
    return dsc_run_block(run, run->plan.slots[id].value);
}

const void *dsc_run_input_gradient(const dsc_run *run, dsc_id input)
{
    const dsc_node *node = dsc_graph_node(run->graph, input);

    if (!node || node->kind != DSC_INPUT)
        return NULL;
    return dsc_run_block(run, run->plan.slots[input].gradient);
}

static bool rows_fit(const dsc_run *run, const dsc_pass *pass)
{
    return pass->rows >= 0 && pass->rows <= run->graph->max_rows;
}

/* The prepared forward call of the loss; the graph has one. */
static const dsc_call *loss_call(const dsc_run *run)
{
    int i = run->n_forward - 1;

    while (i > 0 && run->forward[i].node->id != run->graph->loss)
        i--;
    return &run->forward[i];
}

double dsc_run_loss_weight(dsc_run *run, const dsc_pass *pass)
{
    assert(rows_fit(run, pass));
    if (run->graph->loss < 0 || pass->rows == 0 || !rows_fit(run, pass))
        return 0.0;

    dsc_call call = *loss_call(run);
    call.pass = pass;
    if (call.node->op->loss_weight)
        return call.node->op->loss_weight(&call);
    return (double)dsc_node_elements(call.node, pass->rows);
}

bool dsc_run_begin_forward(dsc_run *run, const dsc_pass *pass)
{
    assert(rows_fit(run, pass));
    run->pass = NULL;
    run->rows = 0;
    if (!rows_fit(run, pass))
        return false;
    run->pass = pass;
    run->rows = pass->rows;
    run->training = pass->training;
    return pass->rows > 0;
}

void dsc_run_see(const dsc_run *run, const dsc_call *call)
{
    if (run->watch)
        run->watch(run->watcher, call->node->id, call->y, run->rows);
}

void dsc_run_forward_ops(dsc_run *run, int begin, int end)
{
    for (int i = begin; i < end; i++) {
        dsc_call *call = &run->forward[i];
        call->pass = run->pass;
        dsc_guard_forward(run, call->node->id);
        call->node->op->forward(call);
        dsc_run_see(run, call);
        show_call(run, call, DSC_AFTER_FORWARD);
    }
}

double dsc_run_loss(dsc_run *run)
{
    const dsc_id loss = run->graph->loss;

    dsc_guard_outside(run);
    if (loss < 0)
        return 0.0;
    return run->vector->sum(dsc_run_value(run, loss),
                            dsc_node_elements(dsc_graph_node(run->graph, loss), run->rows));
}

double dsc_run_forward(dsc_run *run, const dsc_pass *pass)
{
    if (!dsc_run_begin_forward(run, pass))
        return rows_fit(run, pass) ? 0.0 : (double)NAN;
    dsc_run_forward_ops(run, 0, run->n_forward);
    return dsc_run_loss(run);
}

/* Gradients that no op assigns: of parameters and inputs that the loss doesn't depend on, or of all
 * of them when the run has no rows. */
static void clear_gradients(dsc_run *run, bool all)
{
    for (dsc_id k = 0; (size_t)k < run->graph->n_nodes; k++) {
        const dsc_node *node = dsc_graph_node(run->graph, k);
        const dsc_slots *slots = &run->plan.slots[k];
        if (slots->reached && !all)
            continue;
        if (node->kind == DSC_PARAMETER)
            run->vector->fill(run->g + node->offset * dsc_element_bytes(run->graph, node), 0.0,
                              dsc_node_elements(node, 1));
        if (node->kind == DSC_INPUT && slots->gradient >= 0)
            run->vector->fill(dsc_run_block(run, slots->gradient), 0.0,
                              dsc_node_elements(node, node->max_rows));
    }
}

static void run_backward(dsc_run *run)
{
    for (int i = 0; i < run->n_backward; i++) {
        dsc_back *back = &run->backward[i];
        back->call.pass = run->pass;
        dsc_guard_backward(run, back->call.node->id);
        show_call(run, &back->call, DSC_BEFORE_BACKWARD);
        back->call.node->op->backward(&back->call);
        show_call(run, &back->call, DSC_AFTER_BACKWARD);
        for (int j = 0; j < back->call.node->n_inputs; j++)
            if (back->add_to[j])
                run->vector->add(back->add_to[j], back->call.dx[j],
                                 dsc_node_elements(back->call.from[j], run->rows));
    }
    dsc_guard_outside(run);
}

/* Begins backward; false when nothing is to be done any more. */
static bool begin_backward(dsc_run *run)
{
    assert(run->gradients && run->pass);
    if (!run->gradients)
        return false;
    const bool empty = !run->pass || run->rows == 0;
    clear_gradients(run, empty);
    if (empty || run->n_backward == 0)
        return false;
    dsc_guard_backward(run, run->graph->loss);
    return true;
}

void dsc_run_backward(dsc_run *run)
{
    const dsc_id loss = run->graph->loss;

    if (!begin_backward(run))
        return;
    run->vector->fill(dsc_run_block(run, run->plan.slots[loss].gradient), run->pass->loss_scale,
                      dsc_node_elements(dsc_graph_node(run->graph, loss), run->rows));
    run_backward(run);
}

void dsc_run_backward_from(dsc_run *run, const void *upstream)
{
    const dsc_id loss = run->graph->loss;

    if (!begin_backward(run))
        return;
    const dsc_node *node = dsc_graph_node(run->graph, loss);
    memcpy(dsc_run_block(run, run->plan.slots[loss].gradient), upstream,
           dsc_node_elements(node, run->rows) * dsc_element_bytes(run->graph, node));
    run_backward(run);
}
