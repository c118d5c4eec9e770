/* test_clipping.c - what happens to a gradient before the rule sees it: clipping by value, norm,
 * segment, unit and history, centralisation; and the order of it. sgd lr=1 shows x as w before - w
 * after. */
#include "make.h"

#define HUGE_F64 1e160

/* x as sgd sees it, of w and g over the segments. */
static void front(const char *settings, const double *w, const double *g, double *x)
{
    const descent_optimizer_options o = grouped(NULL);
    double moved[N];
    char spec[200];

    snprintf(spec, sizeof spec, "sgd lr=1 %s", settings);
    descent_optimizer *opt = make(spec, N, DESCENT_F64, &o);
    memcpy(moved, w, sizeof moved);
    descent_optimizer_step_f64(opt, moved, g);
    assert_int_equal(descent_optimizer_skipped(opt), 0);
    for (int i = 0; i < N; i++)
        x[i] = w[i] - moved[i];
    descent_optimizer_free(opt);
}

static void expect(const double *x, const double *y)
{
    for (int i = 0; i < N; i++)
        near(x[i], y[i]);
}

/* --- one by one ------------------------------------------------------------------------------- */

static const double some_w[N] = {3, 0, 4, 0, 0, 0, 6, 8, 1, 0, 0, 1, 0, 0, 3, 4};
static const double some_g[N] = {1, 2, 6, -3, 0, 0, 3, 4, 0, 0.001, -2, 2, 5, 0, -1, 3};

static void test_value(void **unused)
{
    double x[N], y[N];

    (void)unused;
    front("clip_value=2", some_w, some_g, x);
    for (int i = 0; i < N; i++)
        y[i] = some_g[i] < -2 ? -2 : some_g[i] > 2 ? 2 : some_g[i];
    expect(x, y);
    descent_clip_value_f64(memcpy(y, some_g, sizeof y), N, 2);
    expect(x, y);
}

static void test_norm(void **unused)
{
    static const double limits[] = {1e-3, 1, 10, 1000};
    double x[N], y[N];
    char settings[60];

    (void)unused;
    for (size_t k = 0; k < COUNT_OF(limits); k++) {
        snprintf(settings, sizeof settings, "clip_norm=%g", limits[k]);
        front(settings, some_w, some_g, x);
        memcpy(y, some_g, sizeof y);
        descent_clip_norm_f64(y, N, limits[k], 2);
        expect(x, y);
    }
    memset(y, 0, sizeof y);
    front("clip_norm=1", some_w, y, x);
    expect(x, y);
    front("clip_norm=1 zclip=2 agc=0.1 clip_segment=1 clip_value=1 centralize", some_w, y, x);
    expect(x, y);
}

static void test_rows_and_segments(void **unused)
{
    /* rows of 0.weight are 5 and 0 long, which counts as 1e-3; a bias is one row */
    const double five = 0.5 / sqrt(41), none = 1e-4 / 3, bias = 0.1 * 10 / 5;
    const double agc[N] = {five,
                           2 * five,
                           6 * five,
                           -3 * none,
                           0,
                           0,
                           3 * bias,
                           4 * bias,
                           0,
                           0.001,
                           -2 * 0.1 / sqrt(8),
                           2 * 0.1 / sqrt(8),
                           1e-4,
                           0,
                           -1 * 0.5 / sqrt(10),
                           3 * 0.5 / sqrt(10)};
    const double centred[N] = {-2, -1, 3, -2, 1, 1, 3, 4, -0.0005, 0.0005, -2, 2, 5, 0, -2, 2};
    double x[N], y[N];

    (void)unused;
    front("agc=0.1", some_w, some_g, x);
    expect(x, agc);
    front("centralize", some_w, some_g, x);
    expect(x, centred);
    front("clip_segment=2", some_w, some_g, x);
    memcpy(y, some_g, sizeof y);
    for (int s = 0; s < N_SEGMENTS; s++)
        descent_clip_norm_f64(y + segments[s].offset, segments[s].count, 2, 2);
    expect(x, y);
}

/* A matrix of one column has nothing to be centred by. */
static void test_one_column(void **unused)
{
    static const descent_segment column = {"a", "weight", 0, 3, 2, {3, 1, 0, 0}};
    descent_optimizer_options o = {.segments = &column, .n_segments = 1, .threads = 1};
    descent_optimizer *opt = make("sgd lr=1 centralize", 3, DESCENT_F64, &o);
    double w[3] = {0}, g[3] = {1, 2, 3};

    (void)unused;
    descent_optimizer_step_f64(opt, w, g);
    assert_true(w[0] == -1 && w[1] == -2 && w[2] == -3);
    descent_optimizer_free(opt);
}

/* clip_value, then the norm of what is left, rows centred, rows against w, segments, decay. */
static void test_order(void **unused)
{
    double x[N], y[N];

    (void)unused;
    memcpy(y, some_g, sizeof y);
    descent_clip_value_f64(y, N, 2.5);
    descent_clip_norm_f64(y, N, 4, 2);
    for (int s = 0; s < N_SEGMENTS; s++) {
        const descent_segment *segment = &segments[s];
        const int rows = segment->rank == 2 ? segment->shape[0] : 1;
        const int cols = (int)segment->count / rows;
        for (int r = 0; r < rows; r++) {
            double *row = y + (int)segment->offset + r * cols, sum = 0, squares = 0, weights = 0;
            const double *w = some_w + (row - y);
            for (int c = 0; c < cols; c++)
                sum += row[c];
            for (int c = 0; c < cols && segment->rank == 2; c++)
                row[c] -= sum / cols;
            for (int c = 0; c < cols; c++) {
                squares += row[c] * row[c];
                weights += w[c] * w[c];
            }
            const double most = 0.2 * fmax(sqrt(weights), 1e-3);
            for (int c = 0; c < cols && sqrt(squares) > most; c++)
                row[c] *= most / sqrt(squares);
        }
        descent_clip_norm_f64(y + segment->offset, segment->count, 0.7, 2);
        for (size_t i = segment->offset; i < segment->offset + segment->count; i++)
            y[i] += segment->rank == 2 ? 0.25 * some_w[i] : 0;
    }
    front("clip_segment=0.7 agc=0.2 weight_decay=0.25 centralize clip_norm=4 clip_value=2.5",
          some_w, some_g, x);
    expect(x, y);
}

/* --- the edge of the range -------------------------------------------------------------------- */

static double first_x(const char *spec, descent_type type, double g0, double g1)
{
    descent_optimizer *opt = make(spec, 2, type, NULL);
    double w64[2] = {0}, g64[2] = {g0, g1};
    float w32[2] = {0}, g32[2] = {(float)g0, (float)g1};

    descent_optimizer_step_f32(opt, w32, g32);
    descent_optimizer_step_f64(opt, w64, g64);
    assert_int_equal(descent_optimizer_skipped(opt), 0);
    descent_optimizer_free(opt);
    return type == DESCENT_F32 ? -(double)w32[0] : -w64[0];
}

static void test_large_and_small(void **unused)
{
    static const struct row {
        const char *spec;
        descent_type type;
        double g0, g1, x;
    } rows[] = {
        {"sgd lr=1 clip_norm=5", DESCENT_F32, 3e19, -4e19, 3},
        {"sgd lr=1 clip_norm=5", DESCENT_F32, 1.5e38, 2e38, 3},
        {"sgd lr=1 clip_norm=5", DESCENT_F64, 3 * HUGE_F64, 4 * HUGE_F64, 3},
        {"sgd lr=1 clip_norm=5", DESCENT_F64, 3e307, 4e307, 3},
        {"sgd lr=1 clip_norm=5", DESCENT_F64, 3e-200, 4e-200, 3e-200},
        /* denormal numbers count as 0 */
        {"sgd lr=1 clip_norm=5", DESCENT_F64, 3e-310, 4e-310, 0},
        {"sgd lr=1 zclip=2 clip_norm=5", DESCENT_F64, 3e-310, 4e-310, 0},
        {"sgd lr=1 clip_norm=5e29", DESCENT_F64, 3e160, 4e160, 3e29},
        {"sgd lr=1 clip_value=2", DESCENT_F32, 3e38, 1, 2},
        {"sgd lr=1 clip_value=2", DESCENT_F64, 1e300, 1, 2},
        {"sgd lr=1 clip_value=3 clip_norm=2.5", DESCENT_F64, 1e300, 4, 1.7677669529663689},
        {"sgd lr=1 clip_segment=5", DESCENT_F64, 3e152, 4e152, 3},
        {"sgd lr=1 clip_segment=5", DESCENT_F32, 3e17, 4e17, 3},
        {"sgd lr=1 clip_segment=5", DESCENT_F64, 3e-200, 4e-200, 3e-200},
        {"sgd lr=1 agc=5000", DESCENT_F64, 3e152, 4e152, 3},
        {"adam lr=1 clip_value=1e10 eps=0", DESCENT_F32, 3e38, 1, 1},
    };

    (void)unused;
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        const double x = first_x(rows[r].spec, rows[r].type, rows[r].g0, rows[r].g1);
        if (!(fabs(x - rows[r].x) <= 1e-6 * rows[r].x))
            fail_msg("'%s': %g instead of %g", rows[r].spec, x, rows[r].x);
    }
}

/* A limit that lets too large elements through is none. */
static void test_limit_out_of_reach(void **unused)
{
    descent_optimizer *opt = make("adam clip_value=1e30", 1, DESCENT_F32, NULL);
    float w = 1, g = 1e29f;

    (void)unused;
    descent_optimizer_step_f32(opt, &w, &g);
    assert_true(w == 1);
    assert_int_equal(descent_optimizer_skipped(opt), 1);
    descent_optimizer_free(opt);
}

/* --- over time -------------------------------------------------------------------------------- */

static void test_zclip(void **unused)
{
    descent_optimizer *opt = plain("sgd lr=1 zclip=2.5", 1);
    const double spikes[] = {3, 100, 1, 1e6, 5, 2};
    double mean = 1.96, variance = 0.9984; /* of thirteen 1 and twelve 3 */

    (void)unused;
    for (int i = 0; i < 25; i++) {
        double w = 0, g = i % 2 == 0 ? 1 : 3;
        descent_optimizer_step_f64(opt, &w, &g);
        assert_true(w == -g);
    }
    for (size_t i = 0; i < COUNT_OF(spikes); i++) {
        double w = 0, g = -spikes[i], expected = spikes[i];
        const double above = spikes[i] - mean, before = mean;
        if (above > 2.5 * sqrt(variance))
            expected = mean + 6.25 * variance / above;
        descent_optimizer_step_f64(opt, &w, &g);
        assert_true(fabs(w - expected) < 1e-9);
        mean = 0.97 * mean + 0.03 * expected;
        variance = 0.97 * variance + 0.03 * (expected - mean) * (expected - mean);
        assert_true(fabs(mean - before) < 0.1); /* whatever the spike */
    }
    descent_optimizer_free(opt);
}

/* The limit of the step in question, also where it begins with none. */
static void test_scheduled_limits(void **unused)
{
    static const char *const specs[] = {
        "sgd lr=1 clip_norm=(piecewise \"0:0, 1:4, 2:2\")",
        "sgd lr=1 clip_segment=(piecewise \"0:0, 1:4, 2:2\")",
        "sgd lr=1 clip_value=(piecewise \"0:0, 1:4, 2:2\")",
        "sgd lr=1 agc=(piecewise \"0:0, 1:4000, 2:2000\")",
    };
    const double expected[] = {8, 4, 2};

    (void)unused;
    for (size_t k = 0; k < COUNT_OF(specs); k++) {
        descent_optimizer *opt = plain(specs[k], 1);
        for (int step = 0; step < 3; step++) {
            double w = 0, g = -8;
            descent_optimizer_step_f64(opt, &w, &g);
            if (fabs(w - expected[step]) > 1e-5)
                fail_msg("'%s': %g instead of %g", specs[k], w, expected[step]);
        }
        descent_optimizer_free(opt);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_value),
        cmocka_unit_test(test_norm),
        cmocka_unit_test(test_rows_and_segments),
        cmocka_unit_test(test_one_column),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_large_and_small),
        cmocka_unit_test(test_limit_out_of_reach),
        cmocka_unit_test(test_zclip),
        cmocka_unit_test(test_scheduled_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
