/* test_csv_predict.c - CSV files to predict, where the target may be missing. */
#include "files.h"

/* For predicting: the target may be missing, and what is there is still found. */
static void test_features_only(void **unused)
{
    static const struct row {
        const char *text, *options;
        int features, outputs;
    } rows[] = {
        {"a,b\n1,2\n3,4\n", "", 2, 0},
        {"a,b\n1,2\n3,4\n", "target=price", 2, 0},
        {"a,b,species\n1,2,cat\n3,4,dog\n", "", 2, 2},
        {"a,b,species\n1,2,cat\n3,4,cat\n", "", 2, 1}, /* one class alone is fine */
        {"a,b,price\n1,2,5\n", "target=price", 2, 1},
        {"1,2,cat\n3,4,dog\n", "", 2, 2},
        {"1,2,3\n", "", 3, 0},
    };
    char spec[100];

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        descent_dataset *data;
        descent_error err = {0};
        int shape[4];
        write_text("features.csv", rows[i].text);
        snprintf(spec, sizeof spec, "features.csv %s", rows[i].options);
        if (descent_dataset_open_features(&data, spec, NULL, &err))
            fail_msg("row %zu: %s", i, err.message);
        descent_dataset_shape(data, shape);
        assert_int_equal(shape[0], rows[i].features);
        assert_int_equal(descent_dataset_outputs(data), rows[i].outputs);
        descent_dataset_free(data);
    }
}

/* A model's target is no feature, also where it would not be guessed. */
static void test_known_target(void **unused)
{
    static const struct row {
        const char *text, *options, *target;
        int features, outputs;
    } rows[] = {
        {"a,b,price\n1,2,5\n", "", "price", 2, 1},
        {"a,b\n1,2\n", "", "price", 2, 0},
        {"a,b,label\n1,2,5\n", "", "price", 3, 0},
        {"a,b,price\n1,2,5\n", "target=a", "price", 2, 1},
        {"1,2,5\n", "", "column 3", 2, 1},
        {"1,2\n", "", "column 3", 2, 0},
        {"1,2,cat\n3,4,dog\n", "", "species", 2, 2},
    };
    char spec[100];

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        descent_dataset *data;
        int shape[4];
        write_text("known.csv", rows[i].text);
        snprintf(spec, sizeof spec, "known.csv %s", rows[i].options);
        assert_int_equal(descent_dataset_open_features(&data, spec, rows[i].target, NULL),
                         DESCENT_OK);
        descent_dataset_shape(data, shape);
        assert_int_equal(shape[0], rows[i].features);
        assert_int_equal(descent_dataset_outputs(data), rows[i].outputs);
        descent_dataset_free(data);
    }
    descent_dataset *data; /* built-in sets know their own */
    assert_int_equal(descent_dataset_open_features(&data, "iris", "price", NULL), DESCENT_OK);
    assert_string_equal(descent_dataset_target(data), "species");
    descent_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_features_only),
        cmocka_unit_test(test_known_target),
    };

    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
