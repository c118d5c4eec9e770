/* twin.h - the network of a training once more, in double and with plain kernels, on a few of its
 * examples: what a gradient is checked with. */
#ifndef DSC_TRAIN_TWIN_H
#define DSC_TRAIN_TWIN_H

#include "graph/op.h"
#include "train/fit.h"

enum { DSC_TWIN_EXAMPLES = 3 }; /* at most */

typedef struct dsc_twin {
    dsc_network net;
    dsc_run *run;
    double *w, *b, *g; /* as long as the model's */
    dsc_pass pass;
    uint32_t index[DSC_TWIN_EXAMPLES]; /* pass.rows of them, spread over the training part */
} dsc_twin;

/* *twin, which is all zero before, at a point near the model's weights: first weights of 0 stand on
 * the kinks of relu, where there is no derivative. Release also after a failure. */
descent_status dsc_twin_make(dsc_twin *twin, const dsc_fit *fit, descent_error *err);
void dsc_twin_release(dsc_twin *twin);

/* diagnose_op.c - the first op of a graph whose backward, looked at alone, is not the derivative of
 * its forward; -1: there is none among those that can be looked at. */
dsc_id dsc_find_wrong_op(const dsc_graph *graph, uint64_t seed);

#endif
