/* columns.c - which row is the header, which column the target. */
#include "data/columns.h"

#include "base/memory.h"
#include "base/number.h"
#include "base/strbuf.h"
#include "data/field.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static descent_status no_memory(const dsc_rows *rows, descent_error *err)
{
    return dsc_fail(err, DESCENT_NOMEM, "out of memory for '%s'", rows->path);
}

static bool is_header(const dsc_rows *rows, dsc_header header)
{
    float value;

    for (int c = 0; c < rows->columns && header == DSC_HEADER_AUTO; c++) {
        const dsc_field_kind kind = dsc_field_read(&rows->field[c], &value);
        if (kind == DSC_FIELD_NUMBER || kind == DSC_FIELD_ENDLESS)
            return false;
    }
    return header != DSC_HEADER_NO;
}

static bool name_columns(dsc_columns *columns, const dsc_rows *rows)
{
    char number[32];

    columns->name = dsc_alloc((size_t)columns->count, sizeof *columns->name);
    for (int c = 0; columns->name && c < columns->count; c++) {
        const dsc_field *field = &rows->field[c];
        snprintf(number, sizeof number, "column %d", c + 1);
        columns->name[c] = columns->header && field->length > 0
                               ? dsc_copy_n(field->text, field->length)
                               : dsc_copy(number);
        if (!columns->name[c])
            return false;
    }
    return columns->name != NULL;
}

static const char *column_name(size_t i, void *user)
{
    return ((char **)user)[i];
}

/* "'x.csv' has no column 'specie'; it has sepal, petal, species; did you mean 'species'?" */
descent_status dsc_columns_unknown(const dsc_columns *columns, const dsc_rows *rows,
                                   const char *name, dsc_place place, descent_error *err)
{
    enum { SHOWN = 8 };
    dsc_strbuf known = {0};
    const char *nearest = NULL;

    if (columns->header) {
        for (int c = 0; c < columns->count && c < SHOWN; c++)
            dsc_strbuf_print(&known, "%s%s", c ? ", " : " ", columns->name[c]);
        if (columns->count > SHOWN)
            dsc_strbuf_print(&known, " and %d more", columns->count - SHOWN);
        nearest = dsc_nearest(name, (size_t)columns->count, column_name, columns->name);
    } else {
        dsc_strbuf_print(&known, " %d columns without names", columns->count);
    }
    const descent_status status =
        dsc_fail_at(err, DESCENT_UNKNOWN, place, "'%s' has no column '%s'; it has%s%s%s%s",
                    rows->path, name, known.text ? known.text : " others",
                    nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    dsc_strbuf_free(&known);
    return status;
}

int dsc_columns_named(const dsc_columns *columns, const char *name)
{
    int64_t number;

    for (int c = 0; c < columns->count; c++)
        if (strcmp(columns->name[c], name) == 0)
            return c;
    if (strcmp(name, "last") == 0)
        number = -1;
    else if (!dsc_integer_read(name, strlen(name), &number))
        return -1;
    if (number == 0 || number < -columns->count || number > columns->count)
        return -1;
    return (int)(number > 0 ? number - 1 : columns->count + number);
}

static int usual_target(const dsc_columns *columns)
{
    static const char *const usual[] = {"target", "label", "class", "species"};

    for (size_t u = 0; u < sizeof usual / sizeof *usual; u++)
        for (int c = 0; c < columns->count; c++)
            if (strcasecmp(columns->name[c], usual[u]) == 0)
                return c;
    return -1;
}

static descent_status find_target(dsc_columns *columns, const dsc_rows *rows,
                                  const dsc_column_options *o, descent_error *err)
{
    float value;

    columns->target = -1;
    if (o->target) {
        columns->target = dsc_columns_named(columns, o->target);
        if (columns->target >= 0 || o->features_only)
            return DESCENT_OK;
        return dsc_columns_unknown(columns, rows, o->target, o->target_place, err);
    }
    if (!o->known_target)
        columns->target = usual_target(columns);
    for (int c = 0; o->known_target && c < columns->count; c++)
        columns->target = strcmp(columns->name[c], o->known_target) == 0 ? c : columns->target;
    const dsc_field *last = &rows->field[columns->count - 1];
    if (columns->target < 0 &&
        (!o->features_only || (!columns->header && dsc_field_read(last, &value) == DSC_FIELD_WORD)))
        columns->target = columns->count - 1;
    return DESCENT_OK;
}

descent_status dsc_columns_find(dsc_columns *columns, const dsc_rows *rows,
                                const dsc_column_options *options, descent_error *err)
{
    *columns = (dsc_columns){.count = rows->columns, .header = is_header(rows, options->header)};
    if (!name_columns(columns, rows))
        return no_memory(rows, err);
    DSC_TRY(find_target(columns, rows, options, err));
    columns->features = columns->count - (columns->target >= 0);
    DSC_TRY(dsc_columns_ignore(columns, rows, options, err));
    if (columns->features < 1)
        return dsc_fail_at(err, DESCENT_SYNTAX,
                           (dsc_place){.file = rows->path, .line = rows->line, .column = 1},
                           "this table has one column only, expected features beside the target");
    return DESCENT_OK;
}

void dsc_columns_free(dsc_columns *columns)
{
    for (int c = 0; columns->name && c < columns->count; c++)
        dsc_free(columns->name[c]);
    dsc_free(columns->name);
    dsc_free(columns->ignored);
    *columns = (dsc_columns){0};
}

static descent_status read_all(descent_dataset *data, dsc_rows *rows, dsc_columns *columns,
                               const dsc_column_options *options, descent_error *err)
{
    bool more;

    DSC_TRY(dsc_rows_next(rows, &more, err));
    DSC_TRY(dsc_columns_find(columns, rows, options, err));
    return dsc_values_read(data, rows, columns, options, err);
}

descent_status dsc_columns_read(descent_dataset *data, const char *path, char *bytes, size_t length,
                                char separator, const dsc_column_options *options,
                                descent_error *err)
{
    dsc_rows rows;
    dsc_columns columns = {0};

    DSC_TRY(dsc_rows_open(&rows, path, bytes, length, separator, err));
    const descent_status status = read_all(data, &rows, &columns, options, err);
    dsc_columns_free(&columns);
    dsc_rows_close(&rows);
    return status;
}
