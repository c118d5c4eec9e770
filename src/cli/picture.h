/* picture.h - pictures of a page, as report.h wants them: traces and layouts of plotly.js. */
#ifndef CLI_PICTURE_H
#define CLI_PICTURE_H

#include <jansson.h>
#include <stdbool.h>

/* A colour for the number of a contender, a seed ...: the same in all pictures of a page. */
const char *cli_picture_colour(size_t index);
/* One curve; x and y are arrays. mode: "lines", "markers" or both. Takes x and y. */
json_t *cli_picture_curve(const char *name, size_t colour, const char *mode, json_t *x, json_t *y);
/* The area between two curves, behind what comes later; two traces are added to the list. Borrows
 * the arrays. */
void cli_picture_band(json_t *traces, size_t colour, const json_t *x, const json_t *low,
                      const json_t *high);
/* A picture of traces with a layout; both are taken. */
json_t *cli_picture_of(const char *title, const char *note, json_t *traces, json_t *layout);
/* The same with two plain axes. Axis titles; log_x, log_y: logarithmic to begin with. */
json_t *cli_picture(const char *title, const char *note, json_t *traces, const char *x, bool log_x,
                    const char *y, bool log_y);

#endif
