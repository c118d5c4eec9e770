/* test_pool.c - pooling against its definition: ties, NaN, padding, windows that overhang. */
#define DSC_REAL  64
#define DSC_LEVEL base
#include "pool_define.h"

static const dsc_kernels *kernels(void)
{
    return dsc_kernels_choose(DESCENT_F64, DSC_BACKEND_AUTO, dsc_level_choose());
}

/* Random numbers, then such with many equal ones, then with a NaN or two in many windows. */
static void the_largest_is_found(void **state)
{
    (void)state;
    for (int i = 0; i < N_CASES + N_DILATED; i++) {
        const dsc_pool_shape *s = i < N_CASES ? &cases[i] : &dilated[i - N_CASES];
        const block x = block_random(count_x(s), 1);
        check_max(kernels(), "random", i, s, x);
        for (size_t j = 0; j < x.n; j++)
            x.x[j] = floor(x.x[j]);
        check_max(kernels(), "ties", i, s, x);
        for (size_t j = 0; j < x.n; j += 5)
            x.x[j] = (real)NAN;
        check_max(kernels(), "NaN", i, s, x);
        for (size_t j = 0; j < x.n; j++)
            x.x[j] = -(real)INFINITY;
        check_max(kernels(), "-inf", i, s, x);
        block_free(x);
    }
}

/* A window of 2 with dilation 3 on a picture of 2x2, padded by 1: nothing lies under it. */
static void a_window_in_the_padding_has_no_largest(void **state)
{
    static const dsc_pool_shape s = POOL(2, 2, 2, 2, 1, 1, 1, 1, 3, 3, 1, 1, false);
    const block x = block_random(count_x(&s), 1);

    (void)state;
    check_max(kernels(), "padding", 0, &s, x);
    block_free(x);
}

static void the_mean_divides_by_what_counts(void **state)
{
    (void)state;
    for (int i = 0; i < N_CASES; i++)
        check_mean(kernels(), i, &cases[i], RANDOM);
}

/* 2^32 elements of a window are more than an int holds. */
static void a_huge_window_is_counted_right(void **state)
{
    enum { SIDE = 1 << 16 };
    static const dsc_pool_shape s =
        POOL(2, 2, SIDE, SIDE, SIDE, SIDE, SIDE / 2, SIDE / 2, 1, 1, 1, 1, true);
    const block x = block_random(count_x(&s), 1), y = block_new(count_y(&s));

    (void)state;
    kernels()->avg_pool_forward(&s, ROWS, x.x, y.x);
    for (size_t i = 0; i < y.n; i++) {
        const real sum = ((x.x[4 * i] + x.x[4 * i + 1]) + x.x[4 * i + 2]) + x.x[4 * i + 3];
        assert_true(fabs(y.x[i] - sum / 4294967296.0) <= 1e-20);
    }
    block_free(x);
    block_free(y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_is_found),
        cmocka_unit_test(a_window_in_the_padding_has_no_largest),
        cmocka_unit_test(the_mean_divides_by_what_counts),
        cmocka_unit_test(a_huge_window_is_counted_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
