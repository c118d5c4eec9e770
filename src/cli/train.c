/* train.c - descent train: from a recipe, data and flags to a trained model. */
#include "command.h"

#include <float.h>
#include <string.h>

enum {
    OUT,
    RESUME,
    THREADS,
    KERNEL,
    JSON,
    QUIET,
    NO_SAVE,
    SNAPSHOTS,
    SEGMENTS,
    MEMORY,
    INSTRUMENTS,
    STOP_ON,
    CONFIRM,
    NO_FINDINGS,
    CHECKPOINT_EVERY,
    WRITE_ERROR,
    ALLOW_CHANGES,
    N_OPTIONS
};

static const cli_option options[N_OPTIONS] = {
    [OUT] = {"out", "FOLDER", "where the run is written (default: the next free runs/NAME-N)"},
    [RESUME] = {"resume", "FOLDER",
                "go on with a run that was interrupted, killed or cut off; the end is that of one "
                "that never stopped, byte for byte"},
    [THREADS] = {"threads", "N", "threads to use (default: every core); never changes the result"},
    [KERNEL] = {"kernel", "NAME", "auto, or ref: plain C, the slow judge of the fast ones"},
    [JSON] = {"json", NULL, "JSON Lines on standard output, people's text on standard error"},
    [QUIET] = {"quiet", NULL, "only the result"},
    [NO_SAVE] = {"no-save", NULL, "write no run folder"},
    [SNAPSHOTS] = {"snapshots", "N",
                   "keep the weights N times on the way, for descent landscape (default: 20 for "
                   "data of two features, to draw how its plane is learned; else 0)"},
    [SEGMENTS] = {"segments", NULL, "show what the optimizer does to each segment of the weights"},
    [MEMORY] = {"memory", NULL,
                "show what the training takes of memory, and at its end what it took"},
    [INSTRUMENTS] = {"instruments", "[=LIST]",
                     "measure gradients, updates, activations on the way (descent list "
                     "instruments)"},
    [STOP_ON] = {"stop-on", "LIST",
                 "end the run when one of these findings appears (descent list findings)"},
    [CONFIRM] = {"confirm", NULL,
                 "try what the first finding proposes, for some seconds, and say whether it helps"},
    [NO_FINDINGS] = {"no-findings", NULL,
                     "leave the diagnosis out; what is trained stays the same, bit for bit"},
    [CHECKPOINT_EVERY] = {"checkpoint-every", "SECONDS",
                          "how much work a crash can cost (default: 30; for large models more)"},
    [WRITE_ERROR] =
        {"on-write-error", "go-on|stop",
         "when the disk is full: tell, and write when there is room (default), or stop"},
    [ALLOW_CHANGES] = {"allow-changes", NULL,
                       "with --resume: go on although settings, or the data, are not the same"},
};

/* One run of the subcommand. */
typedef struct session {
    const cli_args *args;
    FILE *out;
    bool quiet, json;
    char folder[512]; /* "" writes nothing */
    cli_progress progress;
    descent_recipe *recipe;
    bool trains;    /* all is built, and the run has a folder */
    size_t planned; /* bytes; 0: --memory was not given */
    bool has_page;
    descent_error page_error; /* why there is none, unless the build has no pages */
} session;

extern const cli_command cli_command_train;

/* What a resumed run has, or else what was typed. */
static int read_settings(session *s)
{
    descent_error err;

    if (descent_recipe_create(&s->recipe, &err))
        return cli_fail(&err);
    if (s->args->value[RESUME]) {
        char path[600];
        snprintf(path, sizeof path, "%s/recipe.ini", s->args->value[RESUME]);
        if (descent_recipe_read(s->recipe, path, &err))
            return cli_fail(&err);
    }
    if (cli_read_recipe(&cli_command_train, s->args, s->recipe))
        return EXIT_USAGE;
    const char *file = s->args->n_words > 0 ? s->args->word[0] : NULL;
    if (!descent_recipe_get(s->recipe, "data"))
        return file ? cli_complain("train: %s leaves the data to you; say what to train on, for "
                                   "example: descent train %s --data path/to/mnist/",
                                   file, file)
                    : cli_complain("train: no data; name a built-in set or a file, for example: "
                                   "descent train digits");
    return EXIT_DONE;
}

static void on_start(const descent_recipe *resolved, const descent_dataset *data,
                     const descent_model *model, const descent_optimizer *optimizer, void *user)
{
    session *s = user;
    const cli_started started = {resolved, data, model, optimizer};

    s->trains = true;
    s->progress.unit = descent_dataset_unit(data);
    cli_start_show(&started, s->quiet ? NULL : s->out, s->json, s->args->value[SEGMENTS] != NULL);
}

static void on_memory(const descent_memory_part *part, size_t n, void *user)
{
    session *s = user;

    s->planned = cli_print_memory(s->quiet ? NULL : s->out, s->json, part, n);
}

static void on_write_error(const descent_error *why, void *user)
{
    cli_progress_clear(&((session *)user)->progress);
    cli_complain("%s; the training goes on, and log and checkpoint follow when there is room",
                 why->message);
}

static int on_progress(const descent_train_progress *now, void *user)
{
    session *s = user;

    cli_progress_show(&s->progress, now);
    return cli_interrupted();
}

static void on_finding(const descent_finding *finding, int64_t step, void *user)
{
    cli_finding_new(&((session *)user)->progress, finding, step);
}

/* The page is a look back: that it cannot be written does not spoil the training. */
static void on_end(const descent_dataset *data, const descent_model *model,
                   const descent_tested *tested, void *user)
{
    session *s = user;

    if (s->folder[0] && descent_report_available())
        s->has_page =
            descent_report_run(s->folder, data, model, tested, &s->page_error) == DESCENT_OK;
}

static int read_numbers(const session *s, descent_train_options *o)
{
    int64_t threads = 0; /* every core */
    int64_t snapshots = DESCENT_SNAPSHOTS_OF_PLANES;

    if (cli_read_whole("--threads", s->args->value[THREADS], 1, 1024, &threads) ||
        cli_read_whole("--snapshots", s->args->value[SNAPSHOTS], 0, 1000, &snapshots) ||
        cli_read_number("--checkpoint-every", s->args->value[CHECKPOINT_EVERY], 0.0,
                        &o->checkpoint_seconds))
        return EXIT_USAGE;
    if (snapshots > 0 && !o->folder)
        return cli_complain("--snapshots are kept in the run folder, and --no-save writes none");
    if (s->args->value[CHECKPOINT_EVERY] && o->checkpoint_seconds == 0.0)
        o->checkpoint_seconds = DBL_MIN; /* after every step */
    o->threads = (int)threads;
    o->snapshots = (int)snapshots;
    return EXIT_DONE;
}

static int read_options(session *s, descent_train_options *o)
{
    const char *const *value = s->args->value, *on_error = value[WRITE_ERROR];

    if (on_error && strcmp(on_error, "stop") != 0 && strcmp(on_error, "go-on") != 0)
        return cli_complain("--on-write-error: '%s' is neither go-on nor stop", on_error);
    o->folder = s->folder[0] ? s->folder : NULL;
    o->resume = value[RESUME] != NULL;
    o->allow_changes = value[ALLOW_CHANGES] != NULL;
    o->stop_on_write_error = on_error && strcmp(on_error, "stop") == 0;
    if (value[INSTRUMENTS])
        o->instruments = *value[INSTRUMENTS] ? value[INSTRUMENTS] : "standard";
    o->diagnose = value[NO_FINDINGS] == NULL;
    o->kernels = value[KERNEL];
    o->stop_on = value[STOP_ON];
    o->on_start = on_start;
    o->on_progress = on_progress;
    o->on_end = on_end;
    o->on_finding = on_finding;
    o->on_write_error = on_write_error;
    o->on_memory = value[MEMORY] ? on_memory : NULL;
    o->user = s;
    return read_numbers(s, o);
}

/* What people are told when it is over. */
static void show_result(session *s, const descent_train_result *result,
                        const descent_confirmation *confirmed)
{
    if (s->json)
        cli_result_json(result, confirmed);
    if (!s->quiet && !s->json && s->folder[0] && cli_is_terminal(stdout))
        cli_draw_loss(s->out, s->folder);
    cli_result_show(s->out, result, s->progress.unit, s->quiet);
    if (!s->quiet)
        cli_findings_show(s->out, result->finding, confirmed);
    if (s->planned > 0)
        cli_print_peak(s->out, s->planned, result->peak_bytes);
    if (s->folder[0])
        cli_result_files(s->out, result, s->folder, descent_recipe_get(s->recipe, "data"),
                         s->progress.unit, s->has_page);
    if (s->page_error.message[0])
        fprintf(stderr, "descent: no page was written: %s\n", s->page_error.message);
}

/* Nothing of a run is lost when its files could not be written: what is kept goes on from. */
static int fail(const session *s, const descent_error *err)
{
    const int status = cli_fail(err);

    if (err->status == DESCENT_IO && s->trains && s->folder[0])
        fprintf(stderr, "         the last checkpoint is whole: descent train --resume %s\n",
                s->folder);
    return status;
}

static int train(session *s)
{
    descent_train_options o = descent_train_defaults();
    descent_confirmation confirmed = {.finding = NULL};
    descent_train_result result;
    descent_model *model;
    descent_error err;

    if (read_options(s, &o))
        return EXIT_USAGE;
    cli_catch_interrupts();
    if (!o.resume && descent_lr_wanted(s->recipe)) {
        const int status = cli_resolve_lr(s->recipe, &o, s->quiet ? NULL : s->out, s->json);
        if (status != EXIT_DONE)
            return status;
    }
    if (descent_train(&model, s->recipe, NULL, &o, &result, &err)) {
        cli_progress_clear(&s->progress);
        return fail(s, &err);
    }
    cli_progress_clear(&s->progress);
    if (s->args->value[CONFIRM])
        cli_confirm(&confirmed, s->recipe, &result, &o, s->quiet);
    show_result(s, &result, &confirmed);
    descent_model_free(model);
    return result.stop == DESCENT_STOP_DIVERGED || result.stopped_by ? EXIT_RAN_BADLY : EXIT_DONE;
}

static int run(const cli_args *args)
{
    session s = {
        .args = args, .json = args->value[JSON] != NULL, .quiet = args->value[QUIET] != NULL};

    s.out = s.json ? stderr : stdout;
    s.progress = (cli_progress){
        .out = s.out, .json = s.json, .quiet = s.quiet, .bar = cli_is_terminal(s.out)};
    int status = read_settings(&s);
    if (status == EXIT_DONE) {
        if (args->value[RESUME])
            snprintf(s.folder, sizeof s.folder, "%s", args->value[RESUME]);
        else if (args->value[OUT])
            status = cli_take_folder(args->value[OUT], s.folder);
        else if (!args->value[NO_SAVE])
            cli_choose_folder(descent_recipe_get(s.recipe, "data"), s.folder);
        if (status == EXIT_DONE)
            status = train(&s);
    }
    descent_recipe_free(s.recipe);
    return status;
}

const cli_command cli_command_train = {
    .name = "train",
    .summary = "trains a network by gradient descent",
    .usage = "[RECIPE.ini] [DATA] [flags]",
    .about =
        "DATA is a built-in set (descent list datasets), a CSV file or a folder of pictures, with\n"
        "options behind it: \"flowers.csv target=species\". What is left open gets a sensible\n"
        "default, which is shown.\n\n"
        "  descent train digits\n"
        "  descent train mnist/ --model \"linear 128, relu, linear\" --batch 64 --epochs 5\n"
        "  descent train recipe.ini --optimizer \"sgd lr=0.1 momentum=0.9\" --seed 2\n"
        "  descent train digits --optimizer \"adam lr=auto\"      finds the learning rate first",
    .options = options,
    .n_options = N_OPTIONS,
    .max_words = 2,
    .takes_recipe = true,
    .run = run,
};
