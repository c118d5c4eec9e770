/* describe.c - what a model remembers of its data: names, classes, scaling; and notes. */
#include "model/model.h"

#include "base/memory.h"

#include <stdio.h>
#include <string.h>

static descent_status no_memory(descent_error *err)
{
    return dsc_fail(err, DESCENT_NOMEM, "out of memory for the model");
}

static bool copy_floats(float **out, const float *from, size_t n)
{
    *out = dsc_alloc(n, sizeof **out);
    if (*out && n > 0)
        memcpy(*out, from, n * sizeof **out);
    return *out != NULL;
}

static descent_status copy_scaling(dsc_scaling *to, const dsc_scaling *from, descent_error *err)
{
    dsc_scaling_free(to);
    to->n = from->n;
    to->n_targets = from->n_targets;
    if (copy_floats(&to->shift, from->shift, from->n) &&
        copy_floats(&to->scale, from->scale, from->n) &&
        copy_floats(&to->target_shift, from->target_shift, from->n_targets) &&
        copy_floats(&to->target_scale, from->target_scale, from->n_targets))
        return DESCENT_OK;
    return no_memory(err);
}

static descent_status copy_classes(descent_model *model, const descent_dataset *data,
                                   descent_error *err)
{
    const int n = model->options.outputs;

    model->class_name = dsc_alloc((size_t)n, sizeof *model->class_name);
    if (!model->class_name)
        return no_memory(err);
    for (int i = 0; i < n; i++) {
        const char *name = descent_dataset_class(data, i);
        char number[16];
        snprintf(number, sizeof number, "%d", i);
        model->class_name[i] = dsc_copy(name ? name : number);
        if (!model->class_name[i])
            return no_memory(err);
    }
    return DESCENT_OK;
}

static descent_status copy_features(descent_model *model, const descent_dataset *data,
                                    descent_error *err)
{
    const size_t n = dsc_shape_count(data->shape);

    model->feature_name = dsc_alloc(n, sizeof *model->feature_name);
    if (!model->feature_name)
        return no_memory(err);
    model->n_features = n;
    for (size_t i = 0; i < n; i++)
        if (!(model->feature_name[i] = dsc_copy(data->feature_name[i])))
            return no_memory(err);
    return DESCENT_OK;
}

descent_status dsc_network_expect(const dsc_network *network, const dsc_scaling *scaling,
                                  descent_error *err)
{
    const size_t n = dsc_shape_count(dsc_graph_node(network->graph, network->x)->shape);
    const descent_type type = dsc_graph_type(network->graph);

    if (scaling->n == 0) /* zeros stay zeros, which is what the network expects of itself */
        return DESCENT_OK;
    void *zeros = dsc_alloc(n, type == DESCENT_F64 ? sizeof(double) : sizeof(float));
    if (!zeros)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu numbers", n);
    dsc_scaling_zeros(scaling, type, n, zeros);
    dsc_graph_background(network->graph, network->x, zeros);
    dsc_free(zeros);
    return DESCENT_OK;
}

descent_status dsc_model_describe(descent_model *model, const descent_dataset *data,
                                  const dsc_scaling *scaling, descent_error *err)
{
    DSC_TRY(copy_scaling(&model->scaling, scaling, err));
    DSC_TRY(dsc_network_expect(&model->network, &model->scaling, err));
    if (data->tokens)
        DSC_TRY(dsc_vocabulary_copy(&model->vocabulary, &data->tokens->vocabulary, err));
    else if (data->task == DESCENT_CLASSIFICATION)
        DSC_TRY(copy_classes(model, data, err));
    if (data->feature_name)
        DSC_TRY(copy_features(model, data, err));
    model->target_name = dsc_copy(descent_dataset_target(data));
    return model->target_name ? DESCENT_OK : no_memory(err);
}

descent_status dsc_model_note(descent_model *model, const char *key, const char *text,
                              descent_error *err)
{
    void *block = model->note;
    char *copy = dsc_copy(text);

    if (!copy)
        return no_memory(err);
    for (size_t i = 0; i < model->n_notes; i++)
        if (strcmp(model->note[i].key, key) == 0) {
            dsc_free(model->note[i].text);
            model->note[i].text = copy;
            return DESCENT_OK;
        }
    char *name = dsc_copy(key);
    if (!name || !dsc_grow(&block, &model->note_capacity, model->n_notes + 1, sizeof(dsc_note))) {
        dsc_free(name);
        dsc_free(copy);
        return no_memory(err);
    }
    model->note = block;
    model->note[model->n_notes++] = (dsc_note){name, copy};
    return DESCENT_OK;
}
