/* field.h - what one field of a text table says. */
#ifndef DSC_DATA_FIELD_H
#define DSC_DATA_FIELD_H

#include "data/rows.h"

typedef enum dsc_field_kind {
    DSC_FIELD_EMPTY,
    DSC_FIELD_NUMBER,
    DSC_FIELD_ENDLESS, /* nan, inf or infinity in any spelling, or a number beyond float */
    DSC_FIELD_WORD
} dsc_field_kind;

/* Reads a field; *value is set for numbers. Fast: most numbers never reach strtod. */
dsc_field_kind dsc_field_read(const dsc_field *field, float *value);

/* True for "nan" in any spelling. */
bool dsc_field_is_nan(const dsc_field *field);

/* How much of a field to show in a message, for "%.*s". */
int dsc_field_shown(const dsc_field *field);

#endif
