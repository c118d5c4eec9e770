/* test_scale.c - mean 0 and deviation 1, and batches gathered with it. */
#include "files.h"

#include "data/dataset.h"

#include <math.h>

static const float table[] = {1, 10, 0.1f, /* */ 3, 30, 0.1f, /* */ 5, 10, 0.1f, /* */ 99, 99, 99};
static const float numbers[] = {2, 4, 9, 1000};

static descent_dataset floats(void)
{
    return (descent_dataset){.task = DESCENT_REGRESSION,
                             .count = 4,
                             .shape = {1, {3}},
                             .outputs = 1,
                             .dtype = DSC_F32,
                             .features = table,
                             .targets = numbers};
}

/* Fitted on the first three rows; by hand: means 3, 50/3, 0.1; deviations sqrt(8/3),
 * sqrt(800/9), none; target 5 and sqrt(26/3). */
static void test_scale_columns(void **unused)
{
    static const uint32_t index[] = {0, 1, 2};
    const descent_dataset data = floats();
    dsc_scaling s;

    (void)unused;
    assert_int_equal(dsc_scaling_fit(&s, &data, index, 3, NULL), DESCENT_OK);
    assert_int_equal(s.n, 3);
    assert_float_equal(s.shift[0], 3, 0);
    assert_float_equal(s.scale[0], sqrt(3.0 / 8), 1e-7);
    assert_float_equal(s.shift[1], 50.0 / 3, 1e-6);
    assert_float_equal(s.scale[1], sqrt(9.0 / 800), 1e-8);
    assert_float_equal(s.shift[2], 0.1f, 0);
    assert_float_equal(s.scale[2], 1, 0);
    assert_int_equal(s.n_targets, 1);
    assert_float_equal(s.target_shift[0], 5, 0);
    assert_float_equal(s.target_scale[0], sqrt(3.0 / 26), 1e-7);
    dsc_scaling_free(&s);
    assert_int_equal(s.n, 0);
}

/* A large mean costs no digits, and the smallest numbers no infinity. */
static void test_scale_extremes(void **unused)
{
    static const float x[] = {16777215, 0, 1e-44f, /* */ 16777213, 0, 0};
    static const uint32_t index[] = {0, 1};
    const descent_dataset data = {.count = 2, .shape = {1, {3}}, .dtype = DSC_F32, .features = x};
    dsc_scaling s;

    (void)unused;
    assert_int_equal(dsc_scaling_fit(&s, &data, index, 2, NULL), DESCENT_OK);
    assert_float_equal(s.scale[0], 1, 0); /* deviation 1 */
    assert_float_equal(s.shift[0], 16777214, 0);
    assert_float_equal(s.scale[1], 1, 0);
    assert_float_equal(s.scale[2], 1, 0);
    dsc_scaling_free(&s);
}

static void test_scale_pictures(void **unused)
{
    static const uint8_t bytes[] = {0, 4, 0, 4, /* */ 255, 255, 255, 255, /* */ 2, 2, 2, 2};
    static const float same[] = {0, 4, 0, 4, 255, 255, 255, 255, 2, 2, 2, 2};
    static const uint32_t index[] = {0, 2}, flat[] = {1};
    descent_dataset data = {
        .count = 3, .shape = {3, {1, 2, 2}}, .dtype = DSC_U8, .features = bytes};
    dsc_scaling s;

    (void)unused;
    for (int form = 0; form < 2; form++) {
        assert_int_equal(dsc_scaling_fit(&s, &data, index, 2, NULL), DESCENT_OK);
        assert_int_equal(s.n, 1);
        assert_float_equal(s.shift[0], 2, 0);
        assert_float_equal(s.scale[0], sqrt(0.5), 1e-7); /* squares 4*4 over 8 numbers */
        dsc_scaling_free(&s);
        assert_int_equal(dsc_scaling_fit(&s, &data, flat, 1, NULL), DESCENT_OK);
        assert_float_equal(s.shift[0], 255, 0);
        assert_float_equal(s.scale[0], 1, 0);
        dsc_scaling_free(&s);
        data.dtype = DSC_F32;
        data.features = same;
    }
}

static void test_gather_floats(void **unused)
{
    float shift[] = {1, 10, 0}, scale[] = {0.5f, 2, 10}, target_shift[] = {4},
          target_scale[] = {0.25f};
    const dsc_scaling s = {3, shift, scale, 1, target_shift, target_scale};
    static const uint32_t index[] = {2, 0, 2};
    const descent_dataset data = floats();
    float x[9], y[3];
    double x64[9], y64[3];

    (void)unused;
    dsc_batch_gather(&data, &s, DESCENT_F32, index, 3, x, y);
    dsc_batch_gather(&data, &s, DESCENT_F64, index, 3, x64, y64);
    static const float expected[] = {2, 0, 1, 0, 0, 1, 2, 0, 1};
    for (int i = 0; i < 9; i++) {
        assert_float_equal(x[i], expected[i], 1e-7);
        assert_float_equal(x64[i], expected[i], 1e-7);
    }
    assert_float_equal(y[0], 1.25, 0);
    assert_float_equal(y64[1], -0.5, 0);
    dsc_batch_gather(&data, NULL, DESCENT_F32, index, 1, x, y); /* as they are */
    assert_memory_equal(x, table + 6, 3 * sizeof *x);
    assert_float_equal(y[0], 9, 0);
    dsc_batch_gather(&data, &s, DESCENT_F32, index + 1, 1, x, NULL);
    assert_float_equal(x[0], 0, 0);
}

/* Every instruction set gives the same bits. */
static void test_gather_levels(void **unused)
{
    static const char *const levels[] = {"base", "avx2", "avx512"};
    descent_dataset *data = open_good("digits");
    static const uint32_t index[] = {1796, 3, 500};
    float shift = 4.884f, scale = 0.1662f, x[3][3 * 64];
    const dsc_scaling s = {.n = 1, .shift = &shift, .scale = &scale};
    int32_t y[3];

    (void)unused;
    for (int level = 0; level < 3; level++) {
        assert_int_equal(setenv("DESCENT_CPU", levels[level], 1), 0);
        dsc_batch_gather(data, &s, DESCENT_F32, index, 3, x[level], y);
        assert_memory_equal(x[0], x[level], sizeof x[0]);
    }
    assert_int_equal(unsetenv("DESCENT_CPU"), 0);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(y[i], data->labels[index[i]]);
        for (size_t j = 0; j < 64; j++)
            assert_float_equal(
                x[0][i * 64 + j],
                ((float)((const uint8_t *)data->features)[(size_t)index[i] * 64 + j] - shift) *
                    scale,
                0);
    }
    descent_dataset_free(data);
}

/* What zeros become, in both precisions; without scaling they stay. */
static void test_zeros(void **unused)
{
    float shift[] = {3, -4}, scale[] = {0.5f, 2};
    const dsc_scaling each = {.n = 2, .shift = shift, .scale = scale};
    const dsc_scaling one = {.n = 1, .shift = shift, .scale = scale}, none = {0};
    float x[2];
    double y[2];

    (void)unused;
    dsc_scaling_zeros(&each, DESCENT_F32, 2, x);
    dsc_scaling_zeros(&each, DESCENT_F64, 2, y);
    assert_true(x[0] == -1.5f && x[1] == 8 && y[0] == -1.5 && y[1] == 8);
    dsc_scaling_zeros(&one, DESCENT_F32, 2, x);
    dsc_scaling_zeros(&one, DESCENT_F64, 2, y);
    assert_true(x[0] == -1.5f && x[1] == -1.5f && y[0] == -1.5 && y[1] == -1.5);
    dsc_scaling_zeros(&none, DESCENT_F32, 2, x);
    dsc_scaling_zeros(&none, DESCENT_F64, 2, y);
    assert_true(x[0] == 0 && x[1] == 0 && y[0] == 0 && y[1] == 0);
}

static void test_nothing_to_scale(void **unused)
{
    const descent_dataset data = floats();
    descent_error err = {0};
    dsc_scaling s;

    (void)unused;
    assert_int_equal(dsc_scaling_fit(&s, &data, NULL, 0, &err), DESCENT_INVALID);
    assert_string_equal(err.message, "scaling needs at least one example");
    assert_null(s.shift);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scale_columns),    cmocka_unit_test(test_scale_extremes),
        cmocka_unit_test(test_scale_pictures),   cmocka_unit_test(test_gather_floats),
        cmocka_unit_test(test_gather_levels),    cmocka_unit_test(test_zeros),
        cmocka_unit_test(test_nothing_to_scale),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
