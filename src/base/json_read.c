/* json_read.c - a JSON text to jansson's values; see json.h. */
#include "base/json.h"

#include "base/number.h"
#include "base/strbuf.h"
#include "base/utf8.h"

#include <string.h>

typedef struct reader {
    const char *text;
    size_t length, at;
    int depth;
    const char *reason; /* the first fault, and where it was found */
    size_t fault;
    bool starved;      /* no memory: where reading stands now says nothing about the text */
    dsc_strbuf string; /* the last one */
} reader;

/* Remembers the first fault; always false. */
static bool wrong(reader *r, const char *reason)
{
    if (!r->reason && !r->starved) {
        r->reason = reason;
        r->fault = r->at < r->length ? r->at : r->length;
    }
    return false;
}

/* What was made, which is NULL only after a fault or without memory. */
static json_t *made(reader *r, json_t *value)
{
    r->starved = r->starved || (!value && !r->reason);
    return value;
}

static bool has(const reader *r, char c)
{
    return r->at < r->length && r->text[r->at] == c;
}

static bool takes(reader *r, char c)
{
    const bool found = has(r, c);

    r->at += found;
    return found;
}

static void skip_blanks(reader *r)
{
    while (has(r, ' ') || has(r, '\t') || has(r, '\n') || has(r, '\r'))
        r->at++;
}

/* What comes next; NUL behind the end. */
static char peek(const reader *r)
{
    return (char)(r->at < r->length ? r->text[r->at] : '\0');
}

/* The four digits of \uXXXX. */
static bool read_hex(reader *r, uint32_t *code)
{
    *code = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        const char c = peek(r);
        const bool digit = c >= '0' && c <= '9', low = c >= 'a' && c <= 'f';
        if (!digit && !low && !(c >= 'A' && c <= 'F'))
            return false;
        *code = 16 * *code + (uint32_t)(digit ? c - '0' : low ? c - 'a' + 10 : c - 'A' + 10);
    }
    return true;
}

/* A character outside the first 65,536 comes as two halves. */
static bool read_code(reader *r)
{
    char bytes[DSC_UTF8_SIZE];
    uint32_t code, low = 0;

    if (!read_hex(r, &code))
        return wrong(r, "\\u must be followed by four hexadecimal digits");
    if (code >= 0xD800 && code < 0xDC00 && takes(r, '\\') && takes(r, 'u') && read_hex(r, &low) &&
        low >= 0xDC00 && low < 0xE000)
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    if (code == 0 || (code >= 0xD800 && code < 0xE000))
        return wrong(r, "\\u names no character that may stand here");
    dsc_strbuf_add_n(&r->string, bytes, dsc_utf8_encode(code, bytes));
    return true;
}

static bool read_escape(reader *r)
{
    static const char letter[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char c = peek(r);
    const char *found = c ? strchr(letter, c) : NULL;

    r->at++;
    if (found)
        dsc_strbuf_add_n(&r->string, meant + (found - letter), 1);
    else if (c == 'u')
        return read_code(r);
    else
        return wrong(r, "unknown escape behind '\\'");
    return true;
}

/* Behind the opening quotes; the text is in r->string. */
static bool read_string(reader *r)
{
    uint32_t code;

    r->string.length = 0;
    dsc_strbuf_add(&r->string, "");
    while (!takes(r, '"')) {
        if (r->at >= r->length)
            return wrong(r, "a text has no closing '\"'");
        if ((unsigned char)r->text[r->at] < 0x20)
            return wrong(r, "a control character stands in a text");
        if (takes(r, '\\')) {
            if (!read_escape(r))
                return false;
            continue;
        }
        const size_t n = dsc_utf8_decode(r->text + r->at, r->length - r->at, &code);
        if (n == 0)
            return wrong(r, "a text is not valid UTF-8");
        dsc_strbuf_add_n(&r->string, r->text + r->at, n);
        r->at += n;
    }
    r->starved = r->starved || r->string.failed;
    return !r->string.failed;
}

static size_t skip_digits(reader *r)
{
    const size_t begin = r->at;

    while (r->at < r->length && r->text[r->at] >= '0' && r->text[r->at] <= '9')
        r->at++;
    return r->at - begin;
}

static json_t *read_number(reader *r)
{
    const size_t begin = r->at;
    double number;
    int64_t integer;

    takes(r, '-');
    const bool zero = has(r, '0');
    const size_t whole = skip_digits(r);
    const bool point = takes(r, '.');
    const size_t rest = point ? skip_digits(r) : 1;
    const bool power = has(r, 'e') || has(r, 'E');
    r->at += power;
    if (power && !takes(r, '-'))
        takes(r, '+');
    const char *text = r->text + begin;
    const size_t length = r->at - begin;
    if (whole == 0 || (zero && whole > 1) || rest == 0 || (power && skip_digits(r) == 0)) {
        wrong(r, "expected a value");
        return NULL;
    }
    if (!point && !power && dsc_integer_read(text, length, &integer))
        return json_integer(integer);
    if ((point || power) && dsc_number_read(text, r->at - begin, &number))
        return json_real(number);
    wrong(r, point || power ? "a number is too large" : "an integer has more than 64 bits");
    return NULL;
}

static json_t *read_value(reader *r);

static json_t *read_list(reader *r)
{
    json_t *list = made(r, json_array());

    skip_blanks(r);
    if (takes(r, ']'))
        return list;
    while (list) {
        dsc_json_add(&list, read_value(r));
        skip_blanks(r);
        if (!made(r, list) || takes(r, ']'))
            break;
        if (!takes(r, ',')) {
            wrong(r, "expected ',' or ']'");
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* "key": value */
static void read_member(reader *r, json_t **object)
{
    skip_blanks(r);
    const bool quoted = takes(r, '"') || wrong(r, "expected a text in quotes, or '}'");
    dsc_strbuf key = {0};
    if (quoted && read_string(r)) { /* the value may be a text as well */
        key = r->string;
        r->string = (dsc_strbuf){0};
    }
    if (key.text && json_object_get(*object, key.text))
        wrong(r, "a key comes twice");
    skip_blanks(r);
    if (key.text && !takes(r, ':'))
        wrong(r, "expected ':'");
    const bool good = key.text && !r->reason;
    dsc_json_set(object, good ? key.text : "", good ? read_value(r) : NULL);
    dsc_strbuf_free(&key);
}

static json_t *read_object(reader *r)
{
    json_t *object = made(r, json_object());

    skip_blanks(r);
    if (takes(r, '}'))
        return object;
    while (object) {
        read_member(r, &object);
        skip_blanks(r);
        if (!made(r, object) || takes(r, '}'))
            break;
        if (!takes(r, ',')) {
            wrong(r, "expected ',' or '}'");
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static bool takes_word(reader *r, const char *word)
{
    const size_t n = strlen(word);
    const bool found = r->length - r->at >= n && memcmp(r->text + r->at, word, n) == 0;
    r->at += found ? n : 0;
    return found;
}

static json_t *read_container(reader *r)
{
    json_t *value = NULL;

    if (r->depth == DSC_JSON_DEPTH) {
        wrong(r, "lists and objects lie too deep in each other");
        return NULL;
    }
    r->depth++;
    if (takes(r, '['))
        value = read_list(r);
    else if (takes(r, '{'))
        value = read_object(r);
    r->depth--;
    return value;
}

static json_t *read_value(reader *r)
{
    skip_blanks(r);
    if (has(r, '[') || has(r, '{'))
        return read_container(r);
    if (takes(r, '"'))
        return read_string(r) ? made(r, json_stringn_nocheck(r->string.text, r->string.length))
                              : NULL;
    const bool yes = takes_word(r, "true");
    if (yes || takes_word(r, "false"))
        return json_boolean(yes);
    return takes_word(r, "null") ? json_null() : made(r, read_number(r));
}

json_t *dsc_json_read(const char *text, size_t length, dsc_json_fault *fault)
{
    reader r = {.text = text, .length = length};
    json_t *value = NULL;

    skip_blanks(&r);
    if (has(&r, '[') || has(&r, '{'))
        value = read_container(&r);
    else
        wrong(&r, "expected '[' or '{'");
    skip_blanks(&r);
    if (value && r.at < length)
        wrong(&r, "something follows the end");
    dsc_strbuf_free(&r.string);
    if (value && !r.reason)
        return value;
    json_decref(value);
    *fault = (dsc_json_fault){.reason = r.reason, .line = 1, .column = 1, .position = r.fault};
    for (size_t i = 0; i < r.fault; i++) {
        fault->line += text[i] == '\n';
        fault->column = text[i] == '\n' ? 1 : fault->column + 1;
    }
    return NULL;
}
