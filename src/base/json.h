/* json.h - JSON that is whole or not there, also where memory runs out. Values are jansson's; read
 * and written they are here: jansson's own reader takes texts for others, or aborts, when it gets
 * no memory in the middle of a string, and its writer leaves a key out. */
#ifndef DSC_BASE_JSON_H
#define DSC_BASE_JSON_H

#include "base/error.h"

#include <jansson.h>

/* A list or object that could not take something is released, and NULL from then on: a NULL in the
 * end says that memory ran out, or that a text was no UTF-8. `value` is taken over, and may be
 * NULL, which is such a failure too. */
void dsc_json_add(json_t **list, json_t *value);
void dsc_json_set(json_t **object, const char *key, json_t *value);

/* The value in one line, numbers to 17 digits; NULL: out of memory. Free with dsc_free. */
char *dsc_json_text(const json_t *value);

enum { DSC_JSON_DEPTH = 200 /* lists and objects in each other */ };

/* Why a text is no JSON, in words ("a comma or ']' is missing"), and where: a 1-based line and
 * column, and bytes before the place. */
typedef struct dsc_json_fault {
    const char *reason; /* static; NULL: the text may be right, but there is no memory for it */
    int line, column;
    size_t position;
} dsc_json_fault;

/* Reads one list or object (RFC 8259); no key may come twice in an object, and no text may hold a
 * NUL. NULL after a fault. */
json_t *dsc_json_read(const char *text, size_t length, dsc_json_fault *fault);

#endif
