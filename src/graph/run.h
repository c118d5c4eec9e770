/* run.h - the inside of a run; only for files of this folder and its tests. */
#ifndef DSC_GRAPH_RUN_H
#define DSC_GRAPH_RUN_H

#include "graph/plan.h"
#include "graph/vector.h"

/* One backward call, and where the parts of it go that are not the first of their sum. */
typedef struct dsc_back {
    dsc_call call;
    void *add_to[DSC_MAX_INPUTS]; /* NULL: dx[i] stands where it belongs */
    void *left_out;               /* dx[1] that is left to the caller; or NULL */
} dsc_back;

struct dsc_run {
    const dsc_graph *graph;
    const dsc_vector *vector;
    dsc_plan plan;
    char *arena;
    bool gradients;
    const char *w, *b;
    char *g;
    dsc_call *forward;  /* in order of the nodes */
    dsc_back *backward; /* in the opposite order */
    int n_forward, n_backward;
    int joint, joint_back; /* where these have the op of dsc_graph_joint(); -1: nowhere */
    const dsc_pass *pass;  /* of the last forward; NULL before the first */
    int rows;              /* the same; stays when the pass is gone */
    bool training;
    dsc_watch watch; /* or NULL */
    void *watcher;
    dsc_watch_call watch_call; /* or NULL */
    void *call_watcher;
};

/* The address of a block, NULL for -1. */
void *dsc_run_block(const dsc_run *run, int block);

/* What forward consists of. The first is false when there is nothing to do: no rows. */
bool dsc_run_begin_forward(dsc_run *run, const dsc_pass *pass);
void dsc_run_forward_ops(dsc_run *run, int begin, int end);
/* Shows what an op has computed to whoever watches. */
void dsc_run_see(const dsc_run *run, const dsc_call *call);
/* Ends it; the sum of the losses. */
double dsc_run_loss(dsc_run *run);

#endif
