/* row_sums.h - sums of columns over rows, such as the gradient of a bias; included by files of the
 * `real` list. Floats are added up over so many rows at most, and those sums in double (see
 * kernel/long_sums.h). */
#ifndef DSC_OP_ROW_SUMS_H
#define DSC_OP_ROW_SUMS_H

#include "base/real.h"
#include "kernel/shapes.h"

#include <stddef.h>

enum { ROW_STRETCH = 64 }; /* columns whose sums stay in registers */

/* sum[0..n) += n columns of so many rows that lie `stride` numbers apart. */
static inline void add_rows(const real *x, size_t rows, size_t stride, size_t n,
                            real sum[ROW_STRETCH])
{
    for (size_t i = 0; i < rows; i++, x += stride)
        if (n == ROW_STRETCH)
            for (size_t k = 0; k < ROW_STRETCH; k++)
                sum[k] += x[k];
        else
            for (size_t k = 0; k < n; k++)
                sum[k] += x[k];
}

/* to[0..n) <- the sums of n columns. */
static inline void sum_rows(const real *x, size_t rows, size_t stride, size_t n, real *to)
{
    for (size_t j = 0; j < n; j += ROW_STRETCH) {
        const size_t columns = n - j < ROW_STRETCH ? n - j : ROW_STRETCH;
        double total[ROW_STRETCH] = {0};
        for (size_t i = 0; i < rows; i += DSC_LONG_SUM) {
            real sum[ROW_STRETCH] = {0};
            add_rows(x + i * stride + j, rows - i < DSC_LONG_SUM ? rows - i : DSC_LONG_SUM, stride,
                     columns, sum);
            for (size_t k = 0; k < columns; k++)
                total[k] += (double)sum[k];
        }
        for (size_t k = 0; k < columns; k++)
            to[j + k] = (real)total[k];
    }
}

#endif
