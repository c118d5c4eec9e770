/* walk.h - `descent minimize`: what its files share. */
#ifndef CLI_WALK_H
#define CLI_WALK_H

#include "command.h"

enum { CLI_MOST_VARIABLES = 64, CLI_MOST_RULES = 16 };

/* The points of one run that its page shows: all of them, or of a long run every 2nd, 4th, ... and
 * the last. A row is step, f, |g|, lr, then w and g. */
typedef struct cli_path {
    double *row;
    size_t n, width, count; /* variables, numbers in a row, rows */
    int64_t every;
} cli_path;

/* One rule's run. */
typedef struct cli_walk {
    const char *optimizer; /* as typed */
    double best[CLI_MOST_VARIABLES];
    descent_minimum result;
    cli_path path; /* empty when no page is wanted */
} cli_walk;

/* --- walk_start.c ----------------------------------------------------------------------------- */

/* Reads "x=1,y=2" into start, in the order of the formula's variables; returns an exit status. */
int cli_walk_start(const descent_expression *formula, const char *text, double *start);

/* --- walk_path.c ------------------------------------------------------------------------------ */

bool cli_path_begin(cli_path *path, size_t n); /* false: out of memory */
void cli_path_add(cli_path *path, const descent_minimize_step *step);
void cli_path_free(cli_path *path);

/* --- walk_page.c ------------------------------------------------------------------------------ */

/* What the page of a minimization is made of. */
typedef struct cli_walks {
    const char *text; /* the formula as typed */
    descent_expression *formula;
    const char *schedule;
    const double *start;
    size_t n; /* variables */
    const cli_walk *walk;
    size_t n_walks;
} cli_walks;

/* Writes the page; returns an exit status. */
int cli_walk_page(const char *path, const cli_walks *walks);

#endif
