/* common.c - see common.h. */
#include "optim/common.h"

#include <string.h>

/* clang-format off */
static const descent_param params[DSC_COMMON_COUNT] = {
    [DSC_DECAY_MODE]   = {"decay", 0, 0, 4, "how weight_decay acts: as the rule's paper has it; added to g; w shrinks by lr weight_decay, by (lr / first lr) weight_decay, by weight_decay", DESCENT_CHOICE, "auto|l2|lr|schedule|independent"},
    [DSC_DECAY_ALL]    = {"decay_all", 0, 0, 1, "decay segments of one dimension too: biases, gains of norms", DESCENT_FLAG, NULL},
    [DSC_MAXIMIZE]     = {"maximize", 0, 0, 1, "climb instead of descend", DESCENT_FLAG, NULL},
    [DSC_CLIP_VALUE]   = {"clip_value", 0, 0, 1e30, "every element of g into [-clip_value, clip_value]; 0: off", DESCENT_NUMBER, NULL},
    [DSC_CLIP_NORM]    = {"clip_norm", 0, 0, 1e30, "the norm of the whole g at most; 0: off", DESCENT_NUMBER, NULL},
    [DSC_CLIP_SEGMENT] = {"clip_segment", 0, 0, 1e30, "the norm of every segment of g at most; 0: off", DESCENT_NUMBER, NULL},
    [DSC_AGC]          = {"agc", 0, 0, 1e6, "the norm of each row of g, as a multiple of its row of w, at most (Brock et al. 2021: 0.01); 0: off", DESCENT_NUMBER, NULL},
    [DSC_ZCLIP]        = {"zclip", 0, 0, 1e6, "clip norms that lie more deviations above their running mean (ZClip, Kumar et al. 2025: 2.5); 0: off", DESCENT_NUMBER, NULL},
    [DSC_CENTRALIZE]   = {"centralize", 0, 0, 1, "subtract from each row of g its mean (Yong et al. 2020)", DESCENT_FLAG, NULL},
    [DSC_CAUTIOUS]     = {"cautious", 0, 0, 1, "move only where the direction agrees with g (Liang et al. 2024)", DESCENT_FLAG, NULL},
    [DSC_STABLE]       = {"stable", 0, 0, 1, "a smaller step for segments where g^2 outgrows its mean (StableAdamW, Wortsman et al. 2023)", DESCENT_FLAG, NULL},
    [DSC_LAYER_DECAY]  = {"layer_decay", 1, 0, 1, "lr of each layer as a multiple of the layer's above it", DESCENT_NUMBER, NULL},
    [DSC_FROZEN]       = {"frozen", 0, 0, 1, "don't move, and keep no state: for groups", DESCENT_FLAG, NULL},
    [DSC_STATE]        = {"state", 0, 0, 2, "how running means are kept: as they are, as bfloat16 with stochastic rounding, in 8 bits a block of 256", DESCENT_CHOICE, "full|bf16|8bit"},
    [DSC_SKIPS]        = {"skips", 10, 0, 1e9, "steps skipped in a row, for gradients that aren't finite, before a training stops", DESCENT_INTEGER, NULL},
};
/* clang-format on */

const descent_info *descent_optimizer_common(void)
{
    static const descent_info info = {
        .name = "optimizers",
        .summary = "what every optimizer takes beside its own hyperparameters",
        .params = params,
        .n_params = DSC_COMMON_COUNT};

    return &info;
}

bool dsc_join(dsc_joined *joined, const descent_info *own)
{
    if (own->n_params < 0 || own->n_params + DSC_COMMON_COUNT > DSC_MAX_PARAMS)
        return false;
    if (own->n_params > 0)
        memcpy(joined->param, own->params, (size_t)own->n_params * sizeof *own->params);
    memcpy(joined->param + own->n_params, params, sizeof params);
    joined->info = *own;
    joined->info.params = joined->param;
    joined->info.n_params = own->n_params + DSC_COMMON_COUNT;
    return true;
}
