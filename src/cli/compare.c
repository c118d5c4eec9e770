/* compare.c - descent compare: optimizers, batches or schedules side by side. */
#include "compare.h"

#include <math.h>
#include <string.h>

enum { OPTIMIZERS, BATCHES, SCHEDULES, SEEDS, TUNE, TARGET, THREADS, REPORT, JSON, N_OPTIONS };

static const cli_option options[N_OPTIONS] = {
    [OPTIMIZERS] = {"optimizers", "LIST", "update rules to compare: \"sgd lr=0.1; adam\""},
    [BATCHES] = {"batches", "LIST", "batch sizes to compare: \"all; 1; 64\""},
    [SCHEDULES] = {"schedules", "LIST", "schedules to compare: \"constant; cosine\""},
    [SEEDS] = {"seeds", "N", "trainings of each contender (default: 5)"},
    [TUNE] = {"tune", "N", "choose the lr of each contender by N trainings first"},
    [TARGET] = {"target", "SCORE",
                "how long until this accuracy (0.95), rmse or loss of text is reached"},
    [THREADS] = {"threads", "N", "trainings at once (default: every core)"},
    [REPORT] = {"report", "FILE", "write a page with the curves: race.html"},
    [JSON] = {"json", NULL, "one JSON object on standard output, people's text on standard error"},
};

extern const cli_command cli_command_compare;

typedef struct session {
    const cli_args *args;
    FILE *out;
    bool json;
    cli_line line;
    char names[1024]; /* of the data sets */
    const char *data; /* being compared, one of them */
    descent_recipe *recipe;
    descent_compare_options options;
    cli_comparisons all;
} session;

static int on_progress(double part, int done, int all, void *user)
{
    session *s = user;

    cli_line_say(&s->line, "%.60s: %d of %d trainings, %.0f %%", s->data, done, all, 100 * part);
    return cli_interrupted();
}

static int read_options(session *s)
{
    const cli_args *args = s->args;
    descent_compare_options *o = &s->options;
    int64_t seeds = o->seeds, tune = o->tune, threads = 0;

    if (cli_read_whole("--seeds", args->value[SEEDS], 2, 1000, &seeds) ||
        cli_read_whole("--tune", args->value[TUNE], 3, 1000, &tune) ||
        cli_read_whole("--threads", args->value[THREADS], 1, 1024, &threads) ||
        cli_read_number("--target", args->value[TARGET], 0, &o->target))
        return EXIT_USAGE;
    o->optimizers = args->value[OPTIMIZERS];
    o->batches = args->value[BATCHES];
    o->schedules = args->value[SCHEDULES];
    o->seeds = (int)seeds;
    o->tune = (int)tune;
    o->threads = (int)threads;
    o->on_progress = on_progress;
    o->user = s;
    s->all.own_target = args->value[TARGET] != NULL;
    return EXIT_DONE;
}

static int compare_on(session *s, const char *data)
{
    descent_error err;

    s->data = data;
    if (descent_recipe_set(s->recipe, "data", data, "data", &err))
        return cli_fail(&err);
    const descent_status status =
        descent_compare(&s->all.set[s->all.n], s->recipe, NULL, &s->options, &err);
    cli_line_clear(&s->line);
    if (status != DESCENT_OK)
        return cli_fail(&err);
    if (!s->all.set[s->all.n]) {
        cli_complain("interrupted; a comparison that is not whole tells nothing");
        return EXIT_RAN_BADLY;
    }
    cli_compare_show(s->out, &s->all, s->all.n++);
    return EXIT_DONE;
}

/* "digits; iris" are two. */
static int compare_all(session *s)
{
    const char *list = descent_recipe_get(s->recipe, "data");
    char *at = s->names;

    if (strlen(list) >= sizeof s->names)
        return cli_complain("data: the list of data sets is longer than %zu characters",
                            sizeof s->names - 1);
    memcpy(s->names, list, strlen(list) + 1);
    while (at) {
        char *next = strchr(at, ';');
        if (next)
            *next++ = '\0';
        at += strspn(at, " ");
        for (size_t n = strlen(at); n > 0 && at[n - 1] == ' '; n--)
            at[n - 1] = '\0';
        if (!*at)
            return cli_complain("data: nothing stands between two ';', or at the end");
        if (s->all.n == CLI_MAX_SETS)
            return cli_complain("data: more than %d data sets", CLI_MAX_SETS);
        const int status = compare_on(s, at);
        if (status != EXIT_DONE)
            return status;
        at = next;
    }
    return EXIT_DONE;
}

static int show_all(const session *s)
{
    if (s->all.n > 1)
        cli_compare_show_profile(s->out, &s->all);
    json_t *object = cli_compare_json(&s->all);
    const int written = cli_page_write(s->args->value[REPORT], object);
    if (s->json)
        cli_json_line(object);
    else
        json_decref(object);
    return written;
}

static int run(const cli_args *args)
{
    session s = {.args = args,
                 .json = args->value[JSON] != NULL,
                 .line.wanted = cli_is_terminal(stderr),
                 .options = descent_compare_defaults()};

    s.out = s.json ? stderr : stdout;
    int status = cli_make_recipe(&s.recipe, &cli_command_compare, args,
                                 "name a built-in set or a file, for example: descent compare "
                                 "digits --optimizers \"sgd lr=0.1; adam\"");
    if (status == EXIT_DONE)
        status = cli_page_begin(args->value[REPORT]);
    if (status == EXIT_DONE)
        status = read_options(&s);
    cli_catch_interrupts();
    if (status == EXIT_DONE)
        status = compare_all(&s);
    if (status == EXIT_DONE)
        status = show_all(&s);
    for (size_t i = 0; i < s.all.n; i++)
        descent_comparison_free(s.all.set[i]);
    descent_recipe_free(s.recipe);
    return status;
}

const cli_command cli_command_compare = {
    .name = "compare",
    .summary = "compares optimizers, batches or schedules over several seeds",
    .usage = "[RECIPE.ini] DATA --optimizers \"sgd lr=0.1; adam\" [flags]",
    .about =
        "Trains every contender with the same seeds. A seed stands for one split of the data, one\n"
        "set of initial weights and one order of examples, the same for all contenders. Says\n"
        "which differences are more than noise: paired t-tests over the seeds, corrected by\n"
        "Holm's method for all pairs. Lists are combined: 2 optimizers and 3 batches are 6\n"
        "contenders. Several data sets, with ';' between them, give a performance profile.\n\n"
        "  descent compare digits --optimizers \"sgd lr=0.1; rmsprop lr=0.001; adam lr=0.001\"\n"
        "  descent compare iris --batches \"all; 1; 16\" --optimizer \"sgd lr=0.1\"\n"
        "  descent compare \"iris; digits\" --optimizers \"sgd; adam\" --tune 12",
    .options = options,
    .n_options = N_OPTIONS,
    .max_words = 2,
    .takes_recipe = true,
    .run = run,
};
