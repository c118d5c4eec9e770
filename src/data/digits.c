/* digits.c - 1,797 handwritten digits, pictures of 8x8 pixels with 0 to 16 units of ink. */
#include "data/embedded.h"

#include "base/memory.h"
#include "data/numbers.h"

/* The table's numbers are small and whole: one byte a pixel, as pictures have. */
static descent_status to_pictures(descent_dataset *data, descent_error *err)
{
    const size_t n = data->count * dsc_shape_count(data->shape);
    uint8_t *bytes = dsc_alloc(n, 1);

    if (!bytes)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for 'digits'");
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)dsc_number_at(data->dtype, data->features, i);
    dsc_dataset_drop_features(data);
    for (int i = 0; i < 64; i++)
        dsc_free(data->feature_name[i]);
    dsc_free(data->feature_name);
    data->feature_name = NULL;
    data->dtype = DSC_U8;
    data->features = bytes;
    data->shape = (dsc_shape){3, {1, 8, 8}};
    return DESCENT_OK;
}

static descent_status open(descent_dataset *data, const dsc_spec *spec, const dsc_value *values,
                           bool features_only, descent_error *err)
{
    (void)spec;
    (void)values;
    (void)features_only;
    DSC_TRY(dsc_embedded_open(data, "digits", dsc_embedded_digits, dsc_embedded_digits_length,
                              DSC_TASK_CLASSES, err));
    return to_pictures(data, err);
}

const dsc_source dsc_source_digits = {
    .info = {.name = "digits",
             .summary = "1,797 handwritten digits, 8x8 pixels, 10 classes",
             .reference = "Alpaydin & Kaynak 1998, UCI Machine Learning Repository (CC BY 4.0)"},
    .built_in = true,
    .pictures = true,
    .open = open,
};
