/* rows.h - every rule with the settings that reach its loops, and how it minimizes. A registered
 * optimizer without its row fails the suite (test_variants.c). */
#ifndef TEST_OPTIM_ROWS_H
#define TEST_OPTIM_ROWS_H

#include "optim/object.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <stdio.h>

enum { MOST_SPECS = 9 };

typedef struct rule_row {
    const char *name;
    /* settings that reach other loops, each added to the name (or put where %s stands in a
     * wrapper's); the first is "" */
    const char *settings[MOST_SPECS];
    /* reaches the minimum of five functions with these, lr falling to 0 along a cosine */
    const char *minimizes;
} rule_row;

/* clang-format off */
static const rule_row rule_rows[] = {
#include "rows.inc"
};
/* clang-format on */
enum { N_ROWS = sizeof rule_rows / sizeof *rule_rows };

/* Where addresses are watched a step takes ten times as long, and the very same run with other
 * numbers reads and writes no other address. */
#ifdef __SANITIZE_ADDRESS__
static const bool watched = true;
#else
static const bool watched = false;
#endif

/* The optimizer string of a row's k-th settings, or NULL past the last. */
static inline const char *row_spec(const rule_row *row, int k, char out[256])
{
    const char *settings = k < MOST_SPECS ? row->settings[k] : NULL;

    if (!settings)
        return NULL;
    snprintf(out, 256, "%s %s", row->name, settings);
    return out;
}

/* Segments of all kinds: a large matrix, filters, biases, an embedding, a head. */
enum { N_SEGMENTS = 7, N_ELEMENTS = 70000 };

static const descent_segment segments[N_SEGMENTS] = {
    {"0.weight", "embedding", 0, 3000, 2, {30, 100, 0, 0}},
    {"1.weight", "weight", 3000, 5400, 2, {90, 60, 0, 0}},
    {"1.bias", "bias", 8400, 50000, 1, {50000, 0, 0, 0}},
    {"2.weight", "weight", 58400, 2000, 4, {10, 8, 5, 5}},
    {"2.bias", "bias", 60400, 30, 1, {30, 0, 0, 0}},
    {"3.weight", "head", 60430, 2400, 2, {40, 60, 0, 0}},
    {"3.bias", "bias", 62830, 7170, 1, {7170, 0, 0, 0}},
};

/* The same kinds in small, where threads don't matter. */
enum { N_SMALL = 3000 };

static const descent_segment small_segments[N_SEGMENTS] = {
    {"0.weight", "embedding", 0, 600, 2, {20, 30, 0, 0}},
    {"1.weight", "weight", 600, 384, 2, {24, 16, 0, 0}},
    {"1.bias", "bias", 984, 1500, 1, {1500, 0, 0, 0}},
    {"2.weight", "weight", 2484, 180, 4, {5, 4, 3, 3}},
    {"2.bias", "bias", 2664, 5, 1, {5, 0, 0, 0}},
    {"3.weight", "head", 2669, 240, 2, {10, 24, 0, 0}},
    {"3.bias", "bias", 2909, 91, 1, {91, 0, 0, 0}},
};

static inline descent_optimizer_options all_options(int threads)
{
    descent_optimizer_options o = descent_optimizer_defaults();

    o.segments = segments;
    o.n_segments = N_SEGMENTS;
    o.threads = threads;
    o.gives_objective = o.gives_curvature = 1;
    o.steps = 1000;
    return o;
}

static inline descent_optimizer *create_with(const char *spec, size_t n, descent_type type,
                                             const descent_optimizer_options *options)
{
    descent_optimizer *opt;
    descent_error err = {0};

    if (descent_optimizer_create_with(&opt, spec, n, type, options, &err))
        fail_msg("'%s': %s", spec, err.message);
    return opt;
}

/* Compact state is for float. */
static inline bool has_type(const char *spec, int type)
{
    return type == DESCENT_F32 || !strstr(spec, "state=");
}

/* True when the rule treats every element alike and alone; compact state shares scales. */
static inline bool is_elementwise(const descent_optimizer *opt)
{
    for (int k = 0; k < opt->rule->n_state; k++)
        if (opt->storage[k] != DSC_FULL)
            return false;
    return !opt->rule->survey && !opt->rule->matrix && !opt->rule->solve &&
           !(opt->rule->flags & (DSC_RULE_NORM | DSC_RULE_SEGMENTS)) &&
           !dsc_optimizer_needs_objective(opt) && !opt->delta && !opt->prepared;
}

#endif
