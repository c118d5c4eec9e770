/* spiral.c - interleaved arms that no straight line parts. */
#include "data/generate.h"

#include <math.h>

enum { CLASSES = DSC_GENERATE_COUNT, TURNS, N_PARAMS };

static const descent_param params[N_PARAMS] = {
    DSC_GENERATE_PARAMS(0.02),
    [CLASSES] = {"classes", 2, 2, 20, "arms", DESCENT_INTEGER, NULL},
    [TURNS] = {"turns", 1, 0.1, 10, "turns of each arm", DESCENT_NUMBER, NULL},
};

static descent_status open(descent_dataset *data, const dsc_spec *spec, const dsc_value *values,
                           bool features_only, descent_error *err)
{
    static const double two_pi = 6.28318530717958647692;
    const int classes = (int)values[CLASSES].number;
    const double noise = values[DSC_GENERATE_NOISE].number;
    float *x;
    int32_t *labels;

    (void)spec;
    (void)features_only;
    DSC_TRY(dsc_generate_arrays(data, values, 2, classes, &x, &labels, NULL, err));
    for (size_t i = 0; i < data->count; i++) {
        labels[i] = (int32_t)(i % (size_t)classes);
        const double r = 0.1 + 0.9 * dsc_generate_uniform(values, i, 0);
        const double angle =
            two_pi * (r * values[TURNS].number + (double)labels[i] / (double)classes);
        x[2 * i] = (float)(r * cos(angle) + noise * dsc_generate_normal(values, i, 0));
        x[2 * i + 1] = (float)(r * sin(angle) + noise * dsc_generate_normal(values, i, 1));
    }
    return DESCENT_OK;
}

const dsc_source dsc_source_spiral = {
    .info = {.name = "spiral",
             .summary = "interleaved arms in the plane, generated",
             .formula = "(r cos a, r sin a), a = 2 pi (r turns + class / classes)",
             .params = params,
             .n_params = N_PARAMS},
    .built_in = true,
    .open = open,
};
