/* test_groups.c - parameter groups and what segments decide: whose rate, whose decay, who is
 * frozen. Every w begins at 1, every g is 1, and sgd shows the rate as 1 - w. */
#include "make.h"

static void step_once(descent_optimizer *opt, double *w)
{
    double g[N];

    for (int i = 0; i < N; i++)
        w[i] = g[i] = 1;
    descent_optimizer_step_f64(opt, w, g);
}

/* One step of `spec` with up to three groups; w after it. */
static void walk(const char *spec, const char *a, const char *b, double *w)
{
    const char *const groups[] = {a, a ? b : NULL, NULL};
    const descent_optimizer_options o = grouped(groups);
    descent_optimizer *opt = make(spec, N, DESCENT_F64, &o);

    step_once(opt, w);
    descent_optimizer_free(opt);
}

/* One value for each segment, exactly. */
static void test_who_is_meant(void **unused)
{
    static const struct row {
        const char *spec, *a, *b;
        double w[N_SEGMENTS];
    } rows[] = {
        {"sgd lr=0.5", NULL, NULL, {0.5, 0.5, 0.5, 0.5, 0.5}},
        {"sgd lr=0.5", "role=bias lr=0.25", NULL, {0.5, 0.75, 0.5, 0.75, 0.5}},
        {"sgd lr=0.5", "role=bias lr=0.5x", NULL, {0.5, 0.75, 0.5, 0.75, 0.5}},
        {"sgd lr=0.5", "0.* lr=0.25", NULL, {0.75, 0.75, 0.5, 0.5, 0.5}},
        {"sgd lr=0.5", "*.weight lr=0.25", NULL, {0.75, 0.5, 0.75, 0.5, 0.75}},
        {"sgd lr=0.5",
         "0.bias** lr=0.25",
         NULL,
         {0.5, 0.75, 0.5, 0.5, 0.5}}, /* they may be empty */
        {"sgd lr=0.5", "?.bias lr=0.25", NULL, {0.5, 0.75, 0.5, 0.75, 0.5}},
        {"sgd lr=0.5", "1.weight lr=0", NULL, {0.5, 0.5, 1, 0.5, 0.5}},
        {"sgd lr=0.5", "  *\tlr=0.25", NULL, {0.75, 0.75, 0.75, 0.75, 0.75}},
        /* the later one counts, and a factor takes what is there */
        {"sgd lr=0.5", "0.* lr=0.25", "role=bias lr=0", {0.75, 1, 0.5, 1, 0.5}},
        {"sgd lr=0.5", "role=bias lr=0", "0.* lr=0.25", {0.75, 0.75, 0.5, 1, 0.5}},
        {"sgd lr=0.5", "0.* lr=0.5x", "role=bias lr=0.5x", {0.75, 0.875, 0.5, 0.75, 0.5}},
        /* for each hyperparameter on its own */
        {"sgd lr=0.5", "0.* maximize", "role=bias lr=0.25", {1.5, 1.25, 0.5, 0.75, 0.5}},
        {"sgd lr=0.5", "* frozen", "role=bias frozen=no", {1, 0.5, 1, 0.5, 1}},
        {"sgd lr=0.5 clip_value=0.5",
         "role=head clip_value=0.25",
         NULL,
         {0.75, 0.75, 0.75, 0.75, 0.875}},
        /* lr d^(layers above), layers being what comes before the last dot */
        {"sgd lr=0.5 layer_decay=0.5", NULL, NULL, {0.875, 0.875, 0.75, 0.75, 0.5}},
        {"sgd lr=0.5 layer_decay=0.5",
         "role=bias lr=0.25",
         NULL,
         {0.875, 0.9375, 0.75, 0.875, 0.5}},
        {"sgd lr=0.5 layer_decay=0", NULL, NULL, {1, 1, 1, 1, 0.5}},
        /* decay is for two and more dimensions: x = 1 + 0.5 */
        {"sgd lr=0.5 weight_decay=0.5", NULL, NULL, {0.25, 0.5, 0.25, 0.5, 0.25}},
        {"sgd lr=0.5 weight_decay=0.5 decay_all", NULL, NULL, {0.25, 0.25, 0.25, 0.25, 0.25}},
        {"sgd lr=0.5 weight_decay=0.5", "1.* decay_all", NULL, {0.25, 0.5, 0.25, 0.25, 0.25}},
        {"sgd lr=0.5 weight_decay=0.5",
         "role=head weight_decay=0",
         NULL,
         {0.25, 0.5, 0.25, 0.5, 0.5}},
        {"sgd lr=0.5 weight_decay=0.5",
         "0.* decay=lr",
         NULL,
         {1 - 0.25 - 0.5, 0.5, 0.25, 0.5, 0.25}},
        /* a group may want state that the others don't need */
        {"sgd lr=0.5", "0.* momentum=0.5 nesterov", NULL, {0.25, 0.25, 0.5, 0.5, 0.5}},
    };

    (void)unused;
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        double w[N];
        walk(rows[r].spec, rows[r].a, rows[r].b, w);
        for (int s = 0; s < N_SEGMENTS; s++)
            for (size_t i = 0; i < segments[s].count; i++)
                if (w[segments[s].offset + i] != rows[r].w[s])
                    fail_msg("'%s' (%s, %s): %s is %g, not %g", rows[r].spec, rows[r].a, rows[r].b,
                             segments[s].name, w[segments[s].offset + i], rows[r].w[s]);
    }
}

/* State that only a group needs, and that it gets: amsgrad keeps the largest v. */
static void test_state_for_a_group(void **unused)
{
    const char *const groups[] = {"0.* amsgrad", NULL};
    const descent_optimizer_options o = grouped(groups), bare = grouped(NULL);
    descent_optimizer *mixed = make("adam lr=0.5", N, DESCENT_F64, &o);
    descent_optimizer *with = make("adam lr=0.5 amsgrad", N, DESCENT_F64, &bare);
    descent_optimizer *without = make("adam lr=0.5", N, DESCENT_F64, &bare);
    double u[N], v[N], w[N], g[N] = {0};

    (void)unused;
    step_once(mixed, u);
    step_once(with, v);
    step_once(without, w);
    for (int i = 0; i < 9; i++) {
        descent_optimizer_step_f64(mixed, u, g);
        descent_optimizer_step_f64(with, v, g);
        descent_optimizer_step_f64(without, w, g);
    }
    assert_memory_equal(u, v, 8 * sizeof *u);
    assert_memory_equal(u + 8, w + 8, 8 * sizeof *u);
    assert_true(v[0] != w[0]);
    descent_optimizer_free(mixed);
    descent_optimizer_free(with);
    descent_optimizer_free(without);
}

/* A factor stays one whatever happens to the rate. */
static void test_factor_follows_lr(void **unused)
{
    const char *const groups[] = {"role=bias lr=0.5x", NULL};
    descent_optimizer_options o = grouped(groups);
    double w[N];

    (void)unused;
    descent_optimizer *opt = make("sgd lr=0.5", N, DESCENT_F64, &o);
    set(opt, "lr", 0.25);
    step_once(opt, w);
    assert_true(w[0] == 0.75 && w[6] == 0.875);
    assert_true(descent_optimizer_get(opt, "lr") == 0.25);
    descent_optimizer_free(opt);

    o.steps = 4;
    opt = make("sgd lr=(linear from=0.5 to=0)", N, DESCENT_F64, &o);
    for (int step = 0; step < 4; step++) {
        step_once(opt, w);
        assert_true(w[0] == 1 - 0.5 * (4 - step) / 4 && 1 - w[6] == (1 - w[0]) / 2);
    }
    descent_optimizer_free(opt);

    /* at the bounds it stops */
    const char *const large[] = {"0.* momentum=3x", NULL};
    o = grouped(large);
    opt = make("sgd momentum=0.5", N, DESCENT_F64, &o);
    step_once(opt, w);
    descent_optimizer_free(opt);
}

static void test_frozen(void **unused)
{
    const char *const groups[] = {"0.* frozen", "2.* frozen", NULL};
    const descent_optimizer_options o = grouped(groups);
    static const char *const specs[] = {
        "adam",    "ema (adam)", "schedule_free_adamw", "lamb",
        "prodigy", "muon",       "adafactor",           "adam cautious agc=1"};

    (void)unused;
    for (size_t k = 0; k < COUNT_OF(specs); k++) {
        descent_optimizer *opt = make(specs[k], N, DESCENT_F64, &o);
        double w[N], average[N], g[N];
        for (int i = 0; i < N; i++)
            w[i] = g[i] = 1 + 0.1 * i;
        for (int step = 0; step < 3; step++)
            descent_optimizer_step_f64(opt, w, g);
        descent_optimizer_average_f64(opt, w, average);
        for (int i = 0; i < N; i++) {
            const bool frozen = i < 8 || i >= 14;
            assert_true((w[i] == 1 + 0.1 * i) == frozen);
            assert_true((average[i] == 1 + 0.1 * i) == frozen);
        }
        descent_treatment t;
        assert_int_equal(descent_optimizer_treatment(opt, 0, &t), 1);
        assert_int_equal(t.frozen, 1);
        assert_int_equal(descent_optimizer_treatment(opt, 3, &t), 1);
        assert_int_equal(t.frozen, 0);
        assert_int_equal(descent_optimizer_treatment(opt, N_SEGMENTS, &t), 0);
        descent_optimizer_free(opt);
    }
}

/* What is frozen needs no memory for state. */
static void test_frozen_keeps_no_state(void **unused)
{
    static const descent_segment two[] = {{"a", "", 0, 1000, 1, {1000, 0, 0, 0}},
                                          {"b", "", 1000, 1000, 1, {1000, 0, 0, 0}}};
    static const char *const groups[] = {"b frozen"};
    const descent_optimizer_options o = {
        .segments = two, .n_segments = 2, .groups = groups, .n_groups = 1, .threads = 1};
    static const char *const specs[] = {"sgd momentum=0.9", "adam", "adam amsgrad", "adafactor"};

    (void)unused;
    for (size_t k = 0; k < COUNT_OF(specs); k++) {
        descent_optimizer *half = make(specs[k], 2000, DESCENT_F64, &o);
        descent_optimizer *whole = plain(specs[k], 2000);
        const size_t bytes = descent_optimizer_state_size(whole);
        const size_t saved = bytes - descent_optimizer_state_size(half);
        assert_true(saved > bytes / 2 - 400 && saved < bytes / 2);
        descent_optimizer_free(half);
        descent_optimizer_free(whole);
    }
}

/* Totals are of a whole group: what decays and what does not have one estimate d. */
static void test_one_estimate(void **unused)
{
    static const char *const rules[] = {"prodigy", "dadapt_adam", "dadapt_sgd"};
    const descent_optimizer_options o = grouped(NULL);
    char spec[80];

    (void)unused;
    for (size_t k = 0; k < COUNT_OF(rules); k++) {
        descent_optimizer *opt[2];
        double w[2][N], g[N];
        /* without segments all decays; a decay of 0 for all is the same for all */
        snprintf(spec, sizeof spec, "%s d0=0.01", rules[k]);
        opt[0] = make(spec, N, DESCENT_F64, &o);
        opt[1] = plain(spec, N);
        for (int i = 0; i < N; i++)
            w[0][i] = w[1][i] = 1 + i;
        for (int step = 0; step < 20; step++)
            for (int j = 0; j < 2; j++) {
                for (int i = 0; i < N; i++)
                    g[i] = w[j][i] * (1 + i % 3);
                descent_optimizer_step_f64(opt[j], w[j], g);
            }
        near(descent_optimizer_get(opt[0], "d"), descent_optimizer_get(opt[1], "d"));
        assert_true(descent_optimizer_get(opt[0], "d") > 0.01);
        for (int i = 0; i < N; i++)
            assert_true(fabs(w[0][i] - w[1][i]) < 1e-12);
        descent_optimizer_free(opt[0]);
        descent_optimizer_free(opt[1]);
    }
}

/* Muon takes what is a weight of two dimensions; AdamW has the rest, at rates of its own. */
static void test_routing_by_role(void **unused)
{
    static const struct row {
        const char *spec, *group;
        double matrix, aside, decay;
    } rows[] = {
        {"muon lr=0.5", NULL, 0.5, 0.5, 0.1},
        {"muon lr=0.5 adam_lr=0.25", NULL, 0.5, 0.25, 0.1},
        {"muon lr=0.5 adam_lr=0.25", "* lr=0.5x", 0.25, 0.125, 0.1},
        {"muon lr=0.5 adam_lr=0.25", "* lr=0.125", 0.125, 0.125, 0.1},
        {"muon lr=0.5 adam_lr=0.25", "* adam_lr=0.125", 0.5, 0.125, 0.1},
        {"muon lr=0.5", "* adam_lr=0.125", 0.5, 0.125, 0.1},
        {"muon lr=0.5 adam_lr=0.25", "* adam_lr=0", 0.5, 0.5, 0.1},
        {"muon adam_lr=0.25 lr=0.5 adam_weight_decay=0.5", NULL, 0.5, 0.25, 0.5},
        {"muon adam_lr=0.25 lr=0.5 adam_weight_decay=0.5", "* weight_decay=0", 0.5, 0.25, 0},
    };

    (void)unused;
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        const char *const groups[] = {rows[r].group, NULL};
        const descent_optimizer_options o = grouped(groups);
        descent_optimizer *opt = make(rows[r].spec, N, DESCENT_F64, &o);
        for (int s = 0; s < N_SEGMENTS; s++) {
            const bool matrix = strcmp(segments[s].role, "weight") == 0;
            descent_treatment t;
            descent_optimizer_treatment(opt, (size_t)s, &t);
            assert_int_equal(t.as_matrix, matrix);
            near(t.lr, matrix ? rows[r].matrix : rows[r].aside);
            if (strcmp(segments[s].role, "head") == 0)
                near(t.weight_decay, rows[r].decay);
        }
        set(opt, "lr", 0.25); /* both rates follow, unless a group fixed them */
        descent_treatment t;
        descent_optimizer_treatment(opt, 3, &t);
        if (!rows[r].group)
            near(t.lr, rows[r].aside / 2);
        descent_optimizer_free(opt);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_is_meant),          cmocka_unit_test(test_state_for_a_group),
        cmocka_unit_test(test_factor_follows_lr),     cmocka_unit_test(test_frozen),
        cmocka_unit_test(test_frozen_keeps_no_state), cmocka_unit_test(test_one_estimate),
        cmocka_unit_test(test_routing_by_role),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
