/* real.h - the element type, and the names, of a file that is compiled several times.
 *
 * Files listed as "real" in a folder's meson.build are compiled once for each precision (DSC_REAL
 * 32 and 64) and instruction set (DSC_LEVEL base, avx2, avx512). They are written once, in terms
 * of `real`, and export names through DSC_R(name): dsc_optim_adam becomes
 * dsc_optim_adam_f32_avx2. All variants give the same bits: contraction to fused multiply-add is
 * off and sums are never reordered. In float the functions that training spends its time in are our
 * own (elementary.h): loops over them become vector code. */
#ifndef DSC_BASE_REAL_H
#define DSC_BASE_REAL_H

#include <math.h>

#if !defined(DSC_REAL) || !defined(DSC_LEVEL)
#  error \
      "this file is compiled by the `real` list of meson.build, which sets DSC_REAL and DSC_LEVEL"
#endif

#define DSC_PASTE_(name, type, level) name##_##type##_##level
#define DSC_PASTE(name, type, level)  DSC_PASTE_(name, type, level)

#if DSC_REAL == 32
#  include "base/elementary.h"
typedef float real;
#  define DSC_R(name)   DSC_PASTE(name, f32, DSC_LEVEL)
#  define real_abs      fabsf
#  define real_ceil     ceilf
#  define real_copysign copysignf
#  define real_cos      cosf
#  define real_erf      dsc_erff
#  define real_exp      dsc_expf
#  define real_expm1    dsc_expm1f
#  define real_floor    floorf
#  define real_log      dsc_logf
#  define real_log1p    dsc_log1pf
#  define real_pow      powf
#  define real_sin      sinf
#  define real_sqrt     sqrtf
#  define real_tanh     dsc_tanhf
#elif DSC_REAL == 64
typedef double real;
#  define DSC_R(name)   DSC_PASTE(name, f64, DSC_LEVEL)
#  define real_abs      fabs
#  define real_ceil     ceil
#  define real_copysign copysign
#  define real_cos      cos
#  define real_erf      erf
#  define real_exp      exp
#  define real_expm1    expm1
#  define real_floor    floor
#  define real_log      log
#  define real_log1p    log1p
#  define real_pow      pow
#  define real_sin      sin
#  define real_sqrt     sqrt
#  define real_tanh     tanh
#else
#  error "DSC_REAL must be 32 or 64"
#endif

/* In front of a loop whose turns don't depend on each other, though its arrays may be the same one
 * (work in place): without it compilers take the slow way when they are. */
#if defined(__clang__)
#  define DSC_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#  define DSC_INDEPENDENT _Pragma("GCC ivdep")
#else
#  define DSC_INDEPENDENT
#endif

#endif
