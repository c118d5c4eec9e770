/* stream.c - see stream.h; compiled for every instruction set, as the rules are.
 *
 *     a[i] <- a[i] s + t */
#include "stream.h"

#include "base/real.h"

void DSC_R(dsc_stream)(float *const *a, int vectors, size_t step, size_t begin, size_t end, float s,
                       float t);

void DSC_R(dsc_stream)(float *const *a, int vectors, size_t step, size_t begin, size_t end, float s,
                       float t)
{
    for (size_t i = begin; i < end; i += step) {
        const size_t stop = end - i < step ? end : i + step;
        for (int k = 0; k < vectors; k++) {
            float *restrict x = a[k];
            for (size_t j = i; j < stop; j++)
                x[j] = x[j] * s + t;
        }
    }
}
