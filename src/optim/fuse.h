/* fuse.h - moves of rules that do the whole way of a block themselves (DSC_RULE_FUSES). For files
 * of the `real` list. */
#ifndef DSC_OPTIM_FUSE_H
#define DSC_OPTIM_FUSE_H

#include "base/real.h"
#include "optim/pipeline.h"

/* Whether the rule can, with all that this step asks for. */
bool DSC_R(dsc_fuses)(const dsc_job *job);
void DSC_R(dsc_move_fused)(const dsc_job *job, size_t begin, size_t end);

#endif
