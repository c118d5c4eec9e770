/* check.h - finite differences against backward, in double. */
#ifndef DSC_GRAPH_CHECK_H
#define DSC_GRAPH_CHECK_H

#include "graph/graph.h"

/* Largest |numeric - analytic| / max(1, |numeric|, |analytic|) over all parameters and wanted
 * inputs of a built double-precision graph, by central differences with Richardson extrapolation.
 * Runs forward and backward itself. Inputs must have been filled in `run`; w is the vector the run
 * reads (moved and restored), g the one it writes. NaN when the graph is not in double. */
double dsc_graph_check(const dsc_graph *graph, dsc_run *run, const dsc_pass *pass, double *w,
                       const double *g);

/* The same for at most `limit` elements of every parameter and input, evenly spread: for graphs
 * where four forward passes an element would take too long. */
double dsc_graph_check_some(const dsc_graph *graph, dsc_run *run, const dsc_pass *pass, double *w,
                            const double *g, size_t limit);

/* What is checked of a large graph, and what came out. */
typedef struct dsc_check_plan {
    size_t limit, every; /* so many elements of every so-manieth parameter, evenly spread */
    dsc_id worst;        /* out: the parameter with the largest error; -1: there is no error */
} dsc_check_plan;

/* The largest |numeric - analytic| / (|numeric| + |analytic|) of any parameter, where |.| is the
 * length of the vector of its checked elements: how wrong the gradient of one parameter is as a
 * whole, however small it is. 0 where all are next to nothing; NaN when the graph is not in double
 * or a derivative is NaN. */
double dsc_graph_check_parts(const dsc_graph *graph, dsc_run *run, const dsc_pass *pass, double *w,
                             const double *g, dsc_check_plan *plan);

#endif
