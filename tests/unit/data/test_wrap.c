/* test_wrap.c - the caller's own arrays as a data set. */
#include "files.h"

#include "data/dataset.h"

#include <math.h>

static void wrap_bad(const float *x, size_t n, int rank, const int *shape, const int32_t *labels,
                     int classes, const char *message)
{
    descent_dataset *data = (descent_dataset *)1;
    descent_error err = {0};

    assert_int_not_equal(
        descent_dataset_wrap_classes(&data, x, n, rank, shape, labels, classes, &err), DESCENT_OK);
    assert_null(data);
    assert_string_equal(err.message, message);
}

static void test_wrap_faults(void **unused)
{
    static const float x[6] = {1, 2, 3, 4, (float)NAN, 6}, y[4] = {1, 2, 3, (float)INFINITY};
    static const int32_t labels[] = {0, 1, 3};
    static const int two[] = {2}, none[] = {2, 0}, five[] = {1, 1, 1, 1, 1};
    static const char shapes[] =
        "an example needs 1 to 4 positive sizes (and fewer than 2^31 numbers)";
    descent_dataset *data = (descent_dataset *)1;
    descent_error err = {0};

    (void)unused;
    wrap_bad(x, 3, 1, two, labels, 4,
             "x of example 2, feature 0 (counted from 0), is nan; expected finite numbers");
    wrap_bad(x, 3, 1, two, labels, 3,
             "the label of example 2 (counted from 0) is 3, expected 0 to 2");
    wrap_bad(x, 2, 1, two, labels, 1,
             "classification needs between two and a million classes, found 1");
    wrap_bad(x, 2, 2, none, labels, 2, shapes);
    wrap_bad(x, 2, 5, five, labels, 2, shapes);
    wrap_bad(x, 2, 0, NULL, labels, 2, shapes);
    wrap_bad(x, 0, 1, two, labels, 2, "found 0 examples, expected 1 to 2^32 - 1");
    assert_int_equal(descent_dataset_wrap_targets(&data, x, 2, 1, two, y, 2, &err),
                     DESCENT_INVALID);
    assert_null(data);
    assert_string_equal(
        err.message, "y of example 1, target 1 (counted from 0), is inf; expected finite numbers");
    assert_int_equal(descent_dataset_wrap_targets(&data, x, 2, 1, two, y, 0, &err),
                     DESCENT_INVALID);
    assert_string_equal(err.message, "regression needs at least one target, found 0");
}

static void test_wrap(void **unused)
{
    enum { CLASSES = 12 };
    static const float x[8] = {1, 2, 3, 4, 5, 6, 7, 8}, y[4] = {1, 2, 3, 4};
    static const int32_t labels[] = {11, 0};
    static const int shape[] = {1, 2, 2};
    descent_dataset *data;
    int found[4];

    (void)unused;
    assert_int_equal(descent_dataset_wrap_classes(&data, x, 2, 3, shape, labels, CLASSES, NULL),
                     DESCENT_OK);
    assert_ptr_equal(floats_of(data), x); /* kept, not copied */
    assert_int_equal(descent_dataset_shape(data, found), 3);
    assert_memory_equal(found, shape, sizeof shape);
    assert_int_equal(descent_dataset_outputs(data), CLASSES);
    assert_string_equal(descent_dataset_class(data, 11), "11");
    assert_int_equal(descent_dataset_class_count(data, 11), 1);
    assert_string_equal(descent_dataset_name(data), "arrays");
    descent_dataset_free(data);
    assert_int_equal(descent_dataset_wrap_targets(&data, x, 2, 1, (const int[]){4}, y, 2, NULL),
                     DESCENT_OK);
    assert_int_equal(descent_dataset_task(data), DESCENT_REGRESSION);
    assert_int_equal(descent_dataset_outputs(data), 2);
    assert_string_equal(descent_dataset_target(data), "target");
    descent_dataset_free(data);
    /* one example without a label, to be predicted */
    assert_int_equal(descent_dataset_wrap_classes(&data, x, 1, 3, shape, NULL, CLASSES, NULL),
                     DESCENT_OK);
    assert_int_equal(descent_dataset_outputs(data), 0);
    descent_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrap_faults),
        cmocka_unit_test(test_wrap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
