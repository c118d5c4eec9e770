/* values.c - all rows of a text table into features and a target, in one pass. */
#include "data/classes.h"
#include "data/columns.h"
#include "data/field.h"

#include "base/memory.h"
#include "base/strbuf.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

typedef struct reader {
    descent_dataset *data;
    dsc_rows *rows;
    const dsc_columns *columns;
    const dsc_column_options *o;
    float *x;
    dsc_field *target; /* the target's field of every row; what it is shows at the end */
    size_t words;      /* among them */
    bool first;        /* the row in hand is the first one of values */
    descent_error *err;
} reader;

static descent_status no_memory(const reader *r)
{
    return dsc_fail(r->err, DESCENT_NOMEM, "out of memory for '%s'", r->rows->path);
}

/* 'column 2 ("petal")', or 'column 2' without a header. */
static const char *label_of(const reader *r, int column, char out[160])
{
    if (r->columns->header)
        snprintf(out, 160, "column %d (\"%.100s\")", column + 1, r->columns->name[column]);
    else
        snprintf(out, 160, "column %d", column + 1);
    return out;
}

static descent_status bad_field(const reader *r, const dsc_field *field, int column,
                                const char *remedy)
{
    char label[160];
    float value = 0;
    const dsc_place place = dsc_field_place(r->rows, field);
    const dsc_field_kind kind = dsc_field_read(field, &value);

    label_of(r, column, label);
    if (kind == DSC_FIELD_EMPTY)
        return dsc_fail_at(r->err, DESCENT_SYNTAX, place, "%s is empty, expected a number", label);
    return dsc_fail_at(r->err, DESCENT_SYNTAX, place, "%s: '%.*s' is not a %snumber%s", label,
                       dsc_field_shown(field), field->text,
                       kind == DSC_FIELD_ENDLESS ? "finite " : "", remedy);
}

/* Words that stand for a missing value rather than being a value. */
static bool is_missing(const dsc_field *field)
{
    static const char *const marks[] = {"na", "n/a", "null", "none", "?", "-", "."};

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (field->length == strlen(marks[i]) &&
            strncasecmp(field->text, marks[i], field->length) == 0)
            return true;
    return false;
}

/* In the first row a word probably means a whole column of words: name all of them. */
static descent_status bad_feature(const reader *r, int column)
{
    const dsc_field *field = r->rows->field;
    dsc_strbuf remedy = {0};
    char label[160];
    float value;
    int more = 0;

    if (!r->first || dsc_field_read(&field[column], &value) != DSC_FIELD_WORD ||
        is_missing(&field[column]))
        return bad_field(r, &field[column], column, "");
    if (!r->columns->header && r->o->header == DSC_HEADER_AUTO)
        return bad_field(r, &field[column], column, "; if this row holds names, add header=yes");
    dsc_strbuf_add(&remedy, "; features must be numbers");
    for (int c = column + 1; c < r->columns->count; c++)
        if (c != r->columns->target && !r->columns->ignored[c] &&
            dsc_field_read(&field[c], &value) == DSC_FIELD_WORD)
            dsc_strbuf_print(&remedy, "%s%s", more++ ? ", " : ", also in ", label_of(r, c, label));
    const descent_status status =
        bad_field(r, &field[column], column, remedy.text ? remedy.text : "");
    dsc_strbuf_free(&remedy);
    return status;
}

/* The row in hand, number `row` from 0. */
static descent_status take_row(reader *r, size_t row)
{
    const dsc_field *field = r->rows->field;
    const int target = r->columns->target;
    char label[160];
    float value;

    for (int c = 0; c < r->columns->count; c++)
        if (c != target && !r->columns->ignored[c] &&
            dsc_field_read(&field[c], r->x++) != DSC_FIELD_NUMBER)
            return bad_feature(r, c);
    r->first = false;
    if (target < 0)
        return DESCENT_OK;
    r->target[row] = field[target];
    const dsc_field_kind kind = dsc_field_read(&field[target], &value);
    r->words += kind == DSC_FIELD_WORD;
    if (kind == DSC_FIELD_EMPTY || dsc_field_is_nan(&field[target]))
        return dsc_fail_at(r->err, DESCENT_SYNTAX, dsc_field_place(r->rows, &field[target]),
                           "%s %s, expected a value to predict", label_of(r, target, label),
                           kind == DSC_FIELD_EMPTY ? "is empty" : "is nan");
    return DESCENT_OK;
}

static descent_status check_width(const reader *r)
{
    const int found = r->rows->columns, expected = r->columns->count;

    if (found == expected)
        return DESCENT_OK;
    /* the place: the first field too many, or the last one there is */
    const dsc_field *field = &r->rows->field[found > expected ? expected : found - 1];
    return dsc_fail_at(r->err, DESCENT_SYNTAX, dsc_field_place(r->rows, field),
                       "row has %d field%s, the %s has %d", found, found == 1 ? "" : "s",
                       r->columns->header ? "header" : "first row", expected);
}

static descent_status take_rows(reader *r)
{
    bool more = true;
    size_t row = 0;

    if (r->columns->header)
        DSC_TRY(dsc_rows_next(r->rows, &more, r->err));
    while (more) {
        DSC_TRY(check_width(r));
        DSC_TRY(take_row(r, row++));
        DSC_TRY(dsc_rows_next(r->rows, &more, r->err));
    }
    r->data->count = row;
    if (row == 0)
        return dsc_fail(r->err, DESCENT_SYNTAX, "'%s' has a header but no rows", r->rows->path);
    return DESCENT_OK;
}

static descent_status name_features(const reader *r)
{
    descent_dataset *data = r->data;
    int i = 0;

    if (!r->columns->header)
        return DESCENT_OK;
    data->feature_name = dsc_alloc(dsc_shape_count(data->shape), sizeof *data->feature_name);
    for (int c = 0; data->feature_name && c < r->columns->count; c++)
        if (c != r->columns->target && !r->columns->ignored[c] &&
            !(data->feature_name[i++] = dsc_copy(r->columns->name[c])))
            return no_memory(r);
    return data->feature_name ? DESCENT_OK : no_memory(r);
}

static descent_status take_numbers(const reader *r)
{
    descent_dataset *data = r->data;
    float *y = dsc_alloc(data->count, sizeof *y);

    data->targets = y;
    data->task = DESCENT_REGRESSION;
    data->outputs = 1;
    if (!y)
        return no_memory(r);
    for (size_t row = 0; row < data->count; row++)
        if (dsc_field_read(&r->target[row], &y[row]) != DSC_FIELD_NUMBER)
            return bad_field(r, &r->target[row], r->columns->target,
                             r->words > 0 && r->o->task == DSC_TASK_AUTO
                                 ? "; if the target is classes, add task=classification"
                                 : "");
    return DESCENT_OK;
}

/* One word among numbers is more likely a mistake than a class: words must be the majority. */
static descent_status take_target(const reader *r)
{
    descent_dataset *data = r->data;
    const bool words = r->words * 2 >= data->count;

    if (r->columns->target < 0)
        return DESCENT_OK;
    snprintf(data->target_name, sizeof data->target_name, "%s",
             r->columns->name[r->columns->target]);
    if (r->o->task == DSC_TASK_NUMBERS || (r->o->task == DSC_TASK_AUTO && !words))
        return take_numbers(r);
    DSC_TRY(dsc_classes_take(data, r->rows, r->target, r->err));
    return r->o->features_only ? DESCENT_OK : dsc_classes_check(data, r->err);
}

descent_status dsc_values_read(descent_dataset *data, dsc_rows *rows, const dsc_columns *columns,
                               const dsc_column_options *options, descent_error *err)
{
    const int features = columns->features;
    const size_t bound = dsc_rows_bound(rows, columns->count) + 1; /* and the one in hand */
    reader r = {
        .data = data, .rows = rows, .columns = columns, .o = options, .first = true, .err = err};
    size_t numbers;

    data->shape = (dsc_shape){1, {features}};
    float *x =
        dsc_multiply(bound, (size_t)features, &numbers) ? dsc_alloc(numbers, sizeof *x) : NULL;
    data->dtype = DSC_F32;
    data->features = r.x = x;
    r.target = dsc_alloc(columns->target >= 0 ? bound : 0, sizeof *r.target);
    descent_status status = r.x && r.target ? take_rows(&r) : no_memory(&r);
    if (status == DESCENT_OK)
        status = name_features(&r);
    if (status == DESCENT_OK && columns->no_constant)
        status = dsc_columns_drop_constant(data, x, err);
    if (status == DESCENT_OK)
        status = take_target(&r);
    dsc_free(r.target);
    return status;
}
