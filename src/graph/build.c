/* build.c - adding nodes; the first mistake is kept, so that a network reads as a list of layers.
 */
#include "base/memory.h"
#include "base/print.h"
#include "graph/node.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

dsc_graph *dsc_graph_new(descent_type type, int max_rows, dsc_backend backend,
                         const dsc_op *(*find)(const char *, descent_type, dsc_level))
{
    dsc_graph *graph = dsc_alloc(1, sizeof *graph);

    if (!graph)
        return NULL;
    graph->type = type;
    graph->max_rows = max_rows;
    graph->backend = backend;
    graph->level = dsc_level_choose();
    graph->find = find;
    graph->output = graph->loss = -1;
    if (max_rows < 1)
        dsc_graph_fail(graph, DESCENT_INVALID, "a run of %d rows, must be at least 1", max_rows);
    return graph;
}

void dsc_graph_free(dsc_graph *graph)
{
    if (!graph)
        return;
    for (size_t i = 0; i < graph->n_nodes; i++) {
        dsc_free(graph->entry[i]->value);
        dsc_free(graph->entry[i]->background);
        dsc_free(graph->entry[i]);
    }
    dsc_free(graph->entry);
    dsc_free(graph);
}

void dsc_graph_at(dsc_graph *graph, dsc_place place)
{
    if (graph)
        graph->place = place;
}

void dsc_graph_layer(dsc_graph *graph, const char *name)
{
    if (graph)
        snprintf(graph->layer, sizeof graph->layer, "%.*s", (int)sizeof graph->layer - 1, name);
}

void dsc_graph_fail(dsc_graph *graph, descent_status status, const char *fmt, ...)
{
    char message[sizeof graph->error.message];
    va_list args;

    if (!graph || graph->error.status != DESCENT_OK)
        return;
    va_start(args, fmt);
    (void)dsc_vprint(message, sizeof message, fmt, args);
    va_end(args);
    (void)dsc_fail_at(&graph->error, status, graph->place, "%s", message);
}

descent_status dsc_graph_status(const dsc_graph *graph, descent_error *err)
{
    if (!graph)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a graph");
    if (graph->error.status != DESCENT_OK && err)
        *err = graph->error;
    return graph->error.status;
}

/* True when more may be added. */
static bool open_for_nodes(dsc_graph *graph)
{
    if (!graph)
        return false;
    if (graph->built)
        dsc_graph_fail(graph, DESCENT_INVALID, "the graph is built, no node can be added");
    return graph->error.status == DESCENT_OK;
}

/* Takes over a filled node; checks what is common to all kinds. */
static dsc_id append(dsc_graph *graph, const dsc_entry *entry)
{
    const dsc_node *node = &entry->node;
    size_t bytes;
    void *entries = graph->entry;

    if (!dsc_shape_valid(node->shape)) {
        dsc_graph_fail(graph, DESCENT_SHAPE,
                       "%s: every size must be at least 1, and all together at most 2147483647 "
                       "elements",
                       node->name);
        return -1;
    }
    if (!dsc_multiply(dsc_node_elements(node, 1), (size_t)graph->max_rows * sizeof(double),
                      &bytes)) {
        dsc_graph_fail(graph, DESCENT_SHAPE, "%s: %d rows of it do not fit into memory", node->name,
                       graph->max_rows);
        return -1;
    }
    dsc_entry *copy = dsc_alloc(1, sizeof *copy);
    if (!copy || !dsc_grow(&entries, &graph->capacity, graph->n_nodes + 1, sizeof(dsc_entry *))) {
        dsc_free(copy);
        dsc_graph_fail(graph, DESCENT_NOMEM, "out of memory for a graph of %zu nodes",
                       graph->n_nodes + 1);
        return -1;
    }
    *copy = *entry;
    copy->node.id = (dsc_id)graph->n_nodes;
    copy->node.place = graph->place;
    memcpy(copy->node.layer, graph->layer, sizeof copy->node.layer);
    graph->entry = entries;
    graph->entry[graph->n_nodes] = copy;
    return (dsc_id)graph->n_nodes++;
}

/* An entry of that kind and name, or a mistake: names go into files, so none is cut short. */
static bool begin(dsc_graph *graph, dsc_node_kind kind, const char *name, dsc_entry *entry)
{
    if (!open_for_nodes(graph))
        return false;
    *entry = (dsc_entry){.node = {.kind = kind, .max_rows = graph->max_rows}};
    const int length = snprintf(entry->node.name, sizeof entry->node.name, "%s", name);
    if (length < 0 || (size_t)length >= sizeof entry->node.name) {
        dsc_graph_fail(graph, DESCENT_INVALID,
                       "the name '%s' has %zu characters, must have at most %zu", name,
                       strlen(name), sizeof entry->node.name - 1);
        return false;
    }
    return true;
}

dsc_id dsc_graph_input(dsc_graph *graph, const char *name, dsc_shape shape, bool batched,
                       dsc_element element)
{
    dsc_entry entry;

    if (!begin(graph, DSC_INPUT, name, &entry))
        return -1;
    entry.node.shape = shape;
    entry.node.batched = batched;
    entry.node.element = element;
    if (element == DSC_REALS && dsc_shape_valid(shape)) {
        entry.node.background = entry.background =
            dsc_alloc(dsc_shape_count(shape), dsc_element_bytes(graph, &entry.node));
        if (!entry.background)
            dsc_graph_fail(graph, DESCENT_NOMEM, "out of memory for the background of %s", name);
    }
    const dsc_id id = append(graph, &entry);
    if (id < 0)
        dsc_free(entry.background);
    return id;
}

dsc_id dsc_graph_constant(dsc_graph *graph, const char *name, dsc_shape shape, const double *values)
{
    const dsc_id id = dsc_graph_input(graph, name, shape, false, DSC_REALS);
    const size_t n = dsc_shape_count(shape);

    if (id < 0)
        return -1;
    double *copy = dsc_alloc(n, sizeof *copy);
    if (!copy) {
        dsc_graph_fail(graph, DESCENT_NOMEM, "out of memory for %zu constants", n);
        return -1;
    }
    memcpy(copy, values, n * sizeof *copy);
    graph->entry[id]->value = copy;
    return id;
}

static bool fans_fit(dsc_graph *graph, const char *name, dsc_init init, int fan_in, int fan_out)
{
    const bool needs_in = init != DSC_INIT_ZERO && init != DSC_INIT_ONE &&
                          init != DSC_INIT_QUARTER && init != DSC_INIT_NORMAL;

    if ((!needs_in || fan_in > 0) && (init != DSC_INIT_GLOROT_UNIFORM || fan_out > 0))
        return true;
    dsc_graph_fail(graph, DESCENT_INVALID,
                   "%s: fans of %d inputs and %d outputs, must be at least 1", name, fan_in,
                   fan_out);
    return false;
}

dsc_id dsc_graph_parameter(dsc_graph *graph, const char *name, const char *role, dsc_shape shape,
                           dsc_init init, int fan_in, int fan_out)
{
    dsc_entry entry;

    if (!begin(graph, DSC_PARAMETER, name, &entry) || !dsc_graph_name_is_free(graph, name) ||
        !fans_fit(graph, name, init, fan_in, fan_out))
        return -1;
    entry.node.role = role;
    entry.node.shape = shape;
    entry.node.offset = graph->n_w;
    entry.node.init = init;
    entry.node.gain = 1.0;
    entry.node.fan_in = fan_in;
    entry.node.fan_out = fan_out;
    const dsc_id id = append(graph, &entry);
    if (id >= 0) {
        dsc_graph_name_add(graph, id);
        graph->n_w += dsc_shape_count(shape);
    }
    return id;
}

dsc_id dsc_graph_buffer(dsc_graph *graph, const char *name, dsc_shape shape, double initial,
                        double momentum)
{
    dsc_entry entry;

    if (!begin(graph, DSC_BUFFER, name, &entry) || !dsc_graph_name_is_free(graph, name))
        return -1;
    entry.node.shape = shape;
    entry.node.offset = graph->n_b;
    entry.node.momentum = momentum;
    entry.initial = initial;
    const dsc_id id = append(graph, &entry);
    if (id >= 0) {
        dsc_graph_name_add(graph, id);
        graph->n_b += dsc_shape_count(shape);
    }
    return id;
}

/* Counts of inputs and attributes, and that every input is a node. */
static bool arguments_fit(dsc_graph *graph, const dsc_op *op, int n_inputs, const dsc_id *input,
                          int n_attributes)
{
    const bool any = op->n_inputs < 0;

    if (any ? n_inputs < 1 || n_inputs > DSC_MAX_INPUTS : n_inputs != op->n_inputs) {
        dsc_graph_fail(graph, DESCENT_INVALID, "%s has %d inputs, takes %d", op->name, n_inputs,
                       any ? DSC_MAX_INPUTS : op->n_inputs);
        return false;
    }
    if (n_attributes != op->n_attributes) {
        dsc_graph_fail(graph, DESCENT_INVALID, "%s has %d attributes, takes %d", op->name,
                       n_attributes, op->n_attributes);
        return false;
    }
    for (int i = 0; i < n_inputs; i++) {
        if (!dsc_graph_node(graph, input[i])) {
            dsc_graph_fail(graph, DESCENT_INVALID, "%s: input %d is no node of this graph",
                           op->name, i + 1);
            return false;
        }
    }
    return true;
}

dsc_id dsc_graph_op(dsc_graph *graph, const char *op_name, int n_inputs, const dsc_id *input,
                    int n_attributes, const double *attribute)
{
    dsc_entry entry;
    const dsc_node *from[DSC_MAX_INPUTS] = {0};
    descent_error err = {0};

    if (!begin(graph, DSC_OP, op_name, &entry))
        return -1;
    const dsc_op *op = graph->find(op_name, graph->type, graph->level);
    if (!op) {
        dsc_graph_fail(graph, DESCENT_UNKNOWN, "no op is called '%s'", op_name);
        return -1;
    }
    if (!arguments_fit(graph, op, n_inputs, input, n_attributes))
        return -1;
    entry.node.op = op;
    entry.node.n_inputs = n_inputs;
    for (int i = 0; i < n_inputs; i++) {
        entry.node.input[i] = input[i];
        from[i] = dsc_graph_node(graph, input[i]);
    }
    for (int i = 0; i < n_attributes; i++)
        entry.node.attribute[i] = attribute[i];
    const descent_status status = op->shape(&entry.node, from, &err);
    if (status != DESCENT_OK) {
        dsc_graph_fail(graph, status, "%s", err.message);
        return -1;
    }
    if (op->flags & DSC_VIEW)
        entry.node.background = from[0]->background;
    return append(graph, &entry);
}
