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

#endif
