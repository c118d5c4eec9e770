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
    const char *known_target; /* or the name it would have if it were there; NULL: guess */
    bool features_only;       /* a missing target is fine, and so is one class alone */
} dsc_column_options;

typedef struct dsc_columns {
    int count;
    int target;  /* -1: none */
    bool header; /* the first row holds names */
    char **name; /* "column 3" without a header */
} dsc_columns;

/* Decides from the first row, which `rows` holds. The guesses: a first row without any number is
 * a header; the target is a column called target, label, class or species, or else the last
 * one (with features_only: the last one only if it holds a word). */
descent_status dsc_columns_find(dsc_columns *columns, const dsc_rows *rows,
                                const dsc_column_options *options, descent_error *err);
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
