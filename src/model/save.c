/* save.c - a model as tensors and notes. */
#include "model/model.h"

#include "base/json.h"
#include "base/memory.h"

#include <stdio.h>
#include <string.h>

/* The lists a file is made of, while they grow. */
typedef struct lists {
    dsc_tensor *tensor;
    size_t n_tensors, tensor_capacity;
    dsc_note *note;
    size_t n_notes, note_capacity;
    bool failed;
} lists;

static void add_any(lists *l, const dsc_tensor *tensor)
{
    void *block = l->tensor;

    if (l->failed || !dsc_grow(&block, &l->tensor_capacity, l->n_tensors + 1, sizeof(dsc_tensor))) {
        l->failed = true;
        return;
    }
    l->tensor = block;
    l->tensor[l->n_tensors++] = *tensor;
}

static void add_tensor(lists *l, const char *name, int rank, const size_t *size, const float *data)
{
    dsc_tensor t = {.type = DESCENT_F32, .rank = rank, .data = data};

    snprintf(t.name, sizeof t.name, "%s", name);
    memcpy(t.size, size, (size_t)rank * sizeof *size);
    add_any(l, &t);
}

static void add_note(lists *l, const char *key, const char *text)
{
    void *block = l->note;

    if (l->failed || !text ||
        !dsc_grow(&block, &l->note_capacity, l->n_notes + 1, sizeof(dsc_note))) {
        l->failed = true;
        return;
    }
    l->note = block;
    l->note[l->n_notes] = (dsc_note){dsc_copy(key), dsc_copy(text)};
    l->failed = !l->note[l->n_notes].key || !l->note[l->n_notes].text;
    l->n_notes++;
}

static void free_lists(lists *l)
{
    for (size_t i = 0; i < l->n_notes; i++) {
        dsc_free(l->note[i].key);
        dsc_free(l->note[i].text);
    }
    dsc_free(l->note);
    dsc_free(l->tensor);
}

/* Parameters and buffers, under their names. */
static void add_weights(lists *l, const descent_model *model)
{
    const dsc_graph *graph = model->network.graph;

    for (size_t i = 0; i < dsc_graph_nodes(graph); i++) {
        const dsc_node *node = dsc_graph_node(graph, (dsc_id)i);
        size_t size[DSC_MAX_RANK];
        for (int d = 0; d < node->shape.rank; d++)
            size[d] = (size_t)node->shape.size[d];
        if (node->kind == DSC_PARAMETER)
            add_tensor(l, node->name, node->shape.rank, size, model->w + node->offset);
        else if (node->kind == DSC_BUFFER)
            add_tensor(l, node->name, node->shape.rank, size, model->b + node->offset);
    }
}

static void add_scaling(lists *l, const dsc_scaling *s)
{
    if (s->n > 0) {
        add_tensor(l, "scaling.shift", 1, &s->n, s->shift);
        add_tensor(l, "scaling.scale", 1, &s->n, s->scale);
    }
    if (s->n_targets > 0) {
        add_tensor(l, "scaling.target_shift", 1, &s->n_targets, s->target_shift);
        add_tensor(l, "scaling.target_scale", 1, &s->n_targets, s->target_scale);
    }
}

/* Names as a JSON list in a note. */
static void add_names(lists *l, const char *key, char *const *name, size_t n)
{
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++)
        dsc_json_add(&list, json_string(name[i]));
    char *text = dsc_json_text(list);
    add_note(l, key, text);
    dsc_free(text);
    json_decref(list);
}

static void add_description(lists *l, const descent_model *model)
{
    const descent_model_options *o = &model->options;
    char text[80] = "";

    add_note(l, "format", "descent");
    add_note(l, "format_version", "1");
    add_note(l, "layers", o->layers);
    add_note(l, "loss", o->loss);
    for (int i = 0; i < o->rank; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%d", i ? "," : "",
                 o->shape[i]);
    add_note(l, "shape", text);
    snprintf(text, sizeof text, "%d", o->outputs);
    add_note(l, "outputs", text);
    snprintf(text, sizeof text, "%llu", (unsigned long long)o->seed);
    add_note(l, "seed", text);
    if (o->vocabulary > 0) {
        snprintf(text, sizeof text, "%d", o->vocabulary);
        add_note(l, "vocabulary_size", text);
    }
    if (model->vocabulary.count > 0) {
        char *vocabulary = dsc_vocabulary_note(&model->vocabulary);
        add_note(l, "vocabulary", vocabulary);
        add_note(l, "token", dsc_vocabulary_unit(&model->vocabulary));
        dsc_free(vocabulary);
    }
    if (model->class_name)
        add_names(l, "classes", model->class_name, (size_t)o->outputs);
    if (model->feature_name)
        add_names(l, "features", model->feature_name, model->n_features);
    if (model->target_name)
        add_note(l, "target", model->target_name);
    for (size_t i = 0; i < model->n_notes; i++)
        add_note(l, model->note[i].key, model->note[i].text);
}

descent_status dsc_model_write(const descent_model *model, const char *path,
                               const dsc_tensor *extra, size_t n_extra, const dsc_note *extra_note,
                               size_t n_extra_notes, descent_error *err)
{
    lists l = {0};

    add_weights(&l, model);
    add_scaling(&l, &model->scaling);
    add_description(&l, model);
    for (size_t i = 0; i < n_extra; i++)
        add_any(&l, &extra[i]);
    for (size_t i = 0; i < n_extra_notes; i++)
        add_note(&l, extra_note[i].key, extra_note[i].text);
    const descent_status status =
        l.failed ? dsc_fail(err, DESCENT_NOMEM, "out of memory writing '%s'", path)
                 : dsc_tensors_write(path, l.tensor, l.n_tensors, l.note, l.n_notes, err);
    free_lists(&l);
    return status;
}

descent_status descent_model_save(const descent_model *model, const char *path, descent_error *err)
{
    return dsc_model_write(model, path, NULL, 0, NULL, 0, err);
}
