/* schedule.c - descent schedule: a schedule drawn, or step by step. */
#include "chart.h"
#include "command.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS, LR, PRINT, JSON, N_OPTIONS };
enum { HEIGHT = 12, MOST_BINS = 2000, MOST_STEPS = 100000000 };

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

/* The smallest and the largest value, and the first momentum. */
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
}

/* Points of a curve, with room for them. */
typedef struct points {
    double x[2 * MOST_BINS + 2], y[2 * MOST_BINS + 2];
    size_t n;
} points;

static void add(points *p, const curve *c, int64_t step)
{
    p->x[p->n] = (double)step;
    p->y[p->n++] = value_at(c, step);
}

/* The lowest and the highest value stand for all of these steps, in the order they come, so that no
 * jump or spike is lost. Where no value is finite there is a gap. */
static void add_bin(points *p, const curve *c, int64_t first, int64_t end)
{
    double lowest = (double)INFINITY, highest = -(double)INFINITY;
    int64_t low = first, high = first;

    for (int64_t step = first; step < end; step++) {
        const double value = value_at(c, step);
        if (isfinite(value) && value < lowest) {
            lowest = value;
            low = step;
        }
        if (isfinite(value) && value > highest) {
            highest = value;
            high = step;
        }
    }
    add(p, c, low < high ? low : high);
    if (low != high)
        add(p, c, low < high ? high : low);
}

static void sample(points *p, const curve *c)
{
    const int64_t bins = c->steps < MOST_BINS ? c->steps : MOST_BINS;

    add(p, c, 0);
    for (int64_t bin = 0; bin < bins; bin++)
        add_bin(p, c, c->steps * bin / bins, c->steps * (bin + 1) / bins);
    add(p, c, c->steps - 1);
}

/* The axis begins at 0 unless values are negative. */
static void draw(const curve *c)
{
    points *p = cli_need(1, sizeof *p);
    cli_chart chart = cli_chart_of(HEIGHT);

    if (!(c->low <= c->high)) {
        puts("no step has a finite value");
    } else {
        sample(p, c);
        chart.y_low = fmin(c->low, 0);
        cli_chart_draw(stdout, &chart, &(cli_series){p->x, p->y, p->n, CLI_LINE}, 1);
    }
    free(p);
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
