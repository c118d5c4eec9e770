/* minimize.c - descent minimize: the update rule itself, on a formula, step by step. */
#include "walk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FROM, OPTIMIZER, SCHEDULE, STEPS, TOLERANCE, REPORT, JSON, N_OPTIONS };

static const cli_option options[N_OPTIONS] = {
    [FROM] = {"from", "x=1,y=2", "where to start: a value for every variable"},
    [OPTIMIZER] = {"optimizer", "STRING",
                   "the update rule (default: sgd lr=0.1); several: \"sgd lr=0.1; adam lr=0.1\""},
    [SCHEDULE] = {"schedule", "STRING", "how lr moves (default: constant)"},
    [STEPS] = {"steps", "N", "steps at most (default: 100)"},
    [TOLERANCE] = {"tolerance", "T", "stop when |g| is this small (default: 1e-8)"},
    [REPORT] = {"report", "FILE", "write a page that shows the walk: bowl.html"},
    [JSON] = {"json", NULL, "JSON Lines on standard output, people's text on standard error"},
};

/* The formula, the rules that are followed on it one after the other, and how they are shown. */
typedef struct session {
    const cli_args *args;
    descent_expression *formula;
    size_t n;
    double start[CLI_MOST_VARIABLES];
    bool json;
    char *rules; /* --optimizer, cut into its rules */
    cli_walk walk[CLI_MOST_RULES];
    size_t n_walks;
    cli_walk *now; /* the one that runs */
} session;

/* descent_objective: the formula is one field of the session. */
static double objective(size_t n, const double *w, double *g, void *user)
{
    return descent_expression_evaluate(n, w, g, ((session *)user)->formula);
}

static json_t *named(const session *s, const double *values)
{
    json_t *object = json_object();

    for (size_t i = 0; i < s->n; i++)
        json_object_set_new(object, descent_expression_variable(s->formula, i),
                            isfinite(values[i]) ? json_real(values[i]) : json_null());
    return object;
}

static json_t *real(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

/* The line of a run among several says whose it is. */
static void print_line(const session *s, json_t *line)
{
    if (s->n_walks > 1)
        json_object_set_new(line, "optimizer", json_string(s->now->optimizer));
    cli_json_line(line);
}

static void print_header(const session *s)
{
    if (s->n_walks > 1)
        printf("%s%s\n", s->now > s->walk ? "\n" : "", s->now->optimizer);
    printf("%6s", "step");
    for (size_t i = 0; i < s->n; i++)
        printf(" %23s", descent_expression_variable(s->formula, i));
    printf(" %23s %23s\n", "f", "|g|");
}

static int on_step(const descent_minimize_step *step, void *user)
{
    const session *s = user;
    char number[32];

    if (s->now->path.row)
        cli_path_add(&s->now->path, step);
    if (s->json) {
        print_line(s, json_pack("{s:s, s:I, s:o, s:o, s:o}", "event", "step", "step",
                                (json_int_t)step->step, "w", named(s, step->w), "f", real(step->f),
                                "g", named(s, step->g)));
        return cli_interrupted();
    }
    if (step->step == 0)
        print_header(s);
    printf("%6lld", (long long)step->step);
    for (size_t i = 0; i < s->n; i++)
        printf(" %23s", descent_number_text(step->w[i], number));
    printf(" %23s", descent_number_text(step->f, number));
    printf(" %23s\n", descent_number_text(step->g_norm, number));
    return cli_interrupted();
}

static const char *verdict_word(descent_verdict verdict)
{
    switch (verdict) {
    case DESCENT_CONVERGED:
        return "converged";
    case DESCENT_STILL_GOING:
        return "still going";
    case DESCENT_OSCILLATING:
        return "oscillating";
    case DESCENT_DIVERGED:
        break;
    }
    return "diverged";
}

static void print_result(const session *s)
{
    const descent_minimum *m = &s->now->result;
    FILE *out = s->json ? stderr : stdout;
    char number[32];

    if (s->json)
        print_line(s, json_pack("{s:s, s:I, s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "event", "result",
                                "steps", (json_int_t)m->steps, "stop", descent_stop_text(m->stop),
                                "verdict", verdict_word(m->verdict), "sentence", m->sentence, "f",
                                real(m->f), "g_norm", real(m->g_norm), "w", named(s, s->now->best),
                                "findings", cli_findings_json(m->finding, NULL)));
    fprintf(out, "%s%s\nbest point:", s->json ? "" : "\n", m->sentence);
    for (size_t i = 0; i < s->n; i++)
        fprintf(out, " %s=%s", descent_expression_variable(s->formula, i),
                descent_number_text(s->now->best[i], number));
    fprintf(out, ", f=%s\n", descent_number_text(m->f, number));
    cli_findings_show(out, m->finding, NULL);
}

/* Cuts "sgd lr=0.1; adam" at the semicolons; the rules lie in s->rules. */
static int read_rules(session *s, const char *text)
{
    const bool several = strchr(text, ';') != NULL;
    const char *const blank = " \t\r\n";

    s->rules = cli_need_copy(text);
    for (char *at = s->rules, *next; at; at = next) {
        next = strchr(at, ';');
        if (next)
            *next++ = '\0';
        at += several ? strspn(at, blank) : 0;
        for (size_t n = strlen(at); several && n > 0 && strchr(blank, at[n - 1]); n--)
            at[n - 1] = '\0';
        if (several && !*at)
            return cli_complain("--optimizer: nothing stands between two semicolons, or at an end; "
                                "write them like \"sgd lr=0.1; adam lr=0.1\"");
        if (s->n_walks == CLI_MOST_RULES)
            return cli_complain("--optimizer names more than %d optimizers", CLI_MOST_RULES);
        s->walk[s->n_walks++].optimizer = at;
    }
    return EXIT_DONE;
}

/* One rule, from the start. */
static int follow(session *s, descent_minimize_options *o)
{
    descent_error err;

    memcpy(s->now->best, s->start, sizeof s->start);
    o->optimizer = s->now->optimizer;
    if (s->args->value[REPORT] && !cli_path_begin(&s->now->path, s->n))
        return cli_complain("out of memory for the page");
    if (descent_minimize(objective, s->now->best, s->n, o, &s->now->result, &err))
        return cli_fail(&err);
    print_result(s);
    return s->now->result.verdict == DESCENT_DIVERGED ? EXIT_RAN_BADLY : EXIT_DONE;
}

static int write_page(const session *s, const descent_minimize_options *o)
{
    const cli_walks walks = {.text = s->args->word[0],
                             .formula = s->formula,
                             .schedule = o->schedule,
                             .start = s->start,
                             .n = s->n,
                             .walk = s->walk,
                             .n_walks = s->n_walks};

    return cli_walk_page(s->args->value[REPORT], &walks);
}

static int minimize(session *s)
{
    const cli_args *args = s->args;
    descent_minimize_options o = descent_minimize_defaults();
    int worst = EXIT_DONE;

    if (args->value[SCHEDULE])
        o.schedule = args->value[SCHEDULE];
    o.on_step = on_step;
    o.user = s;
    if (cli_walk_start(s->formula, args->value[FROM], s->start) ||
        cli_read_whole("--steps", args->value[STEPS], 1, INT64_MAX, &o.steps) ||
        cli_read_number("--tolerance", args->value[TOLERANCE], 0, &o.gradient_tolerance) ||
        read_rules(s, args->value[OPTIMIZER] ? args->value[OPTIMIZER] : o.optimizer))
        return EXIT_USAGE;
    if (args->value[REPORT] && !descent_report_available())
        return cli_complain("--report: this build of descent has no pages: npm or the network was "
                            "missing when it was built, or they were switched off");
    cli_catch_interrupts();
    for (s->now = s->walk; s->now < s->walk + s->n_walks; s->now++) {
        const int status = follow(s, &o);
        if (status == EXIT_USAGE)
            return status;
        worst = status > worst ? status : worst;
    }
    const int written = args->value[REPORT] ? write_page(s, &o) : EXIT_DONE;
    return written ? written : worst;
}

static int run(const cli_args *args)
{
    session s = {.args = args, .json = args->value[JSON] != NULL};
    descent_error err;
    int status;

    if (descent_expression_parse(&s.formula, args->word[0], &err))
        return cli_fail(&err);
    s.n = descent_expression_variables(s.formula);
    if (s.n == 0)
        status = cli_complain("'%s' has no variable to move", args->word[0]);
    else if (s.n > CLI_MOST_VARIABLES)
        status = cli_complain("the formula has %zu variables, at most %d can be shown", s.n,
                              CLI_MOST_VARIABLES);
    else
        status = minimize(&s);
    for (size_t i = 0; i < s.n_walks; i++)
        cli_path_free(&s.walk[i].path);
    free(s.rules);
    descent_expression_free(s.formula);
    return status;
}

const cli_command cli_command_minimize = {
    .name = "minimize",
    .summary = "follows the update rule on a formula, step by step",
    .usage = "FORMULA --from x=5 [--optimizer S] [--steps N] [--report FILE]",
    .about =
        "Formulas know + - * / ^, parentheses, sin cos tan exp log sqrt abs tanh min max, pi and "
        "e;\n"
        "every other name is a variable. It ends with one plain sentence; exit status 1 means\n"
        "that the run diverged.\n\n"
        "  descent minimize \"x^2\" --from x=5 --optimizer \"sgd lr=0.1\" --steps 20\n"
        "  descent minimize \"(1-x)^2 + 100*(y-x^2)^2\" --from x=-1,y=1 --optimizer \"adam "
        "lr=0.05\"\n\n"
        "Several optimizers, with ; between them, walk from the same start one after the other. "
        "--report\nwrites a page: balls on the curve, the map and the surface, step by step.\n\n"
        "  descent minimize \"x^2 + 10*y^2\" --from x=5,y=2 \\\n"
        "    --optimizer \"sgd lr=0.09; sgd lr=0.02 momentum=0.9; adam lr=0.3\" --report bowl.html",
    .options = options,
    .n_options = N_OPTIONS,
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
