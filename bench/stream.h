/* stream.h - what memory can do at most: read-modify-write over some vectors side by side. */
#ifndef DSC_BENCH_STREAM_H
#define DSC_BENCH_STREAM_H

#include "base/level.h"

#include <stddef.h>

/* a[k][i] <- a[k][i] s + t for i in begin..end of all `vectors`, `step` elements of each in turn.
 */
typedef void (*dsc_stream)(float *const *a, int vectors, size_t step, size_t begin, size_t end,
                           float s, float t);

dsc_stream dsc_stream_choose(dsc_level level);

#endif
