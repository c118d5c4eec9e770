/* test_wrappers.c - lookahead, sam, ema and swa against loops of their own, and what is said to
 * wrappers that go around nothing. */
#include "make.h"

enum { STEPS = 25 };

/* A walk of sgd that never ends: g depends on the step only. */
static double slope(int step, int i)
{
    return sin(0.7 * step + i) + 0.2 * i;
}

static void step_at(descent_optimizer *opt, int step, double *w)
{
    double g[4];

    for (int i = 0; i < 4; i++)
        g[i] = slope(step, i);
    descent_optimizer_step_f64(opt, w, g);
}

/* --- lookahead -------------------------------------------------------------------------------- */

static void test_lookahead(void **unused)
{
    for (int reset = 0; reset < 2; reset++) {
        descent_optimizer *opt =
            plain(reset ? "lookahead (sgd lr=0.1 momentum=0.5) every=3 alpha=0.25 reset"
                        : "lookahead (sgd lr=0.1 momentum=0.5) every=3 alpha=0.25",
                  4);
        double w[4] = {1, 2, 3, 4}, v[4] = {1, 2, 3, 4}, slow[4] = {1, 2, 3, 4}, b[4] = {0}, out[4];
        for (int step = 1; step <= STEPS; step++) {
            step_at(opt, step, w);
            for (int i = 0; i < 4; i++) {
                b[i] = 0.5 * b[i] + slope(step, i);
                v[i] -= 0.1 * b[i];
                if (step % 3 == 0) {
                    slow[i] += 0.25 * (v[i] - slow[i]);
                    v[i] = slow[i];
                    b[i] = reset ? 0 : b[i];
                }
                near(w[i], v[i]);
            }
        }
        assert_int_equal(descent_optimizer_average_f64(opt, w, out), 0);
        assert_memory_equal(w, out, sizeof w);
        descent_optimizer_free(opt);
    }
    (void)unused;
}

/* --- averages --------------------------------------------------------------------------------- */

static void test_ema(void **unused)
{
    static const struct row {
        const char *spec;
        double decay;
        bool warm;
    } rows[] = {
        {"ema (sgd lr=0.1) decay=0.5", 0.5, true},
        {"ema (sgd lr=0.1) decay=0.5 warm=no", 0.5, false},
        {"ema (sgd lr=0.1)", 0.999, true},
        {"ema (sgd lr=0.1) warm=no", 0.999, false},
        {"ema (sgd lr=0.1) decay=0", 0, true},
        {"ema (sgd lr=0.1) decay=1 warm=no", 1, false},
    };

    (void)unused;
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        descent_optimizer *opt = plain(rows[r].spec, 4);
        double w[4] = {1, 2, 3, 4}, v[4] = {1, 2, 3, 4}, mean[4] = {1, 2, 3, 4}, out[4];
        assert_int_equal(descent_optimizer_average_f64(opt, w, out), 0);
        assert_memory_equal(w, out, sizeof w);
        for (int step = 1; step <= STEPS; step++) {
            step_at(opt, step, w);
            assert_int_equal(descent_optimizer_average_f64(opt, w, out), 1);
            const double slow = (1.0 + step) / (10.0 + step);
            const double keep = rows[r].warm && slow < rows[r].decay ? slow : rows[r].decay;
            for (int i = 0; i < 4; i++) {
                v[i] -= 0.1 * slope(step, i);
                mean[i] += (1 - keep) * (v[i] - mean[i]);
                near(w[i], v[i]);
                near(out[i], mean[i]);
            }
        }
        assert_string_equal(descent_optimizer_average_name(opt), "ema");
        assert_string_equal(descent_optimizer_name(opt), "sgd");
        descent_optimizer_free(opt);
    }
}

/* The mean of w after steps start + every, start + 2 every ...; before the first of them w. */
static void test_swa(void **unused)
{
    static const struct row {
        const char *spec;
        int start, every;
    } rows[] = {
        {"swa (sgd lr=0.1)", 0, 1},
        {"swa (sgd lr=0.1) start=4", 4, 1},
        {"swa (sgd lr=0.1) every=3", 0, 3},
        {"swa (sgd lr=0.1) start=5 every=4", 5, 4},
        {"swa (sgd lr=0.1) start=1000", 1000, 1},
    };

    (void)unused;
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        descent_optimizer *opt = plain(rows[r].spec, 4);
        double w[4] = {1, 2, 3, 4}, sum[4] = {0}, out[4];
        int k = 0;
        for (int step = 1; step <= STEPS; step++) {
            step_at(opt, step, w);
            const int past = step - rows[r].start;
            if (past > 0 && past % rows[r].every == 0) {
                k++;
                for (int i = 0; i < 4; i++)
                    sum[i] += w[i];
            }
            assert_int_equal(descent_optimizer_average_f64(opt, w, out), 1);
            for (int i = 0; i < 4; i++)
                near(out[i], k > 0 ? sum[i] / k : w[i]);
        }
        descent_optimizer_free(opt);
    }
}

/* Where the average is w, it is so to the last bit: after a fall from 1 to 1e-30 too. */
static void test_average_is_w(void **unused)
{
    static const char *const specs[] = {"swa (sgd lr=1) start=9", "ema (sgd lr=1) decay=0"};

    (void)unused;
    for (size_t k = 0; k < COUNT_OF(specs); k++) {
        descent_optimizer *opt = plain(specs[k], 1);
        double w = 1, g = 1, out;
        descent_optimizer_step_f64(opt, &w, &g);
        g = -1e-30;
        descent_optimizer_step_f64(opt, &w, &g);
        descent_optimizer_average_f64(opt, &w, &out);
        assert_true(w == 1e-30 && out == w);
        w = 1; /* the caller may move w, too */
        g = 1;
        descent_optimizer_step_f64(opt, &w, &g);
        g = -1e-30;
        descent_optimizer_step_f64(opt, &w, &g);
        descent_optimizer_average_f64(opt, &w, &out);
        assert_true(out == 1e-30);
        descent_optimizer_free(opt);
    }
}

/* The innermost acts first: what lookahead does, the average sees. The outermost average counts. */
static void test_nesting(void **unused)
{
    descent_optimizer *opt =
        plain("ema (lookahead (sgd lr=0.5) every=1 alpha=0.5) decay=0.5 warm=no", 1);
    double w = 8, g = 8, out;

    (void)unused;
    descent_optimizer_step_f64(opt, &w, &g); /* 4, back to 6; average 7 */
    descent_optimizer_average_f64(opt, &w, &out);
    assert_true(w == 6 && out == 7);
    descent_optimizer_free(opt);

    opt = plain("swa (ema (sgd lr=0.5) decay=0.5 warm=no) start=5", 1);
    w = 8;
    descent_optimizer_step_f64(opt, &w, &g);
    descent_optimizer_average_f64(opt, &w, &out);
    assert_true(w == 4 && out == 4);
    assert_string_equal(descent_optimizer_average_name(opt), "swa");
    descent_optimizer_free(opt);

    opt = plain("ema (swa (sgd lr=0.5) start=5) decay=0.5 warm=no", 1);
    w = 8;
    descent_optimizer_step_f64(opt, &w, &g);
    descent_optimizer_average_f64(opt, &w, &out);
    assert_true(w == 4 && out == 6);
    assert_string_equal(descent_optimizer_average_name(opt), "ema");
    descent_optimizer_free(opt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lookahead), cmocka_unit_test(test_ema),
        cmocka_unit_test(test_swa),       cmocka_unit_test(test_average_is_w),
        cmocka_unit_test(test_nesting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
