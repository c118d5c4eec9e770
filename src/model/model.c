/* model.c - making a model and letting go of it. */
#include "model/model.h"

#include "base/memory.h"

#include <string.h>

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

/* Rows of one forward pass: of windows of tokens fewer, as each of them is many positions. */
static int predict_rows(const descent_model_options *options)
{
    enum { POSITIONS = 1024 };

    if (options->vocabulary <= 0)
        return DSC_PREDICT_ROWS;
    const int rows = options->shape[0] > 0 ? POSITIONS / options->shape[0] : 1;
    return rows < 1 ? 1 : rows < DSC_PREDICT_ROWS ? rows : DSC_PREDICT_ROWS;
}

static descent_status fill(descent_model *model, const descent_model_options *options,
                           dsc_place origin, descent_error *err)
{
    model->options = *options;
    model->predict_rows = predict_rows(options);
    model->options.layers = dsc_copy(options->layers);
    model->options.loss = dsc_copy(options->loss);
    if (!model->options.layers || !model->options.loss)
        return no_memory(err);
    DSC_TRY(dsc_network_build(&model->network, options, DESCENT_F32, model->predict_rows,
                              model->backend, origin, &model->drawing, err));
    model->loss = dsc_loss_find(options->loss);
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
                                   dsc_backend backend, dsc_place origin, descent_error *err)
{
    *out = NULL;
    if (!options->layers || !options->loss)
        return dsc_fail(err, DESCENT_INVALID, "a model needs layers and a loss");
    descent_model *model = dsc_alloc(1, sizeof *model);
    if (!model)
        return no_memory(err);
    model->backend = backend;
    const descent_status status = fill(model, options, origin, err);
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

    return dsc_model_create_at(out, options, DSC_BACKEND_AUTO, origin, err);
}
