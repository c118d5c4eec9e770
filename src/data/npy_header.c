/* npy_header.c - the header of a .npy file: the text of a Python dictionary such as
 *
 *     {'descr': '<f4', 'fortran_order': False, 'shape': (60000, 784), }
 *
 * with its three keys in any order. */
#include "base/memory.h"
#include "data/npy.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

typedef struct reader {
    dsc_npy *npy;
    const char *text;
    size_t at, length, begin;
    descent_error *err;
} reader;

enum { DESCR, ORDER, SHAPE, N_KEYS };
static const char *const keys[N_KEYS] = {"descr", "fortran_order", "shape"};

/* What comes next; NUL behind the end. */
static char peek(const reader *r)
{
    if (r->at < r->length)
        return r->text[r->at];
    return '\0';
}

/* The next byte that is no blank; NUL at the end. */
static char next(reader *r)
{
    while (r->at < r->length && (r->text[r->at] == ' ' || r->text[r->at] == '\n'))
        r->at++;
    return peek(r);
}

static size_t place(const reader *r)
{
    return r->begin + r->at;
}

static descent_status unexpected(reader *r, const char *expected)
{
    const char found = next(r);
    char shown[8];

    if (r->at >= r->length)
        return dsc_fail(r->err, DESCENT_SYNTAX,
                        "'%s': the .npy header ends at byte %zu, expected %s", r->npy->path,
                        place(r), expected);
    snprintf(shown, sizeof shown, found > ' ' && found <= '~' ? "'%c'" : "0x%02x",
             (unsigned)(unsigned char)found);
    return dsc_fail(r->err, DESCENT_SYNTAX, "'%s': byte %zu of the .npy header is %s, expected %s",
                    r->npy->path, place(r), shown, expected);
}

static descent_status take(reader *r, char wanted)
{
    const char expected[] = {'\'', wanted, '\'', '\0'};

    if (next(r) != wanted)
        return unexpected(r, expected);
    r->at++;
    return DESCENT_OK;
}

/* A word in quotes, of at most 15 bytes. */
static descent_status take_string(reader *r, char out[16])
{
    const char quote = next(r);
    size_t n = 0;

    if (quote != '\'' && quote != '"')
        return unexpected(r, "a word in quotes");
    for (r->at++; r->at < r->length && r->text[r->at] != quote; r->at++) {
        if (n == 15 || r->text[r->at] < ' ' || r->text[r->at] > '~')
            return unexpected(r, "a closing quote");
        out[n++] = r->text[r->at];
    }
    out[n] = '\0';
    return take(r, quote);
}

static descent_status take_type(reader *r)
{
    static const struct type {
        const char *name;
        dsc_dtype dtype;
    } types[] = {{"|u1", DSC_U8},  {"<i2", DSC_I16}, {"<i4", DSC_I32}, {"<i8", DSC_I64},
                 {"<f2", DSC_F16}, {"<f4", DSC_F32}, {"<f8", DSC_F64}};
    const bool fields = next(r) == '[';
    const size_t at = place(r);

    if (!fields)
        DSC_TRY(take_string(r, r->npy->type));
    for (size_t i = 0; !fields && i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].name, r->npy->type) == 0) {
            r->npy->dtype = types[i].dtype;
            return DESCENT_OK;
        }
    return dsc_fail(r->err, DESCENT_INVALID,
                    "'%s' holds numbers of type %s%s%s (byte %zu); descent reads |u1, <i2, <i4, "
                    "<i8, <f2, <f4 and <f8 (in NumPy: x.astype('<f4'))",
                    r->npy->path, fields ? "" : "'", fields ? "[fields]" : r->npy->type,
                    fields ? "" : "'", at);
}

static bool take_word(reader *r, const char *word)
{
    const size_t length = strlen(word);

    (void)next(r);
    if (r->length - r->at < length || memcmp(r->text + r->at, word, length) != 0)
        return false;
    r->at += length;
    return true;
}

static descent_status take_order(reader *r)
{
    (void)next(r);
    const size_t at = place(r);

    if (take_word(r, "False"))
        return DESCENT_OK;
    if (take_word(r, "True"))
        return dsc_fail(r->err, DESCENT_INVALID,
                        "'%s' is in Fortran order (byte %zu), where the numbers of an example lie "
                        "apart; expected C order (in NumPy: np.ascontiguousarray(x))",
                        r->npy->path, at);
    return unexpected(r, "False or True");
}

/* A whole number; Python 2 put an L behind some. */
static descent_status take_size(reader *r, size_t *size)
{
    const size_t begin = place(r);
    bool any = false;

    *size = 0;
    for (char c = next(r); c >= '0' && c <= '9'; c = peek(r)) {
        const size_t digit = (size_t)(c - '0');
        if (*size > (SIZE_MAX / 2 - digit) / 10)
            return dsc_fail(r->err, DESCENT_INVALID, "'%s': the size at byte %zu is too large",
                            r->npy->path, begin);
        *size = 10 * *size + digit;
        any = true;
        r->at++;
    }
    if (!any)
        return unexpected(r, "a size");
    if (r->at < r->length && r->text[r->at] == 'L')
        r->at++;
    return DESCENT_OK;
}

static descent_status keep_size(reader *r, int index, size_t size, size_t at)
{
    dsc_npy *npy = r->npy;

    if (index == 0 && size == 0)
        return dsc_fail(r->err, DESCENT_INVALID, "'%s' holds no examples: its first size is 0",
                        npy->path);
    if (index == 0) {
        npy->count = size;
        return DESCENT_OK;
    }
    if (index > DSC_MAX_RANK)
        return dsc_fail(r->err, DESCENT_SHAPE,
                        "'%s' has more than 5 sizes (byte %zu): expected examples and at most four "
                        "sizes of one",
                        npy->path, at);
    npy->shape.rank = index;
    npy->shape.size[index - 1] = size <= INT_MAX ? (int)size : 0;
    if (!dsc_shape_valid(npy->shape))
        return dsc_fail(r->err, DESCENT_SHAPE,
                        "'%s': size %zu at byte %zu cannot be; an example has at least one number "
                        "and fewer than 2^31",
                        npy->path, size, at);
    return DESCENT_OK;
}

static descent_status take_shape(reader *r)
{
    int sizes = 0;

    DSC_TRY(take(r, '('));
    while (next(r) != ')') {
        const size_t at = place(r);
        size_t size;
        DSC_TRY(take_size(r, &size));
        DSC_TRY(keep_size(r, sizes++, size, at));
        if (next(r) != ')')
            DSC_TRY(take(r, ','));
    }
    r->at++;
    return sizes > 0 ? DESCENT_OK
                     : dsc_fail(r->err, DESCENT_SHAPE,
                                "'%s' holds a single number: its shape is ()", r->npy->path);
}

static descent_status take_entry(reader *r, bool seen[N_KEYS])
{
    static descent_status (*const readers[N_KEYS])(reader *) = {take_type, take_order, take_shape};
    char word[16];
    int key = 0;

    DSC_TRY(take_string(r, word));
    while (key < N_KEYS && strcmp(keys[key], word) != 0)
        key++;
    if (key == N_KEYS || seen[key])
        return dsc_fail(r->err, DESCENT_SYNTAX,
                        "'%s': the .npy header has the key '%s'%s; expected descr, fortran_order "
                        "and shape",
                        r->npy->path, word, key == N_KEYS ? "" : " twice");
    seen[key] = true;
    DSC_TRY(take(r, ':'));
    return readers[key](r);
}

descent_status dsc_npy_header(dsc_npy *npy, const char *text, size_t length, size_t begin,
                              descent_error *err)
{
    reader r = {npy, text, 0, length, begin, err};
    bool seen[N_KEYS] = {false};

    DSC_TRY(take(&r, '{'));
    while (next(&r) != '}') {
        DSC_TRY(take_entry(&r, seen));
        if (next(&r) != '}')
            DSC_TRY(take(&r, ','));
    }
    r.at++;
    if (next(&r) != '\0' || r.at < r.length)
        return unexpected(&r, "blanks behind '}'");
    for (int key = 0; key < N_KEYS; key++)
        if (!seen[key])
            return dsc_fail(err, DESCENT_SYNTAX, "'%s': the .npy header has no '%s'", npy->path,
                            keys[key]);
    return DESCENT_OK;
}
