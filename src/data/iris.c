/* iris.c - 150 flowers of three species, four lengths each (Fisher 1936). */
#include "data/embedded.h"

static descent_status open(descent_dataset *data, const dsc_spec *spec, const dsc_value *values,
                           bool features_only, descent_error *err)
{
    (void)spec;
    (void)values;
    (void)features_only;
    return dsc_embedded_open(data, "iris", dsc_embedded_iris, dsc_embedded_iris_length,
                             DSC_TASK_CLASSES, err);
}

const dsc_source dsc_source_iris = {
    .info = {.name = "iris",
             .summary = "150 flowers, 4 lengths, 3 species",
             .reference = "R. A. Fisher 1936, Annals of Eugenics 7(2)"},
    .built_in = true,
    .open = open,
};
