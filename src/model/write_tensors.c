/* write_tensors.c - safetensors files, through jansson for the header. */
#include "model/tensors.h"

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"

#include <string.h>

enum { ALIGNMENT = 8 };

static size_t bytes_of(const dsc_tensor *tensor)
{
    return dsc_tensor_count(tensor) *
           (tensor->type == DESCENT_F64 ? sizeof(double) : sizeof(float));
}

static json_t *describe(const dsc_tensor *tensor, size_t offset)
{
    json_t *shape = json_array();

    for (int i = 0; i < tensor->rank; i++)
        dsc_json_add(&shape, json_integer((json_int_t)tensor->size[i]));
    return json_pack("{s:s, s:o, s:[I, I]}", "dtype", tensor->type == DESCENT_F64 ? "F64" : "F32",
                     "shape", shape, "data_offsets", (json_int_t)offset,
                     (json_int_t)offset + (json_int_t)bytes_of(tensor));
}

/* The header, padded with blanks so that the data begins on a multiple of 8; NULL: no memory. */
static char *make_header(const dsc_tensor *tensor, size_t n_tensors, const dsc_note *note,
                         size_t n_notes, size_t *length)
{
    json_t *root = json_object(), *notes = json_object();
    size_t offset = 0;

    for (size_t i = 0; i < n_notes; i++)
        dsc_json_set(&notes, note[i].key, json_string(note[i].text));
    dsc_json_set(&root, "__metadata__", notes);
    for (size_t i = 0; i < n_tensors; i++) {
        dsc_json_set(&root, tensor[i].name, describe(&tensor[i], offset));
        offset += bytes_of(&tensor[i]);
    }
    char *text = dsc_json_text(root), *padded = NULL;
    json_decref(root);
    if (text) {
        const size_t used = strlen(text);
        *length = (used + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        padded = dsc_alloc(*length + 1, 1);
        if (padded) {
            memset(padded, ' ', *length);
            memcpy(padded, text, used);
        }
    }
    dsc_free(text);
    return padded;
}

descent_status dsc_tensors_write(const char *path, const dsc_tensor *tensor, size_t n_tensors,
                                 const dsc_note *note, size_t n_notes, descent_error *err)
{
    unsigned char prefix[8];
    dsc_writer writer;
    size_t length;

    char *header = make_header(tensor, n_tensors, note, n_notes, &length);
    if (!header)
        return dsc_fail(err, DESCENT_NOMEM,
                        "cannot write '%s': out of memory, or a note that is not UTF-8", path);
    const descent_status status = dsc_writer_open(&writer, path, err);
    if (status != DESCENT_OK) {
        dsc_free(header);
        return status;
    }
    for (int i = 0; i < 8; i++)
        prefix[i] = (unsigned char)((uint64_t)length >> (8 * i));
    dsc_writer_write(&writer, prefix, sizeof prefix);
    dsc_writer_write(&writer, header, length);
    for (size_t i = 0; i < n_tensors; i++)
        dsc_writer_write(&writer, tensor[i].data, bytes_of(&tensor[i]));
    dsc_free(header);
    return dsc_writer_commit(&writer, err);
}
