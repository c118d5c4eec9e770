/* recipe.c - the settings of a training as text: keys, values, and where they were typed. */
#include "train/recipe.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/param.h"
#include "base/strbuf.h"

#include <stdio.h>
#include <string.h>

static const descent_param keys[DSC_KEY_COUNT] = {
#define X(key, initial_text, help_text) \
  [DSC_KEY_##                           \
      key] = {.name = #key, .help = help_text, .kind = DESCENT_TEXT, .choices = initial_text},
    DSC_RECIPE_KEYS(X)
#undef X
};

const descent_param *descent_recipe_key(size_t index)
{
    return index < DSC_KEY_COUNT ? &keys[index] : NULL;
}

int descent_recipe_repeats(size_t index)
{
    return index == DSC_KEY_group;
}

const char *dsc_recipe_note(dsc_key key, char out[DSC_RECIPE_NOTE])
{
    snprintf(out, DSC_RECIPE_NOTE, "recipe.%s", keys[key].name);
    return out;
}

static const char *key_name(size_t index, void *user)
{
    (void)user;
    return keys[index].name;
}

descent_status dsc_recipe_find(const char *name, dsc_place place, dsc_key *key, descent_error *err)
{
    for (int i = 0; i < DSC_KEY_COUNT; i++)
        if (strcmp(keys[i].name, name) == 0) {
            *key = (dsc_key)i;
            return DESCENT_OK;
        }

    const char *nearest = dsc_nearest(name, DSC_KEY_COUNT, key_name, NULL);
    if (nearest)
        return dsc_fail_at(err, DESCENT_UNKNOWN, place,
                           "a recipe has no key '%s'; did you mean '%s'?", name, nearest);
    return dsc_fail_at(
        err, DESCENT_UNKNOWN, place,
        "a recipe has no key '%s'; it has data, augment, context, model, loss, optimizer, group, "
        "schedule, "
        "batch, accumulate, epochs, steps, patience, seed, test, standardize, shuffle, clean, "
        "precision, shards",
        name);
}

descent_status descent_recipe_create(descent_recipe **out, descent_error *err)
{
    *out = dsc_alloc(1, sizeof **out);
    return *out ? DESCENT_OK : dsc_fail(err, DESCENT_NOMEM, "out of memory for a recipe");
}

static void clear(dsc_setting *setting)
{
    dsc_free(setting->text);
    dsc_free(setting->origin);
    dsc_free(setting->source);
    *setting = (dsc_setting){0};
}

void dsc_recipe_unset(descent_recipe *recipe, dsc_key key)
{
    clear(&recipe->setting[key]);
}

void descent_recipe_free(descent_recipe *recipe)
{
    if (!recipe)
        return;
    for (int i = 0; i < DSC_KEY_COUNT; i++)
        clear(&recipe->setting[i]);
    for (size_t i = 0; i < recipe->n_groups; i++)
        clear(&recipe->group[i]);
    dsc_free(recipe->group);
    dsc_free(recipe);
}

dsc_place dsc_recipe_place(const descent_recipe *recipe, dsc_key key)
{
    const dsc_setting *s = &recipe->setting[key];
    return (dsc_place){.file = s->origin ? s->origin : keys[key].name,
                       .line = s->line,
                       .column = s->column,
                       .line_text = s->source ? s->source : s->text};
}

/* Tabs and line breaks that people type count as blanks, and are written as such; those at the end
 * are nothing, as in a file. That is one of lines, and can't hold a break inside of quotes. */
static descent_status make_blanks(char *text, dsc_key key, descent_error *err)
{
    bool quoted = false;

    for (char *c = text; *c; c++) {
        quoted = dsc_recipe_quotes(quoted, *c);
        if (quoted && (*c == '\n' || *c == '\r'))
            return dsc_fail(err, DESCENT_INVALID,
                            "%s has a line break in quotes, which no recipe can hold",
                            keys[key].name);
        if (!quoted && strchr(DSC_RECIPE_BLANKS, *c))
            *c = ' ';
    }
    for (size_t n = strlen(text); n > 0 && text[n - 1] == ' '; n--)
        text[n - 1] = '\0';
    return DESCENT_OK;
}

descent_status dsc_recipe_put(descent_recipe *recipe, dsc_key key, const char *value,
                              dsc_place place, descent_error *err)
{
    if (key == DSC_KEY_group)
        return dsc_recipe_add_groups(recipe, value, place, err);
    /* before the first word: where the value is a line of its own, nothing */
    const size_t blanks = place.column > 1 ? 0 : strspn(value, DSC_RECIPE_BLANKS);
    dsc_setting fresh = {
        .text = dsc_copy(value + blanks), .line = place.line, .column = place.column};
    if (place.file)
        fresh.origin = dsc_copy(place.file);
    const bool has_source = place.line_text && place.column > 1;
    if (has_source)
        fresh.source = dsc_copy_n(place.line_text, strcspn(place.line_text, "\r\n"));
    if (!fresh.text || (place.file && !fresh.origin) || (has_source && !fresh.source)) {
        clear(&fresh);
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the setting %s", keys[key].name);
    }
    const descent_status status = make_blanks(fresh.text, key, err);
    clear(status == DESCENT_OK ? &recipe->setting[key] : &fresh);
    if (status == DESCENT_OK)
        recipe->setting[key] = fresh;
    return status;
}

descent_status dsc_recipe_space_model(descent_recipe *recipe, bool *changed, descent_error *err)
{
    const dsc_setting *s = &recipe->setting[DSC_KEY_model];
    dsc_strbuf spaced = {0};
    bool quoted = false;

    *changed = false;
    for (const char *c = s->text; *c; c++) {
        quoted = dsc_recipe_quotes(quoted, *c);
        const bool tight = !quoted && *c == ',' && c[1] && c[1] != ' ';
        dsc_strbuf_add_n(&spaced, c, 1);
        dsc_strbuf_add(&spaced, tight ? " " : "");
        *changed = *changed || tight;
    }
    const dsc_place place = {.file = s->origin, .line = s->line, .column = 1};
    descent_status status = DESCENT_OK;
    if (spaced.failed)
        status = dsc_fail(err, DESCENT_NOMEM, "out of memory for the setting model");
    else if (*changed)
        status = dsc_recipe_put(recipe, DSC_KEY_model, spaced.text, place, err);
    dsc_strbuf_free(&spaced);
    return status;
}

descent_status descent_recipe_set(descent_recipe *recipe, const char *key, const char *value,
                                  const char *origin, descent_error *err)
{
    const dsc_place place = {.file = origin, .line = 1, .column = 1, .line_text = value};
    const dsc_place key_place = {.file = origin ? origin : ""};
    dsc_key found;

    DSC_TRY(dsc_recipe_find(key, key_place, &found, err));
    return dsc_recipe_put(recipe, found, value, place, err);
}

const char *descent_recipe_get(const descent_recipe *recipe, const char *key)
{
    for (int i = 0; i < DSC_KEY_COUNT; i++)
        if (strcmp(keys[i].name, key) == 0)
            return recipe->setting[i].text;
    return NULL;
}

static descent_status copy(descent_recipe *to, dsc_key key, const dsc_setting *s,
                           descent_error *err)
{
    const dsc_place place = {
        .file = s->origin, .line = s->line, .column = s->column, .line_text = s->source};

    return dsc_recipe_put(to, key, s->text, place, err);
}

static descent_status copy_all(descent_recipe *to, const descent_recipe *from, descent_error *err)
{
    for (int i = 0; i < DSC_KEY_COUNT; i++)
        if (from->setting[i].text && i != DSC_KEY_group)
            DSC_TRY(copy(to, (dsc_key)i, &from->setting[i], err));
    for (size_t i = 0; i < from->n_groups; i++)
        DSC_TRY(copy(to, DSC_KEY_group, &from->group[i], err));
    return DESCENT_OK;
}

descent_status dsc_recipe_copy(descent_recipe **out, const descent_recipe *recipe,
                               descent_error *err)
{
    DSC_TRY(descent_recipe_create(out, err));
    const descent_status status = copy_all(*out, recipe, err);
    if (status != DESCENT_OK) {
        descent_recipe_free(*out);
        *out = NULL;
    }
    return status;
}

/* Whether the line may end at a blank: reading puts one blank between lines, and takes what begins
 * with ';' or '#' for a comment. */
static bool may_break(const char *text, const char *at)
{
    return *at == ' ' && at > text && (unsigned char)at[-1] > ' ' && (unsigned char)at[1] > ' ' &&
           at[1] != ';' && at[1] != '#';
}

/* A long value goes on in indented lines: a recipe line has a limit. A model without blanks may get
 * some behind its commas, but not in quotes. */
static void write_value(dsc_writer *writer, const char *text, bool is_model)
{
    enum { WIDTH = 80 };
    size_t column = 0;
    bool quoted = false;

    for (const char *c = text; *c; c++) {
        const bool blank = column > WIDTH && may_break(text, c);
        quoted = dsc_recipe_quotes(quoted, *c);
        if (!blank)
            dsc_writer_write(writer, c, 1);
        column++;
        if (blank || (is_model && !quoted && *c == ',' && column > WIDTH && !strchr(" ;#", c[1]))) {
            dsc_writer_print(writer, "\n   ");
            column = 0;
        }
    }
}

static void write_setting(dsc_writer *writer, dsc_key key, const char *text)
{
    dsc_writer_print(writer, "%-11s = ", keys[key].name);
    write_value(writer, text, key == DSC_KEY_model);
    dsc_writer_print(writer, "\n");
}

descent_status dsc_recipe_write(const descent_recipe *recipe, const char *path, descent_error *err)
{
    dsc_writer writer;

    DSC_TRY(dsc_writer_open(&writer, path, err));
    for (int i = 0; i < DSC_KEY_COUNT; i++)
        if (i == DSC_KEY_group) {
            for (size_t g = 0; g < recipe->n_groups; g++)
                write_setting(&writer, (dsc_key)i, recipe->group[g].text);
        } else if (recipe->setting[i].text) {
            write_setting(&writer, (dsc_key)i, recipe->setting[i].text);
        }
    return dsc_writer_commit(&writer, err);
}
