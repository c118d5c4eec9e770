/* verdict.h - what the path of a minimization looked like, in one plain sentence. */
#ifndef DSC_MINIMIZE_VERDICT_H
#define DSC_MINIMIZE_VERDICT_H

#include "descent/minimize.h"
#include "descent/optimizer.h"

#include <stdbool.h>

enum { DSC_PATH_MEMORY = 10 }; /* how many of the last points are judged */

/* One step, and the point it led to. */
typedef struct dsc_path_step {
    double f, g_norm, lr;
    double promised;  /* by how much f would have fallen by its slope: |g . dw| */
    double curvature; /* (dg . dw) / (dw . dw) along the step; NaN when it cannot be told */
    bool turned;      /* g points against the g before */
    bool moved;       /* w is not the w before */
} dsc_path_step;

typedef struct dsc_path {
    double f_first, g_first;
    double curvature; /* the largest |curvature| seen; NaN before */
    /* the largest one upwards along steps from points not above the start: what limits lr. Further
     * up, where only a run that diverges gets, a formula may curve far more. */
    double bend;
    long long steps;
    dsc_path_step last[DSC_PATH_MEMORY]; /* step k is at k modulo the size */
} dsc_path;

void dsc_path_begin(dsc_path *path, double f, double g_norm);
void dsc_path_add(dsc_path *path, const dsc_path_step *step);
/* The point `back` steps before the last, less than DSC_PATH_MEMORY of them. */
const dsc_path_step *dsc_path_before(const dsc_path *path, long long back);
/* Above which lr the rule loses a bowl that bends as the path did; NaN: there is no such number. */
double dsc_path_limit(const dsc_path *path, const char *spec, const descent_optimizer *optimizer);
/* Fills verdict, curvature and sentence from stop, the path and the optimizer with its string. */
void dsc_path_judge(const dsc_path *path, const char *spec, const descent_optimizer *optimizer,
                    descent_minimum *result);

#endif
