/* numbers.h - the numbers that examples are made of: of what type they are and where they lie.
 *
 * A data set holds them as its file has them: bytes, floats or others, in memory or mapped. Readers
 * go through dsc_row() or dsc_feature(), so that none has to know where a row lies, and loops over
 * whole rows are made once for every type by DSC_DTYPES. */
#ifndef DSC_DATA_NUMBERS_H
#define DSC_DATA_NUMBERS_H

#include "base/shape.h"
#include "data/dataset.h"

#include <stdint.h>
#include <string.h>

/* A half-precision number (IEEE 754 binary16); every one is a float. */
static inline float dsc_half(uint16_t bits)
{
    const uint32_t sign = (uint32_t)(bits & 0x8000) << 16, magnitude = bits & 0x7fff;
    const uint32_t infinite = magnitude >= 0x7c00 ? (uint32_t)112 << 23 : 0;
    const uint32_t word = (magnitude << 13) + ((uint32_t)112 << 23) + infinite;
    float value;

    memcpy(&value, &word, sizeof value);
    if (magnitude < 0x400) /* below the normal ones: in units of 2^-24 */
        value = (float)magnitude * 0x1p-24f;
    return sign ? -value : value;
}

#define DSC_AS_IS(x) (x)

/* X(name, what one is in memory, how it is read) for every dsc_dtype. */
#define DSC_DTYPES(X)        \
  X(U8, uint8_t, DSC_AS_IS)  \
  X(I16, int16_t, DSC_AS_IS) \
  X(I32, int32_t, DSC_AS_IS) \
  X(I64, int64_t, DSC_AS_IS) \
  X(F16, uint16_t, dsc_half) \
  X(F32, float, DSC_AS_IS)   \
  X(F64, double, DSC_AS_IS)

/* Bytes of one number. */
static inline size_t dsc_dtype_bytes(dsc_dtype dtype)
{
#define X(name, element, read) [DSC_##name] = sizeof(element),
    static const unsigned char bytes[] = {DSC_DTYPES(X)};
#undef X

    return bytes[dtype];
}

/* Number `at` of those that begin at `numbers`. */
static inline double dsc_number_at(dsc_dtype dtype, const void *numbers, size_t at)
{
    switch (dtype) {
#define X(name, element, read) \
case DSC_##name:               \
  return (double)read(((const element *)numbers)[at]);
        DSC_DTYPES(X)
#undef X
    }
    return 0.0;
}

/* The numbers of one example, dsc_shape_count(data->shape) of data->dtype. */
static inline const void *dsc_row(const descent_dataset *data, size_t example)
{
    const size_t bytes = dsc_shape_count(data->shape) * dsc_dtype_bytes(data->dtype);
    const size_t first_test = data->count - data->test_count;

    if (data->test_features && example >= first_test)
        return (const char *)data->test_features + (example - first_test) * bytes;
    return (const char *)data->features + example * bytes;
}

/* Number j of one example, as the data have it. */
static inline double dsc_feature(const descent_dataset *data, size_t example, size_t j)
{
    return dsc_number_at(data->dtype, dsc_row(data, example), j);
}

/* --- data larger than memory ------------------------------------------------------------------ */

/* A data set is mapped when its features stay in their file. Then nothing but the steps, and what
 * the user asks for by name, reads all of it: statistics are taken of at most DESCENT_SPREAD
 * examples, evenly spread. */

/* Files of this size or more are mapped, unless the user says otherwise; others are read into
 * memory, where nobody can change them any more. */
#define DSC_MAP_FROM ((size_t)1 << 30)

static inline bool dsc_is_mapped(const descent_dataset *data)
{
    return data->map[0].bytes || data->map[1].bytes;
}

/* Of how many of n examples statistics are taken. */
static inline size_t dsc_spread(const descent_dataset *data, size_t n)
{
    return dsc_is_mapped(data) && n > DESCENT_SPREAD ? DESCENT_SPREAD : n;
}

/* The i-th of `among` examples that lie evenly spread among n. */
static inline size_t dsc_spread_at(size_t i, size_t among, size_t n)
{
    return among < n ? (size_t)((double)i * ((double)n / (double)among)) : i;
}

/* The option `map` of formats whose files may be mapped, and what it says of a file. */
#define DSC_MAP_PARAM                                                                            \
  {                                                                                              \
    "map", 0, 0, 2,                                                                              \
        "whether the features stay in their file and are read batch by batch; auto: from 1 GiB " \
        "on",                                                                                    \
        DESCENT_CHOICE, "auto|yes|no"                                                            \
  }
static inline bool dsc_map_wanted(double choice, size_t bytes)
{
    return choice > 0.0 ? choice < 2.0 : bytes >= DSC_MAP_FROM;
}

#endif
