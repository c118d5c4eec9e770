/* shape.c - see shape.h. */
#include "base/shape.h"

#include <limits.h>
#include <stdio.h>

size_t dsc_shape_count(dsc_shape shape)
{
    size_t count = 1;

    for (int i = 0; i < shape.rank; i++)
        count *= (size_t)shape.size[i];
    return count;
}

bool dsc_shape_valid(dsc_shape shape)
{
    size_t count = 1;

    if (shape.rank < 0 || shape.rank > DSC_MAX_RANK)
        return false;
    for (int i = 0; i < shape.rank; i++) {
        if (shape.size[i] < 1 || count > INT_MAX / (size_t)shape.size[i])
            return false;
        count *= (size_t)shape.size[i];
    }
    return true;
}

bool dsc_shape_equal(dsc_shape a, dsc_shape b)
{
    bool same = a.rank == b.rank;

    for (int i = 0; same && i < a.rank; i++)
        same = a.size[i] == b.size[i];
    return same;
}

char *dsc_shape_text(dsc_shape shape, char out[48])
{
    int used = 0;

    if (shape.rank == 0)
        snprintf(out, 48, "1");
    for (int i = 0; i < shape.rank; i++)
        used += snprintf(out + used, 48 - (size_t)used, "%s%d", i ? "x" : "", shape.size[i]);
    return out;
}

char *dsc_shape_words(dsc_shape shape, char out[48])
{
    if (shape.rank != 1)
        return dsc_shape_text(shape, out);
    snprintf(out, 48, "%d number%s", shape.size[0], shape.size[0] == 1 ? "" : "s");
    return out;
}
