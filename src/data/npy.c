/* npy.c - arrays of NumPy: features in one .npy file, labels or targets in another, or a folder of
 * x_train.npy, y_train.npy, x_test.npy and y_test.npy.
 *
 * Features keep the type that they have in their file. Large ones stay there: the file is mapped.
 * Labels and targets, four bytes a number, are in memory. */
#include "data/npy.h"

#include "base/file.h"
#include "base/memory.h"
#include "data/classes.h"
#include "data/numbers.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TARGET, TASK, SHAPE, MAP, N_PARAMS };
enum { PATH = 4352 }; /* the longest path there is, and a file name behind it */

static const descent_param params[N_PARAMS] = {
    [TARGET] = {"target", 0, 0, 0,
                "the .npy file of labels or targets; otherwise the name with y in place of the "
                "first x",
                DESCENT_TEXT, NULL},
    [TASK] = {"task", 0, 0, 2,
              "auto: a target of whole numbers is classification, one of others regression",
              DESCENT_CHOICE, "auto|classification|regression"},
    [SHAPE] = {"shape", 0, 0, 0,
               "what the numbers of an example are, when the file says otherwise: 1x28x28 is a "
               "picture",
               DESCENT_TEXT, NULL},
    [MAP] = DSC_MAP_PARAM,
};

static bool matches(const char *path)
{
    static const char ending[] = ".npy";
    const size_t length = strlen(path), end = sizeof ending - 1;
    char found[PATH];

    if (!dsc_folder_exists(path))
        return length > end && strcmp(path + length - end, ending) == 0 && dsc_file_exists(path);
    snprintf(found, sizeof found, "%s/x_train.npy", path);
    return dsc_file_exists(found);
}

/* "data/x_train.npy" has its targets in "data/y_train.npy"; false when the name has no x. */
static bool target_name(const char *features, char out[PATH])
{
    const char *slash = strrchr(features, '/');
    const char *base = slash ? slash + 1 : features;
    const size_t at = strcspn(base, "xX");

    if (base[at] == '\0')
        return false;
    snprintf(out, PATH, "%s", features);
    out[(size_t)(base - features) + at] = base[at] == 'x' ? 'y' : 'Y';
    return true;
}

/* The files of one part of the data. */
typedef struct part {
    char x_path[PATH], y_path[PATH]; /* y_path empty: no targets */
    dsc_npy x, y;
} part;

static descent_status open_part(part *p, descent_error *err)
{
    DSC_TRY(dsc_npy_open(&p->x, p->x_path, err));
    if (p->x.shape.rank == 0)
        p->x.shape = (dsc_shape){1, {1}};
    if (p->y_path[0] == '\0')
        return DESCENT_OK;
    DSC_TRY(dsc_npy_open(&p->y, p->y_path, err));
    if (p->x.count == p->y.count)
        return DESCENT_OK;
    return dsc_fail(err, DESCENT_SHAPE, "'%s' has %zu examples, but '%s' has targets of %zu",
                    p->x_path, p->x.count, p->y_path, p->y.count);
}

static void close_part(part *p)
{
    dsc_npy_close(&p->x);
    dsc_npy_close(&p->y);
}

static descent_status check_finite(const descent_dataset *data, const dsc_npy *x, const void *rows,
                                   descent_error *err)
{
    const size_t width = dsc_shape_count(data->shape), bytes = width * dsc_dtype_bytes(x->dtype);
    const size_t n = dsc_spread(data, x->count);

    for (size_t i = 0; x->dtype >= DSC_F16 && i < n; i++) {
        const size_t at = dsc_spread_at(i, n, x->count);
        for (size_t j = 0; j < width; j++) {
            const double value = dsc_number_at(x->dtype, (const char *)rows + at * bytes, j);
            if (!isfinite((float)value))
                return dsc_fail(err, DESCENT_INVALID,
                                "'%s': number %zu of example %zu (counted from 0, byte %zu) is %g, "
                                "expected a finite number, at most 3.4e38",
                                x->path, j, at,
                                x->offset + at * bytes + j * dsc_dtype_bytes(x->dtype), value);
        }
    }
    return DESCENT_OK;
}

/* *rows <- the numbers of a file: mapped, or read into memory. */
static descent_status take_rows(descent_dataset *data, dsc_npy *x, double map, int place,
                                const void **rows, descent_error *err)
{
    const size_t size = dsc_dtype_bytes(x->dtype), row = dsc_shape_count(x->shape) * size;
    const size_t length = x->offset + x->count * row;

    if (dsc_map_wanted(map, length)) {
        if (x->offset % size != 0)
            return dsc_fail(err, DESCENT_INVALID,
                            "'%s' cannot be mapped: its numbers begin at byte %zu, which is no "
                            "multiple of their %zu bytes; NumPy saves it so that it can",
                            x->path, x->offset, size);
        if (!dsc_map_open(&data->map[place], x->stream, length))
            return dsc_cannot(err, "map", x->path, errno);
        *rows = data->map[place].bytes + x->offset;
    } else {
        void *block = dsc_alloc(x->count, row);
        *rows = block;
        if (!block)
            return dsc_fail(err, DESCENT_NOMEM, "out of memory reading '%s'", x->path);
        DSC_TRY(dsc_npy_read(x, block, x->count * (row / size), err));
    }
    return check_finite(data, x, *rows, err);
}

/* "1x28x28" in place of the shape that the file has. */
static descent_status reshape(descent_dataset *data, const char *text, const dsc_npy *x,
                              descent_error *err)
{
    dsc_shape shape = {0};
    const char *at = text;
    char was[48];

    while (at && shape.rank < DSC_MAX_RANK) {
        long size = 0;
        for (; *at >= '0' && *at <= '9' && size < 1000000000; at++)
            size = 10 * size + (*at - '0');
        shape.size[shape.rank++] = (int)(size < 1000000000 ? size : 0);
        at = *at == 'x' ? at + 1 : *at ? NULL : "";
        if (!at || !*at)
            break;
    }
    const bool read = at && !*at && text[strlen(text) - 1] != 'x' && dsc_shape_valid(shape);
    if (!read || dsc_shape_count(shape) != dsc_shape_count(x->shape))
        return dsc_fail(err, DESCENT_SHAPE,
                        "npy: shape = %s, must be up to four sizes such as 1x28x28 that make the "
                        "%zu numbers of an example (%s in '%s')",
                        text, dsc_shape_count(x->shape), dsc_shape_text(x->shape, was), x->path);
    data->shape = shape;
    return DESCENT_OK;
}

static descent_status check_alike(const dsc_npy *train, const dsc_npy *test, descent_error *err)
{
    char a[48], b[48];

    if (train->dtype == test->dtype && dsc_shape_equal(train->shape, test->shape))
        return DESCENT_OK;
    return dsc_fail(err, DESCENT_SHAPE,
                    "'%s' has examples of %s numbers of type '%s', '%s' of %s of type '%s'; both "
                    "must be alike",
                    train->path, dsc_shape_text(train->shape, a), train->type, test->path,
                    dsc_shape_text(test->shape, b), test->type);
}

/* Features and targets of an open training part and, unless it is NULL, test part. */
static descent_status take_parts(descent_dataset *data, part *train, part *test,
                                 const dsc_value *values, descent_error *err)
{
    if (test)
        DSC_TRY(check_alike(&train->x, &test->x, err));
    if (test && dsc_shape_count(train->y.shape) != dsc_shape_count(test->y.shape))
        return check_alike(&train->y, &test->y, err);
    data->test_count = test ? test->x.count : 0;
    data->count = train->x.count + data->test_count;
    data->dtype = train->x.dtype;
    data->shape = train->x.shape;
    DSC_TRY(dsc_dataset_check_count(data->name, data->count, err));
    if (values[SHAPE].text)
        DSC_TRY(reshape(data, values[SHAPE].text, &train->x, err));
    DSC_TRY(take_rows(data, &train->x, values[MAP].number, 0, &data->features, err));
    if (test)
        DSC_TRY(take_rows(data, &test->x, values[MAP].number, 1, &data->test_features, err));
    if (!train->y.stream)
        return DESCENT_OK;
    return dsc_npy_take_targets(data, &train->y, test ? &test->y : NULL,
                                (dsc_npy_task)values[TASK].number, err);
}

static descent_status open_file(descent_dataset *data, part *all, const dsc_spec *spec,
                                const dsc_value *values, bool features_only, descent_error *err)
{
    const bool guessed = !values[TARGET].text && target_name(spec->name, all->y_path);

    snprintf(all->x_path, PATH, "%s", spec->name);
    if (values[TARGET].text)
        snprintf(all->y_path, PATH, "%s", values[TARGET].text);
    if (!values[TARGET].text && (!guessed || !dsc_file_exists(all->y_path)) && !features_only)
        return dsc_fail(err, DESCENT_INVALID,
                        "the labels or targets of '%s' are not known; add target=FILE.npy",
                        spec->name);
    if (guessed && !dsc_file_exists(all->y_path))
        all->y_path[0] = '\0';
    DSC_TRY(open_part(all, err));
    return take_parts(data, all, NULL, values, err);
}

static descent_status open_folder(descent_dataset *data, part *train, part *test,
                                  const dsc_spec *spec, const dsc_value *values, descent_error *err)
{
    const char *folder = spec->name;

    if (values[TARGET].text)
        return dsc_fail_at(err, DESCENT_INVALID, spec->place,
                           "target=FILE goes with one file of features, but '%s' is a folder",
                           folder);
    snprintf(train->x_path, PATH, "%s/x_train.npy", folder);
    snprintf(train->y_path, PATH, "%s/y_train.npy", folder);
    snprintf(test->x_path, PATH, "%s/x_test.npy", folder);
    snprintf(test->y_path, PATH, "%s/y_test.npy", folder);
    DSC_TRY(open_part(train, err));
    const bool tests = dsc_file_exists(test->x_path);
    if (tests)
        DSC_TRY(open_part(test, err));
    return take_parts(data, train, tests ? test : NULL, values, err);
}

static descent_status open(descent_dataset *data, const dsc_spec *spec, const dsc_value *values,
                           bool features_only, descent_error *err)
{
    part *parts = dsc_alloc(2, sizeof *parts);

    if (!parts)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for '%s'", data->name);
    const descent_status status =
        dsc_folder_exists(spec->name)
            ? open_folder(data, &parts[0], &parts[1], spec, values, err)
            : open_file(data, &parts[0], spec, values, features_only, err);
    close_part(&parts[0]);
    close_part(&parts[1]);
    dsc_free(parts);
    DSC_TRY(status);
    return features_only || !data->labels ? DESCENT_OK : dsc_classes_check(data, err);
}

const dsc_source dsc_source_npy = {
    .info = {.name = "npy",
             .summary = "arrays of NumPy: FILE.npy target=FILE.npy, or a folder of x_train.npy, "
                        "y_train.npy",
             .reference = "NumPy Enhancement Proposal 1, A simple file format for NumPy arrays",
             .params = params,
             .n_params = N_PARAMS},
    .pictures = true,
    .matches = matches,
    .open = open,
};
