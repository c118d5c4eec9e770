/* common.h - the hyperparameters that every optimizer takes beside its own. */
#ifndef DSC_OPTIM_COMMON_H
#define DSC_OPTIM_COMMON_H

#include "optim/optim.h"

/* In the order of the table in common.c; they follow the rule's own in every array. */
typedef enum dsc_common {
    DSC_DECAY_MODE,
    DSC_DECAY_ALL,
    DSC_MAXIMIZE,
    DSC_CLIP_VALUE,
    DSC_CLIP_NORM,
    DSC_CLIP_SEGMENT,
    DSC_AGC,
    DSC_ZCLIP,
    DSC_CENTRALIZE,
    DSC_CAUTIOUS,
    DSC_STABLE,
    DSC_LAYER_DECAY,
    DSC_FROZEN,
    DSC_STATE,
    DSC_SKIPS,
    DSC_COMMON_COUNT
} dsc_common;

/* The choices of `decay`, in order. */
enum { DSC_MODE_AUTO, DSC_MODE_L2, DSC_MODE_LR, DSC_MODE_SCHEDULE, DSC_MODE_INDEPENDENT };
/* The choices of `state`, in order. */
enum { DSC_STATE_FULL, DSC_STATE_BF16, DSC_STATE_8BIT };

/* A rule's own parameters and the common ones in one table, for the spec parser and messages. */
typedef struct dsc_joined {
    descent_param param[DSC_MAX_PARAMS];
    descent_info info; /* its params point into this struct: don't copy it */
} dsc_joined;

/* False when a rule of the caller has too many parameters. */
bool dsc_join(dsc_joined *joined, const descent_info *own);

#endif
