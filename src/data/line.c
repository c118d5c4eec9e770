/* line.c - a straight line to be found again under noise: the smallest regression. */
#include "data/generate.h"

enum { SLOPE = DSC_GENERATE_COUNT, OFFSET, N_PARAMS };

static const descent_param params[N_PARAMS] = {
    DSC_GENERATE_PARAMS(0.1),
    [SLOPE] = {"slope", 2, -1e6, 1e6, "of the line", DESCENT_NUMBER, NULL},
    [OFFSET] = {"offset", 1, -1e6, 1e6, "its value at x = 0", DESCENT_NUMBER, NULL},
};

static descent_status open(descent_dataset *data, const dsc_spec *spec, const dsc_value *values,
                           bool features_only, descent_error *err)
{
    float *x, *y;

    (void)spec;
    (void)features_only;
    DSC_TRY(dsc_generate_arrays(data, values, 1, 0, &x, NULL, &y, err));
    for (size_t i = 0; i < data->count; i++) {
        const double at = 2 * dsc_generate_uniform(values, i, 0) - 1;
        x[i] = (float)at;
        y[i] = (float)(values[OFFSET].number + values[SLOPE].number * at +
                       values[DSC_GENERATE_NOISE].number * dsc_generate_normal(values, i, 0));
    }
    return DESCENT_OK;
}

const dsc_source dsc_source_line = {
    .info = {.name = "line",
             .summary = "a straight line with noise, generated (regression)",
             .formula = "y = offset + slope x + noise",
             .params = params,
             .n_params = N_PARAMS},
    .built_in = true,
    .open = open,
};
