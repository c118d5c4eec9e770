/* vocabulary.c - the characters or bytes that a text is made of, and their numbers. */
#include "data/tokens.h"

#include "base/memory.h"

#include <stdio.h>
#include <string.h>

void dsc_vocabulary_free(dsc_vocabulary *vocabulary)
{
    dsc_free(vocabulary->code);
    *vocabulary = (dsc_vocabulary){0};
}

descent_status dsc_vocabulary_copy(dsc_vocabulary *to, const dsc_vocabulary *from,
                                   descent_error *err)
{
    uint32_t *code = dsc_alloc((size_t)from->count, sizeof *code);

    if (!code)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a vocabulary of %d", from->count);
    memcpy(code, from->code, (size_t)from->count * sizeof *code);
    dsc_vocabulary_free(to);
    *to = (dsc_vocabulary){.bytes = from->bytes, .count = from->count, .code = code};
    return DESCENT_OK;
}

int32_t dsc_vocabulary_find(const dsc_vocabulary *vocabulary, uint32_t code)
{
    int begin = 0, end = vocabulary->count;

    while (begin < end) {
        const int middle = begin + (end - begin) / 2;
        if (vocabulary->code[middle] == code)
            return middle;
        if (vocabulary->code[middle] < code)
            begin = middle + 1;
        else
            end = middle;
    }
    return -1;
}

const char *dsc_vocabulary_unit(const dsc_vocabulary *vocabulary)
{
    return vocabulary->bytes ? "byte" : "character";
}

size_t dsc_vocabulary_text(const dsc_vocabulary *vocabulary, int32_t token, char out[DSC_UTF8_SIZE])
{
    if (!vocabulary->bytes)
        return dsc_utf8_encode(vocabulary->code[token], out);
    out[0] = (char)vocabulary->code[token];
    out[1] = '\0';
    return 1;
}

char *dsc_vocabulary_shown(const dsc_vocabulary *vocabulary, uint32_t code, char out[16])
{
    char text[DSC_UTF8_SIZE];

    dsc_utf8_encode(code, text);
    if (vocabulary->bytes)
        snprintf(out, 16, "byte 0x%02X", (unsigned)code);
    else if (code < 0x20 || (code >= 0x7F && code < 0xA0))
        snprintf(out, 16, "U+%04X", (unsigned)code);
    else
        snprintf(out, 16, "'%s'", text);
    return out;
}

size_t dsc_vocabulary_next(const dsc_vocabulary *vocabulary, const char *bytes, size_t length,
                           uint32_t *code)
{
    if (!vocabulary->bytes)
        return dsc_utf8_decode(bytes, length, code);
    *code = (unsigned char)bytes[0];
    return 1;
}

descent_status dsc_vocabulary_unknown(const dsc_vocabulary *vocabulary, uint32_t code,
                                      dsc_place place, descent_error *err)
{
    char shown[16];

    return dsc_fail_at(err, DESCENT_INVALID, place,
                       "the model does not know %s: the text it was trained on has no such %s",
                       dsc_vocabulary_shown(vocabulary, code, shown),
                       dsc_vocabulary_unit(vocabulary));
}
