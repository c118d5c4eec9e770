/* without.c - in the place of matmul.c in a build without oneDNN: the plain loop. */
#include "kernel/onednn/onednn.h"

/* Of ref/matmul.c: the variant that every processor runs; all of them give the same bits. */
void dsc_ref_matmul_f32_base(const dsc_matmul_shape *s, const float *a, const float *b, float *c);

bool dsc_onednn_matmul(const dsc_matmul_shape *s, const float *a, const float *b, float *c)
{
    dsc_ref_matmul_f32_base(s, a, b, c);
    return true;
}

/* Plain loops prepare nothing. */
void dsc_kernels_warm_up(int threads)
{
    (void)threads;
}
