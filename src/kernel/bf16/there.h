/* there.h - whether this build can hold the bfloat16 kernels at all; dsc_bf16_there() asks the
 * processor. */
#ifndef DSC_KERNEL_BF16_THERE_H
#define DSC_KERNEL_BF16_THERE_H

#if defined(__x86_64__) && (defined(__clang__) || defined(__GNUC__))
#  define DSC_HAS_BF16
#endif

#endif
