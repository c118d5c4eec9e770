/* generate.c - see generate.h; every number is a pure function of (seed, point, which). */
#include "data/generate.h"

#include "base/memory.h"
#include "base/rng.h"
#include "data/classes.h"

#include <stdio.h>

double dsc_generate_uniform(const dsc_value *values, size_t i, int which)
{
    return dsc_random_uniform((uint64_t)values[DSC_GENERATE_SEED].number, DSC_RNG_DATA,
                              (uint64_t)which, i);
}

double dsc_generate_normal(const dsc_value *values, size_t i, int which)
{
    return dsc_random_normal((uint64_t)values[DSC_GENERATE_SEED].number, DSC_RNG_DATA,
                             (uint64_t)which + 8, i);
}

descent_status dsc_generate_arrays(descent_dataset *data, const dsc_value *values, int features,
                                   int classes, float **x, int32_t **labels, float **targets,
                                   descent_error *err)
{
    data->count = (size_t)values[DSC_GENERATE_N].number;
    data->shape = (dsc_shape){1, {features}};
    data->task = classes > 0 ? DESCENT_CLASSIFICATION : DESCENT_REGRESSION;
    data->outputs = classes > 0 ? classes : 1;
    data->owned = true;
    snprintf(data->target_name, sizeof data->target_name, "%s", classes > 0 ? "class" : "target");
    data->dtype = DSC_F32;
    data->features = *x = dsc_alloc(data->count * (size_t)features, sizeof **x);
    data->feature_name = dsc_alloc((size_t)features, sizeof *data->feature_name);
    bool ok = data->features && data->feature_name;
    if (classes > 0) {
        data->labels = *labels = dsc_alloc(data->count, sizeof **labels);
        ok = ok && data->labels;
    } else {
        data->targets = *targets = dsc_alloc(data->count, sizeof **targets);
        ok = ok && data->targets;
    }
    for (int i = 0; ok && i < features; i++)
        ok = (data->feature_name[i] = dsc_copy(i == 0 ? "x" : "y")) != NULL;
    if (!ok)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu generated examples",
                        data->count);
    return classes > 0 ? dsc_classes_number(data, err) : DESCENT_OK;
}
