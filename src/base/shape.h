/* shape.h - the sizes of an array, without its batch axis. */
#ifndef DSC_BASE_SHAPE_H
#define DSC_BASE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

enum { DSC_MAX_RANK = 4 };

typedef struct dsc_shape {
    int rank; /* 0: one number */
    int size[DSC_MAX_RANK];
} dsc_shape;

/* Elements; 1 for rank 0. Shapes are checked with dsc_shape_valid when they are made. */
size_t dsc_shape_count(dsc_shape shape);
/* Rank 0..4, sizes positive, and at most 2^31 - 1 elements. */
bool dsc_shape_valid(dsc_shape shape);
bool dsc_shape_equal(dsc_shape a, dsc_shape b);
/* "3x28x28"; "1" for one number. Returns out. */
char *dsc_shape_text(dsc_shape shape, char out[48]);
/* The same in words: "64 numbers" for one axis, "3x28x28" for more. */
char *dsc_shape_words(dsc_shape shape, char out[48]);

#endif
