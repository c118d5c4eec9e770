/* graph.h - a static graph: built once, memory planned once, then run without failing.
 *
 * A node is an input, a parameter (a stretch of the one weight vector w), a buffer (a stretch of
 * the vector b of statistics that training updates but no gradient reaches) or an op. The graph
 * itself is immutable once built; a dsc_run is one shard's working memory for it, so that several
 * threads may run the same graph at once.
 *
 * The ops themselves lie in op/, a higher folder; the graph sees only the struct of graph/op.h. */
#ifndef DSC_GRAPH_GRAPH_H
#define DSC_GRAPH_GRAPH_H

#include "base/error.h"
#include "base/outer.h"
#include "base/shape.h"
#include "kernel/shapes.h"

#include <stdint.h>

enum { DSC_MAX_INPUTS = 8, DSC_MAX_ATTRIBUTES = 12 };

typedef struct dsc_graph dsc_graph;
typedef struct dsc_run dsc_run;
typedef struct dsc_op dsc_op;     /* graph/op.h */
typedef struct dsc_call dsc_call; /* graph/op.h */
typedef struct dsc_pass dsc_pass; /* graph/op.h */
typedef int dsc_id;               /* a node; -1 after a failure */

typedef enum dsc_node_kind { DSC_INPUT, DSC_PARAMETER, DSC_BUFFER, DSC_OP } dsc_node_kind;
typedef enum dsc_element { DSC_REALS, DSC_LABELS } dsc_element; /* labels are int32_t */

/* How a parameter's first values are drawn; fans are inputs and outputs per unit. */
typedef enum dsc_init {
    DSC_INIT_ZERO,
    DSC_INIT_ONE,
    DSC_INIT_QUARTER,        /* 0.25, prelu's first slope: He et al. 2015 */
    DSC_INIT_HE_NORMAL,      /* deviation sqrt(2 / fan_in): He et al. 2015, for relu */
    DSC_INIT_GLOROT_UNIFORM, /* within sqrt(6 / (fan_in + fan_out)): Glorot & Bengio 2010 */
    DSC_INIT_LECUN_NORMAL,   /* deviation sqrt(1 / fan_in): LeCun et al. 1998 */
    DSC_INIT_LECUN_UNIFORM,  /* within sqrt(1 / fan_in): PyTorch's recurrent layers */
    DSC_INIT_EMBEDDING,      /* deviation 0.02: Radford et al. 2019, GPT-2 */
    DSC_INIT_NORMAL          /* deviation 1 */
} dsc_init;

typedef struct dsc_node {
    dsc_node_kind kind;
    dsc_element element;
    char name[64];
    char layer[64];   /* the layer of the model that it belongs to: "2.0 conv"; "" when unknown */
    const char *role; /* parameters: "weight", "head", "bias", "norm_gain", "norm_bias",
                       * "embedding" */
    dsc_shape shape;  /* without the batch axis */
    bool batched;     /* has a batch axis in front */
    const dsc_op *op; /* DSC_OP */
    int n_inputs;
    dsc_id input[DSC_MAX_INPUTS];
    double attribute[DSC_MAX_ATTRIBUTES];
    size_t offset; /* parameters: in w; buffers: in b; elements */
    dsc_init init;
    double gain; /* its first values are multiplied by this */
    int fan_in, fan_out;
    double momentum; /* buffers: b <- (1 - momentum) b + momentum * statistic of the batch */
    int max_rows;
    size_t keep_bytes, scratch_bytes; /* set by the op's shape rule, for max_rows rows */
    dsc_id id;                        /* its own number; random ops use it */
    dsc_place place;                  /* where in the model string it came from */
    const void *background;           /* inputs of numbers and views of them, else NULL: the example
                                       * that others are expected to be near to, as reals; finite */
} dsc_node;

/* --- building: the first mistake is kept, later calls do nothing and return -1 --------------- */

/* An empty graph for batches of up to max_rows rows per run; NULL when out of memory, which the
 * calls below take and dsc_graph_status() reports. Ops are looked up by `find`, which is
 * dsc_op_find (passed in because op/ lies above). */
dsc_graph *dsc_graph_new(descent_type type, int max_rows, dsc_backend backend,
                         const dsc_op *(*find)(const char *, descent_type, dsc_level));
void dsc_graph_free(dsc_graph *graph); /* NULL is fine */

dsc_id dsc_graph_input(dsc_graph *graph, const char *name, dsc_shape shape, bool batched,
                       dsc_element element);
dsc_id dsc_graph_parameter(dsc_graph *graph, const char *name, const char *role, dsc_shape shape,
                           dsc_init init, int fan_in, int fan_out);
/* The parameter's first values are multiplied by `gain`, which is 1 without this. */
void dsc_graph_gain(dsc_graph *graph, dsc_id parameter, double gain);
/* Numbers that never change, such as the weights of classes: an input without a batch axis that
 * every run finds filled with these `values`, which are copied. */
dsc_id dsc_graph_constant(dsc_graph *graph, const char *name, dsc_shape shape,
                          const double *values);
/* A buffer starts at `initial` everywhere. */
dsc_id dsc_graph_buffer(dsc_graph *graph, const char *name, dsc_shape shape, double initial,
                        double momentum);
/* attribute may be NULL when the op has none. Shapes are inferred here. */
dsc_id dsc_graph_op(dsc_graph *graph, const char *op, int n_inputs, const dsc_id *input,
                    int n_attributes, const double *attribute);
/* Where the nodes that follow were typed; part of error messages. Kept by pointer. */
void dsc_graph_at(dsc_graph *graph, dsc_place place);
/* The layer that the nodes that follow belong to, copied; a long name is cut short. */
void dsc_graph_layer(dsc_graph *graph, const char *name);
/* What most numbers of an input's examples will be, place by place (shape... elements of the
 * graph's type); zeros without it. Ops may be faster where it holds; it changes no result but by
 * rounding. Also of a built graph. What is not finite is taken as zero. */
void dsc_graph_background(dsc_graph *graph, dsc_id input, const void *values);
/* Lets a layer report its own mistake. */
void dsc_graph_fail(dsc_graph *graph, descent_status status, const char *fmt, ...) DSC_PRINTF(3, 4);
/* The mistake so far, if any. */
descent_status dsc_graph_status(const dsc_graph *graph, descent_error *err);

/* Fixes the graph: `output` is what predictions read; `loss` (an op, usually a DSC_LOSS one, or -1
 * for none) is where gradients start: the sum of its elements is what is differentiated. Nodes
 * that neither needs are dropped from the runs. */
descent_status dsc_graph_build(dsc_graph *graph, dsc_id output, dsc_id loss, descent_error *err);

/* --- looking inside a built graph ------------------------------------------------------------ */

size_t dsc_graph_nodes(const dsc_graph *graph);
/* NULL out of range. Also while building; the pointer stays good until the graph is freed. */
const dsc_node *dsc_graph_node(const dsc_graph *graph, dsc_id id);
size_t dsc_graph_parameters(const dsc_graph *graph); /* elements of w */
size_t dsc_graph_buffers(const dsc_graph *graph);    /* elements of b */
descent_type dsc_graph_type(const dsc_graph *graph);
/* True for nodes of a built graph that runs compute: neither left out nor merged into others. */
bool dsc_graph_runs(const dsc_graph *graph, dsc_id id);
/* Draws first values into w, sets buffers in b to theirs (either may be NULL). A pure function of
 * (seed, parameter number, element). */
void dsc_graph_initialize(const dsc_graph *graph, uint64_t seed, void *w, void *b);
/* b <- (1 - momentum) b + momentum * mean of the runs' statistics weighted by their rows, in order
 * of the runs. Runs whose last forward had 0 rows or wasn't training are skipped. */
void dsc_graph_merge_buffers(const dsc_graph *graph, dsc_run *const *run, int n_runs, void *b);
/* The same with `share` in the place of every node's momentum, for means over several passes: 1 for
 * the first, 1/2 for the second ... */
void dsc_graph_mean_buffers(const dsc_graph *graph, dsc_run *const *run, int n_runs, double share,
                            void *b);

/* --- running --------------------------------------------------------------------------------- */

/* Working memory for one shard: one arena for activations, gradients and scratch, placed by
 * lifetime. gradients false: forward only (smaller). Nothing is allocated later. w and b are
 * borrowed vectors; g (ignored without gradients) is where this run's gradient goes. */
descent_status dsc_run_create(dsc_run **out, const dsc_graph *graph, bool gradients, const void *w,
                              const void *b, void *g, descent_error *err);
void dsc_run_free(dsc_run *run);          /* NULL is fine */
size_t dsc_run_bytes(const dsc_run *run); /* of the arena */
/* The same of a run that is not made. */
descent_status dsc_graph_run_bytes(const dsc_graph *graph, bool gradients, size_t *bytes,
                                   descent_error *err);
/* Threads that ops may use inside, 1 after create: for a run that is alone at work. The result does
 * not depend on how many. */
void dsc_run_set_threads(dsc_run *run, int threads);

/* From now on backward leaves out gradients that are outer products, those of a linear layer's
 * matrix after one example: whoever goes over g makes them from the two vectors, which stay good
 * until the next forward. out[i], by begin: what they are; it has room for one of every node.
 * Returns how many; 0 when the graph was made for more rows than one. */
int dsc_run_leave_outer(dsc_run *run, dsc_outer *out);
/* After backward: writes to g what it left out. */
void dsc_run_write_outer(dsc_run *run);

/* Where to put the values of an input before forward; (max_rows, shape...) elements. */
void *dsc_run_input(dsc_run *run, dsc_id input);
/* The value of a node after forward; valid until the next forward or backward. Kept alive for
 * `output` and `loss`; other nodes may be overwritten (NULL for nodes without a place). */
const void *dsc_run_value(const dsc_run *run, dsc_id id);
/* dL/d(input) after backward, for inputs marked by dsc_graph_want_gradient. */
const void *dsc_run_input_gradient(const dsc_run *run, dsc_id input);
/* Marks an input of numbers whose gradient is wanted (tests); call before dsc_run_create. */
void dsc_graph_want_gradient(dsc_graph *graph, dsc_id input);

/* Shows the value of every op right after it was computed, (rows, shape...) elements; NULL: no
 * more. What later ops write over can be seen in no other way. */
typedef void (*dsc_watch)(void *user, dsc_id id, const void *y, int rows);
void dsc_run_watch(dsc_run *run, dsc_watch watch, void *user);
/* Shows every call of an op: after forward (call->y is what it made; x[0] may be written over),
 * before backward (call->dy is what comes in), after backward (call->dx is what it made; dy may be
 * written over). NULL: no more. */
typedef enum dsc_when { DSC_AFTER_FORWARD, DSC_BEFORE_BACKWARD, DSC_AFTER_BACKWARD } dsc_when;
typedef void (*dsc_watch_call)(void *user, const dsc_call *call, dsc_when when);
void dsc_run_watch_calls(dsc_run *run, dsc_watch_call watch, void *user);

/* What the summed loss of this run's rows is divided by (added over all runs of the batch); reads
 * only the inputs, so it may be called before forward. */
double dsc_run_loss_weight(dsc_run *run, const dsc_pass *pass);
/* Runs all ops; returns the sum over elements of the loss (not divided), in element order, as
 * double; 0 when the graph has no loss. The pass is borrowed until backward is done. */
double dsc_run_forward(dsc_run *run, const dsc_pass *pass);
/* g <- gradient of pass->loss_scale * summed loss. Every element of g is assigned. To be called
 * after dsc_run_forward with the same pass. */
void dsc_run_backward(dsc_run *run);
/* The same from an upstream gradient dL/d(loss node) instead of loss_scale (tests). */
void dsc_run_backward_from(dsc_run *run, const void *upstream);

#endif
