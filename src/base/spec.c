/* spec.c - the parser of everything people type; see spec.h for the grammar. */
#include "base/spec.h"

#include "base/memory.h"
#include "base/text.h"

#include <string.h>

enum { MAX_DEPTH = 32 };

/* One list while it grows; the tree is built of plain arrays and strings. */
typedef struct parser {
    dsc_text text;
    dsc_place origin;
    int depth;
    descent_error *err;
} parser;

/* Where the cursor is, in terms of the file or flag that held the text. */
static dsc_place place_of(const parser *p)
{
    dsc_place place = dsc_text_place(&p->text);

    if (place.line == 1 && p->origin.column != 0) /* negative: a name was put in front */
        place.column += p->origin.column - 1;
    if (place.line == 1 && (p->origin.column > 1 || p->origin.line_text))
        place.line_text = p->origin.line_text;
    place.line += p->origin.line > 1 ? p->origin.line - 1 : 0;
    return place;
}

static descent_status no_memory(const parser *p)
{
    return dsc_fail(p->err, DESCENT_NOMEM, "out of memory for '%s'", p->text.name);
}

static bool is_control(int c)
{
    return (c >= 0 && c < ' ') || c == 0x7f;
}

static bool is_word(int c)
{
    return c > ' ' && !is_control(c) && !strchr(",()=\"", c);
}

/* Nothing that can be typed starts with byte c. */
static descent_status unexpected(const parser *p, int c)
{
    const dsc_place place = place_of(p);

    if (c < 0)
        return dsc_fail_at(p->err, DESCENT_SYNTAX, place, "expected a name, found the end");
    if (is_control(c))
        return dsc_fail_at(p->err, DESCENT_SYNTAX, place,
                           "found the control character 0x%02x, expected text", (unsigned)c);
    if (c == '=')
        return dsc_fail_at(p->err, DESCENT_SYNTAX, place, "expected a name before '='");
    return dsc_fail_at(p->err, DESCENT_SYNTAX, place, "expected a name, found '%c'", c);
}

/* A run of word bytes, or "quoted text". */
static descent_status parse_word(parser *p, const char **out)
{
    const dsc_place begin = place_of(p);
    const char *start = p->text.at;
    size_t length = 0;

    if (dsc_text_peek(&p->text) == '"') {
        dsc_text_next(&p->text);
        start = p->text.at;
        while (dsc_text_peek(&p->text) >= 0 && dsc_text_peek(&p->text) != '"')
            dsc_text_next(&p->text);
        if (dsc_text_peek(&p->text) < 0)
            return dsc_fail_at(p->err, DESCENT_SYNTAX, begin, "this quote is never closed");
        length = (size_t)(p->text.at - start);
        dsc_text_next(&p->text);
    } else {
        while (is_word(dsc_text_peek(&p->text)))
            dsc_text_next(&p->text);
        length = (size_t)(p->text.at - start);
    }
    *out = dsc_copy_n(start, length);
    return *out ? DESCENT_OK : no_memory(p);
}

static descent_status parse_list(parser *p, dsc_spec_list **out);

/* "( list )" */
static descent_status parse_inner(parser *p, const dsc_spec_list **out)
{
    const dsc_place begin = place_of(p);
    dsc_spec_list *list = NULL;

    if (++p->depth > MAX_DEPTH)
        return dsc_fail_at(p->err, DESCENT_SYNTAX, begin, "parentheses are nested deeper than %d",
                           MAX_DEPTH);
    dsc_text_next(&p->text);
    const descent_status status = parse_list(p, &list);
    *out = list;
    if (status != DESCENT_OK)
        return status;
    if (dsc_text_peek(&p->text) != ')')
        return dsc_fail_at(p->err, DESCENT_SYNTAX, begin, "this '(' is never closed");
    dsc_text_next(&p->text);
    p->depth--;
    return DESCENT_OK;
}

static descent_status parse_value(parser *p, dsc_spec_arg *arg)
{
    arg->place = place_of(p);
    if (dsc_text_peek(&p->text) == '(')
        return parse_inner(p, &arg->list);
    return parse_word(p, &arg->text);
}

/* value | key "=" value */
static descent_status parse_arg(parser *p, dsc_spec_arg *arg)
{
    const bool quoted = dsc_text_peek(&p->text) == '"';

    DSC_TRY(parse_value(p, arg));
    arg->key_place = arg->place;
    if (!arg->text || quoted || dsc_text_peek(&p->text) != '=')
        return DESCENT_OK;
    dsc_text_next(&p->text);
    arg->key = arg->text;
    arg->text = NULL;
    const int c = dsc_text_peek(&p->text);
    if (!is_word(c) && c != '(' && c != '"')
        return dsc_fail_at(p->err, DESCENT_SYNTAX, arg->key_place, "nothing after '%s='", arg->key);
    return parse_value(p, arg);
}

static descent_status parse_item(parser *p, dsc_spec *item)
{
    const char *begin = p->text.at, *end;
    void *block = NULL;
    size_t capacity = 0;

    item->place = place_of(p);
    const int first = dsc_text_peek(&p->text);
    if (!is_word(first) && first != '"')
        return unexpected(p, first);
    DSC_TRY(parse_word(p, &item->name));
    for (;;) {
        end = p->text.at;
        dsc_text_skip_blanks(&p->text);
        const int c = dsc_text_peek(&p->text);
        if (c < 0 || c == ',' || c == ')')
            break;
        if (!is_word(c) && c != '"' && c != '(')
            return unexpected(p, c);
        block = item->arg;
        if (!dsc_grow(&block, &capacity, (size_t)item->n_args + 1, sizeof *item->arg))
            return no_memory(p);
        item->arg = block;
        DSC_TRY(parse_arg(p, &item->arg[item->n_args++]));
    }
    item->source = dsc_copy_n(begin, (size_t)(end - begin));
    return item->source ? DESCENT_OK : no_memory(p);
}

/* item { "," item }, up to ')' or the end; *out is set also on failure, to be freed. */
static descent_status parse_list(parser *p, dsc_spec_list **out)
{
    dsc_spec_list *list = *out = dsc_alloc(1, sizeof *list);
    size_t capacity = 0;

    if (!list)
        return no_memory(p);
    for (;;) {
        void *block = list->item;
        if (!dsc_grow(&block, &capacity, (size_t)list->count + 1, sizeof *list->item))
            return no_memory(p);
        list->item = block;
        dsc_text_skip_blanks(&p->text);
        DSC_TRY(parse_item(p, &list->item[list->count++]));
        if (dsc_text_peek(&p->text) != ',')
            return DESCENT_OK;
        dsc_text_next(&p->text);
    }
}

descent_status dsc_spec_parse(dsc_spec_list **out, const char *text, dsc_place origin,
                              descent_error *err)
{
    const char *name = origin.file ? origin.file : "";
    parser p = {.text = dsc_text_open(name, text, strlen(text)), .origin = origin, .err = err};
    dsc_spec_list *list = NULL;

    *out = NULL;
    descent_status status = parse_list(&p, &list);
    if (status == DESCENT_OK && dsc_text_peek(&p.text) == ')')
        status = dsc_fail_at(err, DESCENT_SYNTAX, place_of(&p), "this ')' was never opened");
    if (status != DESCENT_OK) {
        dsc_spec_free(list);
        return status;
    }
    *out = list;
    return DESCENT_OK;
}

descent_status dsc_spec_parse_one(dsc_spec_list **out, const char *text, dsc_place origin,
                                  descent_error *err)
{
    DSC_TRY(dsc_spec_parse(out, text, origin, err));
    if ((*out)->count == 1)
        return DESCENT_OK;
    const descent_status status =
        dsc_fail_at(err, DESCENT_SYNTAX, (*out)->item[1].place,
                    "expected one entry, found a list: '%s' after a comma", (*out)->item[1].name);
    dsc_spec_free(*out);
    *out = NULL;
    return status;
}

/* The tree owns its strings, which are const to everybody else. */
static void release(const void *block)
{
    union {
        const void *given;
        void *owned;
    } u = {block};
    dsc_free(u.owned);
}

static void free_list(const dsc_spec_list *list)
{
    for (int i = 0; list && i < list->count; i++) {
        const dsc_spec *item = &list->item[i];
        for (int a = 0; a < item->n_args; a++) {
            release(item->arg[a].key);
            release(item->arg[a].text);
            free_list(item->arg[a].list);
        }
        release(item->arg);
        release(item->name);
        release(item->source);
    }
    if (list)
        release(list->item);
    release(list);
}

void dsc_spec_free(dsc_spec_list *list)
{
    free_list(list);
}

const dsc_spec_list *dsc_spec_branch(const dsc_spec *spec, int index)
{
    for (int i = 0; i < spec->n_args; i++)
        if (spec->arg[i].list && !spec->arg[i].key && index-- == 0)
            return spec->arg[i].list;
    return NULL;
}

const dsc_spec_list *dsc_spec_inner(const dsc_spec *spec)
{
    return dsc_spec_branch(spec, 0);
}
