/* columns.h - what the columns of a text table are: their names, and which is the target. */
#ifndef DSC_DATA_COLUMNS_H
#define DSC_DATA_COLUMNS_H

#include "data/dataset.h"
#include "data/rows.h"

typedef enum dsc_header { DSC_HEADER_AUTO, DSC_HEADER_YES, DSC_HEADER_NO } dsc_header;
typedef enum dsc_column_task { DSC_TASK_AUTO, DSC_TASK_CLASSES, DSC_TASK_NUMBERS } dsc_column_task;

typedef struct dsc_column_options {
    const char *target;     /* name, number from 1 (negative: from the end), "last"; NULL: guess */
    dsc_place target_place; /* where that was typed */
    dsc_header header;
    dsc_column_task task;
    const char *ignore; /* "id+date": names or numbers of columns to leave out; NULL: none */
    dsc_place ignore_place;
    const char *known_target; /* or the name it would have if it were there; NULL: guess */
    bool features_only;       /* a missing target is fine, and so is one class alone */
} dsc_column_options;

typedef struct dsc_columns {
    int count;
    int target; /* -1: none */
    int features;
    bool *ignored;    /* (count) */
    bool no_constant; /* features that never change are left out, once all rows are read */
    bool header;      /* the first row holds names */
    char **name;      /* "column 3" without a header */
} dsc_columns;

/* Decides from the first row, which `rows` holds. The guesses: a first row without any number is
 * a header; the target is a column called target, label, class or species, or else the last
 * one (with features_only: the last one only if it holds a word). */
descent_status dsc_columns_find(dsc_columns *columns, const dsc_rows *rows,
                                const dsc_column_options *options, descent_error *err);
/* ignore.c: columns->ignored and what follows from it; the target is known. */
descent_status dsc_columns_ignore(dsc_columns *columns, const dsc_rows *rows,
                                  const dsc_column_options *options, descent_error *err);
/* Features that never change leave *data, with their names; x is data->features. */
descent_status dsc_columns_drop_constant(descent_dataset *data, float *x, descent_error *err);
/* The column of that name or, failing that, number; -1: none. */
int dsc_columns_named(const dsc_columns *columns, const char *name);
/* Fails: "'x.csv' has no column 'specie'; it has ...; did you mean 'species'?" */
descent_status dsc_columns_unknown(const dsc_columns *columns, const dsc_rows *rows,
                                   const char *name, dsc_place place, descent_error *err);
void dsc_columns_free(dsc_columns *columns);

/* Reads all rows into features, target, names and classes of *data. Every value is checked. A
 * target of words becomes classes, one of numbers stays numbers, unless the task says otherwise. */
descent_status dsc_values_read(descent_dataset *data, dsc_rows *rows, const dsc_columns *columns,
                               const dsc_column_options *options, descent_error *err);

/* Both, for a whole text; the bytes are changed (see dsc_rows_open). */
descent_status dsc_columns_read(descent_dataset *data, const char *path, char *bytes, size_t length,
                                char separator, const dsc_column_options *options,
                                descent_error *err);

#endif
