/* recipe.c - fuzz: recipes. What can be read is written and read again, and says the same; then its
 * settings are resolved for a small built-in set. */
#include "fuzz.h"

#include "data/dataset.h"
#include "train/recipe.h"

#include <stdlib.h>
#include <string.h>

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Blanks apart, of which a long model may get some behind its commas. */
static bool alike(const char *a, const char *b)
{
    while (*a && (*a == *b || *b == ' ')) {
        a += *a == *b;
        b++;
    }
    return *a == *b;
}

/* A stretch that fits on no line, and that has no blank to break it at, can't be written so that it
 * can be read; and a quote that is never closed, which no grammar takes, hides what are blanks. */
static bool is_plain(const descent_recipe *recipe)
{
    enum { LONGEST = 80 };

    for (int i = 0; i < DSC_KEY_COUNT; i++) {
        size_t length = 0, quotes = 0;
        for (const uint8_t *c = (const uint8_t *)recipe->setting[i].text; c && *c; c++) {
            const bool breaks = *c == ' ' && length > 0 && c[-1] > ' ' && c[1] > ' ';
            quotes += *c == '"';
            length = breaks && c[1] != ';' && c[1] != '#' ? 0 : length + 1;
            if (length > LONGEST)
                return false;
        }
        if (quotes % 2 != 0 && i != DSC_KEY_group)
            return false;
    }
    return true;
}

static void write_and_read(const descent_recipe *recipe)
{
    const char *path = fuzz_file(1, "again.ini", "", 0);
    descent_error err = {0};
    descent_recipe *again;

    fuzz_require(fuzz_judge(dsc_recipe_write(recipe, path, &err), &err));
    fuzz_require(descent_recipe_create(&again, &err) == DESCENT_OK);
    if (!fuzz_judge(descent_recipe_read(again, path, &err), &err))
        fuzz_fail("what was written can be read", err.message, __FILE__, __LINE__);
    for (int i = 0; i < DSC_KEY_COUNT; i++)
        fuzz_require(
            same(recipe->setting[i].text, again->setting[i].text) ||
            (i == DSC_KEY_model && alike(recipe->setting[i].text, again->setting[i].text)));
    descent_recipe_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static descent_dataset *set;
    const char *path = fuzz_file(0, "recipe.ini", data, size);
    descent_error err = {0};
    descent_recipe *recipe;
    dsc_settings settings;

    if (!set)
        fuzz_require(descent_dataset_open(&set, "xor", &err) == DESCENT_OK);
    fuzz_require(descent_recipe_create(&recipe, &err) == DESCENT_OK);
    if (fuzz_judge(descent_recipe_read(recipe, path, &err), &err)) {
        if (is_plain(recipe))
            write_and_read(recipe);
        if (fuzz_judge(dsc_settings_resolve(&settings, recipe, set, 160, &err), &err))
            fuzz_require(settings.batch > 0 && settings.epochs > 0 && settings.shards >= 0);
    }
    descent_recipe_free(recipe);
    return 0;
}
