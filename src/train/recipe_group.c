/* recipe_group.c - the groups of a recipe: the one key that may be given several times. */
#include "train/recipe.h"

#include "base/memory.h"
#include "base/strbuf.h"

#include <string.h>

/* As in other settings, but quotes mean nothing here; NULL stays NULL. */
static void make_blanks(char *text)
{
    for (char *c = text; c && *c; c++)
        *c = (char)(strchr(DSC_RECIPE_BLANKS, *c) ? ' ' : *c);
}

static descent_status no_memory(descent_error *err)
{
    return dsc_fail(err, DESCENT_NOMEM, "out of memory for the groups of a recipe");
}

/* What stands under the key: all groups on one line, as they may be given again. */
static descent_status join(descent_recipe *recipe, descent_error *err)
{
    dsc_strbuf all = {0};

    for (size_t i = 0; i < recipe->n_groups; i++)
        dsc_strbuf_print(&all, "%s%s", i > 0 ? "; " : "", recipe->group[i].text);
    if (all.failed || !all.text) {
        dsc_strbuf_free(&all);
        return no_memory(err);
    }
    char *text = dsc_copy(all.text);
    dsc_strbuf_free(&all);
    dsc_free(recipe->setting[DSC_KEY_group].text);
    recipe->setting[DSC_KEY_group].text = text;
    return text ? DESCENT_OK : no_memory(err);
}

static descent_status add(descent_recipe *recipe, const char *text, size_t length, dsc_place place,
                          descent_error *err)
{
    void *block = recipe->group;
    const bool grown =
        dsc_grow(&block, &recipe->group_capacity, recipe->n_groups + 1, sizeof *recipe->group);

    recipe->group = block;
    if (!grown)
        return no_memory(err);
    dsc_setting *s = &recipe->group[recipe->n_groups];
    *s =
        (dsc_setting){.text = dsc_copy_n(text, length), .line = place.line, .column = place.column};
    if (place.file)
        s->origin = dsc_copy(place.file);
    if (place.line_text)
        s->source = dsc_copy_n(place.line_text, strcspn(place.line_text, "\r\n"));
    make_blanks(s->text);
    recipe->n_groups++;
    if (!s->text || (place.file && !s->origin) || (place.line_text && !s->source))
        return no_memory(err);
    return DESCENT_OK;
}

/* "role=bias lr=0.1x; 2.* frozen" are two. */
descent_status dsc_recipe_add_groups(descent_recipe *recipe, const char *text, dsc_place place,
                                     descent_error *err)
{
    const size_t before = recipe->n_groups;
    const char *at = text;

    while (*at) {
        const size_t blanks = strspn(at, DSC_RECIPE_BLANKS ";"), length = strcspn(at + blanks, ";");
        dsc_place here = place;
        size_t used = length;
        at += blanks;
        while (used > 0 && strchr(DSC_RECIPE_BLANKS, at[used - 1]))
            used--;
        here.column = place.column + (int)(at - text);
        if (used > 0)
            DSC_TRY(add(recipe, at, used, here, err));
        at += length;
    }
    if (recipe->n_groups == before) /* what is wrong with it, the optimizer will say */
        DSC_TRY(add(recipe, text, strlen(text), place, err));
    return join(recipe, err);
}

descent_status dsc_recipe_continue_group(descent_recipe *recipe, const char *more,
                                         descent_error *err)
{
    dsc_setting *s = &recipe->group[recipe->n_groups - 1];
    const dsc_place place = {.file = s->origin, .line = s->line, .column = 1};
    const char *rest = more + strcspn(more, ";");
    size_t own = (size_t)(rest - more);
    dsc_strbuf text = {0};

    while (own > 0 && strchr(DSC_RECIPE_BLANKS, more[own - 1]))
        own--;
    dsc_strbuf_print(&text, "%s%s%.*s", s->text, own > 0 ? " " : "", (int)own, more);
    char *joined = text.failed ? NULL : dsc_copy(text.text);
    dsc_strbuf_free(&text);
    if (!joined)
        return no_memory(err);
    make_blanks(joined);
    dsc_free(s->text);
    dsc_free(s->source);
    s->text = joined;
    s->source = NULL; /* longer than its line: columns count from its own beginning */
    s->column = 1;
    rest += strspn(rest, ";" DSC_RECIPE_BLANKS);
    return *rest ? dsc_recipe_add_groups(recipe, rest, place, err) : join(recipe, err);
}

dsc_place dsc_recipe_group_place(const descent_recipe *recipe, size_t index)
{
    const dsc_setting *s = &recipe->group[index];

    return (dsc_place){.file = s->origin ? s->origin : "group",
                       .line = s->line,
                       .column = s->column,
                       .line_text = s->source ? s->source : s->text};
}
