/* test_variants.c - every optimizer: the same bits for any number of threads, any slicing and every
 * instruction set, and nearly the same numbers in both precisions. */
#include "rows.h"

#include <math.h>

enum { STEPS = 4 };

static const char *const levels[] = {
#define X(level) #level,
    DSC_LEVELS(X)
#undef X
};

static void test_every_optimizer_is_here(void **unused)
{
    const descent_info *info;

    (void)unused;
    for (size_t i = 0; (info = descent_optimizer_info(i)) != NULL; i++) {
        int found = 0;
        for (int r = 0; r < N_ROWS; r++)
            found += strcmp(rule_rows[r].name, info->name) == 0 && rule_rows[r].minimizes;
        if (found != 1)
            fail_msg("'%s' has %d rows in rows.inc, it needs one", info->name, found);
    }
}

/* --- runs ------------------------------------------------------------------------------------- */

/* All gradients, computed once: most of the time would go into sines otherwise. */
static double table[STEPS][N_ELEMENTS], start[N_ELEMENTS];

static int make_table(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < N_ELEMENTS; i++) {
        const double x = (double)i;
        start[i] = cos(0.37 * x) * exp(sin(1.0 * x));
        for (int step = 0; step < STEPS; step++)
            table[step][i] = sin(0.7 * step + 1e-5 * x * x + 0.013 * x) * (0.2 + cos(0.001 * x));
    }
    return 0;
}

static double gradient(int step, size_t i)
{
    return table[step][i];
}

/* An objective for the rules that need one: near its minimum the gradients above. */
static double objective_f64(size_t n, const double *w, double *g, void *user)
{
    double f = 0;

    for (size_t i = 0; i < n; i++) {
        g[i] = 0.1 * w[i] + gradient(*(int *)user, i);
        f += w[i] * (0.05 * w[i] + gradient(*(int *)user, i));
    }
    return f;
}

static double objective_f32(size_t n, const float *w, float *g, void *user)
{
    double f = 0;

    for (size_t i = 0; i < n; i++) {
        g[i] = 0.1f * w[i] + (float)gradient(*(int *)user, i);
        f += (double)w[i] * (0.05 * (double)w[i] + gradient(*(int *)user, i));
    }
    return f;
}

/* w after some steps, of elements begin..begin+n of the problem. */
static void walk(descent_optimizer *opt, size_t begin, size_t n, double *w64, float *w32)
{
    static double g64[N_ELEMENTS];
    static float g32[N_ELEMENTS];
    const bool narrow = opt->type == DESCENT_F32;

    for (size_t i = 0; i < n; i++)
        w32[i] = (float)(w64[i] = start[begin + i]);
    for (int step = 0; step < STEPS; step++) {
        for (size_t i = 0; i < n; i++)
            g32[i] = (float)(g64[i] = gradient(step, begin + i));
        if (dsc_optimizer_needs_curvature(opt) && narrow)
            descent_optimizer_curvature_f32(opt, g32);
        else if (dsc_optimizer_needs_curvature(opt))
            descent_optimizer_curvature_f64(opt, g64);
        if (dsc_optimizer_needs_objective(opt) && narrow)
            descent_optimizer_step_objective_f32(opt, w32, objective_f32, &step);
        else if (dsc_optimizer_needs_objective(opt))
            descent_optimizer_step_objective_f64(opt, w64, objective_f64, &step);
        else if (narrow)
            descent_optimizer_step_f32(opt, w32, g32);
        else
            descent_optimizer_step_f64(opt, w64, g64);
    }
    assert_int_equal(descent_optimizer_skipped(opt), 0);
}

/* Everything an outcome consists of: w and what would be saved. */
typedef struct outcome {
    double w64[N_ELEMENTS];
    float w32[N_ELEMENTS];
    void *state;
    size_t state_size;
} outcome;

static void run(const char *spec, descent_type type, int threads, outcome *out)
{
    const descent_optimizer_options o = all_options(threads);
    descent_optimizer *opt = create_with(spec, N_ELEMENTS, type, &o);

    walk(opt, 0, N_ELEMENTS, out->w64, out->w32);
    out->state_size = descent_optimizer_state_size(opt);
    out->state = malloc(out->state_size);
    assert_non_null(out->state);
    descent_optimizer_save(opt, out->state);
    descent_optimizer_free(opt);
}

static bool same(const outcome *a, const outcome *b, descent_type type)
{
    if (a->state_size != b->state_size || memcmp(a->state, b->state, a->state_size) != 0)
        return false;
    return type == DESCENT_F64 ? memcmp(a->w64, b->w64, sizeof a->w64) == 0
                               : memcmp(a->w32, b->w32, sizeof a->w32) == 0;
}

static outcome first, second;

static void test_threads(void **unused)
{
    char spec[256];

    (void)unused;
    for (int r = 0; r < N_ROWS; r++)
        for (int k = 0; row_spec(&rule_rows[r], k, spec); k++)
            for (int type = DESCENT_F32; type <= DESCENT_F64 && has_type(spec, type); type++) {
                run(spec, (descent_type)type, 1, &first);
                for (int threads = 2; threads <= 4; threads++) {
                    run(spec, (descent_type)type, threads, &second);
                    if (!same(&first, &second, (descent_type)type))
                        fail_msg("'%s' with %d threads differs", spec, threads);
                    free(second.state);
                }
                free(first.state);
            }
}

/* A vector that is moved in slices, each by an optimizer of its own, ends where the whole one
 * does. This is what element-wise means; rules with totals have fixed chunks, see the threads. */
static void test_slices(void **unused)
{
    static const size_t slices[] = {1023, 16384, 16385, 40000};
    static double w64[N_ELEMENTS];
    static float w32[N_ELEMENTS];
    char spec[256];
    int checked = 0;

    (void)unused;
    for (int r = 0; r < N_ROWS; r++)
        for (int k = 0; row_spec(&rule_rows[r], k, spec); k++)
            for (int type = DESCENT_F32; type <= DESCENT_F64; type++) {
                const descent_optimizer_options o = {
                    .threads = 1, .gives_curvature = 1, .gives_objective = 1, .steps = 1000};
                descent_optimizer *opt;
                if (descent_optimizer_create_with(&opt, spec, N_ELEMENTS, (descent_type)type, &o,
                                                  NULL) != DESCENT_OK)
                    continue; /* it needs to know where matrices are */
                const bool alone = is_elementwise(opt);
                if (alone)
                    walk(opt, 0, N_ELEMENTS, first.w64, first.w32);
                descent_optimizer_free(opt);
                for (size_t s = 0; alone && s < sizeof slices / sizeof *slices; s++) {
                    for (size_t begin = 0; begin < N_ELEMENTS; begin += slices[s]) {
                        const size_t left = N_ELEMENTS - begin;
                        const size_t n = left < slices[s] ? left : slices[s];
                        opt = create_with(spec, n, (descent_type)type, &o);
                        walk(opt, begin, n, w64 + begin, w32 + begin);
                        descent_optimizer_free(opt);
                    }
                    if (type == DESCENT_F64 ? memcmp(first.w64, w64, sizeof w64) != 0
                                            : memcmp(first.w32, w32, sizeof w32) != 0)
                        fail_msg("'%s' in slices of %zu differs", spec, slices[s]);
                    checked++;
                }
            }
    assert_true(checked > 100);
}

static void test_instruction_sets(void **unused)
{
    const char *asked = getenv("DESCENT_CPU");
    char spec[256];

    (void)unused;
    if (asked)
        skip(); /* somebody fixed the instruction set from outside */
    for (int r = 0; r < N_ROWS; r++)
        for (int k = 0; row_spec(&rule_rows[r], k, spec); k++)
            for (int type = DESCENT_F32; type <= DESCENT_F64 && has_type(spec, type); type++) {
                if (type == DESCENT_F32 && strstr(rule_rows[r].name, "muon"))
                    continue; /* its matrix products are the kernel library's, not our own */
                setenv("DESCENT_CPU", "base", 1);
                run(spec, (descent_type)type, 1, &first);
                for (int level = 1; level < DSC_LEVEL_COUNT; level++) {
                    setenv("DESCENT_CPU", levels[level], 1);
                    const bool there = (int)dsc_level_choose() == level;
                    run(spec, (descent_type)type, 1, &second);
                    if (there && !same(&first, &second, (descent_type)type))
                        fail_msg("'%s' differs on %s", spec, levels[level]);
                    free(second.state);
                }
                unsetenv("DESCENT_CPU");
                free(first.state);
            }
}

/* Loops that move w at once end where those with arrays in between do, which clip_value asks for.
 */
static void test_fused(void **unused)
{
    const descent_optimizer_options o = all_options(1);
    char spec[256], apart[300];

    (void)unused;
    for (int r = 0; r < N_ROWS; r++)
        for (int k = 0; row_spec(&rule_rows[r], k, spec); k++)
            for (int type = DESCENT_F32; type <= DESCENT_F64 && has_type(spec, type); type++) {
                if (strchr(spec, '(') || strstr(spec, "clip_value"))
                    continue; /* of schedules and wrappers the rules see nothing */
                snprintf(apart, sizeof apart, "%s clip_value=1e30", spec);
                descent_optimizer *opt = create_with(spec, N_ELEMENTS, (descent_type)type, &o);
                const bool fuses = opt->rule->flags & DSC_RULE_FUSES;
                descent_optimizer_free(opt);
                if (!fuses)
                    continue;
                run(spec, (descent_type)type, 1, &first);
                run(apart, (descent_type)type, 1, &second);
                if (type == DESCENT_F64 ? memcmp(first.w64, second.w64, sizeof first.w64) != 0
                                        : memcmp(first.w32, second.w32, sizeof first.w32) != 0)
                    fail_msg("'%s' differs when it is not fused", spec);
                free(first.state);
                free(second.state);
            }
}

/* How far float may be from double: a few steps from the same start. Signs and first steps that
 * divide by |g| may fall either way where g is about zero, so a few elements may be further off. */
static void test_precisions(void **unused)
{
    char spec[256];

    (void)unused;
    if (watched)
        skip(); /* the same runs as of one thread */
    for (int r = 0; r < N_ROWS; r++)
        for (int k = 0; row_spec(&rule_rows[r], k, spec); k++) {
            size_t far = 0;
            if (!has_type(spec, DESCENT_F64) || strstr("lbfgs cg shampoo soap", rule_rows[r].name))
                continue; /* searches may end elsewhere, and roots of matrices without full rank
                           * make much of rounding: test_solvers.c and the golden cases */
            run(spec, DESCENT_F32, 1, &first);
            run(spec, DESCENT_F64, 1, &second);
            for (size_t i = 0; i < N_ELEMENTS; i++) {
                const double a = (double)first.w32[i], b = second.w64[i];
                assert_true(isfinite(a) && isfinite(b));
                far += fabs(a - b) > 1e-4 * (1 + fabs(b)) ? 1 : 0;
            }
            if (far > N_ELEMENTS / 50)
                fail_msg("'%s': %zu of %d elements differ in float and double", spec, far,
                         N_ELEMENTS);
            free(first.state);
            free(second.state);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_optimizer_is_here),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_slices),
        cmocka_unit_test(test_instruction_sets),
        cmocka_unit_test(test_fused),
        cmocka_unit_test(test_precisions),
    };

    return cmocka_run_group_tests(tests, make_table, NULL);
}
