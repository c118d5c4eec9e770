/* landscape.c - descent landscape: the loss around a trained model, and how sharply it bends. */
#include "landscape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    GRID,
    SPAN,
    DIRECTIONS,
    TO,
    EIGENVALUES,
    OVER_RUN,
    EXAMPLES,
    SEED,
    THREADS,
    REPORT,
    JSON,
    N_OPTIONS
};

static const cli_option options[N_OPTIONS] = {
    [GRID] = {"grid", "N", "points along each side of the map, and of the line (default: 25)"},
    [SPAN] = {"span", "X",
              "how far the map reaches: 1 is as far as the weights are long; with pca, "
              "1 is the whole path (default: 1)"},
    [DIRECTIONS] = {"directions", "NAME",
                    "random (filter-normalised), or pca: of train --snapshots (default: random)"},
    [TO] = {"to", "OTHER_RUN", "a line to the model of another run instead of a map"},
    [EIGENVALUES] = {"eigenvalues", "N",
                     "of the Hessian, at either end, 0 to 50 (default: 5); 0: none"},
    [OVER_RUN] = {"over-run", NULL, "the sharpness at every snapshot too, against its lr"},
    [EXAMPLES] = {"examples", "N", "of the training part, to measure on (default: 1000)"},
    [SEED] = {"seed", "S", "of directions and examples (default: 1)"},
    [THREADS] = {"threads", "N", "threads to use (default: every core); never changes the result"},
    [REPORT] = {"report", "FILE", "write a page with the pictures: bowl.html"},
    [JSON] = {"json", NULL, "one JSON object on standard output"},
};

/* What stands on the terminal while something is measured. */
typedef struct watching {
    const char *what;
    cli_line line;
} watching;

typedef struct request {
    int64_t grid, eigenvalues, examples, seed, threads;
    double span;
    descent_directions directions;
    watching watch;
} request;

static int watch(double done, void *user)
{
    watching *w = user;

    cli_line_say(&w->line, "%s %3.0f %%", w->what, 100 * done);
    return cli_interrupted();
}

static void begin(request *r, const char *what)
{
    cli_line_clear(&r->watch.line);
    r->watch.what = what;
}

static int read_directions(const char *word, descent_directions *out)
{
    static const char *const known[] = {"random", "pca"};

    for (int i = 0; i < 2; i++)
        if (!word || strcmp(word, known[i]) == 0) {
            *out = i == 0 ? DESCENT_DIRECTIONS_RANDOM : DESCENT_DIRECTIONS_PCA;
            return EXIT_DONE;
        }
    const char *nearest = descent_nearest(word, known, 2);
    return cli_complain("--directions = %s, must be random or pca%s%s%s", word,
                        nearest ? "; did you mean '" : "", nearest ? nearest : "",
                        nearest ? "'?" : "");
}

static int read_request(const cli_args *args, request *r)
{
    *r = (request){.grid = 25,
                   .eigenvalues = 5,
                   .examples = 1000,
                   .seed = 1,
                   .span = 1.0,
                   .watch.line.wanted = cli_is_terminal(stderr)};
    if (cli_read_whole("--grid", args->value[GRID], 2, 201, &r->grid) ||
        cli_read_whole("--eigenvalues", args->value[EIGENVALUES], 0, DESCENT_MOST_EIGENVALUES,
                       &r->eigenvalues) ||
        cli_read_whole("--examples", args->value[EXAMPLES], 1, INT64_MAX, &r->examples) ||
        cli_read_whole("--seed", args->value[SEED], 0, INT64_MAX, &r->seed) ||
        cli_read_whole("--threads", args->value[THREADS], 1, 1024, &r->threads) ||
        cli_read_number("--span", args->value[SPAN], 0, &r->span) ||
        read_directions(args->value[DIRECTIONS], &r->directions))
        return EXIT_USAGE;
    if (r->span <= 0.0)
        return cli_complain("--span = %s, must be above 0", args->value[SPAN]);
    if (args->value[TO] && args->value[DIRECTIONS])
        return cli_complain("--to draws a line and --directions a map; give one of them");
    return EXIT_DONE;
}

/* What the recipe says of lr and momentum. */
static void read_optimizer(cli_landscape *l)
{
    const char *text = descent_recipe_get(descent_landscape_recipe(l->land), "optimizer");
    descent_optimizer *opt;

    l->lr = (double)NAN;
    if (!text || descent_optimizer_create(&opt, text, 1, DESCENT_F64, NULL))
        return;
    l->lr = descent_optimizer_get(opt, "lr");
    l->is_sgd = strcmp(descent_optimizer_name(opt), "sgd") == 0;
    l->momentum = l->is_sgd ? descent_optimizer_get(opt, "momentum") : 0.0;
    descent_optimizer_free(opt);
}

/* The largest eigenvalue at every snapshot. */
static descent_status follow(cli_landscape *l, descent_error *err)
{
    const size_t n = descent_landscape_snapshots(l->land);

    l->sharpness = cli_need(n + 1, sizeof *l->sharpness);
    for (size_t i = 0; i < n; i++) {
        descent_spectrum s = {0};
        l->sharpness[i] = (double)NAN;
        if (cli_interrupted())
            continue;
        const descent_status status = descent_landscape_spectrum(l->land, (int64_t)i, 1, &s, err);
        if (status)
            return status;
        if (!s.interrupted)
            l->sharpness[i] = s.largest[0].value;
        l->interrupted = l->interrupted || s.interrupted;
    }
    return DESCENT_OK;
}

static descent_status measure(cli_landscape *l, request *r, bool over_run, descent_error *err)
{
    descent_status status;

    begin(r, l->other ? "line" : "map");
    status = l->other ? descent_landscape_between(l->land, l->other, (size_t)r->grid, &l->line, err)
                      : descent_landscape_plane(l->land, r->directions, (size_t)r->grid, r->span,
                                                &l->map, err);
    if (status)
        return status;
    l->has_line = l->other != NULL;
    l->has_map = !l->has_line;
    l->interrupted = l->line.interrupted || l->map.interrupted;
    begin(r, "curvature");
    if (r->eigenvalues > 0 && !cli_interrupted()) {
        status = descent_landscape_spectrum(l->land, -1, (size_t)r->eigenvalues, &l->spectrum, err);
        l->has_spectrum = status == DESCENT_OK && l->spectrum.count > 0;
        l->interrupted = l->interrupted || l->spectrum.interrupted;
    }
    begin(r, "curvature over the run");
    if (!status && over_run && !cli_interrupted())
        status = follow(l, err);
    begin(r, "");
    return status;
}

static int show(const cli_args *args, const cli_landscape *l)
{
    const char *file = args->value[REPORT];
    json_t *object = cli_landscape_json(l);
    const int status = cli_page_write(file, object);

    if (status == EXIT_DONE && args->value[JSON]) {
        cli_json_line(object);
        return status;
    }
    json_decref(object);
    if (status == EXIT_DONE) {
        cli_landscape_show(l, stdout);
        if (file)
            printf("The pictures are in %s.\n", file);
    }
    return status;
}

static int run(const cli_args *args)
{
    cli_landscape l = {.run = args->word[0], .other = args->value[TO]};
    descent_landscape_options o = descent_landscape_defaults();
    descent_error err;
    request r;

    if (read_request(args, &r) || cli_page_begin(args->value[REPORT]))
        return EXIT_USAGE;
    l.directions = r.directions == DESCENT_DIRECTIONS_PCA ? "pca" : "random";
    o.examples = (size_t)r.examples;
    o.seed = (uint64_t)r.seed;
    o.threads = (int)r.threads;
    o.watch = watch;
    o.user = &r.watch;
    if (descent_landscape_open(&l.land, l.run, &o, &err))
        return cli_fail(&err);
    int status = EXIT_DONE;
    if (args->value[OVER_RUN] && descent_landscape_snapshots(l.land) == 0)
        status = cli_complain("--over-run: '%s' has no snapshots of its weights; train with "
                              "--snapshots 20",
                              l.run);
    read_optimizer(&l);
    cli_catch_interrupts();
    if (status == EXIT_DONE && measure(&l, &r, args->value[OVER_RUN] != NULL, &err)) {
        begin(&r, "");
        status = cli_fail(&err);
    }
    if (status == EXIT_DONE)
        status = show(args, &l);
    free(l.sharpness);
    descent_landscape_map_free(&l.map);
    descent_landscape_line_free(&l.line);
    descent_landscape_free(l.land);
    return status;
}

const cli_command cli_command_landscape = {
    .name = "landscape",
    .summary = "shows the loss around a trained model, and its curvature",
    .usage = "RUN [--to OTHER_RUN] [--report FILE] [flags]",
    .about =
        "RUN is the folder of a training. The loss is the mean over examples of its training "
        "part,\n"
        "as the model predicts: without dropout. Ctrl-C ends early and shows what is there.\n\n"
        "  descent landscape runs/digits-1\n"
        "  descent landscape runs/digits-1 --to runs/digits-2      is there a wall between them?\n"
        "  descent train digits --snapshots 50\n"
        "  descent landscape runs/digits-3 --directions pca        the way that training went",
    .options = options,
    .n_options = N_OPTIONS,
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
