/* verdict.h - what the path of a minimization looked like, in one plain sentence. */
#ifndef DSC_MINIMIZE_VERDICT_H
#define DSC_MINIMIZE_VERDICT_H

#include "descent/minimize.h"
#include "descent/optimizer.h"

#include <stdbool.h>

enum { DSC_PATH_MEMORY = 10 }; /* how many of the last steps are judged */

typedef struct dsc_path_step {
    double f, g_norm;
    bool turned;      /* g points against the g before */
    double curvature; /* (dg . dw) / (dw . dw) along the step */
} dsc_path_step;

typedef struct dsc_path {
    double f_first, curvature; /* the largest |curvature| seen; NaN before */
    long long steps;
    dsc_path_step last[DSC_PATH_MEMORY]; /* step k is at k modulo the size */
} dsc_path;

void dsc_path_begin(dsc_path *path, double f, double g_norm);
void dsc_path_add(dsc_path *path, const dsc_path_step *step);
/* Fills verdict, curvature and sentence from stop, the path and the optimizer (its string and the
 * learning rate last in force). */
void dsc_path_judge(const dsc_path *path, const char *spec, const descent_optimizer *optimizer,
                    double lr, descent_minimum *result);

#endif
