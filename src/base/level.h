/* level.h - which instruction set our own loops run with, and tables of per-variant symbols. */
#ifndef DSC_BASE_LEVEL_H
#define DSC_BASE_LEVEL_H

#include "descent/base.h"

/* The instruction sets that files of the `real` lists are compiled for, slowest first. The build
 * defines DSC_LEVELS(X) as X(base) X(avx2) X(avx512) on x86-64 and as X(base) elsewhere. */
typedef enum dsc_level {
#define X(level) DSC_LEVEL_##level,
    DSC_LEVELS(X)
#undef X
        DSC_LEVEL_COUNT
} dsc_level;

/* The best level of this processor; the environment variable DESCENT_CPU (base, avx2, avx512) may
 * ask for a lower one. */
dsc_level dsc_level_choose(void);

/* Declares, and lists in [type][level] order, the variants of one symbol:
 *     DSC_DECLARE_VARIANTS(dsc_optim, dsc_optim_adam)
 *     static const dsc_optim *const adam[2][DSC_LEVEL_COUNT] = DSC_VARIANTS(dsc_optim_adam);
 * Written out with one helper per level, so that only compiled levels are named. */
#define DSC_LEVEL_base_DECLARE(type, name)   extern const type name##_f32_base, name##_f64_base;
#define DSC_LEVEL_avx2_DECLARE(type, name)   extern const type name##_f32_avx2, name##_f64_avx2;
#define DSC_LEVEL_avx512_DECLARE(type, name) extern const type name##_f32_avx512, name##_f64_avx512;

#ifdef DSC_HAS_X86_LEVELS
#  define DSC_DECLARE_VARIANTS(type, name)                                \
    DSC_LEVEL_base_DECLARE(type, name) DSC_LEVEL_avx2_DECLARE(type, name) \
        DSC_LEVEL_avx512_DECLARE(type, name)
#  define DSC_VARIANTS(name)                                        \
    {                                                               \
      {&name##_f32_base, &name##_f32_avx2, &name##_f32_avx512},     \
          {&name##_f64_base, &name##_f64_avx2, &name##_f64_avx512}, \
    }
#else
#  define DSC_DECLARE_VARIANTS(type, name) DSC_LEVEL_base_DECLARE(type, name)
#  define DSC_VARIANTS(name)                  \
    {                                         \
      {&name##_f32_base}, {&name##_f64_base}, \
    }
#endif

#endif
