/* names.h - what a folder holds, by name, in an order that does not depend on the file system. */
#ifndef DSC_DATA_NAMES_H
#define DSC_DATA_NAMES_H

#include "base/error.h"

typedef struct dsc_names {
    char **name;
    size_t count, capacity;
} dsc_names;

/* Whether a name is meant; fails only for lack of memory. */
typedef descent_status (*dsc_name_test)(const char *path, bool *yes, descent_error *err);

/* All names in `folder` that `wanted` takes (path is the folder's and the name), numbers first and
 * by value, then words by byte. Hidden ones are left out. */
descent_status dsc_names_read(dsc_names *names, const char *folder, dsc_name_test wanted,
                              descent_error *err);
void dsc_names_free(dsc_names *names);

#endif
