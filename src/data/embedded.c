/* embedded.c - the built-in tables go through the same reader as anybody's file. */
#include "data/embedded.h"

#include "base/memory.h"

descent_status dsc_embedded_open(descent_dataset *data, const char *name, const char *bytes,
                                 size_t length, dsc_column_task task, descent_error *err)
{
    const dsc_column_options options = {.header = DSC_HEADER_YES, .task = task, .target = "last"};

    char *copy = dsc_copy_n(bytes, length);
    if (!copy)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for '%s'", name);
    const descent_status status = dsc_columns_read(data, name, copy, length, ',', &options, err);
    dsc_free(copy);
    return status;
}
