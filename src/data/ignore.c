/* ignore.c - columns of a table that are left out: ignore=id+date, ignore=constant. */
#include "data/columns.h"

#include "base/memory.h"

#include <string.h>

static descent_status ignore_one(dsc_columns *columns, const dsc_rows *rows,
                                 const dsc_column_options *o, const char *name, descent_error *err)
{
    const int column = dsc_columns_named(columns, name);

    if (column < 0 && strcmp(name, "constant") == 0) {
        columns->no_constant = true;
        return DESCENT_OK;
    }
    if (column < 0 && o->features_only)
        return DESCENT_OK; /* it is left out already */
    if (column < 0)
        return dsc_columns_unknown(columns, rows, name, o->ignore_place, err);
    if (column == columns->target)
        return dsc_fail_at(err, DESCENT_INVALID, o->ignore_place,
                           "ignore = %s would leave out the target", name);
    columns->features -= !columns->ignored[column];
    columns->ignored[column] = true;
    return DESCENT_OK;
}

descent_status dsc_columns_ignore(dsc_columns *columns, const dsc_rows *rows,
                                  const dsc_column_options *o, descent_error *err)
{
    char *names = o->ignore ? dsc_copy(o->ignore) : NULL;
    descent_status status = DESCENT_OK;

    columns->ignored = dsc_alloc((size_t)columns->count, sizeof *columns->ignored);
    if (!columns->ignored || (o->ignore && !names))
        status = dsc_fail(err, DESCENT_NOMEM, "out of memory for '%s'", rows->path);
    for (char *name = names, *end; name && status == DESCENT_OK; name = end) {
        end = strchr(name, '+');
        if (end)
            *end++ = '\0';
        status = ignore_one(columns, rows, o, name, err);
    }
    dsc_free(names);
    if (status == DESCENT_OK && o->ignore && columns->features < 1)
        status = dsc_fail_at(err, DESCENT_INVALID, o->ignore_place,
                             "ignore = %s leaves no feature of '%s'", o->ignore, rows->path);
    return status;
}

static bool changes(const float *x, size_t count, size_t width, size_t feature)
{
    const float first = x[feature];

    for (size_t i = 1; i < count; i++)
        if (x[i * width + feature] < first || x[i * width + feature] > first)
            return true;
    return false;
}

/* Rows become shorter in place. */
static void pack(float *x, size_t count, size_t width, const bool *stays)
{
    float *to = x;

    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < width; j++)
            if (stays[j])
                *to++ = x[i * width + j];
}

descent_status dsc_columns_drop_constant(descent_dataset *data, float *x, descent_error *err)
{
    const size_t width = dsc_shape_count(data->shape);
    bool *stays = dsc_alloc(width, sizeof *stays);
    size_t kept = 0;

    if (!stays)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for '%s'", data->name);
    for (size_t j = 0; j < width; j++)
        kept += stays[j] = changes(x, data->count, width, j);
    if (kept > 0) {
        pack(x, data->count, width, stays);
        data->shape.size[0] = (int)kept;
        for (size_t j = 0, to = 0; data->feature_name && j < width; j++) {
            char *name = data->feature_name[j];
            data->feature_name[j] = NULL;
            if (stays[j])
                data->feature_name[to++] = name;
            else
                dsc_free(name);
        }
    }
    dsc_free(stays);
    if (kept > 0)
        return DESCENT_OK;
    return dsc_fail(err, DESCENT_INVALID, "no feature of '%s' ever changes: none would be left",
                    data->name);
}
