/* plan.c - which memory a run needs, from when to when.
 *
 * Values live from their op to their last reader, in forward or, where the ops' flags say so, in
 * backward; gradients from the last consumer's backward to their own op's. What never meets in
 * time may lie in the same place (place.c). */
#include "graph/plan.h"

#include "base/memory.h"
#include "graph/guard.h"
#include "graph/joint.h"

/* A plan in the making. */
typedef struct planner {
    dsc_plan *plan;
    const dsc_graph *graph;
    bool gradients;
    int n;        /* nodes */
    dsc_id joint; /* whose dw may be made when backward is over; or -1 */
    int *last;    /* when a node's value is read last */
    bool *mark;   /* per node: below loss, then: somebody has assigned its gradient */
} planner;

enum { BLOCKS_PER_NODE = 6 + DSC_MAX_INPUTS };

static int back(const planner *p, dsc_id id)
{
    return 2 * p->n - id;
}

/* The moment when backward is over. */
static int after(const planner *p)
{
    return 2 * p->n + 1;
}

static const dsc_node *node_of(const planner *p, dsc_id id)
{
    return &p->graph->entry[id]->node;
}

static bool runs_forward(const planner *p, dsc_id id)
{
    return p->graph->entry[id]->needed && node_of(p, id)->kind == DSC_OP;
}

static bool runs_backward(const planner *p, dsc_id id)
{
    return p->plan->slots[id].reached && node_of(p, id)->kind == DSC_OP;
}

static size_t bytes_of(const planner *p, dsc_id id)
{
    const dsc_node *node = node_of(p, id);

    return dsc_node_elements(node, node->max_rows) * dsc_element_bytes(p->graph, node);
}

static int add_block(planner *p, size_t bytes, int begin, int end)
{
    if (bytes == 0)
        return -1;
    p->plan->block[p->plan->n_blocks] = (dsc_block){.bytes = bytes, .begin = begin, .end = end};
    return p->plan->n_blocks++;
}

static void extend(planner *p, int block, int end)
{
    if (p->plan->block[block].end < end)
        p->plan->block[block].end = end;
}

/* Marks the nodes whose gradient is computed: those that lead from a parameter or wanted input to
 * the loss. `reached` first says "leads from there", then is cut down to what the loss reads. */
static void mark_reached(planner *p)
{
    dsc_slots *slots = p->plan->slots;
    const dsc_id loss = p->graph->loss;

    if (!p->gradients || loss < 0)
        return;
    for (dsc_id k = 0; k < p->n; k++) {
        const dsc_node *node = node_of(p, k);
        slots[k].reached = node->kind == DSC_PARAMETER || p->graph->entry[k]->wanted;
        for (int i = 0; i < node->n_inputs; i++)
            slots[k].reached = slots[k].reached || slots[node->input[i]].reached;
    }
    p->mark[loss] = true;
    for (dsc_id k = loss; k >= 0; k--) {
        const dsc_node *node = node_of(p, k);
        for (int i = 0; p->mark[k] && i < node->n_inputs; i++)
            p->mark[node->input[i]] = true;
    }
    for (dsc_id k = 0; k < p->n; k++)
        slots[k].reached = slots[k].reached && p->mark[k];
}

static void read_at(planner *p, dsc_id id, int time)
{
    if (p->last[id] < time)
        p->last[id] = time;
}

/* When every value is read last. */
static void find_last_readers(planner *p)
{
    for (dsc_id k = 0; k < p->n; k++)
        p->last[k] = k;
    for (dsc_id k = 0; k < p->n; k++) {
        const dsc_node *node = node_of(p, k);
        if (!runs_forward(p, k))
            continue;
        const bool again = runs_backward(p, k) && (node->op->flags & DSC_NEEDS_INPUT);
        for (int i = 0; i < node->n_inputs; i++)
            read_at(p, node->input[i], again ? back(p, k) : k);
        if (again && dsc_graph_is_outer(p->graph, k))
            read_at(p, node->input[0], after(p));
        if (runs_backward(p, k) && (node->op->flags & DSC_NEEDS_OUTPUT))
            read_at(p, k, back(p, k));
    }
    read_at(p, p->graph->output, p->n);
    if (p->graph->loss >= 0)
        read_at(p, p->graph->loss, p->n);
}

static bool is_view(const dsc_node *node)
{
    return node->kind == DSC_OP && (node->op->flags & DSC_VIEW);
}

/* True when the value of node k lies where an input's does: callers fill that once and may run it
 * several times, so it is only looked at. */
static bool lies_on_input(const planner *p, dsc_id k)
{
    while (is_view(node_of(p, k)))
        k = node_of(p, k)->input[0];
    return node_of(p, k)->kind == DSC_INPUT;
}

/* May op k write its value over that of its first input? Only when it is the last to read it. */
static bool value_in_place(const planner *p, dsc_id k)
{
    const dsc_node *node = node_of(p, k);

    if (lies_on_input(p, node->input[0]))
        return is_view(node);
    if (!(node->op->flags & DSC_IN_PLACE) || node_of(p, node->input[0])->kind != DSC_OP ||
        p->last[node->input[0]] != k || bytes_of(p, node->input[0]) != bytes_of(p, k))
        return false;
    for (int i = 1; i < node->n_inputs; i++)
        if (node->input[i] == node->input[0])
            return false;
    return true;
}

static void plan_forward(planner *p)
{
    const int end = after(p);

    for (dsc_id k = 0; k < p->n; k++) {
        dsc_slots *slots = &p->plan->slots[k];
        const dsc_node *node = node_of(p, k);

        if (node->kind == DSC_INPUT)
            slots->value = add_block(p, bytes_of(p, k), 0, end);
        if (node->kind == DSC_BUFFER && p->graph->entry[k]->needed)
            slots->statistic = add_block(p, bytes_of(p, k), 0, end);
        if (!runs_forward(p, k))
            continue;
        if (value_in_place(p, k)) {
            slots->value = p->plan->slots[node->input[0]].value;
            extend(p, slots->value, p->last[k]);
        } else {
            slots->value = add_block(p, bytes_of(p, k), k, p->last[k]);
        }
        slots->keep = add_block(p, node->keep_bytes, k, runs_backward(p, k) ? back(p, k) : k);
        if (k == p->joint && runs_backward(p, k))
            extend(p, slots->keep, end);
        slots->scratch = add_block(p, node->scratch_bytes, k, k);
    }
}

/* May op k write the gradient of its first input over the input itself? Only when nothing reads
 * that again. */
static bool gradient_over_input(const planner *p, dsc_id k)
{
    const dsc_node *node = node_of(p, k);
    const dsc_id x = node->input[0];

    for (int i = 1; i < node->n_inputs; i++)
        if (node->input[i] == x)
            return false;
    return (node->op->flags & DSC_OVER_INPUT) && p->last[x] == back(p, k) && !lies_on_input(p, x);
}

/* Where op k puts dL/d(input i). The first to come assigns; the others are added. */
static void plan_input_gradient(planner *p, dsc_id k, int i)
{
    const dsc_node *node = node_of(p, k);
    dsc_slots *slots = p->plan->slots;
    const dsc_id x = node->input[i];
    const bool in_place =
        i == 0 && (node->op->flags & DSC_IN_PLACE) && bytes_of(p, x) == bytes_of(p, k);
    const bool first = !p->mark[x];

    if (!slots[x].reached)
        return;
    p->mark[x] = true;
    if (!first) {
        slots[k].part[i] =
            in_place ? slots[k].gradient : add_block(p, bytes_of(p, x), back(p, k), back(p, k));
    } else if (node_of(p, x)->kind == DSC_OP && in_place) {
        slots[x].gradient = slots[k].gradient;
        extend(p, slots[x].gradient, back(p, x));
    } else if (node_of(p, x)->kind == DSC_OP && i == 0 && gradient_over_input(p, k)) {
        slots[x].gradient = slots[x].value;
        extend(p, slots[x].gradient, back(p, x));
    } else if (node_of(p, x)->kind == DSC_OP) {
        slots[x].gradient = add_block(p, bytes_of(p, x), back(p, k), back(p, x));
    }
}

static void plan_backward(planner *p)
{
    dsc_slots *slots = p->plan->slots;
    const dsc_id loss = p->graph->loss;

    for (dsc_id k = 0; k < p->n; k++) {
        p->mark[k] = false;
        if (p->graph->entry[k]->wanted)
            slots[k].gradient = add_block(p, bytes_of(p, k), 0, after(p));
    }
    if (loss < 0 || !slots[loss].reached)
        return;
    slots[loss].gradient = add_block(p, bytes_of(p, loss), p->n, back(p, loss));
    for (dsc_id k = loss; k >= 0; k--) {
        const dsc_node *node = node_of(p, k);
        if (!runs_backward(p, k))
            continue;
        if (k == p->joint || dsc_graph_is_outer(p->graph, k))
            extend(p, slots[k].gradient, after(p));
        for (int i = 0; i < node->n_inputs; i++)
            plan_input_gradient(p, k, i);
        slots[k].scratch_back = add_block(p, node->scratch_bytes, back(p, k), back(p, k));
    }
}

descent_status dsc_plan_make(dsc_plan *plan, const dsc_graph *graph, bool gradients,
                             descent_error *err)
{
    const size_t n = graph->n_nodes;
    planner p = {.plan = plan,
                 .graph = graph,
                 .gradients = gradients,
                 .n = (int)n,
                 .joint = dsc_graph_joint(graph)};

    *plan = (dsc_plan){.slots = dsc_alloc(n, sizeof *plan->slots),
                       .block = dsc_alloc(n * BLOCKS_PER_NODE, sizeof *plan->block)};
    p.last = dsc_alloc(n, sizeof *p.last);
    p.mark = dsc_alloc(n, sizeof *p.mark);
    if (!plan->slots || !plan->block || !p.last || !p.mark) {
        dsc_free(p.last);
        dsc_free(p.mark);
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a plan of %zu nodes", n);
    }
    for (size_t k = 0; k < n; k++) {
        plan->slots[k] = (dsc_slots){-1, -1, -1, -1, -1, -1, {0}, false};
        for (int i = 0; i < DSC_MAX_INPUTS; i++)
            plan->slots[k].part[i] = -1;
    }
    mark_reached(&p);
    find_last_readers(&p);
    plan_forward(&p);
    if (gradients)
        plan_backward(&p);
    dsc_free(p.last);
    dsc_free(p.mark);
    return dsc_place_blocks(plan->block, plan->n_blocks, DSC_GAP, &plan->bytes, err);
}

descent_status dsc_graph_run_bytes(const dsc_graph *graph, bool gradients, size_t *bytes,
                                   descent_error *err)
{
    dsc_plan plan;
    const descent_status status = dsc_plan_make(&plan, graph, gradients, err);

    *bytes = plan.bytes;
    dsc_plan_free(&plan);
    return status;
}

void dsc_plan_free(dsc_plan *plan)
{
    dsc_free(plan->slots);
    dsc_free(plan->block);
    *plan = (dsc_plan){0};
}
