/* chart.c - see chart.h. */
#include "chart.h"
#include "command.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDEST = 100, BEHIND = 5, WIDE = 100 }; /* " step" stands behind the axis */

/* A cell shows the first of these that it has: a circle, dots, what is behind. */
enum { DOTS = 0xFF, CIRCLE = 1 << 8, UPRIGHT = 1 << 9 };

typedef struct axis {
    double low, high;
    bool logarithmic;
} axis;

/* A picture on its way: cells of dots, 2 x 4 each in braille, else one. */
typedef struct picture {
    int columns, rows, across, down; /* cells; dots of a cell */
    unsigned *cell;
    axis x, y;
} picture;

cli_chart cli_chart_of(int height)
{
    const int width = cli_width() - 1 < WIDEST ? cli_width() - 1 : WIDEST;

    return (cli_chart){.width = width < CLI_CHART_LEAST ? CLI_CHART_LEAST : width,
                       .height = height,
                       .braille = cli_has_unicode(),
                       .x_name = "step",
                       .y_low = (double)NAN,
                       .y_high = (double)NAN};
}

/* --- where things are ------------------------------------------------------------------------- */

static bool has_point(const cli_series *s, size_t i)
{
    return s->mark == CLI_UPRIGHT || isfinite(s->y[i]);
}

static void widen(axis *a, double value)
{
    a->low = fmin(a->low, value);
    a->high = fmax(a->high, value);
}

/* A logarithmic x axis begins and ends at a power of ten. */
static void round_to_decades(axis *a)
{
    a->low = pow(10, floor(log10(a->low) + 1e-9));
    a->high = pow(10, ceil(log10(a->high) - 1e-9));
    a->high *= a->high > a->low ? 1 : 10;
}

/* False: there is no point at all. */
static bool find_ranges(picture *p, const cli_chart *chart, const cli_series *series, size_t n)
{
    const axis nothing = {(double)INFINITY, -(double)INFINITY, false};

    p->x = p->y = nothing;
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < series[k].n; i++) {
            if (!has_point(&series[k], i))
                continue;
            widen(&p->x, series[k].x[i]);
            if (series[k].mark != CLI_UPRIGHT)
                widen(&p->y, series[k].y[i]);
        }
    if (!(p->y.low <= p->y.high))
        return false;
    p->y.low = isnan(chart->y_low) ? p->y.low : chart->y_low;
    p->y.high = isnan(chart->y_high) ? p->y.high : chart->y_high;
    p->x.logarithmic = chart->x == CLI_LOGARITHMIC;
    if (p->x.logarithmic)
        round_to_decades(&p->x);
    p->y.logarithmic = chart->y == CLI_LOGARITHMIC ||
                       (chart->y == CLI_BY_RANGE && p->y.low > 0 && p->y.high / p->y.low > WIDE);
    return true;
}

/* 0 at the low end to 1 at the high one; `alone` where both are the same. */
static double share(const axis *a, double value, double alone)
{
    const double low = a->logarithmic ? log(a->low) : a->low;
    const double high = a->logarithmic ? log(a->high) : a->high;

    return high > low ? ((a->logarithmic ? log(value) : value) - low) / (high - low) : alone;
}

/* From 0 to n - 1. */
static int place(double part, int n)
{
    const double at = floor(part * (n - 1) + 0.5);

    return !(at > 0) ? 0 : at > n - 1 ? n - 1 : (int)at;
}

static int column_of(const picture *p, double x)
{
    return place(share(&p->x, x, 0), p->columns * p->across);
}

/* Rows are counted from the top. */
static int row_of(const picture *p, double y)
{
    return place(1 - share(&p->y, y, 0.5), p->rows * p->down);
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void set_dot(picture *p, int x, int y)
{
    /* the numbers of braille dots, Unicode 10.0, section 21.1 */
    static const unsigned dot[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

    p->cell[y / p->down * p->columns + x / p->across] |= dot[y % p->down][x % p->across];
}

/* From each point to the next; steep parts are filled, so that no peak is lost. */
static void draw_line(picture *p, const cli_series *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const size_t from = i > 0 && has_point(s, i - 1) ? i - 1 : i;
        if (!has_point(s, i))
            continue;
        const int x0 = column_of(p, s->x[from]), y0 = row_of(p, s->y[from]);
        const int x1 = column_of(p, s->x[i]), y1 = row_of(p, s->y[i]);
        const int wide = abs(x1 - x0), tall = abs(y1 - y0), n = wide > tall ? wide : tall;
        for (int k = 0; k <= n; k++)
            set_dot(p, n ? x0 + (x1 - x0) * k / n : x1, n ? y0 + (y1 - y0) * k / n : y1);
    }
}

static void draw_circles(picture *p, const cli_series *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (has_point(s, i))
            p->cell[row_of(p, s->y[i]) / p->down * p->columns +
                    column_of(p, s->x[i]) / p->across] |= CIRCLE;
}

static void draw_uprights(picture *p, const cli_series *s)
{
    for (size_t i = 0; i < s->n; i++)
        for (int row = 0; row < p->rows; row++)
            p->cell[row * p->columns + column_of(p, s->x[i]) / p->across] |= UPRIGHT;
}

static void draw(picture *p, const cli_series *s)
{
    switch (s->mark) {
    case CLI_LINE:
    case CLI_MEANS:
        draw_line(p, s);
        break;
    case CLI_CIRCLES:
        draw_circles(p, s);
        break;
    case CLI_UPRIGHT:
        draw_uprights(p, s);
        break;
    }
}

/* --- printing --------------------------------------------------------------------------------- */

static void print_cell(FILE *out, unsigned cell, bool braille)
{
    const unsigned dots = cell & DOTS;

    if (cell & CIRCLE)
        fputc('o', out);
    else if (dots && braille) /* U+2800 and the dots, in UTF-8 */
        fprintf(out, "\xE2%c%c", (char)(0xA0 | dots >> 6), (char)(0x80 | (dots & 0x3F)));
    else
        fputc(dots ? '*' : cell & UPRIGHT ? ':' : ' ', out);
}

static void print_rows(FILE *out, const picture *p, bool braille)
{
    for (int row = 0; row < p->rows; row++) {
        const unsigned *cell = p->cell + (size_t)row * (size_t)p->columns;
        int used = p->columns;
        char label[32] = "";

        if (row == 0 || (row == p->rows - 1 && p->y.high > p->y.low))
            snprintf(label, sizeof label, "%.4g", row == 0 ? p->y.high : p->y.low);
        fprintf(out, "%*s |", CLI_CHART_LABEL, label);
        while (used > 0 && cell[used - 1] == 0)
            used--;
        for (int i = 0; i < used; i++)
            print_cell(out, cell[i], braille);
        fputc('\n', out);
    }
}

/* The ends of a linear axis. */
static void label_ends(const picture *p, char *label)
{
    char first[32], last[32];

    snprintf(first, sizeof first, "%.0f", p->x.low);
    snprintf(last, sizeof last, "%.0f", p->x.high);
    const int n = (int)strnlen(first, (size_t)p->columns), at = p->columns - (int)strlen(last);
    memcpy(label, first, (size_t)n);
    if (p->x.high > p->x.low && at > n)
        memcpy(label + at, last, strlen(last));
}

/* A tick for every decade, and as many exponents as there is room for. */
static void label_decades(const picture *p, char *ticks, char *label)
{
    enum { ROOM = 6 };
    const int first = (int)lround(log10(p->x.low)), last = (int)lround(log10(p->x.high));
    const int every = (ROOM * (last - first) + p->columns - 1) / p->columns;

    for (int e = first; e <= last; e++) {
        char text[16];
        const int x = column_of(p, pow(10, e)) / p->across;
        const int length = snprintf(text, sizeof text, "1e%d", e);
        ticks[x] = '+';
        if ((e - first) % (every > 0 ? every : 1) == 0)
            memcpy(label + (x + length > p->columns ? p->columns - length : x), text,
                   (size_t)length);
    }
}

static void print_axis(FILE *out, const picture *p, const char *name)
{
    const size_t n = (size_t)p->columns;
    char *ticks = cli_need(2, n + 1), *label = ticks + n + 1;

    memset(ticks, '-', n);
    memset(label, ' ', n);
    if (p->x.logarithmic)
        label_decades(p, ticks, label);
    else
        label_ends(p, label);
    fprintf(out, "%*s +%s\n%*s  %s %s\n", CLI_CHART_LABEL, "", ticks, CLI_CHART_LABEL, "", label,
            name);
    free(ticks);
}

/* --- all of it -------------------------------------------------------------------------------- */

/* Where a column would hold several points, their mean: a curve, not a cloud. Into room for three
 * numbers a column; x may go back, as in a log that two trainings wrote. */
static cli_series thin(const picture *p, const cli_series *s, double *room)
{
    double *x = room, *y = x + p->columns, *count = y + p->columns;
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++) {
        const int column = column_of(p, s->x[i]) / p->across;
        if (!has_point(s, i))
            continue;
        count[column]++;
        x[column] += (s->x[i] - x[column]) / count[column];
        y[column] += (s->y[i] - y[column]) / count[column];
    }
    for (int column = 0; column < p->columns; column++) {
        x[n] = x[column];
        y[n] = y[column];
        n += count[column] > 0;
    }
    return (cli_series){.x = x, .y = y, .n = n, .mark = CLI_LINE};
}

bool cli_chart_draw(FILE *out, const cli_chart *chart, const cli_series *series, size_t n)
{
    picture p = {.columns = chart->width - CLI_CHART_LABEL - 2 - BEHIND,
                 .rows = chart->height,
                 .across = chart->braille ? 2 : 1,
                 .down = chart->braille ? 4 : 1};
    const size_t columns = (size_t)p.columns;
    cli_series drawn[CLI_MAX_SERIES] = {{0}};

    p.cell = cli_need(columns * (size_t)p.rows, sizeof *p.cell);
    double *room = cli_need(n * 3 * columns, sizeof *room);
    if (find_ranges(&p, chart, series, n)) {
        for (size_t k = 0; k < n; k++)
            drawn[k] = series[k].mark == CLI_MEANS && series[k].n > columns
                           ? thin(&p, &series[k], room + 3 * columns * k)
                           : series[k];
        find_ranges(&p, chart, drawn, n); /* a mean leaves less to be shown than single values */
        for (size_t k = 0; k < n; k++)
            draw(&p, &drawn[k]);
        print_rows(out, &p, chart->braille);
        print_axis(out, &p, chart->x_name);
    }
    free(p.cell);
    free(room);
    return p.y.logarithmic;
}
