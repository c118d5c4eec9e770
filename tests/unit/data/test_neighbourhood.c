/* test_neighbourhood.c - the nearest examples against a plain search, among few and many, with
 * equal distances, infinite ones and such that are no number; second moments against plain sums.
 * The same for every instruction set. */
#include "data/moments.h"
#include "data/neighbourhood.h"

#include "base/level.h"
#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <float.h>
#include <math.h>
#include <string.h>

enum { MOST = 300, WIDTH = 5, WIDE = 32 };

static float z[WIDTH * MOST];

/* steps: so many values in all; 0: hardly any twice. */
static void draw(size_t n, int steps)
{
    for (size_t i = 0; i < WIDTH * n; i++) {
        const double x = dsc_random_uniform(7, DSC_RNG_AUDIT, (uint64_t)steps, i);
        z[i] = steps > 0 ? (float)floor(x * steps) : (float)(x * 4.0 - 2.0);
    }
}

static float distance(size_t n, size_t a, size_t b, size_t without)
{
    float sum = 0.0f;

    for (size_t j = 0; j < WIDTH; j++)
        if (j != without)
            sum += (z[j * n + b] - z[j * n + a]) * (z[j * n + b] - z[j * n + a]);
    return sum;
}

/* How often each of the nearest stands in place[0..count): once, none of them being `self`, and
 * none that is left out is nearer. */
static void are_nearest(const float *d, size_t among, size_t self, const size_t *place,
                        size_t count)
{
    bool taken[MOST] = {false};
    float furthest = 0.0f;

    for (size_t k = 0; k < count; k++) {
        assert_in_range(place[k], 0, among - 1);
        assert_int_not_equal(place[k], self);
        assert_false(taken[place[k]]);
        taken[place[k]] = true;
        furthest = d[place[k]] > furthest ? d[place[k]] : furthest;
    }
    for (size_t i = 0; i < among; i++)
        if (i != self && !taken[i])
            assert_true(d[i] >= furthest);
}

static void ask(size_t n, size_t among, size_t self, size_t without)
{
    dsc_neighbourhood hood;
    size_t near[DSC_NEAREST] = {0}, wide[WIDE] = {0};
    float d[MOST];

    assert_true(dsc_neighbourhood_make(&hood, z, n, WIDTH, among));
    dsc_neighbourhood_find(&hood, self, without, near);
    for (size_t i = 0; i < among; i++) {
        d[i] = distance(n, self, i, without);
        if (i != self)
            assert_memory_equal(&d[i], &hood.distance[i], sizeof d[i]);
    }
    are_nearest(d, among, self, near, (size_t)hood.count);
    for (int k = 1; k < hood.count; k++) /* of equal ones the first */
        assert_true(d[near[k - 1]] < d[near[k]] ||
                    (d[near[k - 1]] == d[near[k]] && near[k - 1] < near[k]));
    const size_t count = among - 1 < WIDE ? among - 1 : WIDE;
    dsc_neighbourhood_nearest(&hood, count, wide);
    are_nearest(d, among, self, wide, count);
    dsc_neighbourhood_free(&hood);
}

/* Calls f once for every instruction set; a lower one than this processor's is a request. */
static void at_every_level(void (*f)(void))
{
    static const char *const levels[] = {"base", "avx2", "avx512"};
    const char *asked = getenv("DESCENT_CPU");

    if (asked) { /* somebody chose */
        f();
        return;
    }
    for (size_t level = 0; level < sizeof levels / sizeof *levels; level++) {
        assert_int_equal(setenv("DESCENT_CPU", levels[level], 1), 0);
        f();
    }
    assert_int_equal(unsetenv("DESCENT_CPU"), 0);
}

static void search(void)
{
    static const size_t sizes[] = {2, 3, 17, 63, 64, 65, 100, 128, 300};
    static const int steps[] = {0, 1, 2, 5};

    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (size_t v = 0; v < sizeof steps / sizeof *steps; v++) {
            const size_t n = sizes[s];
            draw(n, steps[v]);
            ask(n, n, 0, WIDTH);
            ask(n, n, n - 1, 2);
            ask(n, n, n / 2, 0);
            if (n > 2) /* one that is not among those asked */
                ask(n, n - 1, n - 1, WIDTH);
        }
}

static void against_a_plain_search(void **unused)
{
    (void)unused;
    at_every_level(search);
}

/* Beyond the range differences are infinite, and those of infinite sums no numbers. */
static void beyond_the_range(void **unused)
{
    enum { N = 39 };
    dsc_neighbourhood hood;
    size_t near[DSC_NEAREST], wide[N - 1];
    bool seen[N] = {false};

    (void)unused;
    draw(N, 0);
    for (size_t i = 0; i < N; i++)
        z[i] = i % 3 == 0 ? 0.9f * FLT_MAX : i % 3 == 1 ? -0.9f * FLT_MAX : HUGE_VALF;
    assert_true(dsc_neighbourhood_make(&hood, z, N, WIDTH, N));
    for (size_t self = 0; self < N; self++) {
        dsc_neighbourhood_find(&hood, self, WIDTH, near);
        for (int k = 0; k < hood.count; k++) {
            assert_in_range(near[k], 0, N - 1);
            assert_int_not_equal(near[k], self);
            assert_true(self % 3 == 2 || near[k] % 3 == self % 3); /* as these are finite */
        }
    }
    dsc_neighbourhood_nearest(&hood, N - 1, wide);
    for (size_t k = 0; k < N - 1; k++)
        seen[wide[k]] = true;
    for (size_t i = 0; i < N; i++)
        assert_int_equal(seen[i], i != N - 1);
    dsc_neighbourhood_free(&hood);
}

static double value(size_t n, size_t feature, size_t i)
{
    return feature < WIDTH ? (double)z[feature * n + i] : 1.0;
}

static void sum_up(void)
{
    static const size_t sizes[] = {1, 2, 15, 16, 17, 300};
    static double first[sizeof sizes / sizeof *sizes][(WIDTH + 1) * (WIDTH + 1)];
    static bool known;

    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        const size_t n = sizes[s];
        double m[(WIDTH + 1) * (WIDTH + 1)];
        draw(n, 0);
        dsc_moments(z, n, WIDTH, m);
        for (size_t p = 0; p <= WIDTH; p++)
            for (size_t q = 0; q <= WIDTH; q++) {
                double sum = 0.0;
                for (size_t i = 0; i < n; i++)
                    sum += value(n, p, i) * value(n, q, i) / (double)n;
                assert_true(fabs(m[p * (WIDTH + 1) + q] - sum) < 1e-14);
            }
        if (known) /* the same bits */
            assert_memory_equal(m, first[s], sizeof m);
        memcpy(first[s], m, sizeof m);
    }
    known = true;
}

static void second_moments(void **unused)
{
    (void)unused;
    at_every_level(sum_up);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(against_a_plain_search),
        cmocka_unit_test(beyond_the_range),
        cmocka_unit_test(second_moments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
