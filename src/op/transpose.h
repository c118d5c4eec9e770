/* transpose.h - the transpose of a small matrix, with a factor; included by files of the `real`
 * list. */
#ifndef DSC_OP_TRANSPOSE_H
#define DSC_OP_TRANSPOSE_H

#include "base/real.h"

#include <stddef.h>

/* Four numbers, anywhere in an array. */
typedef real quad __attribute__((vector_size(4 * sizeof(real)), aligned(sizeof(real)), may_alias));

/* to (4, 4) <- (from scale)^T; ld from one row to the next. */
static inline void transpose_quad(const real *from, size_t ld, real scale, real *to, size_t ld_to)
{
    const quad a = *(const quad *)from * scale, b = *(const quad *)(from + ld) * scale;
    const quad c = *(const quad *)(from + 2 * ld) * scale,
               d = *(const quad *)(from + 3 * ld) * scale;
    const quad ab01 = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    const quad ab23 = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    const quad cd01 = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    const quad cd23 = __builtin_shufflevector(c, d, 2, 6, 3, 7);

    *(quad *)to = __builtin_shufflevector(ab01, cd01, 0, 1, 4, 5);
    *(quad *)(to + ld_to) = __builtin_shufflevector(ab01, cd01, 2, 3, 6, 7);
    *(quad *)(to + 2 * ld_to) = __builtin_shufflevector(ab23, cd23, 0, 1, 4, 5);
    *(quad *)(to + 3 * ld_to) = __builtin_shufflevector(ab23, cd23, 2, 3, 6, 7);
}

/* to (columns, row) <- (from (n, columns) scale)^T, with zeros behind the n. */
static inline void transpose(const real *from, size_t ld, size_t n, size_t columns, real scale,
                             size_t row, real *to)
{
    const size_t whole_n = n / 4 * 4, whole_columns = columns / 4 * 4;

    for (size_t i = 0; i < whole_n; i += 4)
        for (size_t j = 0; j < whole_columns; j += 4)
            transpose_quad(from + i * ld + j, ld, scale, to + j * row + i, row);
    for (size_t j = 0; j < columns; j++)
        for (size_t i = j < whole_columns ? whole_n : 0; i < row; i++)
            to[j * row + i] = i < n ? from[i * ld + j] * scale : 0;
}

#endif
