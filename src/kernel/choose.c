/* choose.c - the kernel table for a precision, backend and instruction set. */
#include "kernel/shapes.h"

DSC_DECLARE_VARIANTS(dsc_kernels, dsc_kernels_ref)
DSC_DECLARE_VARIANTS(dsc_kernels, dsc_kernels_auto)
DSC_DECLARE_VARIANTS(dsc_kernels, dsc_kernels_bf16)

const dsc_kernels *dsc_kernels_choose(descent_type type, dsc_backend backend, dsc_level level)
{
    static const dsc_kernels *const tables[][2][DSC_LEVEL_COUNT] = {
        [DSC_BACKEND_AUTO] = DSC_VARIANTS(dsc_kernels_auto),
        [DSC_BACKEND_REF] = DSC_VARIANTS(dsc_kernels_ref),
        [DSC_BACKEND_BF16] = DSC_VARIANTS(dsc_kernels_bf16),
    };

    return tables[backend][type == DESCENT_F64][level];
}
