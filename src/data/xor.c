/* xor.c - four quadrants, opposite ones alike: what one layer cannot learn. */
#include "data/generate.h"

static const descent_param params[DSC_GENERATE_COUNT] = {DSC_GENERATE_PARAMS(0.05)};

static descent_status open(descent_dataset *data, const dsc_spec *spec, const dsc_value *values,
                           bool features_only, descent_error *err)
{
    const double noise = values[DSC_GENERATE_NOISE].number;
    float *x;
    int32_t *labels;

    (void)spec;
    (void)features_only;
    DSC_TRY(dsc_generate_arrays(data, values, 2, 2, &x, &labels, NULL, err));
    for (size_t i = 0; i < data->count; i++) {
        const bool right = i % 4 < 2, top = i % 2 == 0; /* the quadrants in turn */
        const double u = dsc_generate_uniform(values, i, 0), v = dsc_generate_uniform(values, i, 1);
        labels[i] = right != top;
        x[2 * i] = (float)((right ? u : -u) + noise * dsc_generate_normal(values, i, 0));
        x[2 * i + 1] = (float)((top ? v : -v) + noise * dsc_generate_normal(values, i, 1));
    }
    return DESCENT_OK;
}

const dsc_source dsc_source_xor = {
    .info = {.name = "xor",
             .summary = "four quadrants, opposite ones alike, generated",
             .params = params,
             .n_params = DSC_GENERATE_COUNT},
    .built_in = true,
    .open = open,
};
