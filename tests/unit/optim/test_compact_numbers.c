/* test_compact_numbers.c - numbers in bfloat16 and in 8 bits: what they are, how they are rounded,
 * and the random bits that decide it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* the plainest of the variants; test_compact.c sees that the others do the same */
#define DSC_REAL  32
#define DSC_LEVEL base
#include "optim/chance.h"
#include "optim/codes.h"
#include "optim/compact.h"

enum { N = DSC_BLOCK, DRAWS = 4000 };

/* The same bits as the plain functions of rng.h, tile by tile. */
static void test_chance_is_philox(void **unused)
{
    static const uint64_t steps[] = {1, 77, 0x123456789aull};
    static const uint64_t tiles[] = {0, 5, 0x3fffffffull, 0x123456789ull};
    uint16_t tile[DSC_CHANCE_TILE];

    (void)unused;
    for (uint32_t vector = 0; vector < 3; vector++)
        for (size_t s = 0; s < sizeof steps / sizeof *steps; s++)
            for (size_t t = 0; t < sizeof tiles / sizeof *tiles; t++) {
                dsc_chance_tile(vector, steps[s], tiles[t], tile);
                for (uint64_t e = 0; e < DSC_CHANCE_TILE; e++) {
                    uint32_t word[4];
                    dsc_random_block(vector, DSC_RNG_ROUND, steps[s],
                                     DSC_CHANCE_LANES * tiles[t] + e % 16, word);
                    const uint64_t half = e / 16;
                    assert_int_equal(tile[e],
                                     (uint16_t)(word[half / 2] >> (half % 2 == 0 ? 0 : 16)));
                }
            }
}

/* --- the code books --------------------------------------------------------------------------- */

/* The formula of codes.c. */
static double value_of(int code, int decades)
{
    int k = 0;

    if (code == 0)
        return 0;
    while ((2 << k) - 1 <= code)
        k++;
    return pow(10, k - decades) * (1 + 9.0 * (code + 1 - (1 << k)) / (1 << k));
}

static void test_code_books(void **unused)
{
    (void)unused;
    for (int code = 0; code < DSC_CODES; code++) {
        const double a = (double)dsc_codes_positive[code], b = value_of(code, 8);
        assert_true(fabs(a - b) <= 1e-7 * b);
        assert_true(code == 0 || a > (double)dsc_codes_positive[code - 1]);
    }
    for (int code = 0; code < DSC_CODE_SIGN; code++) {
        const double a = (double)dsc_codes_signed[code], b = value_of(code, 7);
        assert_true(fabs(a - b) <= 1e-7 * b);
        assert_true(dsc_codes_signed[code + DSC_CODE_SIGN] == -dsc_codes_signed[code]);
        assert_true(code == 0 || a > (double)dsc_codes_signed[code - 1]);
    }
    assert_true(dsc_codes_positive[DSC_CODES - 1] == 1.0f);
    assert_true(dsc_codes_signed[DSC_CODE_SIGN - 1] == 1.0f);
}

/* --- there and back --------------------------------------------------------------------------- */

static dsc_expanded expanded;
static unsigned char codes[N * 2];
static float scales[N / DSC_COMPACT_BLOCK];
static size_t first = 4321; /* where the span begins in w */

/* out <- x as it comes back when step `count` has stored it. */
static void store(dsc_storage storage, const float *x, float *out, size_t n, int64_t count)
{
    const dsc_optim rule = {.n_state = 1};
    const dsc_step step = {.count = count};
    const dsc_job job = {.rule = &rule,
                         .step = &step,
                         .state = {codes},
                         .scales = {scales},
                         .storage = {storage},
                         .compact = true,
                         .first = first};
    void *state[DSC_MAX_STATE] = {NULL};

    memcpy(expanded.vector[0], x, n * sizeof *x);
    DSC_R(dsc_pack)(&job, 0, n, &expanded);
    memset(expanded.vector[0], 0xff, n * sizeof *x);
    DSC_R(dsc_expand)(&job, 0, n, &expanded, state);
    assert_ptr_equal(state[0], expanded.vector[0]);
    memcpy(out, state[0], n * sizeof *x);
}

/* Numbers of seven decades, of both signs or of one, with zeros between. */
static void fill(float *x, size_t n, bool positive)
{
    for (size_t i = 0; i < n; i++) {
        x[i] =
            i % 17 == 3 ? 0.0f : (float)(0.37 * pow(10, -7.0 * (double)(i * 37 % n) / (double)n));
        x[i] = i % 2 == 0 && !positive ? -x[i] : x[i];
    }
}

/* The two numbers that x may become: none lies between them. */
static void neighbours(dsc_storage storage, double x, double scale, double *below, double *above)
{
    const double a = fabs(x);

    if (storage == DSC_BF16) {
        const double unit = ldexp(1, ilogb(a) - 7);
        *below = floor(a / unit) * unit;
        *above = ceil(a / unit) * unit;
        return;
    }
    const bool positive = storage == DSC_8BIT_POSITIVE;
    const int decades = positive ? 8 : 7;
    const double fraction = positive ? sqrt(a) : a;
    int code = 0;
    while (value_of(code + 1, decades) * scale <= fraction * (1 + 1e-6) && code + 2 < 1 << decades)
        code++;
    *below = value_of(code, decades) * scale;
    *above = value_of(code + 1, decades) * scale;
    if (positive) {
        *below *= *below;
        *above *= *above;
    }
}

static double scale_of(dsc_storage storage, const float *x, size_t i, size_t n)
{
    const size_t begin = i / DSC_COMPACT_BLOCK * DSC_COMPACT_BLOCK;
    double most = 0;

    for (size_t j = begin; j < begin + DSC_COMPACT_BLOCK && j < n; j++)
        most = fmax(most, fabs((double)x[j]));
    return storage == DSC_8BIT_POSITIVE ? sqrt(most) : most;
}

static const dsc_storage storages[] = {DSC_BF16, DSC_8BIT_SIGNED, DSC_8BIT_POSITIVE};

/* Every number becomes one of its neighbours, zero stays zero, signs stay, and so do the largest.
 */
static void test_numbers_become_neighbours(void **unused)
{
    static const size_t sizes[] = {1, 255, 256, 257, 1023, N};
    float x[N], y[N];

    (void)unused;
    for (size_t s = 0; s < 3; s++)
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            const size_t n = sizes[k];
            fill(x, n, storages[s] == DSC_8BIT_POSITIVE);
            store(storages[s], x, y, n, 3);
            for (size_t i = 0; i < n; i++) {
                const double scale = scale_of(storages[s], x, i, n);
                double below, above;
                assert_true(x[i] != 0.0f || y[i] == 0.0f);
                assert_true(x[i] * y[i] >= 0.0f);
                if (x[i] == 0.0f)
                    continue;
                neighbours(storages[s], (double)x[i], scale, &below, &above);
                assert_true(fabs((double)y[i]) >= below * (1 - 1e-6));
                assert_true(fabs((double)y[i]) <= above * (1 + 1e-6));
                if (storages[s] == DSC_8BIT_SIGNED && fabs((double)x[i]) == scale)
                    assert_true(x[i] == y[i]);
            }
        }
}

/* What was stored once is stored again as the same bits, whatever the random bits are. */
static void test_stored_numbers_stay(void **unused)
{
    unsigned char before[sizeof codes];
    float x[N], y[N], z[N];

    (void)unused;
    for (size_t s = 0; s < 3; s++) {
        fill(x, N, storages[s] == DSC_8BIT_POSITIVE);
        store(storages[s], x, y, N, 1);
        memcpy(before, codes, sizeof codes);
        for (int64_t count = 2; count < 300; count++) {
            store(storages[s], y, z, N, count);
            assert_memory_equal(y, z, sizeof y);
            assert_memory_equal(before, codes, sizeof codes);
        }
    }
}

/* The place in w decides, wherever a span begins; and so does the step. */
static void test_place_and_step_decide(void **unused)
{
    enum { SHIFT = 100 };
    float x[N], y[N], z[N];

    (void)unused;
    fill(x, N, false);
    store(DSC_BF16, x, y, N, 1);
    first += SHIFT;
    store(DSC_BF16, x + SHIFT, z, N - SHIFT, 1);
    assert_memory_equal(y + SHIFT, z, (N - SHIFT) * sizeof *z);
    store(DSC_BF16, x + SHIFT, z, N - SHIFT, 2);
    assert_memory_not_equal(y + SHIFT, z, (N - SHIFT) * sizeof *z);
    first -= SHIFT;
}

/* Over many draws the mean is the number itself; of vectors that are never negative, the mean of
 * square roots is. Smallest positive ones are the exception: test_nothing_positive_becomes_zero. */
static void test_rounding_is_unbiased(void **unused)
{
    static double sum[N];
    float x[N], y[N];

    (void)unused;
    for (size_t s = 0; s < 3; s++) {
        const bool roots = storages[s] == DSC_8BIT_POSITIVE;
        memset(sum, 0, sizeof sum);
        fill(x, N, roots);
        for (int64_t count = 1; count <= DRAWS; count++) {
            store(storages[s], x, y, N, count);
            for (int i = 0; i < N; i++)
                sum[i] += roots ? sqrt((double)y[i]) : (double)y[i];
        }
        double square = 0;
        int counted = 0;
        for (size_t i = 0; i < N; i++) {
            const double wanted = roots ? sqrt((double)x[i]) : fabs((double)x[i]);
            double below, above;
            if (x[i] == 0.0f)
                continue;
            neighbours(storages[s], (double)x[i], scale_of(storages[s], x, i, N), &below, &above);
            below = roots ? sqrt(below) : below;
            above = roots ? sqrt(above) : above;
            const double p = fmin(fmax((wanted - below) / (above - below), 0), 1);
            const double step = above - below, least = 1e-3 * step; /* 12 bits of chance */
            const double deviation = sqrt(p * (1 - p) / DRAWS) * step;
            const double error = fabs(fabs(sum[i]) / DRAWS - wanted);
            assert_true(error <= 5 * deviation + least);
            square += pow(error / (deviation + least), 2);
            counted++;
        }
        assert_true(counted > 900);
        assert_true(square / counted > 0.5 && square / counted < 1.3); /* and it does vary */
    }
}

static void test_nothing_positive_becomes_zero(void **unused)
{
    float x[N] = {1.0f}, y[N];

    (void)unused;
    for (int i = 1; i < N; i++)
        x[i] = ldexpf(1.0f, -(i % 120)); /* from next to 1 down to next to nothing */
    x[1] = 0.0f;
    for (int64_t count = 1; count < 100; count++) {
        store(DSC_8BIT_POSITIVE, x, y, N, count);
        for (int i = 0; i < N; i++)
            assert_true(x[i] > 0.0f ? y[i] > 0.0f && y[i] > 0.99e-12f * y[0] : y[i] == 0.0f);
        for (int i = 0; i < N; i++)
            x[i] *= 0.7f; /* also the scales go down, to where squares leave the range */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chance_is_philox),
        cmocka_unit_test(test_code_books),
        cmocka_unit_test(test_numbers_become_neighbours),
        cmocka_unit_test(test_stored_numbers_stay),
        cmocka_unit_test(test_place_and_step_decide),
        cmocka_unit_test(test_rounding_is_unbiased),
        cmocka_unit_test(test_nothing_positive_becomes_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
