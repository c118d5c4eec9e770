/* memory.c - what a training says it will take of memory is what it takes. */
#include "descent/descent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct plan {
    size_t bytes, parts;
} plan;

static void on_memory(const descent_memory_part *part, size_t n, void *user)
{
    plan *p = user;

    for (size_t i = 0; i < n; i++) {
        p->bytes += part[i].bytes;
        assert_true(part[i].name && part[i].about);
    }
    p->parts = n;
}

/* The peak is the process's, so this program does nothing else. */
static void planned_is_what_is_taken(void **state)
{
    descent_train_options o = descent_train_defaults();
    descent_train_result result;
    descent_recipe *recipe;
    descent_model *model;
    plan p = {0};

    (void)state;
    o.on_memory = on_memory;
    o.user = &p;
    assert_int_equal(descent_recipe_create(&recipe, NULL), DESCENT_OK);
    descent_recipe_set(recipe, "data", "shapes n=2000", NULL, NULL);
    descent_recipe_set(recipe, "model", "conv 16 3x3 pad=1, relu, max_pool 2, linear", NULL, NULL);
    descent_recipe_set(recipe, "steps", "20", NULL, NULL);
    assert_int_equal(descent_train(&model, recipe, NULL, &o, &result, NULL), DESCENT_OK);
    descent_model_free(model);
    descent_recipe_free(recipe);
    assert_true(p.parts >= 6);
#if defined(__SANITIZE_ADDRESS__)
    skip(); /* the sanitizer's own memory is several times that */
#else
    const double planned = (double)p.bytes, taken = (double)result.peak_bytes;
    if (!(taken > 0.9 * planned && taken < 1.1 * planned))
        fail_msg("planned %.1f MB, took %.1f MB", planned / 1e6, taken / 1e6);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planned_is_what_is_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
