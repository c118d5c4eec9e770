/* idx.h - one IDX file: a header of sizes, then bytes (MNIST's format). */
#ifndef DSC_DATA_IDX_H
#define DSC_DATA_IDX_H

#include "base/error.h"
#include "base/shape.h"

#include <stdint.h>

typedef struct dsc_idx {
    size_t count;    /* the first size: examples */
    dsc_shape shape; /* the others */
    uint8_t *bytes;  /* count * shape; the caller frees */
} dsc_idx;

/* Reads a whole file, plain or .gz, of unsigned bytes with `rank` sizes: 3 are pictures, 1 labels.
 * The header is not trusted: memory grows with what is really there. */
descent_status dsc_idx_read(dsc_idx *idx, const char *path, int rank, descent_error *err);

#endif
