/* vocabulary.c - the tokens that a model of text knows, as notes in its file.
 *
 * The vocabulary is written as one text: its characters in the order of their numbers, so that
 * list(metadata["vocabulary"]) is the table in Python. A byte stands there as the code point of the
 * same number, but for the byte 0, which no text can hold: U+0100. */
#include "model/model.h"

#include "base/memory.h"
#include "base/strbuf.h"

#include <string.h>

enum { ZERO_BYTE = 0x100 };

char *dsc_vocabulary_note(const dsc_vocabulary *vocabulary)
{
    dsc_strbuf buf = {0};
    char text[DSC_UTF8_SIZE];

    for (int i = 0; i < vocabulary->count; i++) {
        const uint32_t code = vocabulary->code[i];
        const size_t n = dsc_utf8_encode(code ? code : ZERO_BYTE, text);
        dsc_strbuf_add_n(&buf, text, n);
    }
    if (buf.failed) {
        dsc_strbuf_free(&buf);
        return NULL;
    }
    return buf.text;
}

/* Whether the text is `count` codes in ascending order; they go to v->code. */
static bool decode(dsc_vocabulary *v, const char *text)
{
    size_t left = strlen(text), n;
    int count = 0;

    for (; left > 0 && count < v->count; left -= n, text += n, count++) {
        uint32_t code;
        n = dsc_utf8_decode(text, left, &code);
        if (n == 0 || (v->bytes && code > ZERO_BYTE))
            return false;
        v->code[count] = v->bytes && code == ZERO_BYTE ? 0 : code;
        if (count > 0 && v->code[count - 1] >= v->code[count])
            return false;
    }
    return left == 0 && count == v->count;
}

descent_status dsc_vocabulary_read(dsc_vocabulary *vocabulary, const dsc_tensors *file,
                                   const char *path, int count, descent_error *err)
{
    const char *text = dsc_tensors_note(file, "vocabulary");
    const char *token = dsc_tensors_note(file, "token");

    if (!text)
        return DESCENT_OK;
    if (!token || (strcmp(token, "byte") != 0 && strcmp(token, "character") != 0))
        return dsc_fail(err, DESCENT_SYNTAX,
                        "'%s': its metadata says token = '%s', expected character or byte", path,
                        token ? token : "");
    const bool enough = (size_t)count <= strlen(text); /* each takes a byte at least */
    vocabulary->bytes = strcmp(token, "byte") == 0;
    vocabulary->count = enough ? count : 0;
    vocabulary->code = dsc_alloc((size_t)vocabulary->count, sizeof *vocabulary->code);
    if (!vocabulary->code)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory reading '%s'", path);
    if (!enough || !decode(vocabulary, text))
        return dsc_fail(err, DESCENT_SYNTAX,
                        "'%s': its metadata 'vocabulary' is not a text of %d different %ss in "
                        "their order",
                        path, count, token);
    return DESCENT_OK;
}
