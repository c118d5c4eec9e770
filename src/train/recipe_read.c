/* recipe_read.c - recipes from files: "key = value" lines, read with inih.
 *
 * inih says neither in which line nor in which column a pair stood, so the lines are handed to it
 * through a reader of our own that counts them. */
#include "train/recipe.h"

#include "base/file.h"
#include "base/memory.h"

#include <ini.h>
#include <stdio.h>
#include <string.h>

enum { LIMIT = 1 << 16, LINE_LIMIT = 198 /* inih's line buffer, less newline and NUL */ };

typedef struct reading {
    descent_recipe *recipe;
    const char *path, *next, *line; /* what is left, and the line handed out last */
    int number;                     /* of that line */
    bool seen[DSC_KEY_COUNT];
    bool named;      /* there was a key: an indented line goes on with its value, */
    bool quoted;     /* which is still in quotes, */
    bool has_groups; /* or groups, in which quotes mean nothing */
    descent_status status;
    descent_error *err;
} reading;

/* '#' or ';' at the start or after a blank, '#' also after the ';' of a group. */
static bool begins_comment(const char *start, const char *c)
{
    const bool apart = c == start || strchr(DSC_RECIPE_BLANKS, c[-1]);

    return (*c == '#' && (apart || c[-1] == ';')) || (*c == ';' && apart);
}

static size_t line_length(const char *line)
{
    return strcspn(line, "\n");
}

static dsc_place place_at(const reading *r, size_t offset)
{
    return (dsc_place){
        .file = r->path, .line = r->number, .column = (int)offset + 1, .line_text = r->line};
}

/* Where the value of "key = value" begins in its line. */
static size_t value_offset(const char *line)
{
    size_t at = strcspn(line, "=:\n");

    at += line[at] == '=' || line[at] == ':';
    return at + strspn(line + at, " \t");
}

/* inih takes " ;" for a comment in quotes too: there another character stands for the blank until
 * it has passed. */
static const char PASSES = 0x1f;

/* Cuts the comment of a line, which none is in quotes. inih cuts those of ';' itself, but not in
 * indented lines. */
static void cut_comment(reading *r, char *line)
{
    const size_t indent = strspn(line, " \t\r\v\f");
    const bool goes_on = indent > 0 && r->named;

    if (strchr("\n#;", line[indent])) /* to inih nothing, wherever it stands */
        return;
    r->named = true;
    if (!goes_on) {
        r->quoted = false;
        r->has_groups =
            strncmp(line + indent, "group", 5) == 0 && strchr(" \t\r\v\f=:", line[indent + 5]);
    }
    char *value = line + (goes_on ? indent : value_offset(line));
    for (char *c = value; *c; c++) {
        r->quoted = dsc_recipe_quotes(r->quoted, *c) && !r->has_groups;
        if (!r->quoted && begins_comment(value, c))
            memcpy(c, "\n", 2);
        else if (r->quoted && *c == ' ' && c[1] == ';')
            *c = PASSES;
    }
}

static void show_blanks(char *value)
{
    for (char *c = value; *c; c++)
        if (*c == PASSES)
            *c = ' ';
}

/* inih's reader, like fgets: one line into `out`. */
static char *next_line(char *out, int size, void *stream)
{
    reading *r = stream;

    if (*r->next == '\0' || r->status != DESCENT_OK)
        return NULL;
    r->line = r->next;
    r->number++;
    const size_t length = line_length(r->line);
    r->next += length + (r->line[length] == '\n');
    if (length > LINE_LIMIT || length + 2 > (size_t)size) {
        r->status = dsc_fail_at(r->err, DESCENT_SYNTAX, place_at(r, LINE_LIMIT),
                                "this line has %zu characters, a recipe line may have %d; go on "
                                "in an indented line",
                                length, LINE_LIMIT);
        return NULL;
    }
    if (memchr(r->line, PASSES, length)) {
        r->status = dsc_fail_at(r->err, DESCENT_SYNTAX, place_at(r, 0),
                                "a recipe can't hold the control character 1f");
        return NULL;
    }
    memcpy(out, r->line, length);
    out[length] = '\n';
    out[length + 1] = '\0';
    cut_comment(r, out);
    return out;
}

/* An indented line goes on with the value above it. */
static descent_status go_on(reading *r, dsc_key key, const char *more)
{
    if (key == DSC_KEY_group)
        return dsc_recipe_continue_group(r->recipe, more, r->err);
    const char *old = r->recipe->setting[key].text;
    const size_t length = strlen(old);
    /* the value now is longer than its line: columns count from its own beginning */
    const dsc_place place = {
        .file = r->path, .line = dsc_recipe_place(r->recipe, key).line, .column = 1};
    char *joined = dsc_alloc(length + strlen(more) + 2, 1);

    if (!joined)
        return dsc_fail(r->err, DESCENT_NOMEM, "out of memory for a recipe");
    memcpy(joined, old, length);
    joined[length] = ' ';
    memcpy(joined + length + 1, more, strlen(more));
    const descent_status status = dsc_recipe_put(r->recipe, key, joined, place, r->err);
    dsc_free(joined);
    return status;
}

static descent_status take(reading *r, const char *section, const char *name, const char *value)
{
    const size_t indent = strspn(r->line, " \t");
    dsc_key key;

    if (*section)
        return dsc_fail_at(r->err, DESCENT_SYNTAX, place_at(r, 0),
                           "a recipe has no sections, found [%s]", section);
    DSC_TRY(dsc_recipe_find(name, place_at(r, indent), &key, r->err));
    if (indent > 0 && r->seen[key])
        return *value ? go_on(r, key, value) : DESCENT_OK;
    if (r->seen[key] && !descent_recipe_repeats(key))
        return dsc_fail_at(r->err, DESCENT_SYNTAX, place_at(r, indent), "'%s' was given twice",
                           name);
    if (!*value)
        return dsc_fail_at(r->err, DESCENT_SYNTAX, place_at(r, indent), "nothing after '%s ='",
                           name);
    r->seen[key] = true;
    return dsc_recipe_put(r->recipe, key, value, place_at(r, value_offset(r->line)), r->err);
}

/* inih's handler: nonzero is success. */
static int handle(void *user, const char *section, const char *name, const char *value)
{
    reading *r = user;
    char copy[LINE_LIMIT + 2];

    if (r->status == DESCENT_OK) {
        snprintf(copy, sizeof copy, "%s", value);
        show_blanks(copy);
        r->status = take(r, section, name, copy);
    }
    return r->status == DESCENT_OK;
}

descent_status descent_recipe_read(descent_recipe *recipe, const char *path, descent_error *err)
{
    char *bytes;
    size_t length;

    DSC_TRY(dsc_file_read(path, LIMIT, &bytes, &length, err));
    reading r = {.recipe = recipe, .path = path, .next = bytes, .line = bytes, .err = err};
    if (memchr(bytes, '\0', length)) {
        dsc_free(bytes);
        return dsc_fail(err, DESCENT_SYNTAX,
                        "'%s' is not a recipe: it has NUL bytes, expected lines of key = value",
                        path);
    }
    const int bad_line = ini_parse_stream(next_line, &r, handle, &r);
    if (r.status == DESCENT_OK && bad_line != 0) {
        r.number = bad_line > 0 ? bad_line : r.number;
        r.line = bytes;
        for (int i = 1; i < r.number && *r.line; i++)
            r.line += line_length(r.line) + (r.line[line_length(r.line)] == '\n');
        r.status = dsc_fail_at(err, DESCENT_SYNTAX, place_at(&r, 0), "expected key = value");
    }
    dsc_free(bytes);
    return r.status;
}
