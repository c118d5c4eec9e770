/* pieces.c - finds and unpacks what pages are put together from. */
#include "report/pieces.h"

#include "base/memory.h"

#include <string.h>
#include <zlib.h>

const dsc_piece *dsc_piece_find(const dsc_piece *list, const char *name)
{
    for (const dsc_piece *piece = list; piece->name; piece++)
        if (strcmp(piece->name, name) == 0)
            return piece;
    return NULL;
}

descent_status dsc_piece_unpack(char **out, const dsc_piece *piece, descent_error *err)
{
    uLongf length = (uLongf)piece->length;

    *out = dsc_alloc(piece->length + 1, 1);
    if (!*out)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a page");
    const int status =
        uncompress((Bytef *)*out, &length, piece->packed, (uLong)piece->packed_length);
    if (status == Z_OK && length == piece->length)
        return DESCENT_OK;
    dsc_free(*out);
    *out = NULL;
    if (status == Z_MEM_ERROR)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the page '%s'", piece->name);
    return dsc_fail(err, DESCENT_BACKEND, "zlib cannot unpack the page '%s'", piece->name);
}
