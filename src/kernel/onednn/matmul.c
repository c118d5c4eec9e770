/* matmul.c - matrix product through oneDNN's sgemm, which is row-major and reads no options. */
#include "kernel/onednn/onednn.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <dnnl.h>
#include <string.h>

bool dsc_onednn_matmul(const dsc_matmul_shape *s, const float *a, const float *b, float *c)
{
    /* an empty sum: sgemm leaves c alone */
    for (int i = 0; s->k == 0 && !s->add && i < s->m; i++)
        memset(c + (size_t)i * (size_t)s->ldc, 0, (size_t)s->n * sizeof *c);
    if (s->m == 0 || s->n == 0 || s->k == 0)
        return true;
    return dnnl_sgemm(s->transpose_a ? 'T' : 'N', s->transpose_b ? 'T' : 'N', s->m, s->n, s->k,
                      1.0f, a, s->lda, b, s->ldb, s->add ? 1.0f : 0.0f, c, s->ldc) == dnnl_success;
}

/* Products large enough for the real kernels, and for the buffers that they pack operands into. */
static void warm_up(int part, void *user)
{
    enum { SIDE = 320 };
    const size_t n = (size_t)SIDE * SIDE;
    float *block = dsc_alloc(3 * n, sizeof *block);

    (void)part;
    (void)user;
    for (int form = 0; block && form < 8; form++)
        dnnl_sgemm(form & 1 ? 'T' : 'N', form & 2 ? 'T' : 'N', SIDE, SIDE, SIDE, 1.0f, block, SIDE,
                   block + n, SIDE, form & 4 ? 1.0f : 0.0f, block + 2 * n, SIDE);
    dsc_free(block);
}

void dsc_kernels_warm_up(int threads)
{
    dsc_parallel_for(threads, threads, warm_up, NULL);
}
