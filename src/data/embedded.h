/* embedded.h - the built-in tables, turned into C by tools/embed.py. */
#ifndef DSC_DATA_EMBEDDED_H
#define DSC_DATA_EMBEDDED_H

#include "data/columns.h"

extern const char dsc_embedded_digits[], dsc_embedded_iris[], dsc_embedded_diabetes[];
extern const size_t dsc_embedded_digits_length, dsc_embedded_iris_length,
    dsc_embedded_diabetes_length;

/* Reads an embedded table with a header; its target is the last column. */
descent_status dsc_embedded_open(descent_dataset *data, const char *name, const char *bytes,
                                 size_t length, dsc_column_task task, descent_error *err);

#endif
