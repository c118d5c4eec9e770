/* pieces.h - what pages are put together from: packed at build time, see tools/pages.py. */
#ifndef DSC_REPORT_PIECES_H
#define DSC_REPORT_PIECES_H

#include "base/error.h"

#include <stddef.h>

/* One packed text. A page is three texts, with room for data and chart library between them. */
typedef struct dsc_piece {
    const char *name;            /* "minimize"; NULL ends the list */
    const unsigned char *packed; /* zlib */
    size_t packed_length, length;
    size_t part[3]; /* lengths of the texts, in order */
} dsc_piece;

/* Made at build time; empty lists where npm was missing then. */
extern const dsc_piece dsc_page_pieces[], dsc_charts_pieces[];

/* The piece of that name, or NULL. */
const dsc_piece *dsc_piece_find(const dsc_piece *list, const char *name);
/* Its text, of piece->length bytes, to be freed with dsc_free. */
descent_status dsc_piece_unpack(char **out, const dsc_piece *piece, descent_error *err);

#endif
