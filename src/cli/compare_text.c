/* compare_text.c - a comparison as a table, and in sentences. */
#include "compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MANY_PAIRS = 10 };

static const char *const score_name[] = {"accuracy in %", "rmse", "loss"};

/* An accuracy in percent, other scores as they are. */
static char *score_text(descent_score_kind kind, double x, char out[32])
{
    if (isnan(x))
        snprintf(out, 32, "-");
    else if (kind == DESCENT_SCORE_ACCURACY)
        snprintf(out, 32, "%.2f", 100 * x);
    else
        snprintf(out, 32, "%.4g", x);
    return out;
}

static size_t at_place(const descent_comparison *c, int place)
{
    size_t i = 0;

    while (descent_comparison_contender(c, i).place != place)
        i++;
    return i;
}

static int name_width(const descent_comparison *c)
{
    size_t width = strlen("contender");

    for (size_t i = 0; i < descent_comparison_contenders(c); i++) {
        const size_t length = strlen(descent_comparison_contender(c, i).name);
        width = length > width ? length : width;
    }
    return (int)width;
}

/* Whether a contender's lr was chosen, so that the table has a column of it. */
static bool finds_rates(const descent_comparison *c)
{
    for (size_t i = 0; i < descent_comparison_contenders(c); i++)
        if (!isnan(descent_comparison_contender(c, i).lr))
            return true;
    return false;
}

static void print_row(FILE *out, const descent_comparison *c, const descent_contender *f, int width)
{
    const descent_score_kind kind = descent_comparison_kind(c);
    const int seeds = (int)descent_comparison_seeds(c);
    char mean[32], deviation[32], best[32], lr[32], loss[32], steps[32] = "-";
    char seconds[32] = "-", rank[16];

    if (f->reached > 0) {
        snprintf(steps, sizeof steps, "%.0f", f->target_steps);
        snprintf(seconds, sizeof seconds, "%.3g", f->target_seconds);
    }
    snprintf(rank, sizeof rank, "%d%s", f->rank, f->shared ? "=" : "");
    fprintf(out, "%-4s  %-*s", rank, width, f->name);
    if (finds_rates(c))
        fprintf(out, "  %9s", isnan(f->lr) ? "" : cli_plain_text(f->lr, lr));
    snprintf(loss, sizeof loss,
             isnan(f->loss_mean)  ? "-"
             : f->loss_mean < 1e4 ? "%.4f"
                                  : "%.3g",
             f->loss_mean);
    fprintf(out, "  %8s +- %-8s %8s %9s %8.2f %9s %8s %5d/%d", score_text(kind, f->mean, mean),
            score_text(kind, f->deviation, deviation), score_text(kind, f->best, best), loss,
            f->seconds, steps, seconds, f->reached, seeds);
    if (f->diverged > 0)
        fprintf(out, "  %d diverged", f->diverged);
    fputc('\n', out);
}

static void print_table(FILE *out, const descent_comparison *c)
{
    const int width = name_width(c);
    const int n = (int)descent_comparison_contenders(c);
    const bool tuned = finds_rates(c);

    fprintf(out, "%-*s%s  %-20s %8s %9s %8s   until the target is reached\n", 6 + width, "",
            tuned ? "           " : "", score_name[descent_comparison_kind(c)], "", "test", "");
    fprintf(out, "rank  %-*s%s  %8s +- %-8s %8s %9s %8s %9s %8s %7s\n", width, "contender",
            tuned ? "   found lr" : "", "mean", "deviation", "best", "loss", "seconds", "steps",
            "seconds", "seeds");
    for (int place = 1; place <= n; place++) {
        const descent_contender f = descent_comparison_contender(c, at_place(c, place));
        print_row(out, c, &f, width);
    }
}

/* All pairs; of many only those with the best contender, as the table has the others. */
static void print_sentences(FILE *out, const descent_comparison *c)
{
    const size_t pairs = descent_comparison_pairs(c), best = at_place(c, 1);
    char sentence[512];

    for (size_t i = 0; i < pairs; i++) {
        const descent_compare_pair p = descent_comparison_pair(c, i);
        if (pairs > MANY_PAIRS && p.better != best && p.worse != best)
            continue;
        descent_comparison_sentence(c, i, sentence, sizeof sentence);
        fprintf(out, "%s\n", sentence);
    }
    fprintf(out, "p is of a paired t-test over the seeds, corrected for %zu pair%s (Holm)\n", pairs,
            pairs == 1 ? "" : "s");
}

static void print_edges(FILE *out, const descent_comparison *c)
{
    char lr[32];

    for (size_t i = 0; i < descent_comparison_contenders(c); i++) {
        const descent_contender f = descent_comparison_contender(c, i);
        if (f.lr_at_edge)
            fprintf(out,
                    "%s: its best lr, %s, is the %s that was tried; give it another lr to search "
                    "around\n",
                    f.name, cli_plain_text(f.lr, lr), f.lr <= f.trial[0].lr ? "lowest" : "highest");
    }
}

void cli_compare_show(FILE *out, const cli_comparisons *all, size_t set)
{
    const descent_comparison *c = all->set[set];
    const descent_score_kind kind = descent_comparison_kind(c);
    const size_t seeds = descent_comparison_seeds(c);
    char target[32], count[32];

    fprintf(out, "%s%s: %zu contenders, %zu seeds, test part of %s\n", set > 0 ? "\n" : "",
            descent_comparison_data(c), descent_comparison_contenders(c), seeds,
            descent_count_text(descent_comparison_test_count(c), count));
    score_text(kind, descent_comparison_target(c), target);
    fprintf(out, "target: %s %s%s%s\n\n",
            kind == DESCENT_SCORE_ACCURACY ? "accuracy" : score_name[kind], target,
            kind == DESCENT_SCORE_ACCURACY ? " %" : "",
            all->own_target ? "" : ", what the middle contender reaches on average");
    print_table(out, c);
    fputc('\n', out);
    print_edges(out, c);
    print_sentences(out, c);
    fflush(out);
}

/* The epochs that a run took until the target; NaN: it was not reached. */
static double epochs_of(const descent_compare_run *run)
{
    for (size_t e = 0; run->target_steps >= 0 && e < run->n_epochs; e++)
        if (run->epoch[e].step == run->target_steps)
            return (double)(e + 1);
    return (double)NAN;
}

double *cli_compare_ratios(const cli_comparisons *all, size_t *problems)
{
    const size_t n = descent_comparison_contenders(all->set[0]);
    const size_t seeds = descent_comparison_seeds(all->set[0]), columns = all->n * seeds;
    double *ratio = cli_need(2 * n * columns, sizeof *ratio);

    *problems = columns;
    double *cost = ratio + n * columns;
    for (size_t set = 0; set < all->n; set++)
        for (size_t k = 0; k < n; k++)
            for (size_t s = 0; s < seeds; s++) {
                const descent_compare_run run = descent_comparison_run(all->set[set], k, s);
                cost[k * columns + set * seeds + s] = epochs_of(&run);
            }
    descent_performance_ratios(cost, ratio, n, columns);
    return ratio;
}

void cli_compare_show_profile(FILE *out, const cli_comparisons *all)
{
    static const double tau[] = {1, 1.5, 2, 5, 1e300};
    const descent_comparison *c = all->set[0];
    const int width = name_width(c);
    size_t problems;
    double *ratio = cli_compare_ratios(all, &problems);

    fprintf(out,
            "\nperformance profile: on how many of %zu problems (%zu data sets x %zu seeds) a\n"
            "contender reaches the target within so many times the epochs of the fastest\n\n",
            problems, all->n, descent_comparison_seeds(c));
    fprintf(out, "%-*s %8s %8s %8s %8s %8s\n", width, "contender", "fastest", "1.5x", "2x", "5x",
            "ever");
    for (size_t k = 0; k < descent_comparison_contenders(c); k++) {
        fprintf(out, "%-*s", width, descent_comparison_contender(c, k).name);
        for (size_t t = 0; t < sizeof tau / sizeof *tau; t++) {
            int within = 0;
            for (size_t p = 0; p < problems; p++)
                within += ratio[k * problems + p] <= tau[t];
            fprintf(out, " %6.0f %%", 100.0 * within / (double)problems);
        }
        fputc('\n', out);
    }
    free(ratio);
}
