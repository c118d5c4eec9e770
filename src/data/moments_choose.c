/* moments_choose.c - the variant of moments.c for this processor. */
#include "data/moments.h"

#include "base/level.h"

#define DECLARE(level)                                                 \
  dsc_extent dsc_moments_of_one_f32_##level(const float *x, size_t n); \
  void dsc_moments_f32_##level(const float *x, size_t n, size_t width, double *m);
DSC_LEVELS(DECLARE)
#undef DECLARE

dsc_extent dsc_moments_of_one(const float *x, size_t n)
{
#define ENTRY(level) dsc_moments_of_one_f32_##level,
    static dsc_extent (*const variants[])(const float *, size_t) = {DSC_LEVELS(ENTRY)};
#undef ENTRY

    return variants[dsc_level_choose()](x, n);
}

void dsc_moments(const float *x, size_t n, size_t width, double *m)
{
#define ENTRY(level) dsc_moments_f32_##level,
    static void (*const variants[])(const float *, size_t, size_t, double *) = {DSC_LEVELS(ENTRY)};
#undef ENTRY

    variants[dsc_level_choose()](x, n, width, m);
}
