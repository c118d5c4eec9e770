/* reduce.h - the sum of the shards' gradients, element by element in a fixed tree. */
#ifndef DSC_TRAIN_REDUCE_H
#define DSC_TRAIN_REDUCE_H

#include "base/level.h"

#include <stdbool.h>
#include <stddef.h>

/* g[0] <- sum of g[0..shards) over elements begin..end, as ((0+1)+(2+3))+...; the other vectors
 * are overwritten. False when a sum is infinite or NaN. */
typedef bool (*dsc_reduce)(void *const *g, int shards, size_t begin, size_t end);

dsc_reduce dsc_reduce_choose(descent_type type, dsc_level level);

#endif
