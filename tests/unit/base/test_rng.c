/* test_rng.c - Philox against its authors' known answers, and what is made of it. */
#include "base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The known answers that come with the paper's Random123 library. */
static void philox_gives_the_known_answers(void **state)
{
    static const struct {
        uint32_t counter[4], key[2], out[4];
    } c[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        uint32_t out[4];
        dsc_philox(c[i].counter, c[i].key, out);
        assert_memory_equal(out, c[i].out, sizeof out);
    }
}

static void uses_do_not_share_numbers(void **state)
{
    (void)state;
    const uint32_t here = dsc_random_bits(1, DSC_RNG_INIT, 2, 3);
    assert_int_equal(here, dsc_random_bits(1, DSC_RNG_INIT, 2, 3));
    assert_int_not_equal(here, dsc_random_bits(2, DSC_RNG_INIT, 2, 3));
    assert_int_not_equal(here, dsc_random_bits(1, DSC_RNG_SHUFFLE, 2, 3));
    assert_int_not_equal(here, dsc_random_bits(1, DSC_RNG_INIT, 3, 3));
    assert_int_not_equal(here, dsc_random_bits(1, DSC_RNG_INIT, 2, 4));
}

static void moments_are_right(void **state)
{
    enum { N = 100000 };
    double mean = 0, squares = 0, normal = 0, normal_squares = 0;

    (void)state;
    for (uint64_t i = 0; i < N; i++) {
        const double u = dsc_random_uniform(7, DSC_RNG_TEST, 0, i);
        const double z = dsc_random_normal(7, DSC_RNG_TEST, 1, i);
        assert_true(u >= 0 && u < 1 && isfinite(z));
        mean += u / N;
        squares += u * u / N;
        normal += z / N;
        normal_squares += z * z / N;
    }
    assert_true(fabs(mean - 0.5) < 0.004 && fabs(squares - 1.0 / 3) < 0.004);
    assert_true(fabs(normal) < 0.015 && fabs(normal_squares - 1) < 0.02);
}

static void a_shuffle_is_a_permutation_and_a_function(void **state)
{
    enum { N = 1000 };
    uint32_t a[N], b[N], other[N];
    char seen[N] = {0};

    (void)state;
    for (uint32_t i = 0; i < N; i++)
        a[i] = b[i] = other[i] = i;
    dsc_random_shuffle(1, DSC_RNG_SHUFFLE, 5, a, N);
    dsc_random_shuffle(1, DSC_RNG_SHUFFLE, 5, b, N);
    dsc_random_shuffle(1, DSC_RNG_SHUFFLE, 6, other, N);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, other, sizeof a);
    for (int i = 0; i < N; i++) {
        assert_true(a[i] < N && !seen[a[i]]);
        seen[a[i]] = 1;
    }
    dsc_random_shuffle(1, DSC_RNG_SHUFFLE, 0, a, 0);
    dsc_random_shuffle(1, DSC_RNG_SHUFFLE, 0, a, 1);
}

/* Each of the 24 orders of four comes about equally often: chi-square with 23 degrees of freedom.
 */
static void a_shuffle_is_fair(void **state)
{
    enum { ROUNDS = 24000 };
    int count[256] = {0};
    double chi = 0;
    int orders = 0;

    (void)state;
    for (uint64_t i = 0; i < ROUNDS; i++) {
        uint32_t o[4] = {0, 1, 2, 3};
        dsc_random_shuffle(3, DSC_RNG_TEST, i, o, 4);
        count[o[0] << 6 | o[1] << 4 | o[2] << 2 | o[3]]++;
    }
    for (int i = 0; i < 256; i++)
        if (count[i] > 0) {
            orders++;
            chi += (count[i] - 1000.0) * (count[i] - 1000.0) / 1000.0;
        }
    assert_int_equal(orders, 24);
    assert_true(chi < 60); /* 0.003 % */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_known_answers),
        cmocka_unit_test(uses_do_not_share_numbers),
        cmocka_unit_test(moments_are_right),
        cmocka_unit_test(a_shuffle_is_a_permutation_and_a_function),
        cmocka_unit_test(a_shuffle_is_fair),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
