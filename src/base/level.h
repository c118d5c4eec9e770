/* level.h - which instruction set our own loops run with, and tables of per-variant symbols. */
#ifndef DSC_BASE_LEVEL_H
#define DSC_BASE_LEVEL_H

#include "descent/base.h"

/* The instruction sets that files of the `real` lists are compiled for, slowest first. The build
 * defines DSC_LEVELS(X) as X(base) X(avx2) X(avx512) on x86-64, where its option `highest_level`
 * may leave out the later ones, and as X(base) elsewhere. */
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
 * DSC_EACH_LEVEL(X, ...), from the build, is X(level, ...) for every compiled level. */
#define DSC_DECLARE_VARIANT(level, type, name) \
  extern const type name##_f32_##level, name##_f64_##level;
#define DSC_DECLARE_VARIANTS(type, name) DSC_EACH_LEVEL(DSC_DECLARE_VARIANT, type, name)

#define DSC_VARIANT_F32(level, name) &name##_f32_##level,
#define DSC_VARIANT_F64(level, name) &name##_f64_##level,
#define DSC_VARIANTS(name)                   \
  {                                          \
    {DSC_EACH_LEVEL(DSC_VARIANT_F32, name)}, \
    {                                        \
      DSC_EACH_LEVEL(DSC_VARIANT_F64, name)  \
    }                                        \
  }

#endif
