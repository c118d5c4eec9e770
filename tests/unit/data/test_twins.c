/* test_twins.c - examples with equal features find each other, and the others keep apart. */
#include "files.h"

#include "data/twins.h"

#include <stdlib.h>

enum { WORDS = 1000, COMMON = 64, ROWS = 2000 };

static descent_dataset set_of(const float *floats)
{
    return (descent_dataset){.count = ROWS,
                             .shape = {.rank = 1, .size = {WORDS}},
                             .outputs = 1,
                             .dtype = DSC_F32,
                             .features = floats};
}

/* Texts of two common words each, every pair another: ones among zeros. */
static float *pairs(void)
{
    float *count = calloc((size_t)ROWS * WORDS, sizeof *count);
    size_t row = 0;

    assert_non_null(count);
    for (size_t gap = 1; row < ROWS; gap++)
        for (size_t word = 0; word + gap < COMMON && row < ROWS; word++, row++)
            count[row * WORDS + word] = count[row * WORDS + word + gap] = 1.0F;
    return count;
}

static int by_tag(const void *a, const void *b)
{
    const uint32_t x = ((const dsc_twin_slot *)a)->tag, y = ((const dsc_twin_slot *)b)->tag;

    return (x > y) - (x < y);
}

/* Of the kept examples, how many have a tag that no other has: they are compared with none. */
static size_t told_apart(dsc_twins *twins)
{
    size_t kept = 0, apart = 0;

    for (size_t i = 0; i < twins->slots; i++)
        if (twins->slot[i].example > 0)
            twins->slot[kept++] = twins->slot[i];
    qsort(twins->slot, kept, sizeof *twins->slot, by_tag);
    for (size_t i = 0; i < kept; i++)
        apart += (i == 0 || twins->slot[i - 1].tag != twins->slot[i].tag) &&
                 (i + 1 == kept || twins->slot[i + 1].tag != twins->slot[i].tag);
    return apart;
}

static void rows_of_mostly_zeros_keep_apart(void **unused)
{
    float *count = pairs();
    const descent_dataset data = set_of(count);
    dsc_twins twins;

    (void)unused;
    assert_true(dsc_twins_make(&twins, &data, ROWS));
    for (size_t i = 0; i < ROWS; i++)
        assert_true(dsc_twins_find(&twins, i, true) == SIZE_MAX);
    assert_in_range(told_apart(&twins), ROWS - 10, ROWS);
    dsc_twins_free(&twins);
    free(count);
}

static void equal_rows_are_found(void **unused)
{
    float *count = pairs();
    const descent_dataset data = set_of(count);
    dsc_twins twins;

    (void)unused;
    memcpy(count + (size_t)7 * WORDS, count + (size_t)3 * WORDS, WORDS * sizeof *count);
    count[7 * WORDS] = -0.0F; /* as good as 0 */
    assert_true(dsc_twins_make(&twins, &data, ROWS));
    assert_true(dsc_twins_find(&twins, 3, true) == SIZE_MAX);
    assert_true(dsc_twins_find(&twins, 5, false) == SIZE_MAX);
    assert_true(dsc_twins_find(&twins, 7, true) == 3);
    assert_true(dsc_twins_find(&twins, 5, true) == SIZE_MAX);
    dsc_twins_free(&twins);
    free(count);
}

static void equal_pictures_are_found(void **unused)
{
    uint8_t bytes[4][6] = {{1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, 5, 7}, {1, 2, 3, 4, 5, 6}, {0}};
    const descent_dataset data = {
        .count = 4, .shape = {3, {1, 2, 3}}, .outputs = 2, .dtype = DSC_U8, .features = bytes[0]};
    dsc_twins twins;

    (void)unused;
    assert_true(dsc_twins_make(&twins, &data, 4));
    assert_true(dsc_twins_find(&twins, 0, true) == SIZE_MAX);
    assert_true(dsc_twins_find(&twins, 1, true) == SIZE_MAX);
    assert_true(dsc_twins_find(&twins, 2, true) == 0);
    assert_true(dsc_twins_find(&twins, 3, true) == SIZE_MAX);
    dsc_twins_free(&twins);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_mostly_zeros_keep_apart),
        cmocka_unit_test(equal_rows_are_found),
        cmocka_unit_test(equal_pictures_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
