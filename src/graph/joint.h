/* joint.h - the first layer of several runs, done together.
 *
 * Runs of one graph are the shards of a batch, and each reads all of the weights and writes a
 * gradient of its own. Where the first layer holds most of the weights, handing these from core to
 * core takes as long as the arithmetic. So that layer may be cut by its inputs instead: a thread
 * has some columns of w and of dw for all runs, and they stay in its core. What lies behind it goes
 * by runs as before:
 *
 *     every run        dsc_run_look            the input, and whether its values suit
 *     every part       dsc_joint_forward       what its inputs contribute to the outputs
 *     every run        dsc_run_go_on           their sum, and the rest of forward
 *     every run        dsc_run_backward_but    backward without the layer's dw
 *     any columns      dsc_joint_backward      dw, summed over the runs
 *
 * Lines follow one another; what stands in a line may go in parallel. Outputs are sums of the
 * parts' contributions, in order, so that the number of parts decides on their last digits. dw is,
 * bit by bit, ((0+1)+(2+3))+... of the runs' own, however it is cut. */
#ifndef DSC_GRAPH_JOINT_H
#define DSC_GRAPH_JOINT_H

#include "graph/graph.h"

/* The op of a built graph that runs may do together, or -1: it reads an input of the graph, and its
 * matrix is large and nobody else's. */
dsc_id dsc_graph_joint(const dsc_graph *graph);
/* For a graph that has one, and so many runs: bytes of scratch that a thread needs, 0 for too many
 * runs, and bytes of the contributions of one part. */
size_t dsc_joint_scratch(const dsc_graph *graph, int runs);
size_t dsc_joint_outputs(const dsc_graph *graph, int runs);

/* Begins a forward. True when the op's values suit and it has a gradient; then the caller decides.
 */
bool dsc_run_look(dsc_run *run, const dsc_pass *pass);
/* Inputs begin..end; begin is a multiple of DSC_COLUMN_UNIT. The first part (part NULL) leaves its
 * contributions in the runs, others in `part`. Threads have scratch of their own, aligned to 64
 * bytes. */
void dsc_joint_forward(dsc_run *const *run, int runs, size_t begin, size_t end, void *part,
                       void *scratch);
/* What other parts contributed to the run of that number: n arrays, `stride` bytes from one to the
 * next. */
typedef struct dsc_contributions {
    const char *part;
    size_t stride;
    int n, run;
} dsc_contributions;

/* The rest of forward; NULL: the run does the op alone. Returns what dsc_run_forward does. */
double dsc_run_go_on(dsc_run *run, const dsc_contributions *others);
/* dsc_run_backward() without the gradient of the joint op's matrix. */
void dsc_run_backward_but(dsc_run *run);
/* Columns begin..end of it, summed over the runs, to where the first run has its own. */
void dsc_joint_backward(dsc_run *const *run, int runs, size_t begin, size_t end, void *scratch);

#endif
