/* test_elementary.c - the float functions against the double ones of libm. */
#include "base/elementary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

typedef struct pair {
    const char *name;
    float (*quick)(float);
    double (*exact)(double);
    double ulps; /* allowed */
} pair;

static const pair function[] = {
    {"exp", dsc_expf, exp, 1.0},    {"expm1", dsc_expm1f, expm1, 1.6},
    {"log", dsc_logf, log, 1.0},    {"log1p", dsc_log1pf, log1p, 1.5},
    {"tanh", dsc_tanhf, tanh, 1.5}, {"erf", dsc_erff, erf, 1.5},
};
enum { N_FUNCTIONS = sizeof function / sizeof *function };

/* |y - exact| in units of the last place of a float near exact; huge when one of them is NaN, or
 * one infinite, and the other isn't, or the sign is wrong. */
static double error_of(float y, double exact)
{
    int exponent;

    if (isnan(exact))
        return isnan(y) ? 0 : (double)INFINITY;
    if (isnan(y) || !signbit(y) != !signbit(exact))
        return (double)INFINITY;
    if (isinf(y) || isinf((float)exact))
        return y == (float)exact ? 0 : (double)INFINITY;
    (void)frexp(exact, &exponent);
    return fabs((double)y - exact) / ldexp(1, (exponent < -125 ? -125 : exponent) - 24);
}

/* A sample over all bit patterns (infinities and NaN are among them), and every value in the
 * neighbourhood of where formulas change. */
static void near_the_exact_value(void **state)
{
    static const float border[] = {0, 0x1p-24f, 0.6f, 0.92f, 1, 0x1p-126f, 0.34657359f, 4, 10, 89};

    (void)state;
    for (int f = 0; f < N_FUNCTIONS; f++) {
        double most = 0;
        float at = 0;
        for (uint64_t bits = 0; bits < UINT64_C(1) << 32; bits += 4093) {
            const float x = dsc_float_of((uint32_t)bits);
            const double error = error_of(function[f].quick(x), function[f].exact((double)x));
            if (error > most) {
                most = error;
                at = x;
            }
        }
        for (size_t b = 0; b < 2 * sizeof border / sizeof *border; b++)
            for (uint32_t i = 0; i < 4000; i++) {
                const uint32_t middle = dsc_bits_of(b % 2 ? -border[b / 2] : border[b / 2]);
                const float x = dsc_float_of(middle + i - 2000u);
                const double error = error_of(function[f].quick(x), function[f].exact((double)x));
                if (error > most) {
                    most = error;
                    at = x;
                }
            }
        if (!(most <= function[f].ulps))
            fail_msg("%s is %.3g units from the exact value at %a, allowed %.3g", function[f].name,
                     most, (double)at, function[f].ulps);
    }
}

static void special_values(void **state)
{
    static const float inf = INFINITY, tiny = 0x1p-149f;
    static const struct {
        float (*f)(float);
        float x, y;
    } c[] = {
        {dsc_expf, -0.0f, 1},     {dsc_expf, inf, inf},       {dsc_expf, -inf, 0},
        {dsc_expf, 88.8f, inf},   {dsc_expf, -104, 0},        {dsc_expf, 3e38f, inf},
        {dsc_expf, -3e38f, 0},    {dsc_expm1f, -0.0f, -0.0f}, {dsc_expm1f, inf, inf},
        {dsc_expm1f, -inf, -1},   {dsc_expm1f, tiny, tiny},   {dsc_expm1f, -50, -1},
        {dsc_logf, 0, -inf},      {dsc_logf, -0.0f, -inf},    {dsc_logf, 1, 0},
        {dsc_logf, inf, inf},     {dsc_log1pf, -0.0f, -0.0f}, {dsc_log1pf, -1, -inf},
        {dsc_log1pf, inf, inf},   {dsc_log1pf, tiny, tiny},   {dsc_tanhf, -0.0f, -0.0f},
        {dsc_tanhf, inf, 1},      {dsc_tanhf, -inf, -1},      {dsc_tanhf, tiny, tiny},
        {dsc_erff, -0.0f, -0.0f}, {dsc_erff, inf, 1},         {dsc_erff, -inf, -1},
        {dsc_erff, tiny, tiny},
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++)
        if (dsc_bits_of(c[i].f(c[i].x)) != dsc_bits_of(c[i].y))
            fail_msg("case %zu: f(%a) is %a, expected %a", i, (double)c[i].x,
                     (double)c[i].f(c[i].x), (double)c[i].y);
    for (int f = 0; f < N_FUNCTIONS; f++)
        assert_true(isnan(function[f].quick(NAN)));
    assert_true(isnan(dsc_logf(-1)) && isnan(dsc_logf(-inf)));
    assert_true(isnan(dsc_log1pf(-1.5f)) && isnan(dsc_log1pf(-inf)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(near_the_exact_value),
        cmocka_unit_test(special_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
