/* npy_target.c - a .npy file of labels or targets as a data set has them: int32_t or float. */
#include "base/memory.h"
#include "data/classes.h"
#include "data/npy.h"
#include "data/numbers.h"

#include <math.h>
#include <stdio.h>

enum { CHUNK = 4096, MOST_CLASSES = 65536 };

static bool is_whole(dsc_dtype dtype)
{
    return dtype < DSC_F16;
}

/* Where number i is in its file, for messages. */
static size_t byte_of(const dsc_npy *npy, size_t i)
{
    return npy->offset + i * dsc_dtype_bytes(npy->dtype);
}

static descent_status take_label(int32_t *label, const dsc_npy *npy, size_t i, double value,
                                 descent_error *err)
{
    if (!(value >= 0.0 && value < MOST_CLASSES) || floor(value) < value)
        return dsc_fail(err, DESCENT_INVALID,
                        "'%s': the label of example %zu (counted from 0, byte %zu) is %.10g, "
                        "expected a whole number from 0 to %d%s",
                        npy->path, i, byte_of(npy, i), value, MOST_CLASSES - 1,
                        is_whole(npy->dtype) ? "" : "; task=regression takes others");
    *label = (int32_t)value;
    return DESCENT_OK;
}

static descent_status take_number(float *target, const dsc_npy *npy, size_t i, double value,
                                  descent_error *err)
{
    const size_t width = dsc_shape_count(npy->shape);

    *target = (float)value;
    return isfinite(*target)
               ? DESCENT_OK
               : dsc_fail(err, DESCENT_INVALID,
                          "'%s': target %zu of example %zu (counted from 0, byte %zu) is %g, "
                          "expected a finite number, at most 3.4e38",
                          npy->path, i % width, i / width, byte_of(npy, i), value);
}

/* All numbers of one file, into labels or, when that is NULL, targets. */
static descent_status read_all(dsc_npy *npy, int32_t *labels, float *targets, void *chunk,
                               descent_error *err)
{
    const size_t all = npy->count * dsc_shape_count(npy->shape);

    for (size_t done = 0; done < all; done += CHUNK) {
        const size_t n = all - done < CHUNK ? all - done : CHUNK;
        DSC_TRY(dsc_npy_read(npy, chunk, n, err));
        for (size_t i = done; i < done + n; i++) {
            const double value = dsc_number_at(npy->dtype, chunk, i - done);
            DSC_TRY(labels ? take_label(&labels[i], npy, i, value, err)
                           : take_number(&targets[i], npy, i, value, err));
        }
    }
    return DESCENT_OK;
}

static descent_status read_parts(descent_dataset *data, dsc_npy *train, dsc_npy *test,
                                 descent_error *err)
{
    const size_t width = dsc_shape_count(train->shape), first = train->count * width;
    const bool classes = data->task == DESCENT_CLASSIFICATION;
    int32_t *labels = classes ? dsc_alloc(data->count, sizeof *labels) : NULL;
    float *targets = classes ? NULL : dsc_alloc(data->count, width * sizeof *targets);
    void *chunk = dsc_alloc(CHUNK, sizeof(double));

    data->labels = labels;
    data->targets = targets;
    descent_status status = chunk && (labels || targets)
                                ? read_all(train, labels, targets, chunk, err)
                                : dsc_fail(err, DESCENT_NOMEM,
                                           "out of memory for the targets of "
                                           "'%s'",
                                           data->name);
    if (status == DESCENT_OK && test)
        status = read_all(test, labels ? labels + first : NULL, targets ? targets + first : NULL,
                          chunk, err);
    dsc_free(chunk);
    return status;
}

static descent_status number_classes(descent_dataset *data, descent_error *err)
{
    int32_t largest = 0;

    for (size_t i = 0; i < data->count; i++)
        largest = data->labels[i] > largest ? data->labels[i] : largest;
    data->outputs = largest + 1;
    return dsc_classes_number(data, err);
}

descent_status dsc_npy_take_targets(descent_dataset *data, dsc_npy *train, dsc_npy *test,
                                    dsc_npy_task task, descent_error *err)
{
    const size_t width = dsc_shape_count(train->shape);
    const bool classes =
        task == DSC_NPY_CLASSES || (task == DSC_NPY_AUTO && is_whole(train->dtype));

    if (classes && width > 1)
        return dsc_fail(err, DESCENT_SHAPE,
                        "'%s' has %zu labels for each example, expected one; task=regression "
                        "predicts several numbers",
                        train->path, width);
    data->task = classes ? DESCENT_CLASSIFICATION : DESCENT_REGRESSION;
    snprintf(data->target_name, sizeof data->target_name, "%s", classes ? "label" : "target");
    DSC_TRY(read_parts(data, train, test, err));
    if (classes)
        return number_classes(data, err);
    data->outputs = (int)width;
    return DESCENT_OK;
}
