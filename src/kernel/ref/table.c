/* table.c - the kernel tables of this precision and instruction set. */
#include "kernel/ref/ref.h"

#include "kernel/bf16/bf16.h"
#include "kernel/direct/direct.h"
#include "kernel/fast/fast.h"
#include "kernel/onednn/onednn.h"

#define REF_OTHERS                                       \
  .matmul_small = DSC_R(dsc_ref_matmul_small),           \
  .max_pool_forward = DSC_R(dsc_ref_max_pool_forward),   \
  .max_pool_backward = DSC_R(dsc_ref_max_pool_backward), \
  .avg_pool_forward = DSC_R(dsc_ref_avg_pool_forward),   \
  .avg_pool_backward = DSC_R(dsc_ref_avg_pool_backward)
#define REF_CONVS                                          \
  .conv_forward = DSC_R(dsc_ref_conv_forward),             \
  .conv_backward_data = DSC_R(dsc_ref_conv_backward_data), \
  .conv_backward_weights = DSC_R(dsc_ref_conv_backward_weights)
#define REF_POOLED \
  .pooled_forward = DSC_R(dsc_ref_pooled_forward), .pooled_backward = DSC_R(dsc_ref_pooled_backward)
#define REF_FOREGROUND                                     \
  .foreground = DSC_R(dsc_ref_foreground),                 \
  .foreground_forward = DSC_R(dsc_ref_foreground_forward), \
  .foreground_backward = DSC_R(dsc_ref_foreground_backward)

#define REF_TABLE                                                                          \
  {                                                                                        \
    .name = "ref", .matmul = DSC_R(dsc_ref_matmul), REF_CONVS, REF_POOLED, REF_FOREGROUND, \
    REF_OTHERS                                                                             \
  }

const dsc_kernels DSC_R(dsc_kernels_ref) = REF_TABLE;

#if DSC_REAL == 64

/* Only the reference knows double, and in double nothing is rounded. */
const dsc_kernels DSC_R(dsc_kernels_auto) = REF_TABLE;
const dsc_kernels DSC_R(dsc_kernels_bf16) = REF_TABLE;

#else

/* For each function the first backend that has it. oneDNN multiplies floats, but for
 * small products and with a vector. */
const dsc_kernels DSC_R(dsc_kernels_auto) = {
#  if defined(DSC_VECTOR)
    .name = "direct",
    .conv_forward = DSC_R(dsc_direct_conv_forward),
    .conv_backward_data = DSC_R(dsc_direct_conv_backward_data),
    .conv_backward_weights = DSC_R(dsc_direct_conv_backward_weights),
    .pooled_pays = true,
    .pooled_forward = DSC_R(dsc_direct_pooled_forward),
    .pooled_backward = DSC_R(dsc_direct_pooled_backward),
#  else
    .name = "onednn",
    REF_CONVS,
    REF_POOLED,
#  endif
#  if defined(DSC_VECTOR)
    .foreground = DSC_R(dsc_fast_foreground),
    .foreground_forward = DSC_R(dsc_fast_foreground_forward),
    .foreground_backward = DSC_R(dsc_fast_foreground_backward),
#  else
    REF_FOREGROUND,
#  endif
    .matmul = DSC_R(dsc_fast_matmul),
    REF_OTHERS};

/* Its products are of rounded numbers, all of them: also those of convolutions, and no linear layer
 * goes another way. */
const dsc_kernels DSC_R(dsc_kernels_bf16) = {
    .name = "bf16", .matmul = dsc_bf16_matmul, REF_CONVS, REF_POOLED, REF_OTHERS};

#endif
