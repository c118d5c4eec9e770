/* test_group_rules.c - every setting of every rule that acts on single elements, said of a group:
 * the group moves as if it were said of all, the others as if it had never been said. */
#include "rows.h"

#include <math.h>

enum { N = 40, HALF = 24, STEPS = 8 };

static const descent_segment two[] = {
    {"a", "weight", 0, HALF, 2, {4, 6, 0, 0}},
    {"b", "weight", HALF, N - HALF, 2, {4, 4, 0, 0}},
};

static bool walk(const char *spec, const char *group, descent_type type, double *w)
{
    descent_optimizer_options o = all_options(1);
    descent_optimizer *opt;
    double g[N];
    float narrow[N], w32[N];

    o.segments = two;
    o.n_segments = 2;
    o.groups = &group;
    o.n_groups = group ? 1 : 0;
    if (descent_optimizer_create_with(&opt, spec, N, type, &o, NULL) != DESCENT_OK)
        return false;
    const bool alone = is_elementwise(opt);
    for (int i = 0; i < N; i++)
        w32[i] = (float)(w[i] = 1 + 0.1 * i);
    for (int step = 0; step < STEPS && alone; step++) {
        for (int i = 0; i < N; i++)
            narrow[i] = (float)(g[i] = sin(0.9 * i + step) * (step == 2 ? 3 : 1));
        descent_optimizer_curvature_f32(opt, narrow);
        descent_optimizer_curvature_f64(opt, g);
        descent_optimizer_step_f32(opt, w32, narrow);
        descent_optimizer_step_f64(opt, w, g);
    }
    for (int i = 0; i < N && type == DESCENT_F32; i++)
        w[i] = (double)w32[i];
    descent_optimizer_free(opt);
    return alone;
}

static void try(const char *name, const char *settings, descent_type type, int *checked)
{
    double bare[N], all[N], mixed[N];
    char spec[256], group[256];

    snprintf(spec, sizeof spec, "%s %s", name, settings);
    snprintf(group, sizeof group, "a %s", settings);
    if (!settings[0] || !walk(name, NULL, type, bare) || !walk(spec, NULL, type, all) ||
        !walk(name, group, type, mixed))
        return;
    for (int i = 0; i < N; i++)
        if (mixed[i] != (i < HALF ? all[i] : bare[i]))
            fail_msg("'%s', group '%s': w[%d] is %.9g, not %.9g", name, group, i, mixed[i],
                     i < HALF ? all[i] : bare[i]);
    ++*checked;
}

static void test_groups(void **unused)
{
    int checked = 0;

    (void)unused;
    for (int r = 0; r < N_ROWS; r++)
        for (int k = 0; k < MOST_SPECS && rule_rows[r].settings[k]; k++)
            for (int type = DESCENT_F32; type <= DESCENT_F64; type++)
                try(rule_rows[r].name, rule_rows[r].settings[k], (descent_type)type, &checked);
    assert_true(checked > 60);
}

/* Flags and momentum that a group takes back, though the state is there. */
static void test_taken_back(void **unused)
{
    static const struct row {
        const char *name, *settings, *back;
    } rows[] = {
        {"sgd", "momentum=0.9 dampening=0.5", "a momentum=0"},
        {"sgd", "momentum=0.9 nesterov", "a momentum=0 nesterov=no"},
        {"adam beta2=0.5", "amsgrad", "a amsgrad=no"},
        {"adabelief rectify=no beta2=0.5", "amsgrad", "a amsgrad=no"},
        {"adabound beta2=0.5", "amsbound", "a amsbound=no"},
        {"rmsprop", "momentum=0.9 centered", "a momentum=0 centered=no"},
        {"signum", "momentum=0.9", "a momentum=0"},
        {"madgrad", "momentum=0.9 weight_decay=0.1", "a momentum=0"},
        {"aggmo", "beta1=0.9", "a beta1=-1"},
    };
    double with[N], without[N], mixed[N];
    char spec[256], plain[256];

    (void)unused;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        snprintf(spec, sizeof spec, "%s %s", rows[r].name, rows[r].settings);
        snprintf(plain, sizeof plain, "%s%s %s", rows[r].name,
                 strstr(spec, "weight_decay") ? " weight_decay=0.1" : "", rows[r].back + 2);
        assert_true(walk(spec, NULL, DESCENT_F64, with));
        assert_true(walk(plain, NULL, DESCENT_F64, without));
        assert_true(walk(spec, rows[r].back, DESCENT_F64, mixed));
        if (memcmp(with, without, sizeof with) == 0)
            fail_msg("'%s' does nothing", spec);
        for (int i = 0; i < N; i++)
            if (fabs(mixed[i] - (i < HALF ? without[i] : with[i])) > 1e-14)
                fail_msg("'%s', group '%s': w[%d] is %.17g, not %.17g", spec, rows[r].back, i,
                         mixed[i], i < HALF ? without[i] : with[i]);
    }
}

/* set() takes a flag back as well. */
static void test_set_back(void **unused)
{
    double w[2] = {1, 1}, g[4] = {1, 0.1, 0.1, 0.1};
    descent_optimizer *with = create_with("adam amsgrad beta2=0.5", 1, DESCENT_F64, NULL);
    descent_optimizer *without = create_with("adam beta2=0.5", 1, DESCENT_F64, NULL);

    (void)unused;
    assert_int_equal(descent_optimizer_set(with, "amsgrad", 0, NULL), DESCENT_OK);
    for (int step = 0; step < 4; step++) {
        descent_optimizer_step_f64(with, &w[0], &g[step]);
        descent_optimizer_step_f64(without, &w[1], &g[step]);
    }
    assert_true(w[0] == w[1]);
    descent_optimizer_free(with);
    descent_optimizer_free(without);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_taken_back),
        cmocka_unit_test(test_set_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
