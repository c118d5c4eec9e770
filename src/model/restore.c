/* restore.c - a model from its file. */
#include "model/model.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static descent_status take(const dsc_tensors *file, const char *path, const char *name, size_t n,
                           float *to, descent_error *err)
{
    const dsc_tensor *tensor = dsc_tensors_find(file, name);

    if (!tensor)
        return dsc_fail(err, DESCENT_SYNTAX, "'%s' has no tensor '%s', which its layers need", path,
                        name);
    if (tensor->type != DESCENT_F32 || dsc_tensor_count(tensor) != n)
        return dsc_fail(err, DESCENT_SYNTAX,
                        "'%s': tensor '%s' has %zu numbers of type %s, its layers need %zu of type "
                        "F32",
                        path, name, dsc_tensor_count(tensor),
                        tensor->type == DESCENT_F64 ? "F64" : "F32", n);
    memcpy(to, tensor->data, n * sizeof *to);
    for (size_t i = 0; i < n; i++)
        if (!isfinite(to[i]))
            return dsc_fail(err, DESCENT_SYNTAX, "'%s': number %zu of tensor '%s' is not finite",
                            path, i, name);
    return DESCENT_OK;
}

descent_status dsc_model_restore(descent_model *model, const dsc_tensors *file, const char *path,
                                 descent_error *err)
{
    const dsc_graph *graph = model->network.graph;

    for (size_t i = 0; i < dsc_graph_nodes(graph); i++) {
        const dsc_node *node = dsc_graph_node(graph, (dsc_id)i);
        float *to = node->kind == DSC_PARAMETER ? model->w : model->b;
        if (node->kind == DSC_PARAMETER || node->kind == DSC_BUFFER)
            DSC_TRY(
                take(file, path, node->name, dsc_shape_count(node->shape), to + node->offset, err));
    }
    return DESCENT_OK;
}

/* No file has more numbers than this, whatever its header says. */
static size_t most_numbers(const dsc_tensors *file)
{
    return file->n_data / sizeof(float);
}

/* A note that must be there. */
static descent_status need_note(const dsc_tensors *file, const char *path, const char *key,
                                const char **text, descent_error *err)
{
    const char *found = dsc_tensors_note(file, key);

    *text = found ? found : "";
    if (found)
        return DESCENT_OK;
    return dsc_fail(err, DESCENT_SYNTAX,
                    "'%s' is a safetensors file, but no model of descent: its metadata has no '%s'",
                    path, key);
}

static descent_status need_integer(const dsc_tensors *file, const char *path, const char *key,
                                   int64_t min, int64_t max, int64_t *value, descent_error *err)
{
    const char *text;

    DSC_TRY(need_note(file, path, key, &text, err));
    if (dsc_integer_read(text, strlen(text), value) && *value >= min && *value <= max)
        return DESCENT_OK;
    return dsc_fail(err, DESCENT_SYNTAX,
                    "'%s': its metadata says %s = '%s', expected a whole number from %lld to %lld",
                    path, key, text, (long long)min, (long long)max);
}

static descent_status read_shape(const dsc_tensors *file, const char *path,
                                 descent_model_options *o, descent_error *err)
{
    const char *text;

    DSC_TRY(need_note(file, path, "shape", &text, err));
    for (const char *c = text; *c && o->rank < DSC_MAX_RANK; o->rank++) {
        const size_t length = strcspn(c, ",");
        int64_t size;
        if (!dsc_integer_read(c, length, &size) || size < 1 || size > INT32_MAX)
            break;
        o->shape[o->rank] = (int)size;
        c += length + (c[length] == ',');
        if (!*c) {
            o->rank++;
            return DESCENT_OK;
        }
    }
    return dsc_fail(err, DESCENT_SYNTAX, "'%s': its metadata says shape = '%s', expected sizes",
                    path, text);
}

/* A note that holds a JSON list of exactly n names; NULL when there is none. */
static descent_status read_names(const dsc_tensors *file, const char *path, const char *key,
                                 size_t n, char ***out, descent_error *err)
{
    const char *text = dsc_tensors_note(file, key);

    if (!text)
        return DESCENT_OK;
    dsc_json_fault problem = {0};
    json_t *list = dsc_json_read(text, strlen(text), &problem);
    bool starved = !list && !problem.reason;
    bool good = json_is_array(list) && json_array_size(list) == n;
    if (good)
        *out = dsc_alloc(n, sizeof **out);
    starved = starved || (good && !*out);
    for (size_t i = 0; !starved && good && i < n; i++) {
        const char *name = json_string_value(json_array_get(list, i));
        (*out)[i] = name ? dsc_copy(name) : NULL;
        good = name != NULL;
        starved = good && !(*out)[i];
    }
    json_decref(list);
    if (starved)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory reading '%s'", path);
    if (!good)
        return dsc_fail(err, DESCENT_SYNTAX, "'%s': its metadata '%s' is not a list of %zu names",
                        path, key, n);
    return DESCENT_OK;
}

static descent_status read_scaling(descent_model *model, const dsc_tensors *file, const char *path,
                                   descent_error *err)
{
    dsc_scaling *s = &model->scaling;
    const dsc_tensor *shift = dsc_tensors_find(file, "scaling.shift");
    const dsc_tensor *target = dsc_tensors_find(file, "scaling.target_shift");
    size_t features = 1;

    for (int i = 0; i < model->options.rank; i++)
        features *= (size_t)model->options.shape[i];
    s->n = shift ? (dsc_tensor_count(shift) == 1 ? 1 : features) : 0;
    s->n_targets = target ? (size_t)model->options.outputs : 0;
    if (s->n > most_numbers(file) || s->n_targets > most_numbers(file))
        return dsc_fail(err, DESCENT_SYNTAX,
                        "'%s': its metadata speaks of %zu features and %zu outputs, more than the "
                        "numbers in the file",
                        path, s->n, s->n_targets);
    s->shift = dsc_alloc(s->n, sizeof *s->shift);
    s->scale = dsc_alloc(s->n, sizeof *s->scale);
    s->target_shift = dsc_alloc(s->n_targets, sizeof *s->target_shift);
    s->target_scale = dsc_alloc(s->n_targets, sizeof *s->target_scale);
    if (!s->shift || !s->scale || !s->target_shift || !s->target_scale)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory reading '%s'", path);
    if (s->n > 0) {
        DSC_TRY(take(file, path, "scaling.shift", s->n, s->shift, err));
        DSC_TRY(take(file, path, "scaling.scale", s->n, s->scale, err));
    }
    if (s->n_targets > 0) {
        DSC_TRY(take(file, path, "scaling.target_shift", s->n_targets, s->target_shift, err));
        DSC_TRY(take(file, path, "scaling.target_scale", s->n_targets, s->target_scale, err));
    }
    return DESCENT_OK;
}

/* Notes of a training, such as its recipe and step. */
static descent_status read_notes(descent_model *model, const dsc_tensors *file, descent_error *err)
{
    static const char *const own[] = {
        "format",          "format_version", "layers",  "loss",     "shape",
        "outputs",         "seed",           "classes", "features", "target",
        "vocabulary_size", "vocabulary",     "token"};

    for (size_t i = 0; i < file->n_notes; i++) {
        bool known = false;
        for (size_t j = 0; j < sizeof own / sizeof *own; j++)
            known = known || strcmp(own[j], file->note[i].key) == 0;
        if (!known)
            DSC_TRY(dsc_model_note(model, file->note[i].key, file->note[i].text, err));
    }
    return DESCENT_OK;
}

static descent_status fill(descent_model *model, const dsc_tensors *file, const char *path,
                           descent_error *err)
{
    const char *target = dsc_tensors_note(file, "target");
    size_t features = 1;

    for (int i = 0; i < model->options.rank; i++)
        features *= (size_t)model->options.shape[i];
    DSC_TRY(dsc_model_restore(model, file, path, err));
    DSC_TRY(read_scaling(model, file, path, err));
    DSC_TRY(dsc_network_expect(&model->network, &model->scaling, err));
    DSC_TRY(
        read_names(file, path, "classes", (size_t)model->options.outputs, &model->class_name, err));
    DSC_TRY(dsc_vocabulary_read(&model->vocabulary, file, path, model->options.vocabulary, err));
    model->n_features = dsc_tensors_note(file, "features") ? features : 0;
    DSC_TRY(read_names(file, path, "features", features, &model->feature_name, err));
    if (target && !(model->target_name = dsc_copy(target)))
        return dsc_fail(err, DESCENT_NOMEM, "out of memory reading '%s'", path);
    return read_notes(model, file, err);
}

static descent_status load(descent_model **out, const dsc_tensors *file, const char *path,
                           descent_error *err)
{
    descent_model_options o = {0};
    const char *format;
    int64_t version, outputs, seed, vocabulary = 0;
    /* outputs have weights, but for small networks without any */
    enum { SMALL = 1 << 16 };
    const size_t numbers = most_numbers(file);
    const int64_t most = numbers < SMALL       ? SMALL
                         : numbers < INT32_MAX ? (int64_t)numbers
                                               : INT32_MAX;

    DSC_TRY(need_note(file, path, "format", &format, err));
    if (strcmp(format, "descent") != 0)
        return dsc_fail(err, DESCENT_SYNTAX,
                        "'%s' is a safetensors file of format '%s', expected 'descent'", path,
                        format);
    DSC_TRY(need_integer(file, path, "format_version", 1, 1, &version, err));
    DSC_TRY(need_note(file, path, "layers", &o.layers, err));
    DSC_TRY(need_note(file, path, "loss", &o.loss, err));
    DSC_TRY(read_shape(file, path, &o, err));
    DSC_TRY(need_integer(file, path, "outputs", 1, most, &outputs, err));
    DSC_TRY(need_integer(file, path, "seed", 0, INT64_MAX, &seed, err));
    if (dsc_tensors_note(file, "vocabulary_size"))
        DSC_TRY(need_integer(file, path, "vocabulary_size", 1, most, &vocabulary, err));
    o.vocabulary = (int)vocabulary;
    o.outputs = (int)outputs;
    o.seed = (uint64_t)seed;
    const dsc_place origin = {.file = path, .line_text = o.layers};
    DSC_TRY(dsc_model_create_at(out, &o, DSC_BACKEND_AUTO, origin, numbers, err));
    const descent_status status = fill(*out, file, path, err);
    if (status != DESCENT_OK) {
        descent_model_free(*out);
        *out = NULL;
    }
    return status;
}

descent_status descent_model_load(descent_model **out, const char *path, descent_error *err)
{
    dsc_tensors file;

    *out = NULL;
    DSC_TRY(dsc_tensors_read(&file, path, err));
    const descent_status status = load(out, &file, path, err);
    dsc_tensors_free(&file);
    return status;
}
