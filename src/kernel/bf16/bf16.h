/* bf16.h - products of numbers rounded to bfloat16, where the processor multiplies those. */
#ifndef DSC_KERNEL_BF16_BF16_H
#define DSC_KERNEL_BF16_BF16_H

#include "kernel/shapes.h"

/* As kernel.h's matmul, but a and b are rounded to bfloat16 (8 bits of mantissa, to nearest even;
 * denormal numbers to zero) and their products summed in float. Every element of c is one sum in an
 * order that depends on k alone. Only where dsc_bf16_there(). */
void dsc_bf16_matmul(const dsc_matmul_shape *s, const float *a, const float *b, float *c);

#endif
