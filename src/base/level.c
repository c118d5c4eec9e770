/* level.c - see level.h. */
#include "base/level.h"

#include <stdlib.h>
#include <string.h>

static dsc_level of_processor(void)
{
#ifdef DSC_HAS_AVX2
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") ||
        !__builtin_cpu_supports("bmi2"))
        return DSC_LEVEL_base;
#  ifdef DSC_HAS_AVX512
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        return DSC_LEVEL_avx512;
#  endif
    return DSC_LEVEL_avx2;
#else
    return DSC_LEVEL_base;
#endif
}

dsc_level dsc_level_choose(void)
{
    static const char *const names[] = {
#define X(level) #level,
        DSC_LEVELS(X)
#undef X
    };
    const dsc_level best = of_processor();
    const char *asked = getenv("DESCENT_CPU");

    for (int level = 0; asked && level < (int)best; level++)
        if (strcmp(names[level], asked) == 0)
            return (dsc_level)level;
    return best;
}
