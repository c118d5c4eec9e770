/* table.c - the kernel tables of this precision and instruction set. */
#include "kernel/ref/ref.h"

#include "kernel/bf16/bf16.h"
#include "kernel/fast/fast.h"
#include "kernel/onednn/onednn.h"

#define REF_FOREGROUND                                     \
  .foreground = DSC_R(dsc_ref_foreground),                 \
  .foreground_forward = DSC_R(dsc_ref_foreground_forward), \
  .foreground_backward = DSC_R(dsc_ref_foreground_backward)

#if defined(DSC_FMA_LANES)
#  define FAST_FOREGROUND                                     \
    .foreground = DSC_R(dsc_fast_foreground),                 \
    .foreground_forward = DSC_R(dsc_fast_foreground_forward), \
    .foreground_backward = DSC_R(dsc_fast_foreground_backward)
#else
#  define FAST_FOREGROUND REF_FOREGROUND
#endif

/* Its products are of rounded numbers, all of them. */
#define NO_FOREGROUND .foreground = NULL

#define REF_TABLE(table_name, product, foreground_functions)                                  \
  {                                                                                           \
    .name = table_name, .matmul = product, foreground_functions,                              \
    .matmul_small = DSC_R(dsc_ref_matmul_small), .conv_forward = DSC_R(dsc_ref_conv_forward), \
    .conv_backward_data = DSC_R(dsc_ref_conv_backward_data),                                  \
    .conv_backward_weights = DSC_R(dsc_ref_conv_backward_weights),                            \
    .max_pool_forward = DSC_R(dsc_ref_max_pool_forward),                                      \
    .max_pool_backward = DSC_R(dsc_ref_max_pool_backward),                                    \
    .avg_pool_forward = DSC_R(dsc_ref_avg_pool_forward),                                      \
    .avg_pool_backward = DSC_R(dsc_ref_avg_pool_backward)                                     \
  }

const dsc_kernels DSC_R(dsc_kernels_ref) = REF_TABLE("ref", DSC_R(dsc_ref_matmul), REF_FOREGROUND);

/* For each function the first backend that has it; oneDNN multiplies floats. It is ahead of the
 * plain loop from the smallest products on (32x10x128: 2 against 9 microseconds). */
#if DSC_REAL == 32
const dsc_kernels DSC_R(dsc_kernels_auto) = REF_TABLE("onednn", dsc_onednn_matmul, FAST_FOREGROUND);
const dsc_kernels DSC_R(dsc_kernels_bf16) = REF_TABLE("bf16", dsc_bf16_matmul, NO_FOREGROUND);
#else
const dsc_kernels DSC_R(dsc_kernels_auto) = REF_TABLE("ref", DSC_R(dsc_ref_matmul), REF_FOREGROUND);
const dsc_kernels DSC_R(dsc_kernels_bf16) = REF_TABLE("ref", DSC_R(dsc_ref_matmul), REF_FOREGROUND);
#endif
