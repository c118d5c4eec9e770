/* make.h - optimizers and mistakes in a line, for the tests of what stands around the rules. */
#ifndef TEST_OPTIM_MAKE_H
#define TEST_OPTIM_MAKE_H

#include "descent/optimizer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(a) (sizeof(a) / sizeof *(a))

/* Two layers and a head: 6 + 2 + 4 + 2 + 2 = 16 elements. */
enum { N = 16, N_SEGMENTS = 5 };

static const descent_segment segments[N_SEGMENTS] = {
    {"0.weight", "weight", 0, 6, 2, {2, 3, 0, 0}}, {"0.bias", "bias", 6, 2, 1, {2, 0, 0, 0}},
    {"1.weight", "weight", 8, 4, 2, {2, 2, 0, 0}}, {"1.bias", "bias", 12, 2, 1, {2, 0, 0, 0}},
    {"2.weight", "head", 14, 2, 2, {1, 2, 0, 0}},
};

/* Options with those segments, and groups up to the first NULL. */
static inline descent_optimizer_options grouped(const char *const *groups)
{
    descent_optimizer_options o = descent_optimizer_defaults();

    o.segments = segments;
    o.n_segments = N_SEGMENTS;
    o.groups = groups;
    while (groups && groups[o.n_groups])
        o.n_groups++;
    return o;
}

static inline descent_optimizer *make(const char *spec, size_t n, descent_type type,
                                      const descent_optimizer_options *options)
{
    descent_optimizer *opt;
    descent_error err = {0};

    if (descent_optimizer_create_with(&opt, spec, n, type, options, &err))
        fail_msg("'%s': %s", spec, err.message);
    return opt;
}

/* For n numbers without segments. */
static inline descent_optimizer *plain(const char *spec, size_t n)
{
    return make(spec, n, DESCENT_F64, NULL);
}

/* create must fail with this sentence, whose place is `column` of `file` (0: no place). */
static inline void refuses(const char *spec, size_t n, const descent_optimizer_options *options,
                           const char *file, int column, const char *message)
{
    descent_optimizer *opt = (descent_optimizer *)&opt;
    descent_error err = {0};

    if (descent_optimizer_create_with(&opt, spec, n, DESCENT_F64, options, &err) == DESCENT_OK)
        fail_msg("'%s' is accepted", spec);
    assert_null(opt);
    assert_string_equal(err.message, message);
    assert_int_equal(err.column, column);
    if (column > 0)
        assert_string_equal(err.file, file);
}

/* Nearly the same: what rounding in another order may do. */
static inline void near(double a, double b)
{
    if (!(fabs(a - b) <= 1e-14 * (1 + fabs(b))))
        fail_msg("%.17g instead of %.17g", a, b);
}

static inline void set(descent_optimizer *opt, const char *param, double value)
{
    descent_error err = {0};

    if (descent_optimizer_set(opt, param, value, &err))
        fail_msg("%s", err.message);
}

#endif
