/* test_decay.c - the ways of weight decay: added to g, or taken from w by itself, by how much at
 * which rate; for every rule. */
#include "make.h"

#include "optim/object.h"

static double after_one(const char *spec, double w, double g)
{
    descent_optimizer *opt = plain(spec, 1);

    descent_optimizer_step_f64(opt, &w, &g);
    descent_optimizer_free(opt);
    return w;
}

static void test_modes_by_hand(void **unused)
{
    static const struct row {
        const char *spec;
        double w, g, expected;
    } rows[] = {
        {"sgd lr=0.5 weight_decay=0.25 decay=l2", 8, 2, 8 - 0.5 * (2 + 0.25 * 8)},
        {"sgd lr=0.5 weight_decay=0.25 decay=auto", 8, 2, 6},
        {"sgd lr=0.5 weight_decay=0.25 decay=lr", 8, 2, 8 * (1 - 0.125) - 1},
        {"sgd lr=0.5 weight_decay=0.25 decay=schedule", 8, 2, 8 * 0.75 - 1},
        {"sgd lr=0.5 weight_decay=0.25 decay=independent", 8, 2, 8 * 0.75 - 1},
        {"sgd lr=0 weight_decay=0.25 decay=schedule", 8, 2, 8},
        {"sgd lr=0 weight_decay=0.25 decay=independent", 8, 2, 6},
        /* the pull is towards zero whichever way g goes */
        {"sgd lr=0.5 weight_decay=0.25 decay=lr maximize", 8, 2, 8 * (1 - 0.125) + 1},
        {"sgd lr=0.5 weight_decay=0.25 maximize", 8, 2, 8 - 0.5 * (-2 + 0.25 * 8)},
        /* decay is not clipped */
        {"sgd lr=0.5 weight_decay=0.25 clip_value=1", 8, 2, 8 - 0.5 * (1 + 2)},
        {"adam lr=0.5 eps=1 weight_decay=0.5 decay=l2", 10, 3, 10 - 0.5 * 8 / 9},
        {"adam lr=0.5 eps=1 weight_decay=0.5 decay=lr", 10, 3, 10 * 0.75 - 0.5 * 3 / 4},
        {"adam lr=0.5 eps=1 weight_decay=0.5 decay=schedule", 10, 3, 5 - 0.5 * 3 / 4},
        {"adam lr=0.5 eps=1 weight_decay=0.5 decay=independent", 10, 3, 5 - 0.5 * 3 / 4},
        {"adamw lr=0.5 eps=1 weight_decay=0.5 decay=auto", 10, 3, 10 * 0.75 - 0.5 * 3 / 4},
        {"adamw lr=0.5 eps=1 weight_decay=0.5 decay=l2", 10, 3, 10 - 0.5 * 8 / 9},
        {"adamw lr=0.5 eps=1 weight_decay=0.5 decay=independent", 10, 3, 5 - 0.5 * 3 / 4},
        /* rules whose paper has a way of its own */
        {"adan lr=0.5 eps=1 weight_decay=0.5", 10, 3, (10 - 0.5 * 3 / 4) / 1.25},
        {"adan lr=0.5 eps=1 weight_decay=0.5 decay=lr", 10, 3, 7.5 - 0.5 * 3 / 4},
        {"adan lr=0.5 eps=1 weight_decay=0.5 decay=l2", 10, 3, 10 - 0.5 * 8 / 9},
        {"laprop lr=0.5 beta1=0.5 eps=1 weight_decay=0.5", 8, 3, 7.625 * 0.75},
        {"laprop lr=0.5 beta1=0.5 eps=1 weight_decay=0.5 decay=lr", 8, 3, 6 - 0.375},
    };

    (void)unused;
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        const double w = after_one(rows[r].spec, rows[r].w, rows[r].g);
        if (fabs(w - rows[r].expected) > 1e-12)
            fail_msg("'%s': %.15g instead of %.15g", rows[r].spec, w, rows[r].expected);
    }
}

/* --- every rule ------------------------------------------------------------------------------- */

static bool has(const descent_info *info, const char *param)
{
    for (int i = 0; i < info->n_params; i++)
        if (strcmp(info->params[i].name, param) == 0)
            return true;
    return false;
}

static void gradient(double *g)
{
    for (int i = 0; i < N; i++)
        g[i] = cos(1.7 * i) * (1 + 0.1 * i);
}

/* The first step that moves; `more` is added to g. NULL settings: the rule refuses them. */
static bool walk(const char *rule, const char *settings, double lr, const double *more, double *w)
{
    descent_optimizer_options o = grouped(NULL);
    descent_optimizer *opt;
    char spec[200];
    double g[N];

    o.gives_curvature = 1;
    /* it goes by the length of w only where there is decay, unless it is told */
    snprintf(spec, sizeof spec, "%s decay_all %s%s", rule, settings,
             strcmp(rule, "lars") == 0 ? " always_adapt" : "");
    if (descent_optimizer_create_with(&opt, spec, N, DESCENT_F64, &o, NULL) != DESCENT_OK)
        return false;
    if (lr >= 0)
        set(opt, "lr", lr * descent_optimizer_get(opt, "lr"));
    gradient(g);
    for (int i = 0; i < N; i++) {
        w[i] = 1 + 0.25 * i;
        g[i] += more ? more[i] : 0;
    }
    descent_optimizer_step_f64(opt, w, g);
    descent_optimizer_free(opt);
    return true;
}

/* Modes other than a rule's own take decay away from it: what remains is the step without. */
static void test_every_rule(void **unused)
{
    const dsc_optim *rule;
    int checked = 0;

    (void)unused;
    for (size_t k = 0; (rule = dsc_optim_at(k, DESCENT_F64, DSC_LEVEL_base)) != NULL; k++) {
        const char *name = rule->info.name;
        double without[N], slow[N], w[N], pull[N];
        if (rule->solve || !has(&rule->info, "weight_decay") || (rule->flags & DSC_RULE_WAITS))
            continue;
        const bool places = (rule->flags & DSC_RULE_PLACES) != 0;
        for (int i = 0; i < N; i++)
            pull[i] = 0.5 * (1 + 0.25 * i);
        assert_true(walk(name, "weight_decay=0", -1, pull, without));
        assert_true(walk(name, "weight_decay=0.5 decay=l2", -1, NULL, w));
        const bool measures = (rule->flags & DSC_RULE_NORM) != 0; /* g without the decay */
        for (int i = 0; i < N && !measures; i++)
            if (fabs(w[i] - without[i]) > 1e-9)
                fail_msg("%s decay=l2: %g, %g with the decay in g", name, w[i], without[i]);
        if (strcmp(name, "lamb") == 0)
            continue; /* its step is as long as what decay left of w */
        assert_true(walk(name, "weight_decay=0", -1, NULL, without));
        assert_true(walk(name, "weight_decay=0", 0.25, NULL, slow));
        assert_int_equal(walk(name, "weight_decay=0.5 decay=independent", -1, NULL, w), !places);
        for (int i = 0; i < N && !places; i++)
            if (fabs(w[i] - (without[i] - pull[i])) > 1e-9)
                fail_msg("%s decay=independent: %g, %g without", name, w[i], without[i]);
        assert_int_equal(walk(name, "weight_decay=0.5 decay=schedule", 0.25, NULL, w), !places);
        for (int i = 0; i < N && !places; i++)
            if (fabs(w[i] - (slow[i] - 0.25 * pull[i])) > 1e-9)
                fail_msg("%s decay=schedule: %g, %g without", name, w[i], slow[i]);
        checked++;
    }
    assert_true(checked > 30);
}

/* --- under a changing rate -------------------------------------------------------------------- */

/* Gradients of zero leave the decay alone to be seen. */
static void test_schedule(void **unused)
{
    descent_optimizer_options o = descent_optimizer_defaults();
    descent_optimizer *opt;
    double w = 1, g = 0, expected = 1;

    (void)unused;
    o.steps = 10;
    opt = make("adamw lr=(linear from=0.5 to=0.1 warmup=2) weight_decay=0.25 decay=schedule", 1,
               DESCENT_F64, &o);
    for (int step = 0; step < 10; step++) {
        descent_optimizer_step_f64(opt, &w, &g);
        expected *= 1 - descent_optimizer_get(opt, "lr") / 0.5 * 0.25;
        near(w, expected);
    }
    descent_optimizer_free(opt);

    opt = plain("adamw lr=0.5 weight_decay=0.25 decay=schedule", 1);
    w = 1;
    descent_optimizer_step_f64(opt, &w, &g);
    assert_true(w == 0.75);
    set(opt, "lr", 0.125);
    descent_optimizer_step_f64(opt, &w, &g);
    assert_true(w == 0.75 * (1 - 0.0625));
    set(opt, "weight_decay", 0);
    descent_optimizer_step_f64(opt, &w, &g);
    assert_true(w == 0.75 * (1 - 0.0625));
    descent_optimizer_free(opt);

    opt = make("sgd lr=0.5 decay=independent weight_decay=(linear from=0.5 to=0)", 1, DESCENT_F64,
               &o);
    w = expected = 1;
    for (int step = 0; step < 10; step++) {
        descent_optimizer_step_f64(opt, &w, &g);
        expected *= 1 - 0.5 * (10 - step) / 10;
        near(w, expected);
    }
    descent_optimizer_free(opt);
}

static void test_adam_becomes_adamw(void **unused)
{
    descent_optimizer *adam = plain("adam lr=0.1 weight_decay=0.3 decay=lr", N);
    descent_optimizer *adamw = plain("adamw lr=0.1 weight_decay=0.3", N);
    descent_optimizer *sgd = plain("sgd momentum=0.9 weight_decay=0.3 decay=lr", N);
    descent_optimizer *sgdw = plain("sgdw momentum=0.9 weight_decay=0.3", N);
    double w[4][N], g[N];

    (void)unused;
    for (int i = 0; i < 4 * N; i++)
        w[i / N][i % N] = 1 + i % N;
    for (int step = 0; step < 20; step++) {
        gradient(g);
        g[step % N] *= step;
        descent_optimizer_step_f64(adam, w[0], g);
        descent_optimizer_step_f64(adamw, w[1], g);
        descent_optimizer_step_f64(sgd, w[2], g);
        descent_optimizer_step_f64(sgdw, w[3], g);
    }
    assert_memory_equal(w[0], w[1], sizeof w[0]);
    assert_memory_equal(w[2], w[3], sizeof w[0]);
    descent_optimizer_free(adam);
    descent_optimizer_free(adamw);
    descent_optimizer_free(sgd);
    descent_optimizer_free(sgdw);
}

static void test_refusals(void **unused)
{
    (void)unused;
    refuses("schedule_free_sgd lr=1 decay=independent", 1, NULL, "", 24,
            "schedule_free_sgd: this rule places w anew: weight decay is auto or l2");
    refuses("ftrl decay=lr", 1, NULL, "", 6, "ftrl: this rule has no weight_decay");
    refuses("adam decay=weights", 1, NULL, "", 12,
            "adam: decay = 'weights', must be one of auto|l2|lr|schedule|independent");
    refuses("adam decay=independant", 1, NULL, "", 12,
            "adam: decay = 'independant', must be one of auto|l2|lr|schedule|independent; did you "
            "mean 'independent'?");
    refuses("adam weight_decay=-0.1", 1, NULL, "", 19,
            "adam: weight_decay = -0.1, must be between 0 and 1000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_modes_by_hand), cmocka_unit_test(test_every_rule),
        cmocka_unit_test(test_schedule),      cmocka_unit_test(test_adam_becomes_adamw),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
