/* block.h - arrays between guards, so that a write beyond either end shows. */
#ifndef TEST_BLOCK_H
#define TEST_BLOCK_H

#include "base/real.h"
#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { BLOCK_GUARD = 64, BLOCK_BYTE = 0xFF };

typedef struct block {
    real *x; /* n elements */
    size_t n;
} block;

/* n elements of garbage between guards of the same: NaN, so that what is read before it was written
 * shows too. */
static inline block block_new(size_t n)
{
    real *all = malloc((n + 2 * BLOCK_GUARD) * sizeof *all);

    assert_non_null(all);
    memset(all, BLOCK_BYTE, (n + 2 * BLOCK_GUARD) * sizeof *all);
    return (block){all + BLOCK_GUARD, n};
}

/* The same with normal random numbers. */
static inline block block_random(size_t n, uint64_t stream)
{
    const block b = block_new(n);

    for (size_t i = 0; i < n; i++)
        b.x[i] = (real)dsc_random_normal(1, DSC_RNG_TEST, stream, i);
    return b;
}

/* What inputs hold: numbers of ordinary size, zeros, numbers of 1e30, a NaN among ordinary ones. */
typedef enum content { RANDOM, ZEROS, LARGE, WITH_NAN, N_CONTENTS } content;
static const char *const content_name[N_CONTENTS] = {"random", "zeros", "large", "with NaN"};

static inline block block_of(size_t n, content what, uint64_t stream)
{
    const block b = block_random(n, stream);

    for (size_t i = 0; i < n; i++)
        b.x[i] *= what == ZEROS ? 0 : what == LARGE ? (real)1e30 : 1;
    for (size_t i = n / 3; what == WITH_NAN && i < n; i += n / 2 + 1)
        b.x[i] = (real)NAN;
    return b;
}

/* Fails when a guard was written to. */
static inline void block_free(block b)
{
    const unsigned char *before = (unsigned char *)(b.x - BLOCK_GUARD);
    const unsigned char *after = (unsigned char *)(b.x + b.n);

    for (size_t i = 0; i < BLOCK_GUARD * sizeof *b.x; i++) {
        assert_int_equal(before[i], BLOCK_BYTE);
        assert_int_equal(after[i], BLOCK_BYTE);
    }
    free(b.x - BLOCK_GUARD);
}

/* Every element within `allowed` of the other's; NaN never is. */
static inline void block_near(const char *what, int number, block a, block b, double allowed)
{
    assert_int_equal(a.n, b.n);
    for (size_t i = 0; i < a.n; i++)
        if (!(fabs((double)a.x[i] - (double)b.x[i]) <= allowed))
            fail_msg("%s, case %d, element %zu: %.17g, expected %.17g", what, number, i,
                     (double)a.x[i], (double)b.x[i]);
}

/* Every element within `allowed` of the other's, or NaN where the other is. */
static inline void block_agree(const char *what, int number, block a, block b, double allowed)
{
    assert_int_equal(a.n, b.n);
    for (size_t i = 0; i < a.n; i++)
        if (isnan(a.x[i]) ? !isnan(b.x[i]) : !(fabs((double)a.x[i] - (double)b.x[i]) <= allowed))
            fail_msg("%s, case %d, element %zu: %.9g, expected %.9g", what, number, i,
                     (double)a.x[i], (double)b.x[i]);
}

static inline void block_same(block a, block b)
{
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.x, b.x, a.n * sizeof *a.x);
}

#endif
