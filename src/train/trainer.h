/* trainer.h - one step of gradient descent on a network: shards forward and backward, their
 * gradients summed in a fixed tree, the optimizer's move. Allocates nothing after create. */
#ifndef DSC_TRAIN_TRAINER_H
#define DSC_TRAIN_TRAINER_H

#include "base/error.h"
#include "instrument/watch.h"
#include "model/model.h"
#include "optim/optimizer.h"

/* Puts examples index[0..n) into x and y, laid out as the network's inputs want them; either may
 * be NULL: not wanted now. step is that of dsc_trainer_step(), for data that change with the epoch.
 * Called from several threads. */
typedef void (*dsc_fill)(const void *user, int64_t step, const uint32_t *index, size_t n, void *x,
                         void *y);

typedef struct dsc_trainer dsc_trainer;

typedef struct dsc_trainer_options {
    const dsc_network *network;   /* built for ceil(batch / shards) rows a run; borrowed */
    descent_optimizer *optimizer; /* borrowed; of the network's type and size */
    void *w, *b;                  /* parameters and buffers, moved by every step; borrowed */
    int shards, threads;
    size_t batch;   /* examples that go through the network at once; 0: all that the shards take */
    int accumulate; /* batches whose gradients make one step; 0 is 1 */
    uint64_t seed;
    dsc_fill fill;
    const void *fill_user;
} dsc_trainer_options;

descent_status dsc_trainer_create(dsc_trainer **out, const dsc_trainer_options *options,
                                  descent_error *err);
void dsc_trainer_free(dsc_trainer *trainer); /* NULL is fine */

typedef struct dsc_step_result {
    double loss; /* mean over the examples, before the move */
    size_t hits; /* classification: labels at which the largest output stands */
    bool finite; /* false: loss or gradient is infinite or NaN, and nothing was moved */
} dsc_step_result;

/* Bytes of the shards' arenas, and of their gradients with what else is as long as w. */
typedef struct dsc_trainer_memory {
    size_t arenas, gradients;
} dsc_trainer_memory;

dsc_trainer_memory dsc_trainer_bytes(const dsc_trainer *trainer);

/* One step on examples index[0..n), 1 <= n <= batch * accumulate; step counts from 0 and only feeds
 * the random numbers and `fill`. The loss is the mean over all n, however they are cut into
 * batches; the last one may be shorter. Cannot fail. */
dsc_step_result dsc_trainer_step(dsc_trainer *trainer, const uint32_t *index, size_t n,
                                 int64_t step);

/* What instruments want to see of the steps from now on: a copy of the first gradient of each goes
 * to g, and the watcher sees the activations that belong to it. Either may be NULL: not wanted.
 * Steps are the same. */
void dsc_trainer_show(dsc_trainer *trainer, void *g, dsc_watcher *watcher);
/* The share of the time that went into `fill`, in the steps that were shown; NaN: there were none.
 */
double dsc_trainer_fill_share(const dsc_trainer *trainer);
/* g <- the gradient of the last step's examples at the present w; leaves no other trace. */
void dsc_trainer_again(dsc_trainer *trainer, void *g);

/* The network of one shard on examples index[0..n), at most as many as it has room for, as in the
 * first step but without a trace: nothing is moved. Returns the mean loss. The watch, if not NULL,
 * sees every op; what the network gives is read off the run that comes back in *run. */
double dsc_trainer_peek(dsc_trainer *trainer, const uint32_t *index, size_t n, dsc_watch watch,
                        void *user, dsc_run **run);
const dsc_graph *dsc_trainer_graph(const dsc_trainer *trainer);
size_t dsc_trainer_room(const dsc_trainer *trainer); /* examples of one shard */
/* Runs the last step's examples forward and backward once more, shard after shard, under the
 * watch; leaves no trace. */
void dsc_trainer_trace(dsc_trainer *trainer, dsc_watch_call watch, void *user);
/* The same on other examples, when no step follows. */
void dsc_trainer_trace_on(dsc_trainer *trainer, const uint32_t *index, size_t n,
                          dsc_watch_call watch, void *user);

/* b <- the statistics that batch_norm measures at the present w: their mean over the batches of
 * examples index[0..n), each weighted by its examples. */
void dsc_trainer_measure(dsc_trainer *trainer, const uint32_t *index, size_t n);

#endif
