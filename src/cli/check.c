/* check.c - descent check: what can be known of a training before it begins. */
#include "command.h"

#include <math.h>
#include <string.h>

enum { THREADS, KERNEL, JSON, QUIET, N_OPTIONS };

static const cli_option options[N_OPTIONS] = {
    [THREADS] = {"threads", "N", "threads to use (default: every core); never changes the result"},
    [KERNEL] = {"kernel", "NAME", "auto, or ref: plain C, the slow judge of the fast ones"},
    [JSON] = {"json", NULL, "one JSON object on standard output, people's text on standard error"},
    [QUIET] = {"quiet", NULL, "only what is not in order, and the last line"},
};

enum { NAME_COLUMN = 9, INDENT = 6 + NAME_COLUMN };

typedef struct session {
    FILE *out;
    bool bar, json, quiet;
    int shown;        /* percent */
    json_t *segments; /* of the JSON object */
    json_t *recipe;   /* the same: as it was resolved */
} session;

extern const cli_command cli_command_check;

static void clear_bar(session *s)
{
    if (s->shown >= 0)
        fprintf(stderr, "\r%*s\r", cli_width() - 1, "");
    s->shown = -1;
}

static int on_progress(double part, const char *name, void *user)
{
    session *s = user;
    const int percent = (int)(100.0 * part);

    if (s->bar && percent != s->shown) {
        fprintf(stderr, "\rchecking: %3d %%  %-32s", percent, name);
        fflush(stderr);
        s->shown = percent;
    }
    return cli_interrupted();
}

static void on_start(const descent_recipe *resolved, const descent_dataset *data,
                     const descent_model *model, const descent_optimizer *optimizer, void *user)
{
    static const char *const shown[] = {"loss", "optimizer", "group", "schedule"};
    session *s = user;

    if (s->json) {
        s->segments = cli_treatment_json(model, optimizer);
        s->recipe = json_object();
        for (size_t i = 0; descent_recipe_key(i); i++) {
            const char *key = descent_recipe_key(i)->name;
            const char *value = descent_recipe_get(resolved, key);
            json_object_set_new(s->recipe, key, value ? json_string(value) : json_null());
        }
    }
    if (s->quiet)
        return;
    clear_bar(s);
    cli_print_data(s->out, data);
    cli_print_model(s->out, model);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (descent_recipe_get(resolved, shown[i]))
            fprintf(s->out, "%-10s %s\n", shown[i], descent_recipe_get(resolved, shown[i]));
    cli_print_treatment(s->out, model, optimizer, true);
    fflush(s->out);
}

static void print_number(FILE *out, double x)
{
    if (isnan(x))
        fprintf(out, " %10s", "");
    else
        fprintf(out, " %10.3g", x);
}

static void print_layers(FILE *out, const descent_check *check)
{
    if (!descent_check_layer_at(check, 0))
        return;
    fprintf(out, "%-10s %-16s %10s %10s %10s %10s %10s %10s\n", "first step", "name", "mean",
            "deviation", "dead", "saturated", "|g|", "g a weight");
    for (size_t i = 0; descent_check_layer_at(check, i); i++) {
        const descent_check_layer *l = descent_check_layer_at(check, i);
        const double number[] = {l->mean,      l->deviation, l->dead,
                                 l->saturated, l->grad_norm, l->grad_rms};
        fprintf(out, "%-10s %-16s", "", l->name);
        for (size_t k = 0; k < sizeof number / sizeof *number; k++)
            print_number(out, number[k]);
        fputc('\n', out);
    }
}

static void print_lines(session *s, const descent_check *check)
{
    int count[4] = {0};

    if (!s->quiet) {
        print_layers(s->out, check);
        fputc('\n', s->out);
    }
    for (size_t i = 0; descent_check_line_at(check, i); i++) {
        const descent_check_line *line = descent_check_line_at(check, i);
        char label[32];
        count[line->verdict]++;
        if (s->quiet && line->verdict < DESCENT_WARN)
            continue;
        snprintf(label, sizeof label, "%-5s %-*s", descent_mark_text(line->verdict), NAME_COLUMN,
                 line->name);
        cli_paragraph(s->out, INDENT, label, line->text);
        if (line->flags[0])
            fprintf(s->out, "%*stry: %s\n", INDENT, "", line->flags);
    }
    fprintf(s->out, "%s%d passed, %d warned, %d failed, %d skipped\n", s->quiet ? "" : "\n",
            count[DESCENT_PASS], count[DESCENT_WARN], count[DESCENT_FAIL], count[DESCENT_SKIP]);
}

static json_t *lines_json(const descent_check *check)
{
    json_t *list = json_array();

    for (size_t i = 0; descent_check_line_at(check, i); i++) {
        const descent_check_line *line = descent_check_line_at(check, i);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "name", line->name, "verdict",
                                              descent_mark_text(line->verdict), "text", line->text,
                                              "flags", line->flags));
    }
    return list;
}

static json_t *layers_json(const descent_check *check)
{
    json_t *list = json_array();

    for (size_t i = 0; descent_check_layer_at(check, i); i++) {
        const descent_check_layer *l = descent_check_layer_at(check, i);
        json_array_append_new(
            list, json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "name", l->name, "mean",
                            cli_number(l->mean), "deviation", cli_number(l->deviation), "dead",
                            cli_number(l->dead), "saturated", cli_number(l->saturated), "grad_norm",
                            cli_number(l->grad_norm), "grad_rms", cli_number(l->grad_rms)));
    }
    return list;
}

static int check(session *s, const cli_args *args, descent_recipe *recipe)
{
    descent_check_options o = descent_check_defaults();
    descent_train_options train = descent_train_defaults();
    int64_t threads = 0;
    descent_check *found;
    descent_error err;

    if (cli_read_whole("--threads", args->value[THREADS], 1, 1024, &threads))
        return EXIT_USAGE;
    o.threads = train.threads = (int)threads;
    o.kernels = train.kernels = args->value[KERNEL];
    o.on_start = on_start;
    o.on_progress = on_progress;
    o.user = s;
    cli_catch_interrupts();
    if (descent_lr_wanted(recipe)) {
        const int status = cli_resolve_lr(recipe, &train, s->quiet ? NULL : s->out, s->json);
        if (status != EXIT_DONE)
            return status;
    }
    const descent_status status = descent_check_run(&found, recipe, NULL, &o, &err);
    clear_bar(s);
    if (status != DESCENT_OK)
        return cli_fail(&err);
    if (!found)
        return cli_complain("interrupted; nothing was checked") - EXIT_USAGE + EXIT_RAN_BADLY;
    const descent_mark verdict = descent_check_worst(found);
    if (s->json) {
        cli_json_line(json_pack("{s:s, s:s, s:O, s:O, s:o, s:o, s:o}", "event", "check", "verdict",
                                descent_mark_text(verdict), "recipe", s->recipe, "segments",
                                s->segments, "layers", layers_json(found), "lines",
                                lines_json(found), "findings",
                                cli_findings_json(descent_check_findings(found), NULL)));
    }
    print_lines(s, found);
    descent_check_free(found);
    return verdict == DESCENT_FAIL ? EXIT_RAN_BADLY : EXIT_DONE;
}

static int run(const cli_args *args)
{
    session s = {
        .json = args->value[JSON] != NULL, .quiet = args->value[QUIET] != NULL, .shown = -1};
    descent_recipe *recipe;
    descent_error err;

    s.out = s.json ? stderr : stdout;
    s.bar = cli_is_terminal(stderr);
    if (descent_recipe_create(&recipe, &err))
        return cli_fail(&err);
    int status = cli_read_recipe(&cli_command_check, args, recipe);
    if (status == EXIT_DONE && !descent_recipe_get(recipe, "data"))
        status = cli_complain("check: no data; name a recipe with data, a built-in set or a file, "
                              "for example: descent check digits");
    if (status == EXIT_DONE)
        status = check(&s, args, recipe);
    json_decref(s.segments);
    json_decref(s.recipe);
    descent_recipe_free(recipe);
    return status;
}

const cli_command cli_command_check = {
    .name = "check",
    .summary = "looks for mistakes before a training: data, gradient, learning rate",
    .usage = "[RECIPE.ini] [DATA] [flags]",
    .about =
        "Takes some seconds and writes nothing. Checks the data, the loss of the untrained "
        "network\n"
        "against chance, the gradient against finite differences in double, whether 20 examples "
        "are\n"
        "learned by heart, what each layer does with the first batch, weight decay, where the\n"
        "learning rate stands in a search of 100 steps, and that two short trainings end with the\n"
        "same bits. Exit status 1 when something fails.\n\n"
        "  descent check digits\n"
        "  descent check recipe.ini --data flowers.csv --optimizer \"adam lr=0.01\"",
    .options = options,
    .n_options = N_OPTIONS,
    .max_words = 2,
    .takes_recipe = true,
    .run = run,
};
