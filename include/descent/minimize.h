/* minimize.h - minimize a C function, or a formula such as "x^2 + 3*y^2", by gradient descent. */
#ifndef DESCENT_MINIMIZE_H
#define DESCENT_MINIMIZE_H

#include "descent/expression.h"
#include "descent/finding.h"
#include "descent/optimizer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Why a run ended. None of these is an error: w is then the best point seen. */
typedef enum descent_stop {
    DESCENT_STOP_STEPS,       /* all steps were taken */
    DESCENT_STOP_CONVERGED,   /* |g| fell to gradient_tolerance or below */
    DESCENT_STOP_DIVERGED,    /* f, g or w became infinite or NaN, or f passed every bound */
    DESCENT_STOP_INTERRUPTED, /* on_step asked for it */
    DESCENT_STOP_EARLY        /* the test loss no longer improved (training only) */
} descent_stop;

/* One word for a stop: "steps", "converged", "diverged", "interrupted", "early". */
DESCENT_API const char *descent_stop_text(descent_stop stop);

/* One step as on_step sees it; pointers are valid during the call only. */
typedef struct descent_minimize_step {
    int64_t step; /* 0 is the starting point, k is the point after k steps */
    size_t n;
    const double *w, *g; /* the point, and the gradient there */
    double f, g_norm;    /* f(w), and the Euclidean norm of g */
    double lr;           /* of the step that led here, at step 0 of the optimizer's string; NaN: the
                          * rule has none */
} descent_minimize_step;

typedef struct descent_minimize_options {
    const char *optimizer;     /* default "sgd lr=0.1" */
    const char *schedule;      /* default "constant" */
    int64_t steps;             /* default 100; at least 1 */
    double gradient_tolerance; /* default 1e-8; 0 never stops early */
    /* called for the starting point and after every step; a nonzero answer ends the run */
    int (*on_step)(const descent_minimize_step *step, void *user);
    void *user; /* handed to the objective and to on_step untouched */
} descent_minimize_options;

typedef enum descent_verdict { /* what the path looked like, for the closing sentence */
                               DESCENT_CONVERGED,
                               DESCENT_STILL_GOING,
                               DESCENT_OSCILLATING,
                               DESCENT_DIVERGED
} descent_verdict;

typedef struct descent_minimum {
    double f, g_norm; /* at the best point, which w holds */
    int64_t steps;    /* steps taken */
    descent_stop stop;
    descent_verdict verdict;
    double curvature;   /* largest |f''| seen along the steps; NaN if it could not be measured */
    char sentence[256]; /* the verdict in plain words, such as "diverged: lr=1.1 is above ..." */
    descent_finding finding[DESCENT_FINDINGS + 1]; /* what is wrong with the walk, the most
                                                    * important first; name is NULL past the last */
} descent_minimum;

DESCENT_API descent_minimize_options descent_minimize_defaults(void);

/* Moves w, of n elements, towards a minimum of f. Fails on a bad optimizer or schedule string,
 * n = 0 or lack of memory, and then leaves w alone. */
DESCENT_API descent_status descent_minimize(descent_objective f, double *w, size_t n,
                                            const descent_minimize_options *options,
                                            descent_minimum *result, descent_error *err);

#ifdef __cplusplus
}
#endif
#endif
