/* network.c - from a model string to a graph with its loss. */
#include "model/builder.h"

#include "base/memory.h"
#include "op/registry.h"

#include <stdio.h>
#include <string.h>

/* The next activation behind item i, which decides how its weights begin. */
static const char *next_activation(const dsc_spec_list *list, int i)
{
    for (int j = i + 1; j < list->count; j++) {
        const dsc_layer *layer = dsc_layer_find(list->item[j].name);
        if (layer && layer->activation)
            return layer->info.name;
        if (!layer || layer->container || layer->weights)
            break;
    }
    return "";
}

static descent_status build_item(dsc_builder *b, const dsc_spec_list *list, int i, const char *path,
                                 int depth, bool draw, dsc_id *x)
{
    const dsc_spec *item = &list->item[i];
    const dsc_layer *layer = dsc_layer_find(item->name);
    dsc_value values[DSC_MAX_PARAMS];
    char near[80], name[DSC_PATH + 32];

    if (++b->n_layers > DSC_MOST_LAYERS || dsc_graph_nodes(b->graph) > DSC_MOST_NODES)
        return dsc_fail_at(b->err, DESCENT_INVALID, item->place,
                           "a model may have at most %d layers and %d nodes, repeated ones counted "
                           "as often",
                           DSC_MOST_LAYERS, DSC_MOST_NODES);
    if (!layer) {
        dsc_suggest_entry(item->name, descent_layer_info, near);
        return dsc_fail_at(b->err, DESCENT_UNKNOWN, item->place, "no layer is called '%s'%s",
                           item->name, near);
    }
    const bool branches = strcmp(item->name, "concat") == 0;
    const unsigned accept =
        (layer->container ? DSC_ACCEPT_LIST : 0u) | (branches ? DSC_ACCEPT_BRANCHES : 0u);
    DSC_TRY(dsc_spec_bind(item, &layer->info, accept, values, b->err));
    if (layer->container && !dsc_spec_inner(item))
        return dsc_fail_at(b->err, DESCENT_SYNTAX, item->place,
                           "%s needs layers in parentheses, for example %s (linear 64, relu)",
                           item->name, item->source);
    dsc_graph_at(b->graph, item->place);
    snprintf(name, sizeof name, "%s %s", path, layer->info.name);
    dsc_graph_layer(b->graph, name);
    if (layer->container)
        return dsc_build_container(b, item, values, path, depth, draw, x);
    const dsc_layer_scope scope = {.path = path,
                                   .activation = next_activation(list, i),
                                   .outputs = item == b->last_linear ? b->options->outputs : 0,
                                   .head = item == b->head,
                                   .vocabulary = b->options->vocabulary,
                                   .context = b->options->vocabulary ? b->options->shape[0] : 0,
                                   .cached = b->reader};
    *x = layer->add(b->graph, *x, values, &scope);
    return DESCENT_OK;
}

/* What a line of the drawing says: the item as typed, a container without its inside. */
static void line_text(const dsc_spec *item, char *out, size_t size)
{
    const int length =
        (int)(dsc_spec_inner(item) ? strcspn(item->source, "(") : strlen(item->source));

    snprintf(out, size, "%.*s", length, item->source);
    for (size_t n = strlen(out); n > 0 && out[n - 1] == ' '; n--)
        out[n - 1] = '\0';
}

descent_status dsc_build_list(dsc_builder *b, const dsc_spec_list *list, const char *path,
                              int depth, bool draw, dsc_id *x)
{
    for (int i = 0; i < list->count; i++) {
        const size_t first = dsc_graph_nodes(b->graph);
        char inner[DSC_PATH], text[120];
        size_t line = draw ? b->drawing->n : 0;

        snprintf(inner, sizeof inner, "%s%s%d", path, *path ? "." : "", i);
        line_text(&list->item[i], text, sizeof text);
        if (draw && !dsc_drawing_add(b->drawing, b->graph, text, depth, -1, first, &line))
            return dsc_fail(b->err, DESCENT_NOMEM, "out of memory for the model");
        DSC_TRY(build_item(b, list, i, inner, depth, draw, x));
        DSC_TRY(dsc_graph_status(b->graph, b->err));
        if (draw)
            dsc_drawing_add(b->drawing, b->graph, text, depth, *x, first, &line);
    }
    return DESCENT_OK;
}

/* An output for every place of a sequence of tokens. */
static bool predicts_tokens(const dsc_builder *b, dsc_id output)
{
    return b->options->vocabulary > 0 && dsc_graph_node(b->graph, output)->shape.rank == 2;
}

/* The output must be what the data wants. */
static descent_status check_output(const dsc_builder *b, const dsc_spec_list *list, dsc_id output)
{
    const dsc_shape shape = dsc_graph_node(b->graph, output)->shape;
    const dsc_spec *last = &list->item[list->count - 1];
    char found[48];

    if (shape.rank == 1 && shape.size[0] == b->options->outputs)
        return DESCENT_OK;
    if (predicts_tokens(b, output) && shape.size[1] == b->options->outputs)
        return DESCENT_OK;
    return dsc_fail_at(b->err, DESCENT_SHAPE, last->place,
                       "the model ends with %s %s, the data needs %d; end it with `linear`, which "
                       "takes that number by itself",
                       dsc_shape_text(shape, found), shape.rank == 1 ? "outputs" : "numbers",
                       b->options->outputs);
}

/* Labels have one number where outputs have one for each class. */
static descent_status add_loss(dsc_builder *b, dsc_network *n, const dsc_loss_choice *loss)
{
    const bool labels = loss->kind->target == DSC_LABELS;
    dsc_shape shape = dsc_graph_node(b->graph, n->output)->shape;

    if (labels)
        shape.rank--;
    dsc_graph_at(b->graph, (dsc_place){.line_text = b->options->loss});
    n->target = dsc_graph_input(b->graph, "target", shape, true, loss->kind->target);
    n->loss = dsc_loss_add(b->graph, loss, n->output, n->target);
    return dsc_graph_build(b->graph, n->output, n->loss, b->err);
}

static descent_status build(dsc_builder *b, dsc_network *n, const dsc_spec_list *list)
{
    const descent_model_options *o = b->options;
    dsc_loss_choice loss;
    dsc_shape shape = {.rank = o->rank};

    memcpy(shape.size, o->shape, sizeof shape.size);
    if (o->outputs < 1 || o->rank < 1 || !dsc_shape_valid(shape))
        return dsc_fail(b->err, DESCENT_SHAPE,
                        "a model needs 1 to 4 positive input sizes and at least 1 output, found %d "
                        "sizes and %d outputs",
                        o->rank, o->outputs);
    if (dsc_shape_count(shape) > DSC_MOST_FEATURES)
        return dsc_fail(b->err, DESCENT_SHAPE,
                        "an example of %zu numbers, a model takes at most %d",
                        dsc_shape_count(shape), DSC_MOST_FEATURES);
    for (int i = 0; i < list->count; i++) {
        const dsc_layer *layer = dsc_layer_find(list->item[i].name);
        if (strcmp(list->item[i].name, "linear") == 0)
            b->last_linear = b->head = &list->item[i];
        else if (layer && (layer->container || layer->weights))
            b->head = NULL;
    }
    if (o->vocabulary < 0 || (o->vocabulary > 0 && o->rank != 1))
        return dsc_fail(b->err, DESCENT_SHAPE,
                        "a model of tokens needs a vocabulary and one size, the length, found %d "
                        "and %d sizes",
                        o->vocabulary, o->rank);
    if (b->reader)
        shape.size[0] = 1;
    n->x = n->output =
        dsc_graph_input(b->graph, "x", shape, true, o->vocabulary > 0 ? DSC_LABELS : DSC_REALS);
    DSC_TRY(dsc_build_list(b, list, "", 0, b->drawing != NULL, &n->output));
    DSC_TRY(check_output(b, list, n->output));
    if (b->reader)
        return dsc_graph_build(b->graph, n->output, -1, b->err);
    DSC_TRY(dsc_loss_read(&loss, o->loss, (dsc_place){.line_text = o->loss}, o->outputs, b->err));
    const descent_status status = add_loss(b, n, &loss);
    dsc_loss_free(&loss);
    return status;
}

/* Parses options->layers and builds with what `b` already holds. */
static descent_status build_network(dsc_network *out, dsc_builder *b, descent_type type,
                                    int max_rows, dsc_backend backend, dsc_place origin)
{
    dsc_network network = {.target = -1, .loss = -1};
    descent_error *err = b->err;
    dsc_spec_list *list;

    *out = (dsc_network){0};
    DSC_TRY(dsc_spec_parse(&list, b->options->layers, origin, err));
    b->graph = network.graph = dsc_graph_new(type, max_rows, backend, dsc_op_find);
    const descent_status status = network.graph
                                      ? build(b, &network, list)
                                      : dsc_fail(err, DESCENT_NOMEM, "out of memory for the model");
    dsc_spec_free(list);
    if (status != DESCENT_OK) {
        dsc_network_free(&network);
        return status;
    }
    *out = network;
    return DESCENT_OK;
}

descent_status dsc_network_build(dsc_network *out, const descent_model_options *options,
                                 descent_type type, int max_rows, dsc_backend backend,
                                 dsc_place origin, dsc_drawing *drawing, descent_error *err)
{
    dsc_builder b = {.options = options, .drawing = drawing, .err = err};

    return build_network(out, &b, type, max_rows, backend, origin);
}

descent_status dsc_network_build_reader(dsc_network *out, const descent_model_options *options,
                                        descent_type type, int max_rows, dsc_backend backend,
                                        descent_error *err)
{
    dsc_builder b = {.options = options, .reader = true, .err = err};

    return build_network(out, &b, type, max_rows, backend, (dsc_place){0});
}

bool dsc_network_is_flat(const dsc_network *network)
{
    bool flat = true;

    for (size_t k = 0; k < dsc_graph_nodes(network->graph); k++) {
        const dsc_node *node = dsc_graph_node(network->graph, (dsc_id)k);
        flat = flat && (node->kind != DSC_OP || node->shape.rank <= 1);
    }
    return flat;
}

size_t dsc_network_labels(const dsc_network *network)
{
    return dsc_shape_count(dsc_graph_node(network->graph, network->target)->shape);
}

void dsc_network_free(dsc_network *network)
{
    dsc_graph_free(network->graph);
    *network = (dsc_network){0};
}
