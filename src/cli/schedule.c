/* schedule.c - descent schedule: a schedule drawn, or step by step. */
#include "command.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS, LR, PRINT, JSON, N_OPTIONS };
enum { HEIGHT = 12, WIDTH = 64, LABEL = 10, MOST_STEPS = 100000000 };

static const cli_option options[N_OPTIONS] = {
    [STEPS] = {"steps", "N", "length of the run (default: 100)"},
    [LR] = {"lr", "X", "what is scheduled; the factor is multiplied by it (default: 1)"},
    [PRINT] = {"print", NULL, "one line a step: step and value, and momentum if it moves"},
    [JSON] = {"json", NULL, "one JSON object a step"},
};

/* A schedule over a run. */
typedef struct curve {
    descent_schedule *schedule;
    int64_t steps;
    double lr;
    double low, high; /* of all values */
    double momentum;  /* the first that is set; NaN: it is left alone */
} curve;

static double value_at(const curve *c, int64_t step)
{
    return c->lr * descent_schedule_factor(c->schedule, step);
}

/* Every line a step. */
static void print_steps(const curve *c, bool as_json)
{
    char number[32];

    for (int64_t step = 0; step < c->steps && !ferror(stdout); step++) {
        const double value = value_at(c, step);
        const double momentum = descent_schedule_momentum(c->schedule, step);
        if (as_json) {
            json_t *line =
                json_pack("{s:I, s:o}", "step", (json_int_t)step, "value", cli_number(value));
            if (!isnan(momentum))
                json_object_set_new(line, "momentum", cli_number(momentum));
            cli_json_line(line);
            continue;
        }
        printf("%lld %s", (long long)step, descent_number_text(value, number));
        if (!isnan(momentum))
            printf(" %s", descent_number_text(momentum, number));
        putchar('\n');
    }
}

/* --- the drawing ------------------------------------------------------------------------------ */

/* The first step of a column; columns share the steps out evenly. */
static int64_t step_of(const curve *c, int column, int width)
{
    return (int64_t)((double)c->steps * column / width);
}

static int row_of(const curve *c, double value)
{
    if (!isfinite(value))
        return -1;
    const double span = c->high - c->low;
    return span > 0 ? (int)lround((c->high - value) / span * (HEIGHT - 1)) : HEIGHT - 1;
}

/* Marks all rows that a column's steps pass through, so that no jump or spike is lost. */
static void draw_column(const curve *c, int column, int width, char (*picture)[WIDTH + 1])
{
    const int64_t first = step_of(c, column, width), end = step_of(c, column + 1, width);
    int top = HEIGHT, bottom = -1;

    for (int64_t step = first; step < end || step == first; step++) {
        const int row = row_of(c, value_at(c, step));
        top = row >= 0 && row < top ? row : top;
        bottom = row > bottom ? row : bottom;
    }
    for (int row = top; row <= bottom; row++)
        picture[row][column] = '*';
}

/* The smallest and the largest value; the axis begins at 0 unless values are negative. */
static void find_range(curve *c)
{
    c->low = (double)INFINITY;
    c->high = -(double)INFINITY;
    for (int64_t step = 0; step < c->steps; step++) {
        const double value = value_at(c, step);
        c->low = isfinite(value) && value < c->low ? value : c->low;
        c->high = isfinite(value) && value > c->high ? value : c->high;
        if (isnan(c->momentum))
            c->momentum = descent_schedule_momentum(c->schedule, step);
    }
    if (c->low > 0.0)
        c->low = 0.0;
}

static void print_row(const char *row, const char *label)
{
    int used = (int)strlen(row);

    while (used > 0 && row[used - 1] == ' ')
        used--;
    printf("%*s |%.*s\n", LABEL, label, used, row);
}

static void print_axis(const curve *c, int width)
{
    char line[WIDTH + 1], end[32];

    memset(line, '-', (size_t)width);
    line[width] = '\0';
    snprintf(end, sizeof end, "%lld", (long long)c->steps - 1);
    const int gap = width - (int)strlen(end) - 1;
    printf("%*s +%s\n%*s  0%*s%s  step\n", LABEL, "", line, LABEL, "", gap > 0 ? gap : 1, "",
           c->steps > 1 ? end : "");
}

static void draw(const curve *c)
{
    const int width = c->steps < WIDTH ? (int)c->steps : WIDTH;
    char picture[HEIGHT][WIDTH + 1], label[32];

    if (!(c->low <= c->high)) {
        puts("no step has a finite value");
        return;
    }
    for (int row = 0; row < HEIGHT; row++) {
        memset(picture[row], ' ', (size_t)width);
        picture[row][width] = '\0';
    }
    for (int column = 0; column < width; column++)
        draw_column(c, column, width, picture);
    for (int row = 0; row < HEIGHT; row++) {
        snprintf(label, sizeof label, "%.4g", row == 0 ? c->high : c->low);
        print_row(picture[row], row == 0 || row == HEIGHT - 1 ? label : "");
    }
    print_axis(c, width);
}

static void summarize(const curve *c)
{
    char first[32], last[32];

    printf("\nfirst %s, last %s, largest %.6g, over %lld step%s\n",
           descent_number_text(value_at(c, 0), first),
           descent_number_text(value_at(c, c->steps - 1), last), c->high, (long long)c->steps,
           c->steps == 1 ? "" : "s");
    if (!isnan(c->momentum))
        printf("momentum moves too, from %s; --print shows it\n",
               descent_number_text(c->momentum, first));
}

static int run(const cli_args *args)
{
    curve c = {.steps = 100, .lr = 1.0, .momentum = (double)NAN};
    descent_error err;

    if (cli_read_whole("--steps", args->value[STEPS], 1, MOST_STEPS, &c.steps) ||
        cli_read_number("--lr", args->value[LR], -(double)INFINITY, &c.lr))
        return EXIT_USAGE;
    if (descent_schedule_create(&c.schedule, args->word[0], c.steps, &err))
        return cli_fail(&err);
    if (args->value[PRINT] || args->value[JSON]) {
        print_steps(&c, args->value[JSON] != NULL);
    } else {
        find_range(&c);
        draw(&c);
        summarize(&c);
    }
    descent_schedule_free(c.schedule);
    return EXIT_DONE;
}

const cli_command cli_command_schedule = {
    .name = "schedule",
    .summary = "draws how a schedule moves a value over a run",
    .usage = "SCHEDULE [--steps N] [--lr X]",
    .about =
        "  descent schedule \"cosine warmup=10\"\n"
        "  descent schedule \"sequence (linear from=0 to=1 for=20, step 30)\" --steps 200\n"
        "  descent schedule one_cycle --lr 0.1 --print\n\n"
        "`descent list schedules` names them all. A plateau stays where it is here, as it moves\n"
        "with a test loss.",
    .options = options,
    .n_options = N_OPTIONS,
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
