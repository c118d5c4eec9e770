/* solver.h - the frame of rules that evaluate the objective themselves: they only choose the
 * direction and the first step to try. For files of the `real` list. */
#ifndef DSC_OPTIM_SOLVER_H
#define DSC_OPTIM_SOLVER_H

#include "optim/line_search.h"

/* Every such rule has these first in its table, these vectors and these numbers in memory. */
enum { LR, MAX_ITER, MAX_EVAL, TOLERANCE_GRAD, TOLERANCE_CHANGE, N_SOLVER_PARAMS };
enum { D, G_LAST, W0, ROOM, MORE_ROOM, N_SOLVER_STATE };
enum { T_LAST, SLOPE_LAST, N_SOLVER_MEMORY }; /* T_LAST 0: nothing is remembered */

/* clang-format off */
#define DSC_SOLVER_PARAMS \
    [LR]               = {"lr",               1.0,  0.0, 1e6, "factor of the first trial step", DESCENT_NUMBER, NULL}, \
    [MAX_ITER]         = {"max_iter",         1.0,  1.0, 1e6, "iterations of one step", DESCENT_INTEGER, NULL}, \
    [MAX_EVAL]         = {"max_eval",         0.0,  0.0, 1e7, "evaluations after which a step ends; 0: max_iter 5/4", DESCENT_INTEGER, NULL}, \
    [TOLERANCE_GRAD]   = {"tolerance_grad",   0.0,  0.0, 1e6, "a step ends when no element of g is larger", DESCENT_NUMBER, NULL}, \
    [TOLERANCE_CHANGE] = {"tolerance_change", 0.0,  0.0, 1e6, "a step ends when f or w change less", DESCENT_NUMBER, NULL}
/* clang-format on */

typedef struct dsc_solver {
    dsc_step *step;
    dsc_solve *job;
    real *w, *d, *g_last, *w0;
    dsc_point at; /* f and gradient at w; its slope is along d */
    real *spare;  /* n elements of scratch, until the next evaluation */
} dsc_solver;

typedef struct dsc_method {
    /* d <- the next direction, from `at`, g_last, d and memory. Not asked on the first iteration
     * and after a reset, which go along -g. */
    void (*aim)(const dsc_solver *x);
    /* the first t to try along d, whose slope is known by now */
    double (*first_step)(const dsc_solver *x);
    double c2;   /* see line_search.h */
    bool search; /* without it t is taken as it is */
} dsc_method;

/* One step: up to max_iter iterations. */
void DSC_R(dsc_solver_run)(dsc_step *s, dsc_solve *job, const dsc_method *method);

#endif
