/* recipes.c - damaged recipes. */
#include "damage.h"

#include "base/error.h"
#include "descent/train.h"

#include <stdlib.h>
#include <string.h>

static descent_status read_recipe(const char *path, descent_error *err)
{
    descent_recipe *recipe;

    DSC_TRY(descent_recipe_create(&recipe, err));
    const descent_status status = descent_recipe_read(recipe, path, err);
    descent_recipe_free(recipe);
    return status;
}

enum { FACTOR = 32, FIXED = 1 << 20 };

static void recipes(void **state)
{
    static const char text[] =
        "data = iris.csv  # here\nmodel = linear 8,\n   relu, linear\n"
        "group = role=bias lr=2x; 0.* frozen\n  lr=0.1x\n; done\nbatch : 4\n";
    const damage d = {.path = "recipe.ini",
                      .bytes = text,
                      .size = sizeof text - 1,
                      .header = sizeof text - 1,
                      .read = read_recipe,
                      .factor = FACTOR,
                      .fixed = FIXED};

    (void)state;
    assert_true(damage_all(&d) > 200);
}

/* A value that goes on over very many lines. */
static void long_values(void **state)
{
    static const char *const lines[] = {"model = a\n", " b\n", "group = g\n", " c\n"};
    enum { SIZE = 60000 };
    char *text = malloc(SIZE + 32);
    damage d = {.path = "recipe.ini", .read = read_recipe, .factor = FACTOR, .fixed = FIXED};
    descent_error err;

    (void)state;
    assert_non_null(text);
    for (size_t kind = 0; kind < 4; kind += 2) {
        size_t at = strlen(lines[kind]);
        memcpy(text, lines[kind], at);
        for (; at < SIZE; at += 3)
            memcpy(text + at, lines[kind + 1], 3);
        assert_int_equal(damage_one(&d, text, at, &err), DESCENT_OK);
    }
    free(text);
}

static void too_long(void **state)
{
    enum { SIZE = (1 << 16) + 1 };
    char *text = malloc(SIZE);
    damage d = {.path = "recipe.ini", .read = read_recipe, .factor = FACTOR, .fixed = FIXED};
    descent_error err;

    (void)state;
    assert_non_null(text);
    memset(text, '\n', SIZE);
    assert_int_equal(damage_one(&d, text, SIZE, &err), DESCENT_IO);
    assert_string_equal(err.message, "'recipe.ini' has more than 65536 bytes");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(recipes), cmocka_unit_test(long_values),
                                       cmocka_unit_test(too_long)};

    return cmocka_run_group_tests_name("damaged recipes", tests, damage_enter, damage_leave);
}
