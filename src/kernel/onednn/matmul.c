/* matmul.c - matrix product through oneDNN's sgemm, which is row-major and reads no options. */
#include "kernel/onednn/onednn.h"

#include <dnnl.h>
#include <string.h>

void dsc_onednn_matmul(const dsc_matmul_shape *s, const float *a, const float *b, float *c)
{
    /* an empty sum: sgemm leaves c alone */
    for (int i = 0; s->k == 0 && !s->add && i < s->m; i++)
        memset(c + (size_t)i * (size_t)s->ldc, 0, (size_t)s->n * sizeof *c);
    if (s->m == 0 || s->n == 0 || s->k == 0)
        return;
    dnnl_sgemm(s->transpose_a ? 'T' : 'N', s->transpose_b ? 'T' : 'N', s->m, s->n, s->k, 1.0f, a,
               s->lda, b, s->ldb, s->add ? 1.0f : 0.0f, c, s->ldc);
}

void dsc_kernels_warm_up(void)
{
    enum { SIDE = 48 }; /* large enough for the real kernels */
    static const float a[SIDE * SIDE];
    float c[SIDE * SIDE];

    for (int form = 0; form < 8; form++)
        dnnl_sgemm(form & 1 ? 'T' : 'N', form & 2 ? 'T' : 'N', SIDE, SIDE, SIDE, 1.0f, a, SIDE, a,
                   SIDE, form & 4 ? 1.0f : 0.0f, c, SIDE);
}
