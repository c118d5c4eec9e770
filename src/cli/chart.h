/* chart.h - curves of characters: braille dots where the terminal has them, else plain ASCII. */
#ifndef CLI_CHART_H
#define CLI_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef enum cli_mark {
    CLI_LINE,    /* from each point to the next */
    CLI_MEANS,   /* the same; where a column would hold several points, their mean */
    CLI_CIRCLES, /* an o for each point */
    CLI_UPRIGHT  /* a dotted line at each x, behind all others; y plays no part, may be NULL */
} cli_mark;

/* Points in rising order of x, borrowed; a y that is not finite is a gap. */
typedef struct cli_series {
    const double *x, *y;
    size_t n;
    cli_mark mark;
} cli_series;

typedef enum cli_scale {
    CLI_LINEAR,
    CLI_LOGARITHMIC, /* all values are above 0 */
    CLI_BY_RANGE     /* logarithmic where values above 0 range over more than a factor of 100 */
} cli_scale;

enum { CLI_MAX_SERIES = 4, CLI_CHART_LEAST = 30, CLI_CHART_LABEL = 9 };

typedef struct cli_chart {
    int width, height;    /* characters of a line, at least CLI_CHART_LEAST; rows of the picture */
    bool braille;         /* 2 x 4 dots in each character, else plain ones */
    const char *x_name;   /* stands behind the axis; up to four letters */
    cli_scale x, y;       /* x: not CLI_BY_RANGE; a logarithmic one has whole decades, with ticks */
    double y_low, y_high; /* what lies beyond is drawn at the edge; NaN: as the values are */
} cli_chart;

/* Linear, over steps, as wide as the terminal (at most 100), of so many rows. */
cli_chart cli_chart_of(int height);
/* Draws up to CLI_MAX_SERIES of them, with labels at both axes, left of which CLI_CHART_LABEL
 * characters stand. True when the y axis was logarithmic. Draws nothing without memory. */
bool cli_chart_draw(FILE *out, const cli_chart *chart, const cli_series *series, size_t n);

#endif
