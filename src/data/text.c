/* text.c - plain text as tokens, for models that predict what comes next. */
#include "data/dataset.h"
#include "data/tokens.h"

#include "base/file.h"
#include "base/memory.h"

#include <stdio.h>
#include <string.h>

enum { CONTEXT, LEVEL, N_PARAMS };

static const descent_param params[N_PARAMS] = {
    [CONTEXT] = {"context", 64, 1, DSC_MOST_CONTEXT,
                 "tokens that the model sees at once; each window of so many is an example",
                 DESCENT_INTEGER, NULL},
    [LEVEL] = {"level", 0, 0, 1, "what a token is: a character of UTF-8 text, or a byte",
               DESCENT_CHOICE, "character|byte"},
};

static bool matches(const char *path)
{
    const size_t length = strlen(path);

    return length > 4 && strcmp(path + length - 4, ".txt") == 0 && dsc_file_exists(path);
}

/* The text while it becomes tokens. */
typedef struct reading {
    const char *path, *bytes;
    size_t length;
    dsc_tokens *tokens;
    int32_t *number; /* (codes) first: 1 where a code occurs; then: its token */
    size_t codes;    /* at least one more than the largest that occurs */
    descent_error *err;
} reading;

static descent_status not_utf8(const reading *r, size_t at)
{
    size_t begin = at;
    dsc_place place = {.file = r->path, .line = 1};

    for (size_t i = 0; i < at; i++)
        place.line += r->bytes[i] == '\n';
    while (begin > 0 && r->bytes[begin - 1] != '\n')
        begin--;
    place.column = (int)(at - begin) + 1;
    return dsc_fail_at(r->err, DESCENT_SYNTAX, place,
                       "byte 0x%02X is no UTF-8 text here; add level=byte to take the file byte by "
                       "byte",
                       (unsigned)(unsigned char)r->bytes[at]);
}

/* Room for a code, which is below DSC_UTF8_CODES. */
static bool has_room(reading *r, uint32_t code)
{
    void *block = r->number;
    const bool grown = dsc_grow(&block, &r->codes, (size_t)code + 1, sizeof *r->number);

    r->number = block;
    return grown;
}

static descent_status no_memory(const reading *r)
{
    return dsc_fail(r->err, DESCENT_NOMEM, "out of memory for '%s'", r->path);
}

/* Marks the codes that occur and counts the tokens. */
static descent_status survey(reading *r, size_t *count)
{
    *count = 0;
    for (size_t at = 0; at < r->length; ++*count) {
        uint32_t code = 0;
        const size_t n =
            dsc_vocabulary_next(&r->tokens->vocabulary, r->bytes + at, r->length - at, &code);
        if (n == 0)
            return not_utf8(r, at);
        if (!has_room(r, code))
            return no_memory(r);
        r->number[code] = 1;
        at += n;
    }
    if (*count > 0 && r->number[0] && !r->tokens->vocabulary.bytes)
        return dsc_fail(r->err, DESCENT_SYNTAX,
                        "'%s' is not a text file (it has NUL bytes); add level=byte to take it "
                        "byte by byte",
                        r->path);
    return DESCENT_OK;
}

/* Codes become tokens in their order. */
static descent_status make_vocabulary(reading *r)
{
    dsc_vocabulary *v = &r->tokens->vocabulary;
    int32_t next = 0;

    for (size_t c = 0; c < r->codes; c++)
        v->count += r->number[c];
    v->code = dsc_alloc((size_t)v->count, sizeof *v->code);
    if (!v->code)
        return no_memory(r);
    for (size_t c = 0; c < r->codes; c++)
        if (r->number[c]) {
            v->code[next] = (uint32_t)c;
            r->number[c] = next++;
        }
    if (v->count < 2)
        return dsc_fail(r->err, DESCENT_INVALID,
                        "'%s' holds one %s only, again and again; there is nothing to learn",
                        r->path, dsc_vocabulary_unit(v));
    return DESCENT_OK;
}

static descent_status encode(reading *r)
{
    size_t count, at = 0;

    DSC_TRY(survey(r, &count));
    if (count == 0)
        return dsc_fail(r->err, DESCENT_SYNTAX, "'%s' is empty, expected text", r->path);
    DSC_TRY(make_vocabulary(r));
    DSC_TRY(dsc_tokens_reserve(r->tokens, count, r->tokens->vocabulary.count, r->err));
    for (size_t i = 0; i < count; i++) {
        uint32_t code = 0;
        at += dsc_vocabulary_next(&r->tokens->vocabulary, r->bytes + at, r->length - at, &code);
        dsc_tokens_set(r->tokens, i, r->number[code]);
    }
    return DESCENT_OK;
}

static void describe(descent_dataset *data, int context)
{
    data->task = DESCENT_CLASSIFICATION; /* of every token by what the next one is */
    data->outputs = data->tokens->vocabulary.count;
    dsc_tokens_set_context(data, context);
    snprintf(data->target_name, sizeof data->target_name, "next %s",
             dsc_vocabulary_unit(&data->tokens->vocabulary));
}

static descent_status open(descent_dataset *data, const dsc_spec *spec, const dsc_value *values,
                           bool features_only, descent_error *err)
{
    reading r = {.path = spec->name, .err = err};
    char *bytes;

    (void)features_only;
    DSC_TRY(dsc_file_read(spec->name, SIZE_MAX / 4, &bytes, &r.length, err));
    r.bytes = bytes;
    if (r.length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 && values[LEVEL].number == 0) {
        r.bytes += 3; /* the mark that some editors put in front of UTF-8 is no part of the text */
        r.length -= 3;
    }
    data->tokens = r.tokens = dsc_alloc(1, sizeof *r.tokens);
    descent_status status = DESCENT_OK;
    if (!r.tokens) {
        status = no_memory(&r);
    } else {
        r.tokens->vocabulary.bytes = values[LEVEL].number != 0;
        snprintf(r.tokens->path, sizeof r.tokens->path, "%s", spec->name);
        status = encode(&r);
    }
    dsc_free(r.number);
    dsc_free(bytes);
    if (status == DESCENT_OK)
        describe(data, (int)values[CONTEXT].number);
    return status;
}

const dsc_source dsc_source_text = {
    .info = {.name = "text",
             .summary = "plain text, to predict what comes next: FILE.txt context=64",
             .params = params,
             .n_params = N_PARAMS},
    .matches = matches,
    .open = open,
};
