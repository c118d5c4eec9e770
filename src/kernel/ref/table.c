/* table.c - the kernel tables of this precision and instruction set. */
#include "kernel/ref/ref.h"

#include "kernel/bf16/bf16.h"
#include "kernel/direct/direct.h"
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

const dsc_kernels DSC_R(dsc_kernels_ref) = {
    .name = "ref", .matmul = DSC_R(dsc_ref_matmul), REF_CONVS, REF_POOLED, REF_OTHERS};

/* For each function the first backend that has it. oneDNN multiplies floats: it is ahead of the
 * plain loop from the smallest products on (32x10x128: 2 against 9 microseconds). */
#if DSC_REAL == 64
const dsc_kernels DSC_R(dsc_kernels_auto) = {
    .name = "ref", .matmul = DSC_R(dsc_ref_matmul), REF_CONVS, REF_POOLED, REF_OTHERS};
#elif defined(DSC_LANES)
const dsc_kernels DSC_R(dsc_kernels_auto) = {
    .name = "direct",
    .matmul = dsc_onednn_matmul,
    .conv_forward = DSC_R(dsc_direct_conv_forward),
    .conv_backward_data = DSC_R(dsc_direct_conv_backward_data),
    .conv_backward_weights = DSC_R(dsc_direct_conv_backward_weights),
    .pooled_pays = true,
    .pooled_forward = DSC_R(dsc_direct_pooled_forward),
    .pooled_backward = DSC_R(dsc_direct_pooled_backward),
    REF_OTHERS};
#else
const dsc_kernels DSC_R(dsc_kernels_auto) = {
    .name = "onednn", .matmul = dsc_onednn_matmul, REF_CONVS, REF_POOLED, REF_OTHERS};
#endif

/* Products of rounded numbers serve convolutions too; in double nothing is rounded. */
const dsc_kernels DSC_R(dsc_kernels_bf16) = {
#if DSC_REAL == 32
    .name = "bf16",
    .matmul = dsc_bf16_matmul,
#else
    .name = "ref",
    .matmul = DSC_R(dsc_ref_matmul),
#endif
    REF_CONVS,
    REF_POOLED,
    REF_OTHERS};
