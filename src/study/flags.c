/* flags.c - what a finding proposes, put into a recipe. */
#include "descent/check.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdio.h>
#include <string.h>

enum { KEY = 40 };

/* One flag and its value, at *at, which moves behind them. */
static descent_status set_next(descent_recipe *recipe, const char **at, descent_error *err)
{
    const char *flag = *at;
    const size_t length = strcspn(flag, " ");
    char key[KEY + 2];

    const char *value = flag + length + strspn(flag + length, " ");
    if (strncmp(flag, "--", 2) != 0 || length > KEY || !*value)
        return dsc_fail(err, DESCENT_SYNTAX, "expected --KEY VALUE in '%s'", flag);
    const bool quoted = *value == '"';
    value += quoted;
    const size_t size = strcspn(value, quoted ? "\"" : " ");
    if (quoted && value[size] != '"')
        return dsc_fail(err, DESCENT_SYNTAX, "this quote is never closed: %s", flag);
    snprintf(key, sizeof key, "%.*s", (int)length, flag);
    char *copy = dsc_alloc(size + 1, 1);
    if (!copy)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a recipe");
    memcpy(copy, value, size);
    const descent_status status = descent_recipe_set(recipe, key + 2, copy, key, err);
    dsc_free(copy);
    *at = value + size + quoted;
    *at += strspn(*at, " ");
    return status;
}

descent_status descent_recipe_set_flags(descent_recipe *recipe, const char *flags,
                                        descent_error *err)
{
    for (const char *at = flags + strspn(flags, " "); *at;)
        DSC_TRY(set_next(recipe, &at, err));
    return DESCENT_OK;
}
