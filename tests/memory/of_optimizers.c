/* of_optimizers.c - without enough memory: every update rule, and minima of a formula. */
#include "scenario.h"

#include <stdio.h>
#include <string.h>

/* --- optimizers ---------------------------------------------------------------------------------
 */

enum { N_W = 24, MOST_RULES = 150 };
static char rule[MOST_RULES][80];
static size_t n_rules;

static double bowl(size_t n, const double *w, double *g, void *user)
{
    double f = 0;

    (void)user;
    for (size_t i = 0; i < n; i++) {
        f += w[i] * w[i] * (double)(i + 1);
        if (g)
            g[i] = 2 * w[i] * (double)(i + 1);
    }
    return f;
}

static descent_status step_with(scenario_sum *sum, const char *spec, descent_error *err)
{
    const descent_segment segment[2] = {
        {.name = "a", .role = "weight", .count = 20, .rank = 2, .shape = {4, 5}},
        {.name = "b", .role = "bias", .offset = 20, .count = 4, .rank = 1, .shape = {4}}};
    static const char *const group[] = {"role=bias lr=0.5x"};
    const bool whole = strncmp(spec, "lbfgs", 5) == 0 || strncmp(spec, "cg", 2) == 0;
    descent_optimizer_options o = descent_optimizer_defaults();
    descent_optimizer *optimizer;
    double w[N_W];

    o.segments = segment;
    o.n_segments = 2;
    o.groups = group;
    o.n_groups = whole ? 0 : 1; /* these two move all weights along one line */
    o.gives_objective = o.gives_curvature = 1;
    o.steps = 10;
    const descent_status status =
        descent_optimizer_create_with(&optimizer, spec, N_W, DESCENT_F64, &o, err);
    if (status != DESCENT_OK) {
        if (optimizer)
            complain("failed, and there is an optimizer");
        return status;
    }
    for (int i = 0; i < N_W; i++)
        w[i] = (i - 7) / 8.0;
    for (int step = 0; step < 3; step++)
        descent_optimizer_step_objective_f64(optimizer, w, bowl, NULL);
    sum_bytes(sum, w, sizeof w);
    descent_optimizer_free(optimizer);
    return DESCENT_OK;
}

/* Those that go around another one need one. */
static void find_rules(void)
{
    const descent_info *info;

    if (n_rules > 0)
        return;
    for (size_t i = 0; (info = descent_optimizer_info(i)) != NULL && n_rules < MOST_RULES; i++) {
        scenario_sum sum = {0};
        descent_error err;
        snprintf(rule[n_rules], sizeof *rule, "%s", info->name);
        if (step_with(&sum, rule[n_rules], &err) != DESCENT_OK && strchr(err.message, '('))
            snprintf(rule[n_rules], sizeof *rule, "%s (adam)", info->name);
        if (step_with(&sum, rule[n_rules], &err) != DESCENT_OK)
            complain("%s: %s", rule[n_rules], err.message);
        n_rules++;
    }
}

static descent_status every_rule(scenario_sum *sum, descent_error *err)
{
    for (size_t i = 0; i < n_rules; i++) {
        const descent_status status = step_with(sum, rule[i], err);
        if (status != DESCENT_OK)
            return status;
    }
    return DESCENT_OK;
}

static descent_status averages(scenario_sum *sum, descent_error *err)
{
    return step_with(sum, "ema (lookahead (adam))", err);
}

/* --- minima -------------------------------------------------------------------------------------
 */

static descent_status minimize_with(scenario_sum *sum, const char *optimizer, descent_error *err)
{
    descent_minimize_options o = descent_minimize_defaults();
    double w[2] = {-1.2, 1};
    descent_expression *f;
    descent_minimum minimum;

    o.optimizer = optimizer;
    o.schedule = "cosine warmup=3";
    o.steps = 20;
    descent_status status = descent_expression_parse(&f, "(1-x)^2 + 100*(y-x^2)^2", err);
    o.user = f;
    if (status == DESCENT_OK)
        status = descent_minimize(descent_expression_evaluate, w, 2, &o, &minimum, err);
    if (status == DESCENT_OK) {
        sum_bytes(sum, w, sizeof w);
        sum_text(sum, minimum.sentence);
        for (const descent_finding *found = minimum.finding; found->name; found++)
            sum_text(sum, found->evidence);
    } else if (w[0] != -1.2 || w[1] != 1) {
        complain("failed, and w has moved");
    }
    descent_expression_free(f);
    return status;
}

static descent_status minimize(scenario_sum *sum, descent_error *err)
{
    static const char *const optimizer[] = {"sgd lr=0.01 momentum=0.9", "lbfgs", "cg", "adam lr=1"};

    for (int i = 0; i < 4; i++) {
        const descent_status status = minimize_with(sum, optimizer[i], err);
        if (status != DESCENT_OK)
            return status;
    }
    return DESCENT_OK;
}

const scenario scenarios_of_optimizers[] = {
    {.name = "optimizers", .run = every_rule, .before = find_rules, .tries = 200},
    {.name = "averages of an optimizer", .run = averages},
    {.name = "minimize", .run = minimize},
    {.name = NULL},
};
