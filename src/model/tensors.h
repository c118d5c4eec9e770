/* tensors.h - safetensors files: named arrays and notes, readable by many programs.
 *
 * 8 bytes: length of the header (little-endian); the header: JSON that gives for every tensor its
 * dtype, shape and where its bytes lie in the rest of the file, and "__metadata__", texts by name.
 */
#ifndef DSC_MODEL_TENSORS_H
#define DSC_MODEL_TENSORS_H

#include "base/error.h"
#include "base/shape.h"

enum { DSC_TENSOR_NAME = 64 };

/* One tensor; data is borrowed while writing, and points into the loaded file. */
typedef struct dsc_tensor {
    char name[DSC_TENSOR_NAME];
    descent_type type;
    int rank;
    size_t size[DSC_MAX_RANK];
    const void *data;
} dsc_tensor;

/* A text by name. */
typedef struct dsc_note {
    char *key, *text;
} dsc_note;

/* A loaded file. Free with dsc_tensors_free(). */
typedef struct dsc_tensors {
    char *bytes;
    size_t n_data; /* bytes behind the header */
    dsc_tensor *tensor;
    size_t n_tensors;
    dsc_note *note;
    size_t n_notes;
} dsc_tensors;

/* Elements of a tensor. */
size_t dsc_tensor_count(const dsc_tensor *tensor);

/* Reads a file and checks everything its header claims. */
descent_status dsc_tensors_read(dsc_tensors *out, const char *path, descent_error *err);
void dsc_tensors_free(dsc_tensors *file);
const dsc_tensor *dsc_tensors_find(const dsc_tensors *file, const char *name);
const char *dsc_tensors_note(const dsc_tensors *file, const char *key);

/* Writes a file whole or not at all. The same content gives the same bytes. */
descent_status dsc_tensors_write(const char *path, const dsc_tensor *tensor, size_t n_tensors,
                                 const dsc_note *note, size_t n_notes, descent_error *err);

#endif
