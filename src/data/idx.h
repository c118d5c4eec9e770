/* idx.h - one IDX file: a header of sizes, then bytes (MNIST's format). */
#ifndef DSC_DATA_IDX_H
#define DSC_DATA_IDX_H

#include "base/error.h"
#include "base/map.h"
#include "base/shape.h"

#include <stdint.h>

typedef struct dsc_idx {
    size_t count;    /* the first size: examples */
    dsc_shape shape; /* the others */
    uint8_t *bytes;  /* count * shape; the caller frees. NULL: in the map */
    dsc_map map;     /* the file, header and all, when it is mapped; the caller closes it */
} dsc_idx;

/* Reads a whole file, plain or .gz, of unsigned bytes with `rank` sizes: 3 are pictures, 1 labels.
 * The header is not trusted: memory is taken at once only for as much as a file of that length can
 * hold. `room` bytes stay free behind the content, for another part. */
descent_status dsc_idx_read(dsc_idx *idx, const char *path, int rank, size_t room,
                            descent_error *err);
/* Whether a file of pictures is to be mapped (see dsc_map_wanted()): never a compressed one, which
 * is an error when `choice` insists. */
descent_status dsc_idx_is_mapped(bool *mapped, const char *path, double choice, descent_error *err);
/* Maps such a file; rows begin at *rows. */
descent_status dsc_idx_map(dsc_idx *idx, const uint8_t **rows, const char *path,
                           descent_error *err);
/* Bytes of content that a file claims and can hold; 0 when it cannot be read. */
size_t dsc_idx_content(const char *path, int rank);

#endif
