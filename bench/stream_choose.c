/* stream_choose.c - the variant of stream.c for an instruction set. */
#include "stream.h"

#define DECLARE(level)                                                                             \
  void dsc_stream_f32_##level(float *const *a, int vectors, size_t step, size_t begin, size_t end, \
                              float s, float t);
DSC_LEVELS(DECLARE)
#undef DECLARE

dsc_stream dsc_stream_choose(dsc_level level)
{
#define ROW(level) dsc_stream_f32_##level,
    static const dsc_stream variants[] = {DSC_LEVELS(ROW)};
#undef ROW

    return variants[level];
}
