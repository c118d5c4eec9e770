/* circles.c - a disc inside a ring. */
#include "data/generate.h"

#include <math.h>

static const descent_param params[DSC_GENERATE_COUNT] = {DSC_GENERATE_PARAMS(0.05)};

static descent_status open(descent_dataset *data, const dsc_spec *spec, const dsc_value *values,
                           bool features_only, descent_error *err)
{
    static const double two_pi = 6.28318530717958647692;
    const double noise = values[DSC_GENERATE_NOISE].number;
    float *x;
    int32_t *labels;

    (void)spec;
    (void)features_only;
    DSC_TRY(dsc_generate_arrays(data, values, 2, 2, &x, &labels, NULL, err));
    for (size_t i = 0; i < data->count; i++) {
        labels[i] = (int32_t)(i % 2);
        const double angle = two_pi * dsc_generate_uniform(values, i, 0);
        const double u = dsc_generate_uniform(values, i, 1);
        const double r = labels[i] ? 0.75 + 0.25 * u : 0.5 * sqrt(u);
        x[2 * i] = (float)(r * cos(angle) + noise * dsc_generate_normal(values, i, 0));
        x[2 * i + 1] = (float)(r * sin(angle) + noise * dsc_generate_normal(values, i, 1));
    }
    return DESCENT_OK;
}

const dsc_source dsc_source_circles = {
    .info = {.name = "circles",
             .summary = "a disc inside a ring, generated",
             .params = params,
             .n_params = DSC_GENERATE_COUNT},
    .built_in = true,
    .open = open,
};
