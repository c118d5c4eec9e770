/* distances_choose.c - the variant of distances.c for this processor. */
#include "data/distances.h"

#include "base/level.h"

#define DECLARE(level)                                                                \
  void dsc_distances_f32_##level(const float *z, size_t n, size_t width, size_t self, \
                                 size_t without, float *distance, size_t among);      \
  float dsc_distances_radius_f32_##level(const float *distance, size_t n, size_t count);
DSC_LEVELS(DECLARE)
#undef DECLARE

void dsc_distances(const float *z, size_t n, size_t width, size_t self, size_t without,
                   float *distance, size_t among)
{
#define ENTRY(level) dsc_distances_f32_##level,
    static void (*const variants[])(const float *, size_t, size_t, size_t, size_t, float *,
                                    size_t) = {DSC_LEVELS(ENTRY)};
#undef ENTRY

    variants[dsc_level_choose()](z, n, width, self, without, distance, among);
}

float dsc_distances_radius(const float *distance, size_t n, size_t count)
{
#define ENTRY(level) dsc_distances_radius_f32_##level,
    static float (*const variants[])(const float *, size_t, size_t) = {DSC_LEVELS(ENTRY)};
#undef ENTRY

    return variants[dsc_level_choose()](distance, n, count);
}
