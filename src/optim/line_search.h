/* line_search.h - how far to go along a direction: a step that satisfies the strong Wolfe
 * conditions
 *
 *     f(w0 + t d) <= f(w0) + c1 t g0'd        enough of a decrease
 *     |g(w0 + t d)'d| <= c2 |g0'd|            and the slope has flattened
 *
 * Nocedal & Wright, Numerical Optimization, 2nd ed. 2006, section 3.5. For files of the `real`
 * list. */
#ifndef DSC_OPTIM_LINE_SEARCH_H
#define DSC_OPTIM_LINE_SEARCH_H

#include "base/real.h"
#include "optim/optim.h"

/* A place on the line w0 + t d. */
typedef struct dsc_point {
    double t, f, slope; /* f and g'd; f is infinite where either is not a finite number */
    real *g;
} dsc_point;

typedef struct dsc_line {
    dsc_solve *job;  /* its w is moved, its evaluations are counted */
    dsc_point start; /* at t = 0; its slope is negative, its gradient only read */
    const real *w0, *d;
    real *room[2];       /* for gradients of trial points */
    double w_max, d_max; /* largest |w0| and |d| */
    double c2;
} dsc_line;

/* w <- w0 + t d; false, and w stays, when that would overflow. */
bool DSC_R(dsc_line_place)(const dsc_line *line, double t);
/* Value and slope at t, gradient into g. Leaves w there. */
dsc_point DSC_R(dsc_line_at)(const dsc_line *line, double t, real *g);

/* The best step found when t > 0 is tried first; w is left there. Its f is never above the one at
 * the start; when nothing better was found it is the start itself, with t = 0. */
dsc_point DSC_R(dsc_line_search)(const dsc_line *line, double t);

#endif
