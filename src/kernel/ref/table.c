/* table.c - the kernel tables of this precision and instruction set. */
#include "kernel/ref/ref.h"

#include "kernel/onednn/onednn.h"

#define REF_TABLE(table_name, product)                                                  \
  {                                                                                     \
    .name = table_name, .matmul = product, .conv_forward = DSC_R(dsc_ref_conv_forward), \
    .conv_backward_data = DSC_R(dsc_ref_conv_backward_data),                            \
    .conv_backward_weights = DSC_R(dsc_ref_conv_backward_weights),                      \
    .max_pool_forward = DSC_R(dsc_ref_max_pool_forward),                                \
    .max_pool_backward = DSC_R(dsc_ref_max_pool_backward),                              \
    .avg_pool_forward = DSC_R(dsc_ref_avg_pool_forward),                                \
    .avg_pool_backward = DSC_R(dsc_ref_avg_pool_backward)                               \
  }

const dsc_kernels DSC_R(dsc_kernels_ref) = REF_TABLE("ref", DSC_R(dsc_ref_matmul));

/* For each function the first backend that has it. oneDNN multiplies floats; it takes some 25
 * microseconds for the smallest product, in which the plain loop does about 100,000
 * multiplications (measured on a 2.1 GHz AVX-512 server). */
#if DSC_REAL == 32
static void matmul_auto(const dsc_matmul_shape *s, const real *a, const real *b, real *c)
{
    enum { WORTH_IT = 100000 };

    if ((int64_t)s->m * s->n * s->k < WORTH_IT)
        DSC_R(dsc_ref_matmul)(s, a, b, c);
    else
        dsc_onednn_matmul(s, a, b, c);
}
const dsc_kernels DSC_R(dsc_kernels_auto) = REF_TABLE("onednn", matmul_auto);
#else
const dsc_kernels DSC_R(dsc_kernels_auto) = REF_TABLE("ref", DSC_R(dsc_ref_matmul));
#endif
