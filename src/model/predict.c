/* predict.c - predictions and scores on data that must fit the model. */
#include "model/model.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <math.h>
#include <string.h>

static descent_status check_features(const descent_model *model, const descent_dataset *data,
                                     descent_error *err)
{
    dsc_shape shape = {.rank = model->options.rank};
    char expected[48], found[48];

    memcpy(shape.size, model->options.shape, sizeof shape.size);
    if (data->tokens)
        return dsc_fail(err, DESCENT_INVALID, "the model expects examples of %s, '%s' is text",
                        dsc_shape_words(shape, expected), data->name);
    if (!dsc_shape_equal(shape, data->shape))
        return dsc_fail(err, DESCENT_SHAPE, "the model expects examples of %s, '%s' has %s",
                        dsc_shape_words(shape, expected), data->name,
                        dsc_shape_words(data->shape, found));
    for (size_t i = 0; model->feature_name && data->feature_name && i < model->n_features; i++)
        if (strcmp(model->feature_name[i], data->feature_name[i]) != 0)
            return dsc_fail(err, DESCENT_INVALID,
                            "feature %zu is '%s' in the model, but '%s' in '%s'", i + 1,
                            model->feature_name[i], data->feature_name[i], data->name);
    return DESCENT_OK;
}

void dsc_model_finish(const descent_model *model, float *out, size_t n)
{
    const size_t width = (size_t)model->options.outputs;
    const dsc_scaling *s = &model->scaling;

    for (size_t i = 0; i < n; i++, out += width) {
        dsc_link_apply(model->loss.link, out, width);
        for (size_t j = 0; j < width && s->n_targets; j++)
            out[j] = out[j] / s->target_scale[j] + s->target_shift[j];
    }
}

descent_status descent_model_predict(descent_model *model, const descent_dataset *data, float *out,
                                     descent_error *err)
{
    const dsc_examples all = {.data = data, .n = data->count};

    if (model->options.vocabulary > 0)
        return dsc_fail(err, DESCENT_INVALID,
                        "the model says how a text goes on; ask it with descent generate");
    DSC_TRY(check_features(model, data, err));
    DSC_TRY(dsc_model_forward(model, &all, dsc_threads(0), &(dsc_forward){.output = out}, err));
    dsc_model_finish(model, out, data->count);
    return DESCENT_OK;
}

/* The data's classes in the model's numbering, by name. */
static descent_status map_classes(const descent_model *model, const descent_dataset *data,
                                  int32_t *map, descent_error *err)
{
    for (int i = 0; i < data->outputs; i++) {
        const char *name = descent_dataset_class(data, i);
        map[i] = name || !model->class_name ? -1 : i;
        for (int j = 0; name && j < model->options.outputs; j++)
            if (model->class_name && strcmp(name, model->class_name[j]) == 0)
                map[i] = j;
        if (!model->class_name && i < model->options.outputs)
            map[i] = i;
        if (map[i] < 0)
            return dsc_fail(err, DESCENT_INVALID,
                            "'%s' has the class '%s', which the model does not know", data->name,
                            name ? name : "?");
    }
    return DESCENT_OK;
}

static descent_status check_target(const descent_model *model, const descent_dataset *data,
                                   descent_error *err)
{
    const bool classes = model->loss.kind->target == DSC_LABELS;

    if (data->outputs == 0)
        return dsc_fail(err, DESCENT_INVALID, "'%s' has no target to compare with", data->name);
    if (classes != (data->task == DESCENT_CLASSIFICATION))
        return dsc_fail(err, DESCENT_INVALID,
                        "the model predicts %s, but the target '%s' of '%s' holds %s",
                        classes ? "classes" : "numbers", descent_dataset_target(data), data->name,
                        classes ? "numbers" : "classes");
    if (!classes && data->outputs != model->options.outputs)
        return dsc_fail(err, DESCENT_SHAPE, "the model predicts %d numbers, '%s' has %d",
                        model->options.outputs, data->name, data->outputs);
    return DESCENT_OK;
}

/* Every token but the first is predicted once, in windows of the model's own length. */
static descent_status evaluate_text(descent_model *model, const descent_dataset *data,
                                    descent_score *score, descent_error *err)
{
    descent_dataset view = *data; /* with the model's numbers for its tokens */
    dsc_examples all = {.data = &view};

    if (!data->tokens)
        return dsc_fail(err, DESCENT_INVALID, "the model reads text, '%s' is none", data->name);
    if (model->vocabulary.count == 0)
        return dsc_fail(err, DESCENT_INVALID,
                        "the model has no vocabulary: it was not trained on a text");
    DSC_TRY(dsc_tokens_recode(&view.tokens, data->tokens, &model->vocabulary, err));
    view.shape = (dsc_shape){1, {model->options.shape[0]}};
    all.n = dsc_tokens_windows(view.tokens->count, view.shape.size[0]);
    const descent_status status =
        all.n > 0
            ? dsc_model_forward(model, &all, dsc_threads(0), &(dsc_forward){.score = score}, err)
            : dsc_fail(err, DESCENT_INVALID, "'%s' has one %s; two are needed to predict one",
                       data->name, dsc_vocabulary_unit(&model->vocabulary));
    dsc_tokens_free(view.tokens);
    return status;
}

descent_status descent_model_evaluate(descent_model *model, const descent_dataset *data,
                                      descent_score *score, descent_error *err)
{
    dsc_examples all = {.data = data, .n = data->count};

    if (model->options.vocabulary > 0)
        return evaluate_text(model, data, score, err);
    DSC_TRY(check_features(model, data, err));
    DSC_TRY(check_target(model, data, err));
    int32_t *map = dsc_alloc((size_t)data->outputs, sizeof *map);
    if (!map)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %d classes", data->outputs);
    descent_status status = DESCENT_OK;
    if (model->loss.kind->target == DSC_LABELS)
        status = map_classes(model, data, map, err);
    all.class_map = map;
    if (status == DESCENT_OK)
        status =
            dsc_model_forward(model, &all, dsc_threads(0), &(dsc_forward){.score = score}, err);
    dsc_free(map);
    return status;
}
