/* curve.c - curves of characters: braille dots where the terminal has them, else plain ASCII. */
#include "command.h"

#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL = 9, MARK = 1 << 8 };
static const double WIDE = 100; /* from this range on the y axis is logarithmic */

/* A picture on its way: cells of dots, 2 x 4 each in braille, else one. */
typedef struct picture {
    int columns, rows, across, down; /* cells; dots of a cell */
    unsigned *cell;                  /* bits of its dots; MARK: a circle stands there */
    double first, last, low, high;
    bool logarithmic;
} picture;

bool cli_has_unicode(void)
{
    setlocale(LC_CTYPE, "");
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static void find_range(picture *p, const cli_points *points)
{
    for (size_t i = 0; i < points->n; i++) {
        p->first = fmin(p->first, points->step[i]);
        p->last = fmax(p->last, points->step[i]);
        p->low = fmin(p->low, points->value[i]);
        p->high = fmax(p->high, points->value[i]);
    }
}

/* From 0 at the left or top to n - 1. */
static int place(double share, int n)
{
    const double at = floor(share * (n - 1) + 0.5);

    return at < 0 ? 0 : at > n - 1 ? n - 1 : (int)at;
}

static int column_of(const picture *p, double step)
{
    const double span = p->last - p->first;

    return place(span > 0 ? (step - p->first) / span : 0, p->columns * p->across);
}

static int row_of(const picture *p, double value)
{
    const double low = p->logarithmic ? log(p->low) : p->low;
    const double high = p->logarithmic ? log(p->high) : p->high;
    const double at = p->logarithmic ? log(value) : value;

    return place(high > low ? (high - at) / (high - low) : 0.5, p->rows * p->down);
}

static void set_dot(picture *p, int x, int y)
{
    /* the numbers of braille dots, Unicode 10.0, section 21.1 */
    static const unsigned dot[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

    p->cell[y / p->down * p->columns + x / p->across] |= dot[y % p->down][x % p->across];
}

/* From each point to the next; steep parts are filled, so that no peak is lost. */
static void draw_line(picture *p, const cli_points *points)
{
    for (size_t i = 0; i < points->n; i++) {
        const size_t from = i > 0 ? i - 1 : 0;
        const int x0 = column_of(p, points->step[from]), y0 = row_of(p, points->value[from]);
        const int x1 = column_of(p, points->step[i]), y1 = row_of(p, points->value[i]);
        const int wide = abs(x1 - x0), tall = abs(y1 - y0), n = wide > tall ? wide : tall;
        for (int k = 0; k <= n; k++)
            set_dot(p, n ? x0 + (x1 - x0) * k / n : x1, n ? y0 + (y1 - y0) * k / n : y1);
    }
}

static void draw_marks(picture *p, const cli_points *points)
{
    for (size_t i = 0; i < points->n; i++)
        p->cell[row_of(p, points->value[i]) / p->down * p->columns +
                column_of(p, points->step[i]) / p->across] = MARK;
}

static void print_cell(FILE *out, unsigned cell, bool braille)
{
    if (cell == MARK)
        fputc('o', out);
    else if (cell == 0 || !braille)
        fputc(cell ? '*' : ' ', out);
    else /* U+2800 and the dots, in UTF-8 */
        fprintf(out, "\xE2%c%c", (char)(0xA0 | cell >> 6), (char)(0x80 | (cell & 0x3F)));
}

static void print_rows(FILE *out, const picture *p, bool braille)
{
    char label[32];

    for (int row = 0; row < p->rows; row++) {
        const unsigned *cell = p->cell + (size_t)row * (size_t)p->columns;
        int used = p->columns;

        label[0] = '\0';
        if (row == 0 || (row == p->rows - 1 && p->high > p->low))
            snprintf(label, sizeof label, "%.4g", row == 0 ? p->high : p->low);
        fprintf(out, "%*s |", LABEL, label);
        while (used > 0 && cell[used - 1] == 0)
            used--;
        for (int i = 0; i < used; i++)
            print_cell(out, cell[i], braille);
        fputc('\n', out);
    }
}

static void print_axis(FILE *out, const picture *p)
{
    char first[32], last[32];

    fprintf(out, "%*s +", LABEL, "");
    for (int i = 0; i < p->columns; i++)
        fputc('-', out);
    snprintf(first, sizeof first, "%.0f", p->first);
    snprintf(last, sizeof last, "%.0f", p->last);
    const int gap = p->columns - (int)strlen(first) - (int)strlen(last);
    fprintf(out, "\n%*s  %s%*s%s step\n", LABEL, "", first, gap > 0 ? gap : 1, "",
            p->last > p->first ? last : "");
}

/* Where a column would hold several points, their mean: a curve, not a cloud. */
static cli_points thin(const picture *p, const cli_points *points)
{
    cli_points few = {.step = calloc((size_t)p->columns, sizeof *few.step),
                      .value = calloc((size_t)p->columns, sizeof *few.value)};
    int count = 0, column = -1;

    for (size_t i = 0; few.step && few.value && i < points->n; i++) {
        const int now = column_of(p, points->step[i]) / p->across;
        if (now != column) {
            column = now;
            count = 0;
            few.n++;
        }
        count++;
        few.step[few.n - 1] += (points->step[i] - few.step[few.n - 1]) / count;
        few.value[few.n - 1] += (points->value[i] - few.value[few.n - 1]) / count;
    }
    return few;
}

bool cli_draw_curves(FILE *out, const cli_drawing *d, const cli_points *line,
                     const cli_points *marks)
{
    picture p = {.columns = d->width - LABEL - 2 - 5, /* " step" stands behind the axis */
                 .rows = d->height,
                 .across = d->braille ? 2 : 1,
                 .down = d->braille ? 4 : 1,
                 .first = (double)INFINITY,
                 .last = -(double)INFINITY,
                 .low = (double)INFINITY,
                 .high = -(double)INFINITY};

    p.cell = calloc((size_t)p.columns * (size_t)p.rows, sizeof *p.cell);
    if (!p.cell)
        return false;
    find_range(&p, line);
    find_range(&p, marks);
    const bool many = line->n > (size_t)p.columns;
    cli_points few = many ? thin(&p, line) : *line;
    if (many) { /* a mean leaves less to be shown than single values */
        p.low = p.first = (double)INFINITY;
        p.high = p.last = -(double)INFINITY;
        find_range(&p, &few);
        find_range(&p, marks);
    }
    p.logarithmic = p.low > 0 && p.high / p.low > WIDE;
    draw_line(&p, &few);
    draw_marks(&p, marks);
    print_rows(out, &p, d->braille);
    print_axis(out, &p);
    free(p.cell);
    if (many) {
        free(few.step);
        free(few.value);
    }
    return p.logarithmic;
}
