/* no_memory.c - every allocation of the list of contenders fails once: an error, never a contender
 * that lacks what it was given. */
#include "study/comparison.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* Takes the place of the C library's, for memory.c of the library under test. */
static int allocations, fail_at;

void *aligned_alloc(size_t alignment, size_t size)
{
    void *block = NULL;

    return ++allocations == fail_at || posix_memalign(&block, alignment, size) != 0 ? NULL : block;
}

static void lists_survive_lack_of_memory(void **state)
{
    descent_compare_options options = descent_compare_defaults();
    descent_status status = DESCENT_NOMEM;
    descent_recipe *recipe;

    (void)state;
    options.optimizers = "sgd; adam";
    options.batches = "16; 32";
    options.schedules = "constant; cosine";
    assert_int_equal(descent_recipe_create(&recipe, NULL), DESCENT_OK);
    for (int n = 1; status != DESCENT_OK; n++) {
        descent_comparison c = {.ground.recipe = recipe, .options = options};
        allocations = 0;
        fail_at = n;
        status = dsc_contenders_make(&c, NULL);
        if (status == DESCENT_OK)
            assert_true(allocations < n);
        else
            assert_int_equal(status, DESCENT_NOMEM);
        dsc_contenders_free(&c);
    }
    fail_at = 0;
    descent_recipe_free(recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lists_survive_lack_of_memory)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
