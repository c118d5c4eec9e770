/* recipes.c - the recipes that come with the program say what they promise. */
#include "descent/train.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void resnet_fits_pictures_of_32x32(void **state)
{
    const char *source = getenv("DESCENT_SOURCE");
    descent_model_options o = {.loss = "cross_entropy", .rank = 3, .shape = {3, 32, 32}};
    descent_error err = {0};
    descent_recipe *recipe;
    descent_model *model;
    char path[4096];

    (void)state;
    if (!source)
        skip();
    snprintf(path, sizeof path, "%s/recipes/resnet-32x32.ini", source);
    assert_int_equal(descent_recipe_create(&recipe, &err), DESCENT_OK);
    if (descent_recipe_read(recipe, path, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    o.layers = descent_recipe_get(recipe, "model");
    o.outputs = 10;
    if (descent_model_create(&model, &o, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    assert_int_equal(descent_model_size(model), 175258);
    descent_model_free(model);
    descent_recipe_free(recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resnet_fits_pictures_of_32x32),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
