/* blobs.c - round clouds on a circle, one for each class. */
#include "data/generate.h"

#include <math.h>

enum { CLASSES = DSC_GENERATE_COUNT, N_PARAMS };

static const descent_param params[N_PARAMS] = {
    DSC_GENERATE_PARAMS(0.2),
    [CLASSES] = {"classes", 3, 2, 50, "clouds", DESCENT_INTEGER, NULL},
};

static descent_status open(descent_dataset *data, const dsc_spec *spec, const dsc_value *values,
                           bool features_only, descent_error *err)
{
    static const double two_pi = 6.28318530717958647692;
    const double noise = values[DSC_GENERATE_NOISE].number;
    const int classes = (int)values[CLASSES].number;
    float *x;
    int32_t *labels;

    (void)spec;
    (void)features_only;
    DSC_TRY(dsc_generate_arrays(data, values, 2, classes, &x, &labels, NULL, err));
    for (size_t i = 0; i < data->count; i++) {
        labels[i] = (int32_t)(i % (size_t)classes);
        const double angle = two_pi * (double)labels[i] / (double)classes;
        x[2 * i] = (float)(cos(angle) + noise * dsc_generate_normal(values, i, 0));
        x[2 * i + 1] = (float)(sin(angle) + noise * dsc_generate_normal(values, i, 1));
    }
    return DESCENT_OK;
}

const dsc_source dsc_source_blobs = {
    .info = {.name = "blobs",
             .summary = "round clouds of points, generated",
             .params = params,
             .n_params = N_PARAMS},
    .built_in = true,
    .open = open,
};
