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

enum { BLOCK_GUARD = 64, BLOCK_BYTE = 0xA5 };

typedef struct block {
    real *x; /* n elements */
    size_t n;
} block;

/* n elements of garbage (huge negative numbers) between guards of the same. */
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

static inline void block_same(block a, block b)
{
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.x, b.x, a.n * sizeof *a.x);
}

#endif
