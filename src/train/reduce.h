/* reduce.h - the sum of the shards' gradients, element by element in a fixed tree. */
#ifndef DSC_TRAIN_REDUCE_H
#define DSC_TRAIN_REDUCE_H

#include "base/level.h"
#include "base/stripes.h"
#include "optim/optimizer.h"

/* What becomes of the shards' vectors. */
typedef struct dsc_reduction {
    void *const *g; /* one vector a shard; all of them are overwritten */
    int shards;
    void *total;                 /* where the sum goes; g[0] is as good as any */
    bool add;                    /* to what is there: gradients of several batches */
    bool squares;                /* their sum is wanted */
    size_t done_begin, done_end; /* elements whose sum is in g[0] already */
} dsc_reduction;

/* total <- sum of g[0..shards) over elements begin..end, as ((0+1)+(2+3))+...; `facts` are of the
 * total there. */
typedef void (*dsc_reduce)(const dsc_reduction *r, size_t begin, size_t end,
                           dsc_gradient_facts *facts);

/* `facts` of a part's columns of a matrix in the vector g; squares stay unknown. */
typedef void (*dsc_look_columns)(const void *g, const dsc_stripes *columns, int part,
                                 dsc_gradient_facts *facts);

dsc_reduce dsc_reduce_choose(descent_type type, dsc_level level);
dsc_look_columns dsc_look_columns_choose(descent_type type, dsc_level level);

#endif
