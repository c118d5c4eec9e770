/* classes.h - classes as numbers, and their names. */
#ifndef DSC_DATA_CLASSES_H
#define DSC_DATA_CLASSES_H

#include "data/dataset.h"
#include "data/rows.h"

/* Fills labels, outputs and class names from one field for each of data->count rows. Classes are
 * numbered in the order of their names: numbers by value, then words by byte. */
descent_status dsc_classes_take(descent_dataset *data, const dsc_rows *rows, const dsc_field *field,
                                descent_error *err);

/* Names the classes "0", "1", ... */
descent_status dsc_classes_number(descent_dataset *data, descent_error *err);

/* Fails when fewer than two classes have examples. */
descent_status dsc_classes_check(const descent_dataset *data, descent_error *err);

#endif
