/* elementary.h - exp, expm1, log, log1p, tanh and erf of floats, written so that loops over them
 * become vector code.
 *
 * No branches, no tables, no calls: selections, plain operations in one fixed order and arithmetic
 * on the bits of a float, so that one number at a time and sixteen at a time give the same bits.
 * Within 2 units in the last place of the true value (tests/unit/base/test_elementary.c); NaN stays
 * NaN, infinities, signed zeros and denormal numbers are right. The polynomials are minimax fits
 * (Remez), their coefficients rounded to float from the lowest power on and refitted after each.
 * Reduction of arguments: Cody & Waite 1980, "Software manual for the elementary functions". */
#ifndef DSC_BASE_ELEMENTARY_H
#define DSC_BASE_ELEMENTARY_H

#include <math.h>
#include <stdint.h>

typedef union dsc_float_bits {
    float value;
    uint32_t bits;
} dsc_float_bits;

static inline uint32_t dsc_bits_of(float x)
{
    return (dsc_float_bits){.value = x}.bits;
}

static inline float dsc_float_of(uint32_t bits)
{
    return (dsc_float_bits){.bits = bits}.value;
}

/* ln 2 in two pieces: a whole number times the first is exact. */
#define DSC_LN2_HIGH 0x1.62e4p-1f
#define DSC_LN2_LOW  0x1.7f7d1cp-20f

/* x = n ln 2 + r with |r| <= ln 2 / 2, and n also as a number with 254 added: positive, so that it
 * may be halved by a shift. Adding 1.5 * 2^23 rounds to a whole number, which then stands in the
 * lowest bits. */
typedef struct dsc_exp_parts {
    float r, n;
    uint32_t n_254;
} dsc_exp_parts;

static inline dsc_exp_parts dsc_exp_reduce(float x)
{
    const float shifted = x * 0x1.715476p+0f + 0x1.8p23f;
    const float n = shifted - 0x1.8p23f;

    return (dsc_exp_parts){.r = x - n * DSC_LN2_HIGH - n * DSC_LN2_LOW,
                           .n = n,
                           .n_254 = dsc_bits_of(shifted) - 0x4b400000u + 254u};
}

/* x 2^n, in two steps: neither factor overflows where the product doesn't */
static inline float dsc_exp_scale(float x, uint32_t n_254)
{
    const uint32_t half = n_254 >> 1;

    return x * dsc_float_of(half << 23) * dsc_float_of((n_254 - half) << 23);
}

/* exp(r) for |r| <= ln 2 / 2 */
static inline float dsc_exp_core(float r)
{
    const float p =
        0x1.fffffcp-2f +
        r * (0x1.55548ap-3f + r * (0x1.55584ep-5f + r * (0x1.123f32p-7f + r * 0x1.6ad18ap-10f)));

    return 1 + (r + r * r * p);
}

static inline float dsc_expf(float x)
{
    const float below = x > 89 ? 89 : x; /* beyond both: infinity and 0 */
    const float within = below < -105 ? -105 : below;
    const dsc_exp_parts e = dsc_exp_reduce(within);

    return dsc_exp_scale(dsc_exp_core(e.r), e.n_254);
}

/* exp(x) - 1 = 2^n (exp(r) - 1 + (1 - 2^-n)), where 1 - 2^-n is exact as long as it matters */
static inline float dsc_expm1f(float x)
{
    const float below = x > 89 ? 89 : x;
    const float within = below < -20 ? -20 : below; /* -1 there */
    const dsc_exp_parts e = dsc_exp_reduce(within);
    const float r = e.r;
    const float p =
        0.5f + r * (0x1.55552cp-3f +
                    r * (0x1.555502p-5f +
                         r * (0x1.1155a6p-7f + r * (0x1.6d2b4cp-10f + r * 0x1.3b3f26p-13f))));
    const uint32_t n_127 = e.n_254 - 127u;
    const float inverse = dsc_float_of((254u - (n_127 < 254u ? n_127 : 254u)) << 23); /* 2^-n */
    const float y = dsc_exp_scale((r + r * r * p) + (1 - inverse), e.n_254);

    return fabsf(x) < 0x1p-24f ? x : y; /* -0, and denormal numbers, as they are */
}

/* m 2^k, sqrt(1/2) <= m < sqrt 2, of a positive finite normal number */
typedef struct dsc_log_parts {
    float m;
    int32_t k;
} dsc_log_parts;

static inline dsc_log_parts dsc_log_reduce(float x)
{
    const uint32_t shifted = dsc_bits_of(x) + (0x3f800000u - 0x3f3504f3u);

    return (dsc_log_parts){.m = dsc_float_of((shifted & 0x7fffffu) + 0x3f3504f3u),
                           .k = (int32_t)(shifted >> 23) - 127};
}

/* k ln 2 + log(1 + f) for sqrt(1/2) <= 1 + f < sqrt 2 */
static inline float dsc_log_core(float f, float k)
{
    const float p = 0x1.555548p-2f +
                    f * (-0x1.000070p-2f +
                         f * (0x1.99a542p-3f +
                              f * (-0x1.552f06p-3f +
                                   f * (0x1.230312p-3f +
                                        f * (-0x1.01058ap-3f +
                                             f * (0x1.effbb0p-4f +
                                                  f * (-0x1.bf1fd6p-4f + f * 0x1.b4fc38p-5f)))))));
    const float z = f * f;

    return k * DSC_LN2_HIGH + (f + ((f * z * p + k * DSC_LN2_LOW) - 0.5f * z));
}

static inline float dsc_logf(float x)
{
    const float larger = x < 0x1p-126f ? x * 0x1p23f : x; /* denormal numbers become normal */
    const float shift = x < 0x1p-126f ? -23.0f : 0.0f;
    const dsc_log_parts part = dsc_log_reduce(larger);
    const float y = dsc_log_core(part.m - 1, (float)part.k + shift);
    const float outside = x == 0 ? -INFINITY : NAN;
    const float defined = x > 0 ? y : outside;

    return x < INFINITY ? defined : x; /* infinity, and NaN, as they are */
}

/* With u = 1 + x rounded and c what was lost: u + c = 2^k (m + c 2^-k). */
static inline float dsc_log1pf(float x)
{
    const float u = 1 + x;
    const float c = x < 1 ? x - (u - 1) : 1 - (u - x);
    const dsc_log_parts part = dsc_log_reduce(u);
    const uint32_t bits = (uint32_t)(127 - part.k) << 23;
    const float inverse = dsc_float_of(part.k < 64 ? bits : 0); /* 2^-k; c no longer matters */
    const float y = dsc_log_core((part.m - 1) + c * inverse, (float)part.k);
    const float outside = x == -1 ? -INFINITY : NAN;
    const float defined = x > -1 ? y : outside;
    const float known = x < INFINITY ? defined : x;

    return fabsf(x) < 0x1p-24f ? x : known;
}

/* x (1 + x^2 P(x^2)) near zero, beyond it 1 - 2 / (exp(2 |x|) + 1), which is 1 from 10 on */
static inline float dsc_tanhf(float x)
{
    const float a = fabsf(x) > 10 ? 10 : fabsf(x);
    const float z = a * a;
    const float p =
        -0x1.55553ep-2f +
        z * (0x1.1109bep-3f + z * (-0x1.b89abcp-5f + z * (0x1.54c3e0p-6f + z * -0x1.82884cp-8f)));
    const dsc_exp_parts e = dsc_exp_reduce(2 * a);
    const float power = dsc_exp_core(e.r) * dsc_float_of((e.n_254 - 127u) << 23);
    const float far = 1 - 2 / (power + 1);

    return copysignf(a < 0.6f ? a + a * (z * p) : far, x);
}

/* x (1 + P(x^2)) near zero, beyond it 1 - exp(-Q(|x|)), which is 1 from 4 on; Q fits -log erfc */
static inline float dsc_erff(float x)
{
    const float a = fabsf(x) > 4 ? 4 : fabsf(x);
    const float z = a * a;
    const float p =
        0x1.06eba8p-3f +
        z * (-0x1.812740p-2f +
             z * (0x1.ce2d64p-4f +
                  z * (-0x1.b80124p-6f +
                       z * (0x1.544b08p-8f + z * (-0x1.a61810p-11f + z * 0x1.4fa922p-14f)))));
    const float q =
        -0x1.aaa496p-14f +
        a * (0x1.211130p+0f +
             a * (0x1.449fdap-1f +
                  a * (0x1.b8862cp-4f +
                       a * (-0x1.9426b8p-6f +
                            a * (0x1.06bb1cp-8f + a * (-0x1.a6ee3ap-12f + a * 0x1.389a24p-16f))))));
    const dsc_exp_parts e = dsc_exp_reduce(-q);
    const float far = 1 - dsc_exp_core(e.r) * dsc_float_of((e.n_254 - 127u) << 23);

    return copysignf(a < 0.92f ? a + a * p : far, x);
}

#endif
