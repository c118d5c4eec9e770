/* loss.h - the losses a model may be trained with: what each is, and one that was chosen. */
#ifndef DSC_LAYER_LOSS_H
#define DSC_LAYER_LOSS_H

#include "descent/model.h"

#include "base/spec.h"
#include "graph/graph.h"

/* What makes a prediction of a network's output. */
typedef enum dsc_link {
    DSC_LINK_IDENTITY,
    DSC_LINK_SIGMOID,
    DSC_LINK_EXP,
    DSC_LINK_SOFTMAX /* over all outputs of an example */
} dsc_link;

typedef struct dsc_loss_choice dsc_loss_choice;

/* A loss is one op. A parameter of kind DESCENT_TEXT, of which there may be one, takes weights: a
 * list of numbers, one a class or output. */
typedef struct dsc_loss {
    descent_info info;
    const char *op;
    dsc_element target; /* labels or numbers */
    dsc_link link;
    bool fixed_targets;     /* numbers that mean something as they are: they are not standardized */
    double lowest, highest; /* what fixed targets may be */
    /* Adds the op and returns its node; NULL: its attributes are the parameters, in their order. */
    dsc_id (*add)(dsc_graph *graph, const dsc_loss_choice *choice, dsc_id x, dsc_id target);
    /* optional: the link, where parameters decide it */
    dsc_link (*link_of)(const double *number);
} dsc_loss;

/* NULL past the end / when there is none of that name. */
const dsc_loss *dsc_loss_at(size_t index);
const dsc_loss *dsc_loss_find(const char *name);

/* A loss with its numbers. */
struct dsc_loss_choice {
    const dsc_loss *kind;
    dsc_link link;
    double number[DSC_MAX_ATTRIBUTES]; /* values of its parameters, in their order */
    double *weight;                    /* owned; NULL: none */
    int n_weights;
    bool balanced; /* weights=balanced: to be counted from the data before there is a network */
};

/* Reads "cross_entropy smoothing=0.1 weights=(1, 2, 5)", typed at `origin`, for so many outputs
 * (classes or targets). Free with dsc_loss_free(). */
descent_status dsc_loss_read(dsc_loss_choice *out, const char *text, dsc_place origin, int outputs,
                             descent_error *err);
void dsc_loss_free(dsc_loss_choice *choice);
/* The same text with `weight` in the place of weights=balanced; to be freed by the caller. */
descent_status dsc_loss_balance(char **out, const char *text, const double *weight, int n,
                                descent_error *err);

/* Adds the loss of x and target. */
dsc_id dsc_loss_add(dsc_graph *graph, const dsc_loss_choice *choice, dsc_id x, dsc_id target);

/* One output as a prediction; softmax needs all of them and is left to dsc_link_apply(). */
double dsc_link_value(dsc_link link, double x);
/* x <- predictions, n outputs of one example. */
void dsc_link_apply(dsc_link link, float *x, size_t n);

#endif
