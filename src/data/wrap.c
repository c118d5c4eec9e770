/* wrap.c - the caller's own arrays as a data set; they are checked once and borrowed. */
#include "data/classes.h"

#include "base/memory.h"

#include <math.h>
#include <stdio.h>

static descent_status check_finite(const char *what, const char *part, const float *x, size_t n,
                                   size_t width, descent_error *err)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < width; j++)
            if (!isfinite(x[i * width + j]))
                return dsc_fail(err, DESCENT_INVALID,
                                "%s of example %zu, %s %zu (counted from 0), is %f; expected "
                                "finite numbers",
                                what, i, part, j, (double)x[i * width + j]);
    return DESCENT_OK;
}

static descent_status check_labels(const int32_t *labels, size_t n, int classes, descent_error *err)
{
    enum { MOST = 1000000 };

    if (classes < 2 || classes > MOST)
        return dsc_fail(err, DESCENT_INVALID,
                        "classification needs between two and a million classes, found %d",
                        classes);
    for (size_t i = 0; labels && i < n; i++)
        if (labels[i] < 0 || labels[i] >= classes)
            return dsc_fail(err, DESCENT_INVALID,
                            "the label of example %zu (counted from 0) is %ld, expected 0 to %d", i,
                            (long)labels[i], classes - 1);
    return DESCENT_OK;
}

static descent_status wrap(descent_dataset **out, const float *x, size_t n, int rank,
                           const int *shape, descent_error *err)
{
    dsc_shape s = {.rank = rank};

    for (int i = 0; i < rank && i < DSC_MAX_RANK; i++)
        s.size[i] = shape[i];
    if (rank < 1 || !dsc_shape_valid(s))
        return dsc_fail(err, DESCENT_SHAPE,
                        "an example needs 1 to 4 positive sizes (and fewer than 2^31 numbers)");
    if (n < 1 || n > UINT32_MAX)
        return dsc_fail(err, DESCENT_INVALID, "found %zu examples, expected 1 to 2^32 - 1", n);
    DSC_TRY(check_finite("x", "feature", x, n, dsc_shape_count(s), err));
    descent_dataset *data = dsc_alloc(1, sizeof *data);
    if (!data)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a data set");
    data->count = n;
    data->shape = s;
    data->dtype = DSC_F32;
    data->features = x;
    snprintf(data->name, sizeof data->name, "arrays");
    snprintf(data->target_name, sizeof data->target_name, "target");
    *out = data;
    return DESCENT_OK;
}

descent_status descent_dataset_wrap_classes(descent_dataset **out, const float *x, size_t n,
                                            int rank, const int *shape, const int32_t *labels,
                                            int classes, descent_error *err)
{
    descent_dataset *data = NULL;

    *out = NULL;
    DSC_TRY(check_labels(labels, n, classes, err));
    descent_status status = wrap(&data, x, n, rank, shape, err);
    if (!data)
        return status;
    data->task = DESCENT_CLASSIFICATION;
    data->labels = labels;
    data->outputs = labels ? classes : 0;
    if (labels)
        status = dsc_classes_number(data, err);
    if (status != DESCENT_OK) {
        descent_dataset_free(data);
        return status;
    }
    *out = data;
    return DESCENT_OK;
}

descent_status descent_dataset_wrap_targets(descent_dataset **out, const float *x, size_t n,
                                            int rank, const int *shape, const float *y, int targets,
                                            descent_error *err)
{
    descent_dataset *data = NULL;

    *out = NULL;
    if (targets < 1)
        return dsc_fail(err, DESCENT_INVALID, "regression needs at least one target, found %d",
                        targets);
    if (y)
        DSC_TRY(check_finite("y", "target", y, n, (size_t)targets, err));
    descent_status status = wrap(&data, x, n, rank, shape, err);
    if (!data)
        return status;
    data->task = DESCENT_REGRESSION;
    data->targets = y;
    data->outputs = y ? targets : 0;
    *out = data;
    return DESCENT_OK;
}
