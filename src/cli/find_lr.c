/* find_lr.c - descent find-lr: which learning rate to train with. */
#include "command.h"

#include <math.h>

enum { SEEDS, FROM, TO, POINTS, PROBES, THREADS, REPORT, JSON, N_OPTIONS };

static const cli_option options[N_OPTIONS] = {
    [SEEDS] = {"seeds", "N", "how often it is repeated, with other weights (default: 3)"},
    [FROM] = {"from", "LR", "where the learning rate begins (default: 1e-6)"},
    [TO] = {"to", "LR", "where it ends at the latest (default: 100)"},
    [POINTS] = {"points", "N", "steps from the one to the other (default: 160)"},
    [PROBES] = {"probes", "N", "rates tried by a short training each; 0: none (default: 6)"},
    [THREADS] = {"threads", "N", "threads to use (default: every core); never changes the result"},
    [REPORT] = {"report", "FILE", "write a page with the curves: lr.html"},
    [JSON] = {"json", NULL, "one JSON object on standard output, people's text on standard error"},
};

extern const cli_command cli_command_find_lr;

typedef struct session {
    FILE *out;
    bool json;
    cli_line line;
} session;

static int on_progress(int64_t done, int64_t all, void *user)
{
    cli_line_say(&((session *)user)->line, "looking for lr: %3d %%", (int)(100 * done / all));
    return cli_interrupted();
}

/* "tried      0.001: 0.1503, 0.0023: 0.0624": rates and their last training loss. */
static void show_probes(FILE *out, const descent_lr_search *search)
{
    char lr[32];

    if (descent_lr_probes(search) > 0)
        fprintf(out, "%-10s", "tried");
    for (size_t i = 0; i < descent_lr_probes(search); i++) {
        const descent_lr_probe p = descent_lr_probe_at(search, i);
        fprintf(out, "%s %s", i > 0 ? "," : "", cli_plain_text(p.lr, lr));
        if (isfinite(p.loss))
            fprintf(out, " -> %.3g", p.loss);
        else
            fputs(" -> diverged", out);
    }
    if (descent_lr_probes(search) > 0)
        fputc('\n', out);
}

static void show(FILE *out, const descent_lr_search *search, const char *data)
{
    const descent_lr_suggestion all = descent_lr_suggest(search);
    const size_t n = descent_lr_curves(search);
    char text[120], steepest[32], tenth[32], lowest[32];

    fprintf(out, "loss over lr on %s, smoothed, mean of %zu seed%s; ':' is the suggestion\n\n",
            data, n, n == 1 ? "" : "s");
    cli_draw_lr_curve(out, search);
    fprintf(out, "\n%-10s lr=%s\n", "suggestion", cli_lr_text(search, text));
    fprintf(out, "%-10s falls fastest at %s, is lowest at %s, a tenth of divergence is %s\n",
            "loss", cli_plain_text(all.steepest, steepest), cli_plain_text(all.lowest, lowest),
            cli_plain_text(all.tenth, tenth));
    show_probes(out, search);
    if (all.n_diverged < n)
        fprintf(out, "%-10s %zu of %zu seeds did not diverge; --to goes further\n", "note",
                n - all.n_diverged, n);
    fprintf(out, "%-10s --optimizer \"%s\"\n", "use it", descent_lr_optimizer(search));
}

static int find(session *s, const cli_args *args, const descent_recipe *recipe)
{
    descent_lr_options o = descent_lr_defaults();
    int64_t seeds = o.seeds, steps = o.steps, threads = 0, probes = o.probes;
    const char *data = descent_recipe_get(recipe, "data");
    descent_lr_search *search;
    descent_error err;

    if (cli_read_whole("--seeds", args->value[SEEDS], 1, 100, &seeds) ||
        cli_read_whole("--points", args->value[POINTS], 20, 100000, &steps) ||
        cli_read_whole("--probes", args->value[PROBES], 0, 100, &probes) ||
        cli_read_whole("--threads", args->value[THREADS], 1, 1024, &threads) ||
        cli_read_number("--from", args->value[FROM], 0, &o.from) ||
        cli_read_number("--to", args->value[TO], 0, &o.to))
        return EXIT_USAGE;
    o.seeds = (int)seeds;
    o.steps = (int)steps;
    o.probes = (int)probes;
    o.threads = (int)threads;
    o.on_progress = on_progress;
    o.user = s;
    cli_catch_interrupts();
    const descent_status status = descent_lr_find(&search, recipe, NULL, &o, &err);
    cli_line_clear(&s->line);
    if (status != DESCENT_OK)
        return cli_fail(&err);
    if (!search) {
        cli_complain("interrupted; nothing was found");
        return EXIT_RAN_BADLY;
    }
    json_t *object = cli_lr_json(search, data);
    const int written = cli_page_write(args->value[REPORT], object);
    show(s->out, search, data);
    if (s->json)
        cli_json_line(object);
    else
        json_decref(object);
    descent_lr_free(search);
    return written;
}

static int run(const cli_args *args)
{
    session s = {.json = args->value[JSON] != NULL, .line.wanted = cli_is_terminal(stderr)};
    descent_recipe *recipe;

    s.out = s.json ? stderr : stdout;
    int status = cli_make_recipe(&recipe, &cli_command_find_lr, args,
                                 "name a built-in set or a file, for example: descent find-lr "
                                 "digits");
    if (status == EXIT_DONE)
        status = cli_page_begin(args->value[REPORT]);
    if (status == EXIT_DONE)
        status = find(&s, args, recipe);
    descent_recipe_free(recipe);
    return status;
}

const cli_command cli_command_find_lr = {
    .name = "find-lr",
    .summary = "finds the learning rate to train with",
    .usage = "[RECIPE.ini] DATA [flags]",
    .about =
        "A range test: a training whose learning rate grows at every step from very small until\n"
        "the loss explodes, for the recipe's own model, data, batch and optimizer, from several\n"
        "initial weights; then short trainings with a few of the rates. Shows the loss over the\n"
        "learning rate, and suggests one as a flag to copy. \"lr=auto\" in the optimizer of "
        "descent train does the same and trains with it.\n\n"
        "  descent find-lr digits\n"
        "  descent find-lr iris --model \"linear 16, tanh, linear\" --optimizer \"sgd "
        "momentum=0.9\"\n"
        "  descent train digits --optimizer \"adam lr=auto\"",
    .options = options,
    .n_options = N_OPTIONS,
    .max_words = 2,
    .takes_recipe = true,
    .run = run,
};
