/* test_limits.c - more than indices can count, and folders that are none. */
#include "files.h"

#include "data/dataset.h"
#include "data/names.h"
#include "data/tokens.h"

/* Indices of tokens are 32 bits. */
static void test_most_tokens(void **unused)
{
    dsc_tokens tokens = {.path = "long.txt"};
    descent_error err = {0};

    (void)unused;
    assert_int_equal(dsc_tokens_reserve(&tokens, (size_t)UINT32_MAX + 1, 2, &err), DESCENT_INVALID);
    assert_null(tokens.token);
    assert_string_equal(err.message,
                        "'long.txt' has 4294967296 tokens, at most 2^32 - 1 are allowed");
}

/* Indices of examples are 32 bits. */
static void test_most_examples(void **unused)
{
    const descent_dataset data = {.name = "vast", .count = (size_t)UINT32_MAX + 1, .outputs = 1};
    descent_error err = {0};
    dsc_split split;

    (void)unused;
    assert_int_equal(dsc_split_make(&split, &data, 0.2, 1, &err), DESCENT_INVALID);
    assert_null(split.train);
    assert_string_equal(err.message,
                        "'vast' has 4294967296 examples, at most 2^32 - 1 are allowed");
}

/* A text of which not even the places of its windows fit into memory. */
static void test_most_windows(void **unused)
{
    dsc_tokens tokens = {.count = (size_t)1 << 47};
    const descent_dataset data = {.name = "vast", .shape = {1, {1}}, .tokens = &tokens};
    descent_error err = {0};
    dsc_split split;

    (void)unused;
    assert_int_equal(dsc_split_make(&split, &data, 0.5, 1, &err), DESCENT_NOMEM);
    assert_null(split.train);
    assert_string_equal(err.message, "out of memory for a split of 140737488355326 windows");
}

static void test_most_held_out(void **unused)
{
    const descent_dataset data = {.name = "vast", .outputs = 1};
    dsc_split split = {.n_train = (size_t)1 << 47};
    descent_error err = {0};

    (void)unused;
    assert_int_equal(dsc_split_hold_out(&split, &data, &err), DESCENT_NOMEM);
    assert_string_equal(err.message, "out of memory for 28147497671065 examples that are held out");
}

/* Coordinates of larger pictures could lose their place. */
static void test_too_large(void **unused)
{
    static float line[(1 << 15) + 1];
    const descent_dataset data = {.name = "line",
                                  .count = 1,
                                  .shape = {3, {1, 1, (1 << 15) + 1}},
                                  .dtype = DSC_F32,
                                  .features = line};
    dsc_augment augment = {.on = true};
    descent_error err = {0};

    (void)unused;
    assert_int_equal(dsc_augment_fit(&augment, &data, &err), DESCENT_SHAPE);
    assert_string_equal(err.message, "augment takes pictures of at most 32768x32768, those of "
                                     "'line' are 1x32769");
}

static descent_status anything(const char *path, bool *yes, descent_error *err)
{
    (void)path, (void)err;
    *yes = true;
    return DESCENT_OK;
}

static void test_names_of_no_folder(void **unused)
{
    descent_error err = {0};
    dsc_names names;

    (void)unused;
    write_text("file", "");
    assert_int_equal(dsc_names_read(&names, "file", anything, &err), DESCENT_IO);
    assert_string_equal(err.message, "cannot read 'file': Not a directory");
    assert_int_equal(names.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_most_tokens),  cmocka_unit_test(test_most_examples),
        cmocka_unit_test(test_most_windows), cmocka_unit_test(test_most_held_out),
        cmocka_unit_test(test_too_large),    cmocka_unit_test(test_names_of_no_folder),
    };

    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
