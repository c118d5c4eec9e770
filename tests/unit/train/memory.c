/* memory.c - what a training says it will take of memory is what it takes. */
#include "descent/descent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct plan {
    size_t bytes, parts, instruments, diagnosis;
} plan;

static void on_memory(const descent_memory_part *part, size_t n, void *user)
{
    plan *p = user;

    for (size_t i = 0; i < n; i++) {
        p->bytes += part[i].bytes;
        if (strcmp(part[i].name, "instruments") == 0)
            p->instruments += part[i].bytes;
        if (strcmp(part[i].name, "diagnosis") == 0)
            p->diagnosis += part[i].bytes;
        assert_true(part[i].name && part[i].about);
    }
    p->parts = n;
}

/* Trains for some steps and compares. The peak is the process's, so every training must take more
 * than those before it. */
static plan planned_and_taken(const char *data, const char *layers, const char *instruments,
                              double *planned, double *taken)
{
    descent_train_options o = descent_train_defaults();
    descent_train_result result;
    descent_recipe *recipe;
    descent_model *model;
    plan p = {0};

    o.on_memory = on_memory;
    o.user = &p;
    o.instruments = instruments;
    assert_int_equal(descent_recipe_create(&recipe, NULL), DESCENT_OK);
    descent_recipe_set(recipe, "data", data, NULL, NULL);
    descent_recipe_set(recipe, "model", layers, NULL, NULL);
    descent_recipe_set(recipe, "steps", "20", NULL, NULL);
    assert_int_equal(descent_train(&model, recipe, NULL, &o, &result, NULL), DESCENT_OK);
    descent_model_free(model);
    descent_recipe_free(recipe);
    *planned = (double)p.bytes;
    *taken = (double)result.peak_bytes;
    return p;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#  define SANITIZED 1
#elif defined(__has_feature)
#  if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#    define SANITIZED 1
#  endif
#endif

static void compare(double planned, double taken)
{
#if defined(SANITIZED)
    (void)planned;
    (void)taken;
    skip(); /* the sanitizer's own memory is several times that */
#else
    if (!(taken > 0.9 * planned && taken < 1.1 * planned))
        fail_msg("planned %.1f MB, took %.1f MB", planned / 1e6, taken / 1e6);
#endif
}

static void planned_is_what_is_taken(void **state)
{
    double planned, taken;

    (void)state;
    const plan p = planned_and_taken("shapes n=2000", "conv 16 3x3 pad=1, relu, max_pool 2, linear",
                                     NULL, &planned, &taken);
    assert_true(p.parts >= 6);
    compare(planned, taken);
}

/* Eight vectors as long as the weights: four of the standard ones, four of the search. */
static void instruments_are_planned_too(void **state)
{
    double planned, taken;

    (void)state;
    const plan p = planned_and_taken("iris", "linear 2048, relu, linear 2048, relu, linear",
                                     "standard, sharpness", &planned, &taken);
    const size_t weights = 4 * 2048 + 2048 * 2048 + 2048 * 3;
    assert_true(p.instruments >= 8 * weights * sizeof(float));
    assert_true(p.diagnosis >= 3 * weights * sizeof(float)); /* late weights */
    compare(planned, taken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planned_is_what_is_taken),
        cmocka_unit_test(instruments_are_planned_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
