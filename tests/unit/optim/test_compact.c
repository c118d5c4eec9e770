/* test_compact.c - optimizers that keep running means in bfloat16 or in 8 bits: memory, bits, and
 * where they arrive. */
#include "base/level.h"
#include "descent/optimizer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static descent_optimizer *create(const char *spec, size_t n, const descent_optimizer_options *o)
{
    const descent_optimizer_options defaults = descent_optimizer_defaults();
    descent_optimizer *opt;
    descent_error err = {0};

    if (descent_optimizer_create_with(&opt, spec, n, DESCENT_F32, o ? o : &defaults, &err))
        fail_msg("'%s': %s", spec, err.message);
    return opt;
}

static const char *const specs[] = {
    "adam state=bf16",
    "adam state=8bit",
    "adamw state=bf16",
    "adamw state=8bit cautious stable",
    "amsgrad state=bf16",
    "amsgrad state=8bit",
    "rmsprop centered momentum=0.9 state=bf16",
    "rmsprop state=8bit",
    "sgd momentum=0.9 state=bf16",
    "sgd momentum=0.9 nesterov state=8bit",
    "lookahead (adam state=8bit) every=3 reset",
};
enum { N_SPECS = sizeof specs / sizeof *specs };

/* --- memory ----------------------------------------------------------------------------------- */

static void test_bytes_of_an_element(void **unused)
{
    static const struct row {
        const char *spec;
        double bytes;
    } rows[] = {
        {"adam", 8},
        {"adam state=bf16", 2 * 2},
        {"adam state=8bit", 2 * (1 + 1.0 / 64)},
        {"sgd momentum=0.9 state=bf16", 2},
        {"sgd momentum=0.9 state=8bit", 1 + 1.0 / 64},
        {"rmsprop centered momentum=0.9 state=bf16", 4 + 4 + 2}, /* v - a^2 bears no rounding */
        {"amsgrad state=8bit", 2 * (1 + 1.0 / 64) + 4},          /* the largest is no mean */
        {"novograd state=8bit", 1 + 1.0 / 64},                   /* v is a number a segment */
    };
    enum { SMALL = 1 << 12, LARGE = 1 << 14 };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        descent_optimizer *a = create(rows[i].spec, SMALL, NULL);
        descent_optimizer *b = create(rows[i].spec, LARGE, NULL);
        const size_t more = descent_optimizer_state_size(b) - descent_optimizer_state_size(a);
        assert_true((double)more == rows[i].bytes * (LARGE - SMALL));
        descent_optimizer_free(a);
        descent_optimizer_free(b);
    }
}

static void test_refusals(void **unused)
{
    static const struct row {
        const char *spec;
        descent_type type;
        const char *message;
    } rows[] = {
        {"adam state=bf16", DESCENT_F64,
         "adam: state=bf16 goes with float; double keeps its state in double"},
        {"adam state=8bit", DESCENT_F64,
         "adam: state=8bit goes with float; double keeps its state in double"},
        {"sgd state=8bit", DESCENT_F32,
         "sgd: state=8bit makes running means smaller, and as it is set sgd keeps none that "
         "could be rounded"},
        {"rmsprop centered state=bf16", DESCENT_F32,
         "rmsprop: state=bf16 makes running means smaller, and as it is set rmsprop keeps none "
         "that could be rounded"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        descent_optimizer *opt;
        descent_error err = {0};
        assert_int_equal(descent_optimizer_create(&opt, rows[i].spec, 10, rows[i].type, &err),
                         DESCENT_INVALID);
        assert_null(opt);
        assert_string_equal(err.message, rows[i].message);
    }
}

/* --- bits ------------------------------------------------------------------------------------- */

enum { MOST = 70001, STEPS = 5 };

static double gradient(int step, size_t i)
{
    const double x = (double)i;

    return sin(0.7 * step + 0.013 * x * (1 + 1e-3 * x)) * pow(10, -3.0 * (double)(i % 97) / 96);
}

static void walk_on(descent_optimizer *opt, float *w, size_t n, int from, int to)
{
    static float g[MOST];

    for (int step = from; step < to; step++) {
        for (size_t i = 0; i < n; i++)
            g[i] = (float)gradient(step, i);
        descent_optimizer_step_f32(opt, w, g);
    }
}

/* w and the saved state after some steps. */
static void *walk(const char *spec, size_t n, const descent_optimizer_options *o, float *w,
                  size_t *size)
{
    descent_optimizer *opt = create(spec, n, o);

    for (size_t i = 0; i < n; i++)
        w[i] = (float)cos(0.37 * (double)i);
    walk_on(opt, w, n, 0, STEPS);
    *size = descent_optimizer_state_size(opt);
    void *state = malloc(*size);
    assert_non_null(state);
    descent_optimizer_save(opt, state);
    descent_optimizer_free(opt);
    return state;
}

/* The same w and state from two ways to run a string, or the way b is told of. */
static void compare(const char *spec, size_t n, const descent_optimizer_options *a,
                    const descent_optimizer_options *b, const char *level)
{
    static float w[MOST], other[MOST];
    size_t size, size_other;

    void *state = walk(spec, n, a, w, &size);
    if (level)
        setenv("DESCENT_CPU", level, 1);
    void *state_other = walk(spec, n, b, other, &size_other);
    if (level)
        unsetenv("DESCENT_CPU");
    assert_int_equal(size, size_other);
    if (memcmp(w, other, n * sizeof *w) != 0 || memcmp(state, state_other, size) != 0)
        fail_msg("'%s' of %zu elements differs%s%s", spec, n, level ? " on " : "",
                 level ? level : "");
    free(state);
    free(state_other);
}

static void test_threads_change_no_bit(void **unused)
{
    const descent_optimizer_options one = {.threads = 1}, two = {.threads = 2};

    (void)unused;
    for (int s = 0; s < N_SPECS; s++)
        compare(specs[s], MOST, &one, &two, NULL);
}

static void test_instruction_sets_change_no_bit(void **unused)
{
    static const char *const levels[] = {
#define X(level) #level,
        DSC_LEVELS(X)
#undef X
    };

    (void)unused;
    if (getenv("DESCENT_CPU"))
        skip(); /* somebody fixed the instruction set from outside */
    for (int s = 0; s < N_SPECS; s++)
        for (size_t level = 0; level < sizeof levels / sizeof *levels; level++)
            compare(specs[s], 5000, NULL, NULL, levels[level]);
}

/* Segments of one setting lie in the state like one; the size of a block doesn't matter either. */
static void test_division_changes_no_bit(void **unused)
{
    const descent_segment segment[] = {
        {"a", "weight", 0, 1, 2, {1, 1}},         {"b", "weight", 1, 255, 2, {5, 51}},
        {"c", "weight", 256, 257, 2, {1, 257}},   {"d", "weight", 513, 1023, 2, {3, 341}},
        {"e", "weight", 1536, 3464, 2, {8, 433}},
    };
    const descent_optimizer_options divided = {.threads = 1, .segments = segment, .n_segments = 5};

    (void)unused;
    for (int s = 0; s < N_SPECS; s++)
        if (!strstr(specs[s], "cautious"))
            compare(specs[s], 5000, NULL, &divided, NULL);
}

/* Settings of their own put segments into spans of their own: no span touches another's state. */
static void test_spans_stay_apart(void **unused)
{
    const descent_segment segment[] = {
        {"a", "weight", 0, 1, 2, {1, 1}},       {"a", "bias", 1, 255, 1, {255}},
        {"b", "weight", 256, 257, 1, {257}},    {"b", "bias", 513, 1023, 1, {1023}},
        {"c", "weight", 1536, 3464, 1, {3464}},
    };
    const char *const groups[] = {"role=bias lr=0.5x", "c lr=0"};
    const descent_optimizer_options o = {
        .threads = 1, .segments = segment, .n_segments = 5, .groups = groups, .n_groups = 2};
    static float w[5000], full[5000], alone[5000];
    size_t size;

    (void)unused;
    free(walk("adam", 5000, &o, full, &size));
    for (int bits = 0; bits < 2; bits++) {
        const char *spec = bits ? "adam state=8bit" : "adam state=bf16";
        free(walk(spec, 5000, &o, w, &size));
        for (size_t i = 0; i < 5000; i++)
            assert_true(fabs((double)w[i] - (double)full[i]) < (bits ? 1.5e-3 : 1e-4));
        for (size_t i = 1536; i < 5000; i++)
            assert_true(w[i] == full[i]); /* lr=0 */
        /* the first bits are decided by the place in w alone */
        free(walk(spec, 1, NULL, alone, &size));
        assert_true(alone[0] == w[0]);
    }
}

static void test_ragged_sizes(void **unused)
{
    static const size_t sizes[] = {1, 255, 257, 1023};
    static float w[5000], short_w[5000];
    size_t size;

    (void)unused;
    for (int s = 0; s < N_SPECS; s++) {
        if (strstr(specs[s], "cautious"))
            continue;
        free(walk(specs[s], 5000, NULL, w, &size));
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            const size_t n = strstr(specs[s], "bf16") ? sizes[k] : sizes[k] / 256 * 256;
            free(walk(specs[s], sizes[k], NULL, short_w, &size));
            assert_memory_equal(w, short_w, n * sizeof *w); /* of 8 bits: whole blocks */
            for (size_t i = 0; i < sizes[k]; i++)
                assert_true(isfinite(short_w[i]));
        }
    }
}

static void test_restored_optimizers_go_on(void **unused)
{
    static float w[5000], other[5000];
    size_t size, size_other;

    (void)unused;
    for (int s = 0; s < N_SPECS; s++) {
        void *state = walk(specs[s], 5000, NULL, w, &size);
        descent_optimizer *a = create(specs[s], 5000, NULL), *b = create(specs[s], 5000, NULL);
        memcpy(other, w, sizeof w);
        walk_on(b, other, 5000, 7, 9); /* b has a past of its own */
        memcpy(other, w, sizeof w);
        assert_int_equal(descent_optimizer_restore(a, state, size, NULL), DESCENT_OK);
        walk_on(a, w, 5000, STEPS, STEPS + 4);
        assert_int_equal(descent_optimizer_restore(b, state, size, NULL), DESCENT_OK);
        walk_on(b, other, 5000, STEPS, STEPS + 2);
        descent_optimizer_save(b, state);
        descent_optimizer_free(b);
        b = create(specs[s], 5000, NULL);
        assert_int_equal(descent_optimizer_restore(b, state, size, NULL), DESCENT_OK);
        walk_on(b, other, 5000, STEPS + 2, STEPS + 4);
        assert_memory_equal(w, other, sizeof w);
        size_other = descent_optimizer_state_size(b);
        assert_int_equal(size, size_other);
        descent_optimizer_free(a);
        descent_optimizer_free(b);
        free(state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_of_an_element),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_threads_change_no_bit),
        cmocka_unit_test(test_instruction_sets_change_no_bit),
        cmocka_unit_test(test_division_changes_no_bit),
        cmocka_unit_test(test_spans_stay_apart),
        cmocka_unit_test(test_ragged_sizes),
        cmocka_unit_test(test_restored_optimizers_go_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
