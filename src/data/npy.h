/* npy.h - one .npy file of NumPy: a header of type and sizes, then numbers. */
#ifndef DSC_DATA_NPY_H
#define DSC_DATA_NPY_H

#include "data/dataset.h"

#include <stdio.h>

typedef struct dsc_npy {
    const char *path; /* the caller's */
    FILE *stream;     /* NULL: not open; stands before the next number to be read */
    dsc_dtype dtype;
    char type[16];   /* as the file calls it: "<f4" */
    size_t count;    /* the first size: examples */
    dsc_shape shape; /* the others */
    size_t offset;   /* of the first number in the file, bytes */
} dsc_npy;

/* Opens a file of format 1.0, 2.0 or 3.0 in C order. The header is not trusted: what it claims is
 * exactly what the file holds. Close it with dsc_npy_close(), also after a failure. */
descent_status dsc_npy_open(dsc_npy *npy, const char *path, descent_error *err);
/* The next `count` numbers, as they are in the file. */
descent_status dsc_npy_read(dsc_npy *npy, void *numbers, size_t count, descent_error *err);
void dsc_npy_close(dsc_npy *npy);

/* npy_header.c: fills dtype, type, count and shape from the `length` bytes of the header, which
 * stand at byte `begin` of the file. */
descent_status dsc_npy_header(dsc_npy *npy, const char *text, size_t length, size_t begin,
                              descent_error *err);

/* npy_target.c: what is asked of the targets of a data set. */
typedef enum dsc_npy_task { DSC_NPY_AUTO, DSC_NPY_CLASSES, DSC_NPY_NUMBERS } dsc_npy_task;
/* Fills task, outputs and labels or targets of *data, whose counts are known: of train's numbers
 * and then, unless it is NULL, test's. */
descent_status dsc_npy_take_targets(descent_dataset *data, dsc_npy *train, dsc_npy *test,
                                    dsc_npy_task task, descent_error *err);

#endif
