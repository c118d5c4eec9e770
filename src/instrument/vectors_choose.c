/* vectors_choose.c - the variant of vectors.c for a precision and instruction set. */
#include "instrument/vectors.h"

DSC_DECLARE_VARIANTS(dsc_vectors, dsc_instrument_vectors)

const dsc_vectors *dsc_vectors_choose(descent_type type, dsc_level level)
{
    static const dsc_vectors *const variant[2][DSC_LEVEL_COUNT] =
        DSC_VARIANTS(dsc_instrument_vectors);

    return variant[type][level];
}
