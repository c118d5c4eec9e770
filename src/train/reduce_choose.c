/* reduce_choose.c - the variants of reduce.c for a precision and instruction set. */
#include "train/reduce.h"

#define DECLARE(level)                                                                   \
  void dsc_reduce_f32_##level(const dsc_reduction *r, size_t begin, size_t end,          \
                              dsc_gradient_facts *facts);                                \
  void dsc_reduce_f64_##level(const dsc_reduction *r, size_t begin, size_t end,          \
                              dsc_gradient_facts *facts);                                \
  void dsc_look_columns_f32_##level(const void *g, const dsc_stripes *columns, int part, \
                                    dsc_gradient_facts *facts);                          \
  void dsc_look_columns_f64_##level(const void *g, const dsc_stripes *columns, int part, \
                                    dsc_gradient_facts *facts);
DSC_LEVELS(DECLARE)
#undef DECLARE

dsc_reduce dsc_reduce_choose(descent_type type, dsc_level level)
{
#define ROW(level) {dsc_reduce_f32_##level, dsc_reduce_f64_##level},
    static const dsc_reduce variants[][2] = {DSC_LEVELS(ROW)};
#undef ROW

    return variants[level][type == DESCENT_F64];
}

dsc_look_columns dsc_look_columns_choose(descent_type type, dsc_level level)
{
#define ROW(level) {dsc_look_columns_f32_##level, dsc_look_columns_f64_##level},
    static const dsc_look_columns variants[][2] = {DSC_LEVELS(ROW)};
#undef ROW

    return variants[level][type == DESCENT_F64];
}
