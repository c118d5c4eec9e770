/* test_sam.c - sharpness-aware steps on a quadratic by hand, and what is said where a rule needs
 * more than its caller gives. */
#include "make.h"

/* f = sum of c w^2 / 2 */
static const double c[4] = {1, 2, 3, 4};

typedef struct calls {
    int count;
    double at[2][4]; /* w of the last two calls */
    double sign;
} calls;

static double quadratic(size_t n, const double *w, double *g, void *user)
{
    calls *x = user;
    double f = 0;

    memcpy(x->at[x->count++ % 2], w, n * sizeof *w);
    for (size_t i = 0; i < n; i++) {
        g[i] = x->sign * c[i] * w[i];
        f += x->sign * c[i] * w[i] * w[i] / 2;
    }
    return f;
}

static descent_optimizer *searching(const char *spec, size_t n, descent_type type)
{
    descent_optimizer_options o = descent_optimizer_defaults();

    o.gives_objective = 1;
    return make(spec, n, type, &o);
}

static void test_steps(void **unused)
{
    static const struct row {
        const char *spec;
        bool adaptive;
        double sign; /* of f: uphill on -f is downhill on f */
    } rows[] = {
        {"sam (sgd lr=0.1) rho=0.5", false, 1},
        {"sam (sgd lr=0.1) rho=0.5 adaptive", true, 1},
        {"sam (sgd lr=0.1 maximize) rho=0.5", false, -1},
        {"sam (sgd lr=0.1 maximize) rho=0.5 adaptive", true, -1},
    };

    (void)unused;
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        descent_optimizer *opt = searching(rows[r].spec, 4, DESCENT_F64);
        double w[4] = {1, -2, 0.5, 3}, v[4] = {1, -2, 0.5, 3};
        calls x = {.sign = rows[r].sign};
        for (int step = 0; step < 10; step++) {
            double norm = 0, f = 0;
            for (int i = 0; i < 4; i++) {
                const double e = c[i] * v[i] * (rows[r].adaptive ? fabs(v[i]) : 1);
                norm += e * e;
                f += c[i] * v[i] * v[i] / 2;
            }
            norm = sqrt(norm) + 1e-12;
            near(descent_optimizer_step_objective_f64(opt, w, quadratic, &x), rows[r].sign * f);
            for (int i = 0; i < 4; i++) {
                const double scale = rows[r].adaptive ? v[i] * v[i] : 1;
                const double there = v[i] + 0.5 * scale * c[i] * v[i] / norm;
                near(x.at[1][i], there);
                v[i] -= 0.1 * c[i] * there;
                near(w[i], v[i]);
            }
        }
        assert_int_equal(x.count, 20);
        assert_true(descent_optimizer_get(opt, "evaluations") == 20);
        descent_optimizer_free(opt);
    }
}

/* At the minimum there is no direction to look in; what is frozen is not moved even to look. */
static void test_edges(void **unused)
{
    descent_optimizer *opt = searching("sam (adam lr=0.1)", 4, DESCENT_F64);
    double w[4] = {0};
    calls x = {.sign = 1};

    (void)unused;
    descent_optimizer_step_objective_f64(opt, w, quadratic, &x);
    for (int i = 0; i < 4; i++)
        assert_true(w[i] == 0 && x.at[1][i] == 0);
    descent_optimizer_free(opt);

    static const descent_segment two[] = {{"a", "", 0, 2, 1, {2, 0, 0, 0}},
                                          {"b", "", 2, 2, 1, {2, 0, 0, 0}}};
    static const char *const groups[] = {"a frozen"};
    const descent_optimizer_options o = {.segments = two,
                                         .n_segments = 2,
                                         .groups = groups,
                                         .n_groups = 1,
                                         .threads = 1,
                                         .gives_objective = 1};
    opt = make("sam (sgd lr=0.1) rho=0.5", 4, DESCENT_F64, &o);
    double v[4] = {1, 1, 1, 1};
    descent_optimizer_step_objective_f64(opt, v, quadratic, &x);
    assert_true(x.at[1][0] == 1 && x.at[1][1] == 1 && v[0] == 1 && v[1] == 1);
    near(x.at[1][2], 1 + 0.5 * 3 / (5 + 1e-12)); /* the norm of what moves */
    assert_true(v[2] < 1);
    descent_optimizer_free(opt);
}

/* Averages around it see w, not where it looked. */
static void test_inside_an_average(void **unused)
{
    descent_optimizer *opt =
        searching("ema (sam (lookahead (sgd lr=0.1) every=2) rho=0.5) decay=0", 4, DESCENT_F64);
    double w[4] = {1, 2, 3, 4}, out[4];
    calls x = {.sign = 1};

    (void)unused;
    for (int step = 0; step < 3; step++) {
        descent_optimizer_step_objective_f64(opt, w, quadratic, &x);
        assert_int_equal(descent_optimizer_average_f64(opt, w, out), 1);
        assert_memory_equal(w, out, sizeof w);
    }
    descent_optimizer_free(opt);
}

/* --- messages --------------------------------------------------------------------------------- */

static void test_messages(void **unused)
{
    descent_optimizer_options all = descent_optimizer_defaults();

    (void)unused;
    all.gives_objective = all.gives_curvature = 1;
    refuses("ema", 4, NULL, "", 1, "ema goes around one optimizer; write ema (adam lr=0.001)");
    refuses("ema decay=0.9", 4, NULL, "", 1,
            "ema goes around one optimizer; write ema (adam lr=0.001)");
    refuses("lookahead adam", 4, NULL, "", 1,
            "lookahead goes around one optimizer; write lookahead (adam lr=0.001)");
    refuses("swa (adam, sgd)", 4, NULL, "", 1,
            "swa goes around one optimizer; write swa (adam lr=0.001)");
    refuses("swa (adam) (sgd)", 4, NULL, "", 12, "swa takes one '(...)', found a second");
    refuses("swa (adma)", 4, NULL, "", 6, "no optimizer is called 'adma'; did you mean 'adam'?");
    refuses("lokahead (adam)", 4, NULL, "", 1,
            "no optimizer is called 'lokahead'; did you mean 'lookahead'?");
    refuses("ema (adam beta=1)", 4, NULL, "", 11,
            "adam has no parameter 'beta'; it has lr, beta1, beta2, eps, weight_decay, amsgrad, "
            "decay, decay_all, maximize, clip_value and 11 more; did you mean 'beta1'?");
    refuses("ema (adam) lr=1", 4, NULL, "", 12, "ema has no parameter 'lr'; it has decay, warm");
    refuses("ema (adam) decay=1.5", 4, NULL, "", 18, "ema: decay = 1.5, must be between 0 and 1");
    refuses("ema (adam) decay=(linear from=0.9 to=1.9 steps=9)", 4, NULL, "", 19,
            "ema: decay = 1.011111111111111, must be between 0 and 1");
    refuses("adam (sgd)", 4, NULL, "", 6, "adam takes no '(...)' here");
    refuses("ema (ema (ema (ema (ema (sgd)))))", 4, NULL, "", 21,
            "more than 4 wrappers in one another");
    refuses("sam (sam (sgd))", 4, &all, "", 6, "sam inside sam: one of them is enough");
    refuses("ema (lbfgs)", 4, &all, "", 6,
            "lbfgs searches along a line and goes with no wrapper; leave out ema");
    refuses("lbfgs clip_norm=1", 4, &all, "", 7,
            "lbfgs: it searches along a line, and clipping, decay and the like would mislead it");
    descent_optimizer_free(make("ema (ema (ema (ema (sgd))))", 4, DESCENT_F64, NULL));
}

static void test_needs(void **unused)
{
    (void)unused;
    refuses("sam (adam)", 4, NULL, "", 6,
            "sam evaluates the loss itself, several times a step; it works where the loss can be "
            "evaluated again at other weights (gives_objective), and here it can't");
    refuses("ema (sam (adam))", 4, NULL, "", 11,
            "sam evaluates the loss itself, several times a step; it works where the loss can be "
            "evaluated again at other weights (gives_objective), and here it can't");
    refuses("lbfgs", 4, NULL, "", 1,
            "lbfgs evaluates the loss itself, several times a step; it works where the loss can "
            "be evaluated again at other weights (gives_objective), and here it can't");
    refuses("cg", 4, NULL, "", 1,
            "cg evaluates the loss itself, several times a step; it works where the loss can be "
            "evaluated again at other weights (gives_objective), and here it can't");
    refuses("sophia_h", 4, NULL, "", 1,
            "sophia_h needs an estimate of the Hessian's diagonal every few steps "
            "(gives_curvature), and here nothing gives it one");
    refuses("ema (sophia_g)", 4, NULL, "", 6,
            "sophia_g needs an estimate of the Hessian's diagonal every few steps "
            "(gives_curvature), and here nothing gives it one");
    refuses("muon", 4, NULL, "", 0,
            "muon works on matrices, and nothing says where in w they lie; it needs segments, as "
            "a network has them");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_inside_an_average),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_needs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
