/* node.h - the inside of a graph; only for files of this folder and its tests. */
#ifndef DSC_GRAPH_NODE_H
#define DSC_GRAPH_NODE_H

#include "graph/graph.h"
#include "graph/op.h"

/* A node and what only the graph knows of it. Allocated one by one, so that the address of a node
 * stays good while others are added. */
typedef struct dsc_entry {
    dsc_node node;
    double initial;   /* buffers: first value */
    double *value;    /* constants: their numbers, owned; else NULL */
    void *background; /* inputs of numbers: what node.background points to, owned */
    dsc_id
        named_before; /* parameters and buffers: 1 + the one before in its chain of names, or 0 */
    bool wanted;      /* inputs: somebody asked for the gradient */
    bool needed;      /* after build: output or loss depends on it */
} dsc_entry;

enum { DSC_NAME_SLOTS = 1 << 12 };

struct dsc_graph {
    descent_type type;
    int max_rows;
    dsc_backend backend;
    dsc_level level;
    const dsc_op *(*find)(const char *, descent_type, dsc_level);
    dsc_entry **entry;
    size_t n_nodes, capacity;
    size_t n_w, n_b;
    dsc_id named[DSC_NAME_SLOTS]; /* 1 + the last one in each chain of names, or 0 */
    dsc_place place;              /* of the nodes that come next */
    char layer[64];               /* the same */
    descent_error error;          /* the first mistake; status OK while there is none */
    dsc_id output, loss;
    bool built;
};

/* Bytes of one element of a node's value. */
size_t dsc_element_bytes(const dsc_graph *graph, const dsc_node *node);
/* Elements of a node's value for that many rows. */
size_t dsc_node_elements(const dsc_node *node, int rows);

/* How many of the ops that run read the node. */
int dsc_graph_readers(const dsc_graph *graph, dsc_id id);
/* True when the gradient of the op's second input is an outer product that a run may leave out. */
bool dsc_graph_is_outer(const dsc_graph *graph, dsc_id id);

/* names.c: whether no parameter or buffer has this name (else the graph fails), and that one has
 * it. */
bool dsc_graph_name_is_free(dsc_graph *graph, const char *name);
void dsc_graph_name_add(dsc_graph *graph, dsc_id id);

/* For a graph whose needed nodes are marked; which are needed changes by it. */
void dsc_graph_merge_ops(dsc_graph *graph);

#endif
