/* test_conv.c - convolution in double against its definition, one product after the other. */
#define DSC_REAL  64
#define DSC_LEVEL base
#include "conv_define.h"
#include "kernel/kernel.h"

static const dsc_kernels *kernels(void)
{
    return dsc_kernels_choose(DESCENT_F64, DSC_BACKEND_AUTO, dsc_level_choose());
}

static void convolution_is_its_definition(void **state)
{
    const dsc_kernels *k = kernels();

    (void)state;
    for (int i = 0; i < N_CONV_CASES; i++) {
        const dsc_conv_shape s = sized(conv_cases[i].shape);
        const int rows = conv_cases[i].rows;
        arrays got = make(&s, rows, RANDOM, RANDOM), expected = make(&s, rows, RANDOM, RANDOM);
        define(&s, rows, true, false, &expected);
        k->conv_forward(k, &s, rows, got.x.x, got.w.x, got.bias.x, got.y.x, got.scratch.x);
        k->conv_backward_data(k, &s, rows, got.dy.x, got.w.x, got.dx.x, got.scratch.x);
        k->conv_backward_weights(k, &s, rows, got.x.x, got.dy.x, got.dw.x, got.dbias.x,
                                 got.scratch.x);
        block_near("y", i, got.y, expected.y, 1e-12);
        block_near("dx", i, got.dx, expected.dx, 1e-12);
        block_near("dw", i, got.dw, expected.dw, 1e-11);
        block_near("dbias", i, got.dbias, expected.dbias, 1e-11);
        release(got);
        release(expected);
    }
}

static void what_is_not_wanted_may_be_left_out(void **state)
{
    const dsc_kernels *k = kernels();
    const dsc_conv_shape s = sized(conv_cases[3].shape);
    const int rows = conv_cases[3].rows;
    arrays got = make(&s, rows, RANDOM, RANDOM), expected = make(&s, rows, RANDOM, RANDOM);

    (void)state;
    define(&s, rows, false, false, &expected);
    k->conv_forward(k, &s, rows, got.x.x, got.w.x, NULL, got.y.x, got.scratch.x);
    block_near("y", 3, got.y, expected.y, 1e-12);
    k->conv_backward_weights(k, &s, rows, got.x.x, got.dy.x, got.dw.x, NULL, got.scratch.x);
    block_near("dw", 3, got.dw, expected.dw, 1e-12);
    k->conv_backward_weights(k, &s, rows, got.x.x, got.dy.x, NULL, got.dbias.x, got.scratch.x);
    block_near("dbias", 3, got.dbias, expected.dbias, 1e-12);
    release(got);
    release(expected);
}

static void no_rows_give_no_gradient(void **state)
{
    const dsc_kernels *k = kernels();
    const dsc_conv_shape s = sized(conv_cases[1].shape);
    arrays a = make(&s, 1, RANDOM, RANDOM);

    (void)state;
    k->conv_backward_weights(k, &s, 0, a.x.x, a.dy.x, a.dw.x, a.dbias.x, a.scratch.x);
    for (size_t i = 0; i < a.dw.n; i++)
        assert_true(a.dw.x[i] == 0);
    for (size_t i = 0; i < a.dbias.n; i++)
        assert_true(a.dbias.x[i] == 0);
    release(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(convolution_is_its_definition),
        cmocka_unit_test(what_is_not_wanted_may_be_left_out),
        cmocka_unit_test(no_rows_give_no_gradient),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
