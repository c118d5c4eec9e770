/* test_skips.c - gradients that are not finite, for every optimizer: nothing moves, nothing is
 * remembered, and the first bad element is named. */
#include "rows.h"

#include <math.h>

/* Of the numbers that are saved these may change: skipped, skipped in a row, evaluations. */
enum { FIRST_COUNTED = 1, LAST_COUNTED = 3 };

static double g64[N_ELEMENTS], w64[N_ELEMENTS], before64[N_ELEMENTS];
static float g32[N_ELEMENTS], w32[N_ELEMENTS], before32[N_ELEMENTS];

static double given_f64(size_t n, const double *w, double *g, void *user)
{
    double f = 0;

    for (size_t i = 0; i < n; i++) {
        g[i] = g64[i] + (isfinite(g64[i]) && fabs(g64[i]) < 2 ? 0.1 * w[i] : 0);
        f += g64[i] * w[i] + 0.05 * w[i] * w[i];
    }
    return *(bool *)user ? 1 : f;
}

static double given_f32(size_t n, const float *w, float *g, void *user)
{
    double f = 0;

    for (size_t i = 0; i < n; i++) {
        g[i] = g32[i] + (isfinite(g32[i]) && fabsf(g32[i]) < 2 ? 0.1f * w[i] : 0);
        f += (double)g32[i] * (double)w[i] + 0.05 * (double)w[i] * (double)w[i];
    }
    return *(bool *)user ? 1 : f;
}

/* `bad`: the loss is finite all the same. */
static void step(descent_optimizer *opt, bool bad)
{
    const bool narrow = opt->type == DESCENT_F32, looks = dsc_optimizer_needs_objective(opt);

    if (looks && narrow)
        descent_optimizer_step_objective_f32(opt, w32, given_f32, &bad);
    else if (looks)
        descent_optimizer_step_objective_f64(opt, w64, given_f64, &bad);
    else if (narrow)
        descent_optimizer_step_f32(opt, w32, g32);
    else
        descent_optimizer_step_f64(opt, w64, g64);
}

static void put(size_t i, double value)
{
    g64[i] = value;
    g32[i] = (float)value;
}

static void begin(void)
{
    for (size_t i = 0; i < N_ELEMENTS; i++) {
        w32[i] = (float)(w64[i] = cos(0.3 * (double)i));
        put(i, sin(0.01 * (double)i) + 0.2);
    }
}

/* All that is saved, but for what counts skips. */
static unsigned char *remembered(descent_optimizer *opt, size_t *size)
{
    dsc_part part[DSC_MAX_PARTS];
    unsigned char *all, *at;
    const int n = dsc_optimizer_parts(opt, part);

    *size = 0;
    for (int i = 0; i < n; i++)
        *size += part[i].count * (part[i].type == DESCENT_F64 ? 8 : 4);
    at = all = malloc(*size);
    assert_non_null(all);
    for (int i = 0; i < n; i++) {
        const size_t bytes = part[i].count * (part[i].type == DESCENT_F64 ? 8 : 4);
        memcpy(at, part[i].data, bytes);
        at += bytes;
    }
    memset(all + FIRST_COUNTED * 8, 0, (LAST_COUNTED - FIRST_COUNTED + 1) * 8);
    return all;
}

typedef struct spot {
    size_t at;
    const char *segment;
} spot;

static const spot spots[] = {
    {0, "0.weight"}, {30000, "1.bias"}, {60400, "2.bias"}, {N_ELEMENTS - 1, "3.bias"}};
enum { N_SPOTS = sizeof spots / sizeof *spots };

static void try(descent_optimizer *opt, const char *spec, double value, const spot *s, int in_a_row)
{
    size_t size, again;
    const char *segment = "?";
    const int64_t count = descent_optimizer_steps(opt);
    unsigned char *state = remembered(opt, &size);
    const double lr = descent_optimizer_get(opt, "lr"), good = g64[s->at];

    memcpy(before64, w64, sizeof w64);
    memcpy(before32, w32, sizeof w32);
    put(s->at, value);
    if (s->at + 1 < N_ELEMENTS)
        put(N_ELEMENTS - 1, (double)NAN); /* the first one is named */
    step(opt, true);
    put(N_ELEMENTS - 1, sin(0.01 * (N_ELEMENTS - 1)) + 0.2);
    put(s->at, good);
    unsigned char *after = remembered(opt, &again);
    const bool retreats = strstr(spec, "line_search=none"); /* to where f was finite */
    if (!retreats && (memcmp(before64, w64, sizeof w64) || memcmp(before32, w32, sizeof w32)))
        fail_msg("'%s' moves along %g at %zu", spec, value, s->at);
    if (!opt->rule->solve && (size != again || memcmp(state, after, size) != 0))
        fail_msg("'%s' remembers %g at %zu", spec, value, s->at);
    free(state);
    free(after);
    assert_int_equal(descent_optimizer_skipped_in_a_row(opt), in_a_row);
    assert_int_equal(descent_optimizer_steps(opt), count);
    assert_true(descent_optimizer_get(opt, "lr") == lr);
    if (descent_optimizer_culprit(opt, &segment) != (int64_t)s->at ||
        strcmp(segment, s->segment) != 0)
        fail_msg("'%s': %g at %zu is found at %lld (%s)", spec, value, s->at,
                 (long long)descent_optimizer_culprit(opt, NULL), segment);
}

static void test_every_rule(void **unused)
{
    const double bad[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
    const descent_optimizer_options o = all_options(2);
    char spec[256];

    (void)unused;
    for (int r = 0; r < N_ROWS; r++)
        for (int k = 0; row_spec(&rule_rows[r], k, spec); k++)
            for (int type = DESCENT_F32; type <= DESCENT_F64 && has_type(spec, type); type++) {
                descent_optimizer *opt = create_with(spec, N_ELEMENTS, (descent_type)type, &o);
                const double large = type == DESCENT_F32 ? 1e19 : 1e160;
                const bool clips = strstr(spec, "clip_") || opt->rule->solve;
                int in_a_row = 0;
                begin();
                if (dsc_optimizer_needs_curvature(opt) && type == DESCENT_F32)
                    descent_optimizer_curvature_f32(opt, g32);
                step(opt, false);
                step(opt, false);
                assert_int_equal(descent_optimizer_culprit(opt, NULL), -1);
                for (int s = (r + k) % 2; s < N_SPOTS; s += 2) {
                    for (int b = 0; b < (watched ? 1 : 3); b++)
                        try(opt, spec, bad[b], &spots[s], ++in_a_row);
                    if (!clips)
                        try(opt, spec, s < 2 ? large : -large, &spots[s], ++in_a_row);
                }
                assert_int_equal(descent_optimizer_skipped(opt), in_a_row);
                memcpy(before64, w64, sizeof w64);
                memcpy(before32, w32, sizeof w32);
                bool stands = true;
                for (int more = 0; more < 12 && stands; more++) { /* some wait, to trust a mean */
                    step(opt, false);
                    stands = type == DESCENT_F32 ? !memcmp(before32, w32, sizeof w32)
                                                 : !memcmp(before64, w64, sizeof w64);
                    assert_int_equal(descent_optimizer_skipped_in_a_row(opt), 0);
                    assert_int_equal(descent_optimizer_skipped(opt), in_a_row);
                }
                if (stands && !opt->rule->solve) /* which may be there already */
                    fail_msg("'%s' does not go on", spec);
                descent_optimizer_free(opt);
            }
}

/* What is frozen may have any gradient. */
static void test_frozen_does_not_matter(void **unused)
{
    static const char *const specs[] = {
        "adam", "adam clip_norm=1", "lamb", "sgd agc=1 zclip=2", "adam clip_value=1", "prodigy",
        "muon"};
    static const char *const groups[] = {"1.* frozen"};
    descent_optimizer_options o = all_options(1);

    (void)unused;
    o.groups = groups;
    o.n_groups = 1;
    for (size_t k = 0; k < sizeof specs / sizeof *specs; k++) {
        descent_optimizer *opt = create_with(specs[k], N_ELEMENTS, DESCENT_F64, &o);
        descent_optimizer *calm = create_with(specs[k], N_ELEMENTS, DESCENT_F64, &o);
        begin();
        step(calm, false);
        memcpy(before64, w64, sizeof w64);
        begin();
        put(3000, (double)NAN);
        put(9000, 1e300);
        put(58399, (double)INFINITY);
        step(opt, false);
        assert_int_equal(descent_optimizer_skipped(opt), 0);
        assert_memory_equal(before64, w64, sizeof w64);
        put(58400, (double)NAN);
        step(opt, false);
        assert_int_equal(descent_optimizer_skipped(opt), 1);
        assert_int_equal(descent_optimizer_culprit(opt, NULL), 58400);
        descent_optimizer_free(opt);
        descent_optimizer_free(calm);
    }
}

/* Clipping in one group brings back what is too large there, and only there. */
static void test_clipped_in_a_group(void **unused)
{
    static const char *const groups[] = {"0.* clip_value=1"};
    descent_optimizer_options o = all_options(1);

    (void)unused;
    o.groups = groups;
    o.n_groups = 1;
    descent_optimizer *opt = create_with("sgd lr=1", N_ELEMENTS, DESCENT_F64, &o);
    begin();
    put(0, 1e200);
    step(opt, false);
    assert_int_equal(descent_optimizer_skipped(opt), 0);
    assert_true(w64[0] == 0);
    put(3000, 1e200);
    step(opt, false);
    assert_int_equal(descent_optimizer_skipped(opt), 1);
    assert_int_equal(descent_optimizer_culprit(opt, NULL), 3000);
    descent_optimizer_free(opt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_rule),
        cmocka_unit_test(test_frozen_does_not_matter),
        cmocka_unit_test(test_clipped_in_a_group),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
