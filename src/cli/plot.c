/* plot.c - descent plot: what a run's log tells, as a curve in the terminal. */
#include "chart.h"
#include "runlog.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OF, LAYER, WIDTH, HEIGHT, N_OPTIONS };
enum { ROWS = 16, SMALL_ROWS = 8, MOST_WIDTH = 1000, MOST_ROWS = 500 };

static const cli_option options[N_OPTIONS] = {
    [OF] = {"of", "NAME", "what is drawn: loss (default), lr, test_accuracy, grad_norm, ..."},
    [LAYER] = {"layer", "NAME",
               "of one layer, by its name or the number in front: \"0 conv\" or 0"},
    [WIDTH] = {"width", "N", "characters of a line (default: the terminal's, at most 100)"},
    [HEIGHT] = {"height", "N", "rows of the picture (default: 16)"},
};

static void free_points(cli_points *p)
{
    free(p->step);
    free(p->value);
}

/* "0.0518 at the end, lowest 0.0503 at step 1305", and the highest: what means over columns hide */
static void print_extremes(FILE *out, const cli_points *p, bool highest)
{
    size_t low = 0, high = 0;

    for (size_t i = 1; i < p->n; i++) {
        low = p->value[i] < p->value[low] ? i : low;
        high = p->value[i] > p->value[high] ? i : high;
    }
    fprintf(out, "%.4g at the end, lowest %.4g at step %.0f", p->value[p->n - 1], p->value[low],
            p->step[low]);
    if (highest)
        fprintf(out, ", highest %.4g at step %.0f", p->value[high], p->step[high]);
}

/* "loss (log scale): 0.00512 at the end, ...; o test loss: ..." */
static void print_caption(FILE *out, const char *name, bool logarithmic, const cli_points *line,
                          const cli_points *marks)
{
    fprintf(out, "%*s  %s%s: ", CLI_CHART_LABEL, "", name, logarithmic ? " (log scale)" : "");
    if (line->n > 0)
        print_extremes(out, line, marks->n == 0);
    if (marks->n > 0) {
        fprintf(out, "%so test loss: ", line->n > 0 ? "\n           " : "");
        print_extremes(out, marks, false);
    }
    fputc('\n', out);
}

/* Draws a name of the log; loss together with the test loss. False when it has no values. */
static bool draw(FILE *out, const cli_log *log, const char *name, int layer, const char *shown,
                 const cli_chart *chart)
{
    const bool is_loss = strcmp(name, "loss") == 0 && layer < 0;
    cli_points line = cli_log_points(log, name, layer);
    cli_points marks = is_loss ? cli_log_points(log, "test_loss", -1) : (cli_points){0};
    const cli_series series[] = {{line.step, line.value, line.n, CLI_MEANS},
                                 {marks.step, marks.value, marks.n, CLI_CIRCLES}};
    const bool any = line.n + marks.n > 0;

    if (any)
        print_caption(out, shown, cli_chart_draw(out, chart, series, 2), &line, &marks);
    free_points(&line);
    free_points(&marks);
    return any;
}

void cli_draw_loss(FILE *out, const char *run)
{
    cli_chart chart = cli_chart_of(SMALL_ROWS);
    cli_log log;

    chart.y = CLI_BY_RANGE;
    fputc('\n', out);
    if (cli_log_open(&log, run) == EXIT_DONE)
        draw(out, &log, "loss", -1, "loss", &chart);
    cli_log_close(&log);
}

/* The number of the layer that was asked for; -1: none was; -2 after complaining. */
static int find_layer(const cli_log *log, const char *asked)
{
    const json_t *layers = cli_log_layers(log);
    const char *name[CLI_MAX_NAMES];
    size_t n = 0;

    if (!asked)
        return -1;
    if (!layers) {
        cli_complain("plot: '%s' has no values of layers; train with --instruments", log->path);
        return -2;
    }
    for (; n < json_array_size(layers) && n < CLI_MAX_NAMES; n++) {
        const char *known = json_string_value(json_array_get(layers, n));
        name[n] = known ? known : "";
        const size_t number = strcspn(name[n], " ");
        if (strcmp(name[n], asked) == 0 ||
            (strlen(asked) == number && memcmp(name[n], asked, number) == 0))
            return (int)n;
    }
    const char *nearest = descent_nearest(asked, name, n);
    cli_complain("plot: no layer is called '%s'%s%s%s; there are %s to %s", asked,
                 nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "",
                 name[0], name[n - 1]);
    return -2;
}

/* A name that the log does not have, or has only for layers. */
static int complain_of(const cli_log *log, const char *asked, int layer)
{
    const char *name[CLI_MAX_NAMES];
    const size_t n = cli_log_names(log, name);
    char known[700] = "";
    size_t used = 0;

    for (size_t i = 0; i < n; i++) {
        if (strcmp(name[i], asked) == 0)
            return cli_complain("plot: '%s' has no values of %s%s", log->path, asked,
                                layer < 0 ? " for the whole model; ask for a --layer"
                                          : " for this layer");
        const size_t length = strlen(name[i]);
        const bool edge = length > 4 && (strcmp(name[i] + length - 4, "_low") == 0 ||
                                         strcmp(name[i] + length - 5, "_high") == 0);
        if (!edge && used + length + 3 < sizeof known)
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "",
                                     name[i]);
    }
    if (n == 0)
        return cli_complain("plot: '%s' has no values yet", log->path);
    const char *nearest = descent_nearest(asked, name, n);
    return cli_complain("plot: '%s' has no values of '%s'%s%s%s; it has %s", log->path, asked,
                        nearest ? "; did you mean '" : "", nearest ? nearest : "",
                        nearest ? "'?" : "", known);
}

static int plot(const cli_log *log, const cli_args *args, const cli_chart *chart)
{
    const char *name = args->value[OF] ? args->value[OF] : "loss";
    const int layer = find_layer(log, args->value[LAYER]);
    char shown[160];

    if (layer < -1)
        return EXIT_USAGE;
    snprintf(shown, sizeof shown, "%s", name);
    if (layer >= 0)
        snprintf(shown, sizeof shown, "%s of layer %s", name,
                 json_string_value(json_array_get(cli_log_layers(log), (size_t)layer)));
    return draw(stdout, log, name, layer, shown, chart) ? EXIT_DONE : complain_of(log, name, layer);
}

static int run(const cli_args *args)
{
    cli_chart chart = cli_chart_of(ROWS);
    int64_t width = chart.width, height = chart.height;
    cli_log log;

    if (cli_read_whole("--width", args->value[WIDTH], CLI_CHART_LEAST, MOST_WIDTH, &width) ||
        cli_read_whole("--height", args->value[HEIGHT], 2, MOST_ROWS, &height))
        return EXIT_USAGE;
    chart.width = (int)width;
    chart.height = (int)height;
    chart.y = CLI_BY_RANGE;
    int status = cli_log_open(&log, args->word[0]);
    if (status == EXIT_DONE)
        status = plot(&log, args, &chart);
    cli_log_close(&log);
    return status;
}

const cli_command cli_command_plot = {
    .name = "plot",
    .summary = "draws what a run's log tells: loss, lr, what instruments measured",
    .usage = "RUN [--of NAME] [--layer NAME]",
    .about =
        "  descent plot runs/digits-1\n"
        "  descent plot runs/digits-1 --of test_accuracy --width 60 --height 10\n"
        "  descent plot runs/digits-1 --of grad_norm --layer \"0 conv\"\n\n"
        "RUN is a folder that descent train has written. Loss is drawn with the test loss, as\n"
        "circles. A name that the log does not have is answered with those that it has.",
    .options = options,
    .n_options = N_OPTIONS,
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
