/* test_mnist.c - the real MNIST, where it is there: counts, one byte a pixel, its known mean. */
#include "files.h"

#include "data/dataset.h"

static void test_mnist(void **unused)
{
    static const size_t train[] = {5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949},
                        test[] = {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009};
    const char *shared = getenv("DESCENT_SHARED");
    char spec[4200];
    struct stat info;
    int shape[4];

    (void)unused;
    snprintf(spec, sizeof spec, "%s/data/mnist", shared ? shared : "");
    if (!shared || stat(spec, &info) != 0)
        skip();
    snprintf(spec, sizeof spec, "\"%s/data/mnist\"", shared);
    descent_dataset *data = open_good(spec);
    assert_int_equal(descent_dataset_count(data), 70000);
    assert_int_equal(descent_dataset_test_count(data), 10000);
    assert_int_equal(descent_dataset_outputs(data), 10);
    assert_int_equal(descent_dataset_shape(data, shape), 3);
    assert_int_equal(shape[1] * shape[2], 784);
    /* one byte a pixel, four a label */
    assert_int_equal(descent_dataset_bytes(data), 70000 * (784 + 4));
    for (int c = 0; c < 10; c++)
        assert_int_equal(descent_dataset_class_count(data, c), train[c] + test[c]);
    size_t fives = 0;
    for (size_t i = 60000; i < 70000; i++)
        fives += descent_dataset_label(data, i) == 5;
    assert_int_equal(fives, test[5]);

    dsc_split split;
    dsc_scaling scaling;
    assert_int_equal(dsc_split_make(&split, data, 0.2, 1, NULL), DESCENT_OK);
    assert_int_equal(split.n_train, 60000);
    assert_int_equal(split.train[59999], 59999);
    assert_int_equal(split.test[0], 60000);
    assert_int_equal(dsc_scaling_fit(&scaling, data, split.train, split.n_train, NULL), DESCENT_OK);
    /* the well-known 0.1307 and 0.3081 of the training part, in units of bytes */
    assert_float_equal(scaling.shift[0] / 255, 0.1307, 5e-5);
    assert_float_equal(1 / scaling.scale[0] / 255, 0.3081, 5e-5);
    dsc_scaling_free(&scaling);
    dsc_split_free(&split);
    descent_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_mnist)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
