/* matmul.c - matrix product through oneDNN's sgemm, which is row-major and reads no options. */
#include "kernel/onednn/onednn.h"

#include <dnnl.h>

void dsc_onednn_matmul(const dsc_matmul_shape *s, const float *a, const float *b, float *c)
{
    /* an empty sum: sgemm may leave c alone */
    if (s->m == 0 || s->n == 0)
        return;
    dnnl_sgemm(s->transpose_a ? 'T' : 'N', s->transpose_b ? 'T' : 'N', s->m, s->n, s->k, 1.0f, a,
               s->lda, b, s->ldb, s->add ? 1.0f : 0.0f, c, s->ldc);
}
