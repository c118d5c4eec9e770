/* vector_choose.c - which variant of vector.c a run uses. */
#include "graph/vector.h"

DSC_DECLARE_VARIANTS(dsc_vector, dsc_graph_vector)

const dsc_vector *dsc_vector_choose(descent_type type, dsc_level level)
{
    static const dsc_vector *const variant[2][DSC_LEVEL_COUNT] = DSC_VARIANTS(dsc_graph_vector);

    return variant[type][level];
}
