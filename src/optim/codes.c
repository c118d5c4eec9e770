/* codes.c - the dynamic 8-bit numbers of Dettmers et al. 2022 (arXiv:2110.02861).
 *
 *     value(0) = 0,    value(2^k - 1 + j) = 10^(k - K) (1 + 9 j / 2^k)     0 <= j < 2^k, 1 <= k < K
 *     value(2^K - 1) = 1
 *
 * Every decade has twice as many numbers as the one below it, evenly spaced: leading zeros of a
 * code say which decade, the bits after its first one where in it. K = 8 for vectors that are never
 * negative: 1e-7 to 1. Others have K = 7, 1e-6 to 1, and a sign in the highest bit. The paper
 * takes the middles of the intervals; with their borders, as here, 1 and -1 are among the numbers,
 * so that a block's largest element comes back as it was, and value() is one bent line without
 * gaps, whose inverse is cheap: see compact.c. */
#include "optim/codes.h"

/* 2, 4, ... numbers of the decade that begins at `ten` and has `count` of them. */
#define V1(s, ten, count, j)   (float)(s * ten * (1.0 + 9.0 * (j) / count))
#define V2(s, ten, count, j)   V1(s, ten, count, j), V1(s, ten, count, (j) + 1)
#define V4(s, ten, count, j)   V2(s, ten, count, j), V2(s, ten, count, (j) + 2)
#define V8(s, ten, count, j)   V4(s, ten, count, j), V4(s, ten, count, (j) + 4)
#define V16(s, ten, count, j)  V8(s, ten, count, j), V8(s, ten, count, (j) + 8)
#define V32(s, ten, count, j)  V16(s, ten, count, j), V16(s, ten, count, (j) + 16)
#define V64(s, ten, count, j)  V32(s, ten, count, j), V32(s, ten, count, (j) + 32)
#define V128(s, ten, count, j) V64(s, ten, count, j), V64(s, ten, count, (j) + 64)

/* clang-format off */
#define HALF(s) \
    (float)(s * 0.0), V2(s, 1e-6, 2, 0), V4(s, 1e-5, 4, 0), V8(s, 1e-4, 8, 0), \
    V16(s, 1e-3, 16, 0), V32(s, 1e-2, 32, 0), V64(s, 1e-1, 64, 0), (float)(s)

const float dsc_codes_signed[DSC_CODES] = {HALF(1.0), HALF(-1.0)};

const float dsc_codes_positive[DSC_CODES] = {
    0.0f, V2(1.0, 1e-7, 2, 0), V4(1.0, 1e-6, 4, 0), V8(1.0, 1e-5, 8, 0), V16(1.0, 1e-4, 16, 0),
    V32(1.0, 1e-3, 32, 0), V64(1.0, 1e-2, 64, 0), V128(1.0, 1e-1, 128, 0), 1.0f,
};
/* clang-format on */
