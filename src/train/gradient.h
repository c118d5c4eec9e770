/* gradient.h - inside the trainer: the gradient of some examples, on any number of threads with the
 * same bits.
 *
 * Examples are cut into batches, and those into shards, as the recipe alone says. Each shard has
 * working memory and a gradient vector of its own, so shards run in parallel without meeting. Then
 * slices of the parameter vector run in parallel: each sums the shards' gradients in a fixed tree
 * and adds them to those of the batches before. */
#ifndef DSC_TRAIN_GRADIENT_H
#define DSC_TRAIN_GRADIENT_H

#include "graph/op.h"
#include "train/reduce.h"
#include "train/trainer.h"

typedef struct dsc_shard {
    dsc_run *run;
    dsc_pass pass;
    const uint32_t *index;
    double loss;
    size_t hits;
    double fill_seconds, seconds; /* of a timed step: making its inputs; all it did */
    bool suits; /* its values do, for a first layer with the other shards; see joint.c */
} dsc_shard;

/* The layer that shards do together; see joint.c. */
typedef struct dsc_joint {
    dsc_stripes columns; /* of its matrix, one part a thread */
    int parts;           /* whose contributions make its outputs: a function of the recipe alone */
    void *scratch;       /* of all threads; NULL: there is no such layer */
    void *outputs;       /* contributions of all parts but the first */
    size_t stride, outputs_stride; /* bytes of one of each */
    dsc_gradient_facts *facts;     /* of each thread's share of the gradient */
    bool done;                     /* in this batch */
} dsc_joint;

struct dsc_trainer {
    dsc_trainer_options o;
    dsc_reduce reduce;
    dsc_look_columns look;
    descent_type type;
    size_t n_w, n_b, element; /* parameters, buffers, bytes of each */
    size_t x_bytes;           /* of one example's input */
    int outputs;              /* of one position */
    size_t positions;         /* classification: labels of one example; text has one a token */
    bool classes;
    dsc_shard *shard;
    void **g; /* one gradient a shard */
    void *g_block;
    dsc_run **run; /* of the shards, as merge_buffers wants them */
    size_t shard_rows;
    int used; /* shards that have rows in this batch; fewer in a ragged last one */
    dsc_reduction reduction;
    dsc_gradient_facts *slice_facts;
    int slices;
    int slice_threads; /* for what goes over the parameters */
    dsc_outer *outer;  /* what backward leaves out of g when a step is one example */
    int n_outer;
    dsc_joint joint;
    void *total;                     /* where gradients of several batches add up; else g[0] */
    void *b_before;                  /* the buffers, for steps that are taken back */
    void *w_before, *w_trial;        /* for rules that go elsewhere to look; or NULL */
    void *shown;                     /* where instruments want the gradient; or NULL */
    dsc_watcher *watcher;            /* what sees the activations; or NULL */
    bool timed;                      /* clocks run: in steps that instruments look at */
    double fill_seconds, seconds;    /* of the step, if it is timed, summed over shards */
    double fill_shares, timed_steps; /* what the first is of the second, summed over timed steps */
    bool whole;    /* gradients are written out, even where the optimizer can do without */
    bool sampling; /* labels are drawn from the network's own output */

    const uint32_t *index; /* what this step is about */
    size_t n;
    int64_t step;
    int evaluations; /* of this step */
    dsc_step_result result;
};

/* What is known of two parts of a gradient together. */
void dsc_facts_join(dsc_gradient_facts *all, const dsc_gradient_facts *part);
/* Slices of n elements. */
int dsc_trainer_slices(size_t n);

typedef struct dsc_gradient {
    double loss; /* mean over the examples */
    size_t hits;
    dsc_gradient_facts facts;
} dsc_gradient;

/* out <- gradient of the mean loss over the step's examples, at o.w. `measure` hands the batches'
 * statistics to o.b; `squares`: facts.squares is wanted. */
dsc_gradient dsc_trainer_gradient(dsc_trainer *t, void *out, bool measure, bool squares);

/* Hands out the rows of the step's batch that begins at `begin`; returns what its loss is divided
 * by. */
double dsc_trainer_begin_batch(dsc_trainer *t, size_t begin);
/* The same of all batches; 1 where nothing weighs anything. */
double dsc_trainer_weight_of_all(dsc_trainer *t);
/* One shard with the rows it was handed: forward; forward and backward. */
void dsc_trainer_forward_shard(dsc_trainer *t, dsc_shard *shard);
void dsc_trainer_run_shard(int s, void *user); /* user: the trainer */
/* The shard's input <- its examples. */
void dsc_shard_fill(const dsc_trainer *t, const dsc_shard *shard);
/* After forward, of a classification: labels at which the largest output stands. */
void dsc_shard_count_hits(const dsc_trainer *t, dsc_shard *shard);

/* --- joint.c ---------------------------------------------------------------------------------- */

/* Memory for a layer that shards do together, if network and batch have one. */
descent_status dsc_trainer_make_joint(dsc_trainer *t, descent_error *err);
void dsc_trainer_free_joint(dsc_trainer *t);
size_t dsc_trainer_joint_bytes(const dsc_trainer *t);
/* Forward and backward of all shards of a batch with such a layer, together as far as their values
 * allow; false, and nothing done, where there is none. */
bool dsc_trainer_run_joint(dsc_trainer *t);
/* Makes that layer's gradient, if shards have left it, and says in the reduction what there is no
 * more to do. True when that is all: total and facts are ready. */
bool dsc_trainer_finish_joint(dsc_trainer *t);
/* After that. */
dsc_gradient_facts dsc_trainer_joint_facts(const dsc_trainer *t);

/* --- outer.c ---------------------------------------------------------------------------------- */

/* Finds matrices whose gradients need not be written; a training that can't have them gets none. */
descent_status dsc_trainer_make_outer(dsc_trainer *t, descent_error *err);
/* After backward: facts of the gradient with those that were left out. */
dsc_gradient_facts dsc_trainer_outer_facts(const dsc_trainer *t);

/* --- curvature.c ------------------------------------------------------------------------------ */

/* Hands an estimate to rules that want one before this step. */
void dsc_trainer_curvature(dsc_trainer *t);
/* The shard's targets <- labels drawn from its output. */
void dsc_trainer_draw_labels(const dsc_trainer *t, dsc_shard *shard);

#endif
