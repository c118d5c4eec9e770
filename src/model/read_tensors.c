/* read_tensors.c - safetensors files; nothing the header claims is trusted. */
#include "model/tensors.h"

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"

#include <stdio.h>
#include <string.h>

enum { PREFIX = 8 };

size_t dsc_tensor_count(const dsc_tensor *tensor)
{
    size_t count = 1;

    for (int i = 0; i < tensor->rank; i++)
        count *= tensor->size[i];
    return count;
}

typedef struct reading {
    dsc_tensors *out;
    const char *path, *data; /* behind the header */
    size_t n_data;
    descent_error *err;
} reading;

/* Sizes of a tensor; false when there are too many or their product overflows. */
static bool read_shape(const json_t *shape, dsc_tensor *tensor)
{
    const json_t *size;
    size_t i, count = 1;

    if (!json_is_array(shape) || json_array_size(shape) > DSC_MAX_RANK)
        return false;
    tensor->rank = (int)json_array_size(shape);
    json_array_foreach(shape, i, size)
    {
        if (!json_is_integer(size) || json_integer_value(size) < 0)
            return false;
        tensor->size[i] = (size_t)json_integer_value(size);
        if (!dsc_multiply(count, tensor->size[i], &count))
            return false;
    }
    return true;
}

static descent_status read_tensor(reading *r, const char *name, const json_t *entry)
{
    dsc_tensor *t = &r->out->tensor[r->out->n_tensors];
    const char *dtype = json_string_value(json_object_get(entry, "dtype"));
    const json_t *offsets = json_object_get(entry, "data_offsets");
    size_t bytes;

    if (strlen(name) >= sizeof t->name)
        return dsc_fail(r->err, DESCENT_SYNTAX, "'%s': a tensor's name is longer than %d bytes",
                        r->path, DSC_TENSOR_NAME - 1);
    snprintf(t->name, sizeof t->name, "%s", name);
    if (!dtype || (strcmp(dtype, "F32") != 0 && strcmp(dtype, "F64") != 0))
        return dsc_fail(r->err, DESCENT_SYNTAX,
                        "'%s': tensor '%s' has the type '%s', descent reads F32 and F64", r->path,
                        name, dtype ? dtype : "?");
    t->type = strcmp(dtype, "F64") == 0 ? DESCENT_F64 : DESCENT_F32;
    if (!read_shape(json_object_get(entry, "shape"), t) ||
        !dsc_multiply(dsc_tensor_count(t), t->type == DESCENT_F64 ? 8 : 4, &bytes))
        return dsc_fail(r->err, DESCENT_SYNTAX, "'%s': tensor '%s' has no usable shape", r->path,
                        name);
    const json_int_t begin = json_integer_value(json_array_get(offsets, 0));
    const json_int_t end = json_integer_value(json_array_get(offsets, 1));
    if (json_array_size(offsets) != 2 || begin < 0 || end < begin || (size_t)end > r->n_data ||
        (size_t)(end - begin) != bytes)
        return dsc_fail(
            r->err, DESCENT_SYNTAX,
            "'%s': tensor '%s' should lie at bytes %lld to %lld, but the file holds %zu "
            "bytes of data and the tensor needs %zu; was it cut off?",
            r->path, name, (long long)begin, (long long)end, r->n_data, bytes);
    t->data = r->data + begin;
    r->out->n_tensors++;
    return DESCENT_OK;
}

static descent_status read_notes(reading *r, json_t *notes)
{
    const size_t n = json_object_size(notes);
    const char *key;
    const json_t *value;

    r->out->note = dsc_alloc(n, sizeof *r->out->note);
    if (!r->out->note)
        return dsc_fail(r->err, DESCENT_NOMEM, "out of memory reading '%s'", r->path);
    for (void *at = json_object_iter(notes); at; at = json_object_iter_next(notes, at)) {
        key = json_object_iter_key(at);
        value = json_object_iter_value(at);
        if (!json_is_string(value))
            return dsc_fail(r->err, DESCENT_SYNTAX, "'%s': the metadata '%s' is not a text",
                            r->path, key);
        dsc_note *note = &r->out->note[r->out->n_notes++];
        *note = (dsc_note){dsc_copy(key), dsc_copy(json_string_value(value))};
        if (!note->key || !note->text)
            return dsc_fail(r->err, DESCENT_NOMEM, "out of memory reading '%s'", r->path);
    }
    return DESCENT_OK;
}

static descent_status read_root(reading *r, json_t *root)
{
    const char *key;
    json_t *value;

    if (!json_is_object(root))
        return dsc_fail(r->err, DESCENT_SYNTAX, "'%s': its header is not a JSON object", r->path);
    r->out->tensor = dsc_alloc(json_object_size(root), sizeof *r->out->tensor);
    if (!r->out->tensor)
        return dsc_fail(r->err, DESCENT_NOMEM, "out of memory reading '%s'", r->path);
    json_object_foreach(root, key, value)
    {
        if (strcmp(key, "__metadata__") == 0)
            DSC_TRY(read_notes(r, value));
        else
            DSC_TRY(read_tensor(r, key, value));
    }
    return DESCENT_OK;
}

static descent_status read_bytes(reading *r, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)r->out->bytes;
    uint64_t header = 0;
    dsc_json_fault problem;

    if (length < PREFIX)
        return dsc_fail(r->err, DESCENT_SYNTAX,
                        "'%s' has %zu bytes, too few for a safetensors file", r->path, length);
    for (int i = 0; i < PREFIX; i++)
        header |= (uint64_t)bytes[i] << (8 * i);
    if (header > length - PREFIX)
        return dsc_fail(r->err, DESCENT_SYNTAX,
                        "'%s' is cut off or no safetensors file: its header claims %llu bytes, the "
                        "file has %zu",
                        r->path, (unsigned long long)header, length);
    r->data = r->out->bytes + PREFIX + header;
    r->n_data = r->out->n_data = length - PREFIX - (size_t)header;
    json_t *root = dsc_json_read(r->out->bytes + PREFIX, (size_t)header, &problem);
    if (!root && !problem.reason)
        return dsc_fail(r->err, DESCENT_NOMEM, "out of memory reading '%s'", r->path);
    if (!root)
        return dsc_fail_at(
            r->err, DESCENT_SYNTAX,
            (dsc_place){.file = r->path, .column = (int)problem.position + PREFIX + 1},
            "the header of this safetensors file is not valid JSON: %s", problem.reason);
    const descent_status status = read_root(r, root);
    json_decref(root);
    return status;
}

descent_status dsc_tensors_read(dsc_tensors *out, const char *path, descent_error *err)
{
    reading r = {.out = out, .path = path, .err = err};
    size_t length;

    *out = (dsc_tensors){0};
    DSC_TRY(dsc_file_read(path, SIZE_MAX / 4, &out->bytes, &length, err));
    const descent_status status = read_bytes(&r, length);
    if (status != DESCENT_OK)
        dsc_tensors_free(out);
    return status;
}

void dsc_tensors_free(dsc_tensors *file)
{
    for (size_t i = 0; i < file->n_notes; i++) {
        dsc_free(file->note[i].key);
        dsc_free(file->note[i].text);
    }
    dsc_free(file->note);
    dsc_free(file->tensor);
    dsc_free(file->bytes);
    *file = (dsc_tensors){0};
}

const dsc_tensor *dsc_tensors_find(const dsc_tensors *file, const char *name)
{
    for (size_t i = 0; i < file->n_tensors; i++)
        if (strcmp(file->tensor[i].name, name) == 0)
            return &file->tensor[i];
    return NULL;
}

const char *dsc_tensors_note(const dsc_tensors *file, const char *key)
{
    for (size_t i = 0; i < file->n_notes; i++)
        if (strcmp(file->note[i].key, key) == 0)
            return file->note[i].text;
    return NULL;
}
