/* model.c - making a model and letting go of it. */
#include "model/model.h"

#include "base/memory.h"

#include <string.h>

/* batch_norm refuses to be built for a single example. */
enum { LEAST_ROWS = 2 };

static void free_texts(char **text, size_t n)
{
    for (size_t i = 0; text && i < n; i++)
        dsc_free(text[i]);
    dsc_free(text);
}

/* The strings in options are const to their readers; here they are owned. */
static void free_option(const char *text)
{
    union {
        const char *given;
        char *owned;
    } u = {text};
    dsc_free(u.owned);
}

void descent_model_free(descent_model *model)
{
    if (!model)
        return;
    dsc_run_free(model->gradient_run);
    dsc_network_free(&model->gradient_network);
    dsc_network_free(&model->network);
    dsc_drawing_free(&model->drawing);
    dsc_scaling_free(&model->scaling);
    dsc_vocabulary_free(&model->vocabulary);
    free_texts(model->class_name, (size_t)model->options.outputs);
    free_texts(model->feature_name, model->n_features);
    for (size_t i = 0; i < model->n_notes; i++) {
        dsc_free(model->note[i].key);
        dsc_free(model->note[i].text);
    }
    dsc_free(model->note);
    dsc_free(model->target_name);
    dsc_free(model->segment);
    dsc_free(model->w);
    dsc_free(model->b);
    free_option(model->options.layers);
    free_option(model->options.loss);
    dsc_loss_free(&model->loss);
    dsc_free(model);
}

static descent_status no_memory(descent_error *err)
{
    return dsc_fail(err, DESCENT_NOMEM, "out of memory for the model");
}

/* One public segment for each parameter of the graph. */
static descent_status list_segments(descent_model *model, descent_error *err)
{
    const dsc_graph *graph = model->network.graph;
    const size_t n = dsc_graph_nodes(graph);

    model->segment = dsc_alloc(n, sizeof *model->segment);
    if (!model->segment)
        return no_memory(err);
    for (size_t i = 0; i < n; i++) {
        const dsc_node *node = dsc_graph_node(graph, (dsc_id)i);
        if (node->kind != DSC_PARAMETER)
            continue;
        descent_segment *s = &model->segment[model->n_segments++];
        *s = (descent_segment){.name = node->name,
                               .role = node->role,
                               .offset = node->offset,
                               .count = dsc_shape_count(node->shape),
                               .rank = node->shape.rank};
        memcpy(s->shape, node->shape.size, sizeof s->shape);
    }
    return DESCENT_OK;
}

/* Rows for a run that predicts: as many as keep its largest value within a few megabytes, which is
 * faster than more and needs no memory that training doesn't. A function of the network alone. */
static int choose_rows(const dsc_graph *graph)
{
    enum { LARGEST = 1 << 21 }; /* numbers */
    size_t largest = 1;
    int rows = DSC_PREDICT_ROWS;

    for (size_t i = 0; i < dsc_graph_nodes(graph); i++) {
        const dsc_node *node = dsc_graph_node(graph, (dsc_id)i);
        const size_t count = dsc_shape_count(node->shape);
        if (node->batched && count > largest)
            largest = count;
    }
    while (rows > LEAST_ROWS && (size_t)rows * largest > LARGEST)
        rows /= 2;
    return rows;
}

static descent_status too_many(const dsc_graph *graph, dsc_place origin, size_t most,
                               descent_error *err)
{
    return dsc_fail_at(err, DESCENT_SYNTAX, origin,
                       "the layers have %zu weights and statistics, the file has room for %zu "
                       "numbers; was it cut off?",
                       dsc_graph_parameters(graph) + dsc_graph_buffers(graph), most);
}

static descent_status build_network(descent_model *model, dsc_place origin, size_t most,
                                    descent_error *err)
{
    descent_status status = DESCENT_OK;
    dsc_network small;

    DSC_TRY(dsc_network_build(&small, &model->options, DESCENT_F32, LEAST_ROWS, model->backend,
                              origin, NULL, err));
    model->predict_rows = choose_rows(small.graph);
    if (dsc_graph_parameters(small.graph) + dsc_graph_buffers(small.graph) > most)
        status = too_many(small.graph, origin, most, err);
    dsc_network_free(&small);
    DSC_TRY(status);
    return dsc_network_build(&model->network, &model->options, DESCENT_F32, model->predict_rows,
                             model->backend, origin, &model->drawing, err);
}

static descent_status fill(descent_model *model, const descent_model_options *options,
                           dsc_place origin, size_t most, descent_error *err)
{
    model->options = *options;
    model->options.layers = dsc_copy(options->layers);
    model->options.loss = dsc_copy(options->loss);
    if (!model->options.layers || !model->options.loss)
        return no_memory(err);
    DSC_TRY(build_network(model, origin, most, err));
    DSC_TRY(dsc_loss_read(&model->loss, options->loss, (dsc_place){.line_text = options->loss},
                          options->outputs, err));
    model->n_w = dsc_graph_parameters(model->network.graph);
    model->n_b = dsc_graph_buffers(model->network.graph);
    model->w = dsc_alloc(model->n_w, sizeof *model->w);
    model->b = dsc_alloc(model->n_b, sizeof *model->b);
    if (!model->w || !model->b)
        return no_memory(err);
    dsc_graph_initialize(model->network.graph, options->seed, model->w, model->b);
    return list_segments(model, err);
}

descent_status dsc_model_create_at(descent_model **out, const descent_model_options *options,
                                   dsc_backend backend, dsc_place origin, size_t most,
                                   descent_error *err)
{
    *out = NULL;
    if (!options->layers || !options->loss)
        return dsc_fail(err, DESCENT_INVALID, "a model needs layers and a loss");
    descent_model *model = dsc_alloc(1, sizeof *model);
    if (!model)
        return no_memory(err);
    model->backend = backend;
    const descent_status status = fill(model, options, origin, most, err);
    if (status != DESCENT_OK) {
        descent_model_free(model);
        return status;
    }
    *out = model;
    return DESCENT_OK;
}

descent_status descent_model_create(descent_model **out, const descent_model_options *options,
                                    descent_error *err)
{
    const dsc_place origin = {.line_text = options->layers};

    return dsc_model_create_at(out, options, DSC_BACKEND_AUTO, origin, SIZE_MAX, err);
}
