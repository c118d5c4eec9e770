/* diabetes.c - 442 patients, ten measurements, disease progression a year later. */
#include "data/embedded.h"

static descent_status open(descent_dataset *data, const dsc_spec *spec, const dsc_value *values,
                           bool features_only, descent_error *err)
{
    (void)spec;
    (void)values;
    (void)features_only;
    return dsc_embedded_open(data, "diabetes", dsc_embedded_diabetes, dsc_embedded_diabetes_length,
                             DSC_TASK_NUMBERS, err);
}

const dsc_source dsc_source_diabetes = {
    .info = {.name = "diabetes",
             .summary = "442 patients, 10 measurements, disease progression (a number)",
             .reference = "Efron, Hastie, Johnstone, Tibshirani 2004, Annals of Statistics 32(2)"},
    .built_in = true,
    .open = open,
};
