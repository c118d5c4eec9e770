/* lr_curve.c - the loss over the learning rate, drawn with letters on a terminal. */
#include "command.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 64, HEIGHT = 12, MARGIN = 10 };

/* What is drawn: for every column the mean smoothed loss, NaN where there is none. */
typedef struct picture {
    double value[WIDTH];
    double low, high;       /* of the loss */
    double lr_low, lr_high; /* logarithms */
} picture;

static int column_of(const picture *p, double lr)
{
    const double part = (log10(lr) - p->lr_low) / (p->lr_high - p->lr_low);

    return part < 0 ? 0 : part > 1 ? WIDTH - 1 : (int)lround(part * (WIDTH - 1));
}

/* The range of lr in which there are points, whole decades. */
static void find_range(picture *p, const descent_lr_search *search)
{
    p->lr_low = (double)INFINITY;
    p->lr_high = -(double)INFINITY;
    for (size_t i = 0; i < descent_lr_curves(search); i++) {
        const descent_lr_curve c = descent_lr_curve_at(search, i);
        p->lr_low = fmin(p->lr_low, floor(log10(c.point[0].lr) + 1e-9));
        p->lr_high = fmax(p->lr_high, ceil(log10(c.point[c.n - 1].lr) - 1e-9));
    }
    if (!(p->lr_high > p->lr_low))
        p->lr_high = p->lr_low + 1;
}

/* Means over what falls into a column; what exploded stays at the upper edge. */
static void fill(picture *p, const descent_lr_search *search)
{
    double sum[WIDTH] = {0}, start = 0;
    int n[WIDTH] = {0};

    p->low = (double)INFINITY;
    for (size_t i = 0; i < descent_lr_curves(search); i++) {
        const descent_lr_curve c = descent_lr_curve_at(search, i);
        start = fmax(start, c.point[0].smoothed);
        for (size_t k = 0; k < c.n; k++)
            if (isfinite(c.point[k].smoothed)) {
                sum[column_of(p, c.point[k].lr)] += c.point[k].smoothed;
                n[column_of(p, c.point[k].lr)]++;
            }
    }
    for (int x = 0; x < WIDTH; x++) {
        p->value[x] = n[x] ? sum[x] / n[x] : (double)NAN;
        p->low = fmin(p->low, p->value[x]);
    }
    p->high = start + 0.15 * (start - p->low);
    if (!(p->high > p->low))
        p->high = p->low + 1;
}

static void draw_rows(FILE *out, const picture *p, int mark)
{
    for (int y = 0; y < HEIGHT; y++) {
        char line[WIDTH + 1], label[32] = "";
        memset(line, ' ', WIDTH);
        line[WIDTH] = '\0';
        line[mark] = ':';
        for (int x = 0; x < WIDTH; x++) {
            const double part = (p->value[x] - p->low) / (p->high - p->low);
            if (!isnan(part) && (HEIGHT - 1) - (int)lround(fmin(part, 1) * (HEIGHT - 1)) == y)
                line[x] = '*';
        }
        for (int x = WIDTH - 1; x >= 0 && line[x] == ' '; x--)
            line[x] = '\0';
        if (y % (HEIGHT - 1) == 0)
            snprintf(label, sizeof label, "%.3g", y == 0 ? p->high : p->low);
        fprintf(out, "%*s |%s\n", MARGIN - 2, label, line);
    }
}

/* A tick and its exponent for every decade. */
static void draw_axis(FILE *out, const picture *p)
{
    char ticks[WIDTH + 1], labels[WIDTH + 16];
    const int step = p->lr_high - p->lr_low > 10 ? 2 : 1;

    memset(ticks, '-', WIDTH);
    ticks[WIDTH] = '\0';
    memset(labels, ' ', sizeof labels);
    labels[sizeof labels - 1] = '\0';
    for (int e = (int)p->lr_low; e <= (int)p->lr_high; e += step) {
        char text[16];
        const int x = column_of(p, pow(10, e));
        const int length = snprintf(text, sizeof text, "1e%d", e);
        ticks[x] = '+';
        memcpy(labels + x, text, (size_t)length);
    }
    for (size_t x = sizeof labels - 1; x-- > 0 && labels[x] == ' ';)
        labels[x] = '\0';
    fprintf(out, "%*s +%s\n%*s  %s\n", MARGIN - 2, "", ticks, MARGIN - 2, "loss", labels);
}

void cli_draw_lr_curve(FILE *out, const descent_lr_search *search)
{
    picture p;

    find_range(&p, search);
    fill(&p, search);
    draw_rows(out, &p, column_of(&p, descent_lr_suggest(search).lr));
    draw_axis(out, &p);
}
