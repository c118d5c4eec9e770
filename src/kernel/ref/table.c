/* table.c - the kernel tables of this precision and instruction set. */
#include "kernel/ref/ref.h"

#include "kernel/bf16/bf16.h"
#include "kernel/onednn/onednn.h"

#define REF_TABLE(table_name, product)                                                  \
  {                                                                                     \
    .name = table_name, .matmul = product, .matmul_small = DSC_R(dsc_ref_matmul_small), \
    .conv_forward = DSC_R(dsc_ref_conv_forward),                                        \
    .conv_backward_data = DSC_R(dsc_ref_conv_backward_data),                            \
    .conv_backward_weights = DSC_R(dsc_ref_conv_backward_weights),                      \
    .max_pool_forward = DSC_R(dsc_ref_max_pool_forward),                                \
    .max_pool_backward = DSC_R(dsc_ref_max_pool_backward),                              \
    .avg_pool_forward = DSC_R(dsc_ref_avg_pool_forward),                                \
    .avg_pool_backward = DSC_R(dsc_ref_avg_pool_backward)                               \
  }

const dsc_kernels DSC_R(dsc_kernels_ref) = REF_TABLE("ref", DSC_R(dsc_ref_matmul));

/* For each function the first backend that has it; oneDNN multiplies floats. It is ahead of the
 * plain loop from the smallest products on (32x10x128: 2 against 9 microseconds). */
#if DSC_REAL == 32
const dsc_kernels DSC_R(dsc_kernels_auto) = REF_TABLE("onednn", dsc_onednn_matmul);
const dsc_kernels DSC_R(dsc_kernels_bf16) = REF_TABLE("bf16", dsc_bf16_matmul);
#else
const dsc_kernels DSC_R(dsc_kernels_auto) = REF_TABLE("ref", DSC_R(dsc_ref_matmul));
const dsc_kernels DSC_R(dsc_kernels_bf16) = REF_TABLE("ref", DSC_R(dsc_ref_matmul));
#endif
