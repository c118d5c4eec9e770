/* test_variants.c - the same bits for every instruction set and every slicing, and nearly the same
 * numbers in both precisions. */
#include "base/level.h"
#include "optim/optim.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Every loop that a rule has; each registered optimizer must be among them. */
static const char *const specs[] = {
    "sgd lr=0.1",
    "sgd weight_decay=0.1 maximize",
    "sgd momentum=0.9 dampening=0.1",
    "sgd momentum=0.9 weight_decay=0.1",
    "sgd momentum=0.9 nesterov",
    "sgd momentum=0.9 nesterov weight_decay=0.1",
    "rmsprop",
    "rmsprop centered weight_decay=0.1",
    "rmsprop momentum=0.9 maximize",
    "rmsprop centered momentum=0.9",
    "adam",
    "adam amsgrad weight_decay=0.1 maximize",
    "adamw",
    "adamw amsgrad",
};
enum { N_SPECS = sizeof specs / sizeof *specs, N = 1003, STEPS = 6, MAX_BYTES = 4 * N * 8 };

static const char *const levels[] = {
#define X(level) #level,
    DSC_LEVELS(X)
#undef X
};

/* w and then the state, as bytes, after some steps. */
typedef struct outcome {
    unsigned char bytes[MAX_BYTES];
    size_t used;
} outcome;

static void test_every_optimizer_is_here(void **unused)
{
    const descent_info *info;

    (void)unused;
    for (size_t i = 0; (info = descent_optimizer_info(i)) != NULL; i++) {
        int found = 0;
        for (int s = 0; s < N_SPECS; s++)
            found += strncmp(specs[s], info->name, strlen(info->name)) == 0 &&
                     (specs[s][strlen(info->name)] | ' ') == ' ';
        if (!found)
            fail_msg("'%s' has no row in this test's table", info->name);
    }
}

static double weight(int i)
{
    return cos(0.37 * i) * exp(sin(1.0 * i));
}

static double gradient(int step, int i)
{
    return sin(0.7 * step + 0.013 * i * i) * exp(-0.01 * i);
}

/* Runs with slices of `slice` elements; 0 is the public step over all. */
static void walk(const char *spec, descent_type type, size_t slice, outcome *out)
{
    static double w64[N], g64[N];
    static float w32[N], g32[N];
    void *w = type == DESCENT_F64 ? (void *)w64 : (void *)w32;
    const void *g = type == DESCENT_F64 ? (const void *)g64 : (const void *)g32;
    const size_t element = type == DESCENT_F64 ? sizeof *w64 : sizeof *w32;
    descent_optimizer *opt;
    size_t n_state;

    assert_int_equal(descent_optimizer_create(&opt, spec, N, type, NULL), DESCENT_OK);
    for (int i = 0; i < N; i++)
        w32[i] = (float)(w64[i] = weight(i));
    for (int step = 0; step < STEPS; step++) {
        for (int i = 0; i < N; i++)
            g32[i] = (float)(g64[i] = gradient(step, i));
        if (slice == 0 && type == DESCENT_F64) {
            descent_optimizer_step_f64(opt, w64, g64);
        } else if (slice == 0) {
            descent_optimizer_step_f32(opt, w32, g32);
        } else {
            dsc_optimizer_begin(opt);
            for (size_t begin = 0; begin < N; begin += slice)
                dsc_optimizer_apply(opt, w, g, begin, begin + slice < N ? begin + slice : N);
        }
    }
    const void *state = dsc_optimizer_state(opt, &n_state);
    out->used = (N + n_state) * element;
    assert_true(out->used <= MAX_BYTES);
    memcpy(out->bytes, w, N * element);
    if (n_state > 0)
        memcpy(out->bytes + N * element, state, n_state * element);
    descent_optimizer_free(opt);
}

static void test_any_slicing_gives_the_same_bits(void **unused)
{
    static const size_t slices[] = {1, 3, 17, 64, 250, 1000, N};
    static outcome whole, sliced;

    (void)unused;
    for (int s = 0; s < N_SPECS; s++)
        for (int type = DESCENT_F32; type <= DESCENT_F64; type++) {
            walk(specs[s], (descent_type)type, 0, &whole);
            for (size_t k = 0; k < sizeof slices / sizeof *slices; k++) {
                walk(specs[s], (descent_type)type, slices[k], &sliced);
                assert_int_equal(whole.used, sliced.used);
                if (memcmp(whole.bytes, sliced.bytes, whole.used) != 0)
                    fail_msg("'%s' in slices of %zu differs", specs[s], slices[k]);
            }
        }
}

static void test_every_instruction_set_gives_the_same_bits(void **unused)
{
    static outcome base, other;
    const char *asked = getenv("DESCENT_CPU");

    (void)unused;
    if (asked)
        skip(); /* somebody fixed the instruction set from outside */
    for (int s = 0; s < N_SPECS; s++)
        for (int type = DESCENT_F32; type <= DESCENT_F64; type++)
            for (int level = DSC_LEVEL_base; level < DSC_LEVEL_COUNT; level++) {
                setenv("DESCENT_CPU", levels[level], 1);
                const dsc_level chosen = dsc_level_choose();
                walk(specs[s], (descent_type)type, level == DSC_LEVEL_base ? 0 : 37,
                     level == DSC_LEVEL_base ? &base : &other);
                unsetenv("DESCENT_CPU");
                if ((int)chosen != level)
                    print_message("%s: not on this processor\n", levels[level]);
                else if (level > DSC_LEVEL_base && memcmp(base.bytes, other.bytes, base.used) != 0)
                    fail_msg("'%s' differs on %s", specs[s], levels[level]);
            }
}

static void test_both_precisions_agree(void **unused)
{
    static outcome f32, f64;

    (void)unused;
    for (int s = 0; s < N_SPECS; s++) {
        walk(specs[s], DESCENT_F32, 0, &f32);
        walk(specs[s], DESCENT_F64, 0, &f64);
        assert_int_equal(f64.used, 2 * f32.used);
        for (size_t i = 0; i < N; i++) {
            float a;
            double b;
            memcpy(&a, f32.bytes + i * sizeof a, sizeof a);
            memcpy(&b, f64.bytes + i * sizeof b, sizeof b);
            if (!(fabs((double)a - b) <= 2e-5 * (1 + fabs(b))))
                fail_msg("'%s': w[%zu] = %.9g in float, %.17g in double", specs[s], i, (double)a,
                         b);
        }
    }
}

/* Averages that decay towards zero end there, and not among the slow denormal numbers. */
static void test_averages_end_at_zero(void **unused)
{
    descent_optimizer *opt;
    float w = 1, g = 1;
    size_t n;

    (void)unused;
    assert_int_equal(descent_optimizer_create(&opt, "sgd momentum=0.9", 1, DESCENT_F32, NULL),
                     DESCENT_OK);
    for (int step = 0; step < 2000; step++, g = 0)
        descent_optimizer_step_f32(opt, &w, &g);
    const float *state = dsc_optimizer_state(opt, &n);
    assert_int_equal(n, 1);
    assert_true(state[0] == 0.0f);
    descent_optimizer_free(opt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_optimizer_is_here),
        cmocka_unit_test(test_any_slicing_gives_the_same_bits),
        cmocka_unit_test(test_every_instruction_set_gives_the_same_bits),
        cmocka_unit_test(test_both_precisions_agree),
        cmocka_unit_test(test_averages_end_at_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
