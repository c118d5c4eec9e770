/* lr_curve.c - the loss over the learning rate, as a chart in the terminal. */
#include "chart.h"
#include "command.h"

#include <math.h>
#include <stdlib.h>

enum { HEIGHT = 12 };

/* The longest curve; all of them take the same rates, until their loss explodes. */
static descent_lr_curve longest(const descent_lr_search *search)
{
    descent_lr_curve found = descent_lr_curve_at(search, 0);

    for (size_t s = 1; s < descent_lr_curves(search); s++) {
        const descent_lr_curve c = descent_lr_curve_at(search, s);
        found = c.n > found.n ? c : found;
    }
    return found;
}

/* The mean over the seeds of the smoothed losses at one rate. A loss that exploded stays where its
 * curve ends, so that the mean does not fall when it is gone. */
static double mean_at(const descent_lr_search *search, size_t i)
{
    double sum = 0;
    int n = 0;

    for (size_t s = 0; s < descent_lr_curves(search); s++) {
        const descent_lr_curve c = descent_lr_curve_at(search, s);
        const double smoothed = c.point[i < c.n ? i : c.n - 1].smoothed;
        if (isfinite(smoothed)) {
            sum += smoothed;
            n++;
        }
    }
    return sum / n;
}

/* Up to a little above the loss at the start: what exploded stays at the upper edge. */
static void set_range(cli_chart *chart, const descent_lr_search *search, const double *loss,
                      size_t n)
{
    double start = -(double)INFINITY, low = (double)INFINITY;

    for (size_t s = 0; s < descent_lr_curves(search); s++)
        start = fmax(start, descent_lr_curve_at(search, s).point[0].smoothed);
    for (size_t i = 0; i < n; i++)
        low = fmin(low, loss[i]);
    if (start > low)
        chart->y_high = start + 0.15 * (start - low);
}

void cli_draw_lr_curve(FILE *out, const descent_lr_search *search)
{
    const descent_lr_curve all = longest(search);
    const double suggestion = descent_lr_suggest(search).lr;
    double *lr = cli_need(2 * all.n, sizeof *lr), *loss = lr + all.n;
    cli_chart chart = cli_chart_of(HEIGHT);

    for (size_t i = 0; i < all.n; i++) {
        lr[i] = all.point[i].lr;
        loss[i] = mean_at(search, i);
    }
    chart.x_name = "lr";
    chart.x = CLI_LOGARITHMIC;
    set_range(&chart, search, loss, all.n);
    const cli_series series[] = {{&suggestion, NULL, 1, CLI_UPRIGHT}, {lr, loss, all.n, CLI_MEANS}};
    cli_chart_draw(out, &chart, series, 2);
    free(lr);
}
