/* augment_fit.c - what augmentation has to know of the data: that they are pictures, and the range
 * of their values. */
#include "data/numbers.h"

static void range(const descent_dataset *data, float *low, float *high)
{
    const size_t width = dsc_shape_count(data->shape), n = dsc_spread(data, data->count);

    *low = *high = (float)dsc_feature(data, 0, 0);
    for (size_t i = 0; i < n; i++) {
        const void *row = dsc_row(data, dsc_spread_at(i, n, data->count));
        for (size_t j = 0; j < width; j++) {
            const float x = (float)dsc_number_at(data->dtype, row, j);
            *low = x < *low ? x : *low;
            *high = x > *high ? x : *high;
        }
    }
}

descent_status dsc_augment_fit(dsc_augment *augment, const descent_dataset *data,
                               descent_error *err)
{
    enum { LARGEST = 1 << 15 }; /* beyond it coordinates could lose their place */

    if (!augment->on)
        return DESCENT_OK;
    if (data->shape.rank != 3)
        return dsc_fail(err, DESCENT_SHAPE,
                        "augment changes pictures of channels x height x width, and an example of "
                        "'%s' is %zu numbers",
                        data->name, dsc_shape_count(data->shape));
    if (data->shape.size[1] > LARGEST || data->shape.size[2] > LARGEST)
        return dsc_fail(err, DESCENT_SHAPE,
                        "augment takes pictures of at most %dx%d, those of '%s' are %dx%d", LARGEST,
                        LARGEST, data->name, data->shape.size[1], data->shape.size[2]);
    range(data, &augment->low, &augment->high);
    return DESCENT_OK;
}
