/* test_npy.c - arrays of NumPy: every type, header and form that is read, mapped and in memory. */
#include "npy_file.h"

#include "data/numbers.h"

#include <math.h>

static const int64_t labels[] = {0, 2, 1};

/* Three examples of 0 1, 2 3, 4 5 in every type. */
static void test_types(void **unused)
{
    static const uint8_t u1[] = {0, 1, 2, 3, 4, 5};
    static const int16_t i2[] = {0, 1, 2, 3, 4, 5};
    static const int32_t i4[] = {0, 1, 2, 3, 4, 5};
    static const int64_t i8[] = {0, 1, 2, 3, 4, 5};
    static const uint16_t f2[] = {0, 0x3c00, 0x4000, 0x4200, 0x4400, 0x4500};
    static const float f4[] = {0, 1, 2, 3, 4, 5};
    static const double f8[] = {0, 1, 2, 3, 4, 5};
    static const struct {
        const char *type;
        const void *body;
        size_t bytes;
    } rows[] = {{"|u1", u1, 1}, {"<i2", i2, 2}, {"<i4", i4, 4}, {"<i8", i8, 8},
                {"<f2", f2, 2}, {"<f4", f4, 4}, {"<f8", f8, 8}};
    static const uint32_t index[] = {2, 0, 1};
    float x[6];
    int32_t y[3];

    (void)unused;
    write_npy("y.npy", "<i8", "(3,)", labels, sizeof labels);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int mapped = 0; mapped < 2; mapped++) {
            write_npy("x.npy", rows[i].type, "(3, 2)", rows[i].body, 6 * rows[i].bytes);
            descent_dataset *data = open_good(mapped ? "x.npy map=yes" : "x.npy");
            assert_int_equal(descent_dataset_count(data), 3);
            assert_int_equal(descent_dataset_outputs(data), 3);
            assert_int_equal(descent_dataset_mapped(data), mapped ? 6 * rows[i].bytes : 0);
            assert_int_equal(descent_dataset_bytes(data), 12 + (mapped ? 0 : 6 * rows[i].bytes));
            dsc_batch_gather(data, NULL, DESCENT_F32, index, 3, x, y);
            for (int j = 0; j < 6; j++)
                assert_float_equal(x[j], ((j + 4) % 6), 0);
            for (int j = 0; j < 3; j++)
                assert_int_equal(y[j], labels[index[j]]);
            descent_dataset_free(data);
        }
}

static void test_half(void **unused)
{
    (void)unused;
    assert_float_equal(dsc_half(0x3555), 0.333251953125f, 0);
    assert_float_equal(dsc_half(0xc000), -2, 0);
    assert_float_equal(dsc_half(0x7bff), 65504, 0);
    assert_float_equal(dsc_half(0x0400), 0x1p-14, 0);
    assert_float_equal(dsc_half(0x03ff), 1023 * 0x1p-24f, 0);
    assert_float_equal(dsc_half(0x8001), -0x1p-24f, 0);
    assert_true(signbit(dsc_half(0x8000)));
    assert_true(isinf(dsc_half(0x7c00)));
    assert_true(isnan(dsc_half(0x7e00)));
}

/* What other writers, and other versions of NumPy, put into a header. */
static void test_headers(void **unused)
{
    static const struct {
        int major;
        const char *header;
    } rows[] = {
        {1, "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }"},
        {2, "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }"},
        {3, "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }"},
        {1, "{\"shape\":(3,2),\"fortran_order\":False,\"descr\":\"<f4\"}"},
        {1, "{'shape': (3L, 2L), 'descr': '<f4', 'fortran_order': False}   \n"},
        {1, " { 'descr' : '<f4' , 'fortran_order' : False , 'shape' : ( 3 , 2 , ) , } "},
    };
    static const float body[] = {0, 1, 2, 3, 4, 5};

    (void)unused;
    write_npy("y.npy", "<i8", "(3,)", labels, sizeof labels);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_npy_as("x.npy", rows[i].major, rows[i].header, body, sizeof body);
        descent_dataset *data = open_good("x.npy");
        assert_int_equal(descent_dataset_count(data), 3);
        assert_memory_equal(floats_of(data), body, sizeof body);
        descent_dataset_free(data);
    }
}

static void test_shapes(void **unused)
{
    static const struct {
        const char *shape, *spec;
        int rank, size[4];
    } rows[] = {
        {"(8,)", "x.npy", 1, {1}},
        {"(8, 1)", "x.npy", 1, {1}},
        {"(2, 2, 2)", "x.npy target=two.npy", 2, {2, 2}},
        {"(2, 1, 2, 2)", "x.npy target=two.npy", 3, {1, 2, 2}},
        {"(2, 4)", "x.npy target=two.npy shape=1x2x2", 3, {1, 2, 2}},
        {"(2, 2, 2)", "x.npy target=two.npy shape=4", 1, {4}},
    };
    static const uint8_t body[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    int shape[4];

    (void)unused;
    write_npy("y.npy", "|u1", "(8,)", "\0\1\0\1\0\1\0\1", 8);
    write_npy("two.npy", "|u1", "(2, 1)", "\0\1", 2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_npy("x.npy", "|u1", rows[i].shape, body, sizeof body);
        descent_dataset *data = open_good(rows[i].spec);
        assert_int_equal(descent_dataset_shape(data, shape), rows[i].rank);
        for (int j = 0; j < rows[i].rank; j++)
            assert_int_equal(shape[j], rows[i].size[j]);
        descent_dataset_free(data);
    }
}

static void test_targets(void **unused)
{
    static const float x[] = {1, 2, 3}, y[] = {0.5f, 1, 2, 3, 4, 5};

    (void)unused;
    write_npy("x.npy", "<f4", "(3,)", x, sizeof x);
    write_npy("wide.npy", "<f4", "(3, 2)", y, sizeof y);
    descent_dataset *data = open_good("x.npy target=wide.npy");
    assert_int_equal(descent_dataset_task(data), DESCENT_REGRESSION);
    assert_int_equal(descent_dataset_outputs(data), 2);
    assert_memory_equal(data->targets, y, sizeof y);
    descent_dataset_free(data);
    write_npy("y.npy", "<i8", "(3,)", labels, sizeof labels);
    data = open_good("x.npy task=regression");
    assert_int_equal(descent_dataset_task(data), DESCENT_REGRESSION);
    for (int i = 0; i < 3; i++)
        assert_float_equal(data->targets[i], labels[i], 0);
    descent_dataset_free(data);
    write_npy("float.npy", "<f4", "(3,)", x, sizeof x);
    data = open_good("x.npy target=float.npy task=classification");
    assert_int_equal(descent_dataset_label(data, 2), 3);
    descent_dataset_free(data);
    assert_int_equal(remove("y.npy"), 0);
    assert_int_equal(descent_dataset_open_features(&data, "x.npy", "label", NULL), DESCENT_OK);
    assert_int_equal(descent_dataset_outputs(data), 0);
    descent_dataset_free(data);
}

/* The test part lies apart; rows and labels are found there, by number and in batches. */
static void test_folder(void **unused)
{
    static const uint8_t train[] = {1, 2, 3, 4, 5, 6}, test[] = {7, 8};
    static const uint32_t index[] = {3, 1};
    float x[4];
    int32_t y[2];

    (void)unused;
    assert_int_equal(mkdir("set", 0777), 0);
    write_npy("set/x_train.npy", "|u1", "(3, 2)", train, sizeof train);
    write_npy("set/y_train.npy", "<i8", "(3,)", labels, sizeof labels);
    write_npy("set/x_test.npy", "|u1", "(1, 2)", test, sizeof test);
    write_npy("set/y_test.npy", "<i8", "(1,)", &labels[2], sizeof *labels);
    for (int mapped = 0; mapped < 2; mapped++) {
        descent_dataset *data = open_good(mapped ? "set map=yes" : "set/ map=no");
        assert_int_equal(descent_dataset_count(data), 4);
        assert_int_equal(descent_dataset_test_count(data), 1);
        assert_int_equal(descent_dataset_mapped(data), mapped ? 8 : 0);
        dsc_batch_gather(data, NULL, DESCENT_F32, index, 2, x, y);
        assert_true(x[0] == 7 && x[1] == 8 && x[2] == 3 && x[3] == 4 && y[0] == 1 && y[1] == 2);
        assert_float_equal(dsc_feature(data, 3, 1), 8, 0);
        descent_dataset_free(data);
    }
    write_npy("set/y_test.npy", "<i8", "(1, 2)", labels, 2 * sizeof *labels);
    open_bad("set", DESCENT_SHAPE,
             "'set/y_train.npy' has examples of 1 numbers of type '<i8', 'set/y_test.npy' of 2 of "
             "type '<i8'; both must be alike");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types),   cmocka_unit_test(test_half),
        cmocka_unit_test(test_headers), cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_targets), cmocka_unit_test(test_folder),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
