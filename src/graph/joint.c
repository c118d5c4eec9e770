/* joint.c - see joint.h. */
#include "graph/joint.h"

#include "graph/guard.h"

/* Elements of w below which a layer is not worth two more rounds of threads. */
enum { LEAST = 1 << 15 };

static void inputs_of(const dsc_graph *graph, const dsc_node *node, const dsc_node **input)
{
    for (int i = 0; i < node->n_inputs; i++)
        input[i] = dsc_graph_node(graph, node->input[i]);
}

static bool is_apt(const dsc_graph *graph, dsc_id id)
{
    const dsc_node *node = dsc_graph_node(graph, id), *input[DSC_MAX_INPUTS];

    if (!graph->entry[id]->needed || node->kind != DSC_OP || !node->op->joint || node->n_inputs < 2)
        return false;
    inputs_of(graph, node, input);
    return input[1]->kind == DSC_PARAMETER && dsc_node_elements(input[1], 1) >= LEAST &&
           dsc_graph_readers(graph, node->input[1]) == 1 &&
           node->op->joint->scratch(node, input, 1) > 0;
}

dsc_id dsc_graph_joint(const dsc_graph *graph)
{
    for (dsc_id k = 0; (size_t)k < graph->n_nodes; k++)
        if (is_apt(graph, k))
            return k;
    return -1;
}

size_t dsc_joint_scratch(const dsc_graph *graph, int runs)
{
    const dsc_node *node = dsc_graph_node(graph, dsc_graph_joint(graph)), *input[DSC_MAX_INPUTS];

    inputs_of(graph, node, input);
    return node->op->joint->scratch(node, input, runs);
}

/* Elements of all its outputs, of one run. */
static size_t most_outputs(const dsc_node *node)
{
    return dsc_node_elements(node, node->max_rows);
}

size_t dsc_joint_outputs(const dsc_graph *graph, int runs)
{
    const dsc_node *node = dsc_graph_node(graph, dsc_graph_joint(graph));

    return (size_t)runs * most_outputs(node) * dsc_element_bytes(graph, node);
}

bool dsc_run_look(dsc_run *run, const dsc_pass *pass)
{
    if (!dsc_run_begin_forward(run, pass))
        return false;
    dsc_run_forward_ops(run, 0, run->joint);
    dsc_call *call = &run->forward[run->joint];
    call->pass = pass;
    dsc_guard_forward(run, call->node->id);
    return call->node->op->joint->look(call) && run->joint_back >= 0;
}

void dsc_joint_forward(dsc_run *const *run, int runs, size_t begin, size_t end, void *part,
                       void *scratch)
{
    const dsc_call *call[DSC_MOST_BLOCKS] = {&run[0]->forward[run[0]->joint]};

    for (int i = 1; i < runs; i++)
        call[i] = &run[i]->forward[run[i]->joint];
    call[0]->node->op->joint->forward(call, runs, begin, end, part, scratch);
}

double dsc_run_go_on(dsc_run *run, const dsc_contributions *others)
{
    const dsc_call *call = &run->forward[run->joint];
    const size_t bytes = most_outputs(call->node) * dsc_element_bytes(run->graph, call->node);

    if (run->rows == 0)
        return 0.0;
    if (!others)
        call->node->op->joint->alone(call);
    for (int i = 0; others && i < others->n; i++)
        run->vector->add(call->y,
                         others->part + (size_t)i * others->stride + (size_t)others->run * bytes,
                         dsc_node_elements(call->node, run->rows));
    dsc_run_see(run, call);
    dsc_run_forward_ops(run, run->joint + 1, run->n_forward);
    return dsc_run_loss(run);
}

void dsc_run_backward_but(dsc_run *run)
{
    dsc_call *call = &run->backward[run->joint_back].call;
    void *dw = call->dx[1];

    call->dx[1] = NULL;
    dsc_run_backward(run);
    call->dx[1] = dw;
}

void dsc_joint_backward(dsc_run *const *run, int runs, size_t begin, size_t end, void *scratch)
{
    const dsc_call *call[DSC_MOST_BLOCKS] = {&run[0]->backward[run[0]->joint_back].call};

    for (int i = 1; i < runs; i++)
        call[i] = &run[i]->backward[run[i]->joint_back].call;
    call[0]->node->op->joint->backward(call, runs, begin, end, call[0]->dx[1], scratch);
}
