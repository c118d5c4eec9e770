/* access.c - what a program may ask a model. */
#include "model/model.h"

#include <string.h>

float *descent_model_weights(descent_model *model)
{
    return model->w;
}

size_t descent_model_size(const descent_model *model)
{
    return model->n_w;
}

size_t descent_model_segments(const descent_model *model)
{
    return model->n_segments;
}

const descent_segment *descent_model_segment(const descent_model *model, size_t index)
{
    return index < model->n_segments ? &model->segment[index] : NULL;
}

size_t descent_model_lines(const descent_model *model)
{
    return model->drawing.n;
}

const descent_layer_line *descent_model_line(const descent_model *model, size_t index)
{
    return index < model->drawing.n ? &model->drawing.line[index] : NULL;
}

const char *descent_model_layers(const descent_model *model)
{
    return model->options.layers;
}

const char *descent_model_loss(const descent_model *model)
{
    return model->options.loss;
}

int descent_model_shape(const descent_model *model, int shape[4])
{
    memcpy(shape, model->options.shape, sizeof model->options.shape);
    return model->options.rank;
}

int descent_model_outputs(const descent_model *model)
{
    return model->options.outputs;
}

descent_task descent_model_task(const descent_model *model)
{
    return model->loss.kind->target == DSC_LABELS ? DESCENT_CLASSIFICATION : DESCENT_REGRESSION;
}

const char *descent_model_class(const descent_model *model, int index)
{
    if (!model->class_name || index < 0 || index >= model->options.outputs)
        return NULL;
    return model->class_name[index];
}

const char *descent_model_feature(const descent_model *model, int index)
{
    if (!model->feature_name || index < 0 || (size_t)index >= model->n_features)
        return NULL;
    return model->feature_name[index];
}

const char *descent_model_target(const descent_model *model)
{
    return model->target_name ? model->target_name : "target";
}

int descent_model_vocabulary(const descent_model *model)
{
    return model->options.vocabulary;
}

const char *descent_model_unit(const descent_model *model)
{
    return model->vocabulary.count > 0 ? dsc_vocabulary_unit(&model->vocabulary) : NULL;
}

size_t descent_model_token(const descent_model *model, int index, char text[8])
{
    text[0] = '\0';
    if (index < 0 || index >= model->vocabulary.count)
        return 0;
    return dsc_vocabulary_text(&model->vocabulary, index, text);
}

const char *descent_model_note(const descent_model *model, const char *key)
{
    for (size_t i = 0; i < model->n_notes; i++)
        if (strcmp(model->note[i].key, key) == 0)
            return model->note[i].text;
    return NULL;
}
