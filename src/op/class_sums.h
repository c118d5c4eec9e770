/* class_sums.h - sums over the classes of a position; included by files of the `real` list.
 *
 * Sums are LANES partial sums, so that they are the same for every vector length; over many classes
 * those of a block go on in double.  */
#ifndef DSC_OP_CLASS_SUMS_H
#define DSC_OP_CLASS_SUMS_H

#include "base/real.h"

#include <math.h>
#include <string.h>

enum { LANES = 32, BLOCK = 512 };

static inline double sum_of(const real lane[LANES])
{
    double sum[LANES];

    for (int j = 0; j < LANES; j++)
        sum[j] = (double)lane[j];
    for (int width = LANES / 2; width > 0; width /= 2)
        for (int j = 0; j < width; j++)
            sum[j] += sum[j + width];
    return sum[0];
}

/* The sum of `term`, which may use the class number k, as a double in `total`. */
#define SUM_OVER_CLASSES(total, classes, term)                                 \
  for (size_t block_ = 0; block_ < (classes); block_ += BLOCK) {               \
    const size_t end_ = (classes)-block_ < BLOCK ? (classes) : block_ + BLOCK; \
    real lane_[LANES] = {0};                                                   \
    size_t c_ = block_;                                                        \
    for (; c_ + LANES <= end_; c_ += LANES)                                    \
      for (size_t j_ = 0; j_ < LANES; j_++) {                                  \
        const size_t k = c_ + j_;                                              \
        lane_[j_] += (term);                                                   \
      }                                                                        \
    for (size_t k = c_; k < end_; k++)                                         \
      lane_[k - c_] += (term);                                                 \
    (total) += sum_of(lane_);                                                  \
  }

/* exp(x - largest) of a few classes side by side, with zeros behind them: loops of a fixed length.
 */
static inline void exp_of_few(const real *x, size_t classes, real largest, real e[LANES])
{
    for (int j = 0; j < LANES; j++)
        e[j] = -(real)INFINITY;
    memcpy(e, x, classes * sizeof *x);
    for (int j = 0; j < LANES; j++)
        e[j] = real_exp(e[j] - largest);
}

#endif
