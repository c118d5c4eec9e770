/* registry.c - every optimizer in every variant. The list itself is in meson.build. */
#include "optim/optim.h"
#include "optim_list.h"

#define X(name) DSC_DECLARE_VARIANTS(dsc_optim, dsc_optim_##name)
DSC_OPTIM_LIST(X)
#undef X

static const dsc_optim *const optimizers[][2][DSC_LEVEL_COUNT] = {
#define X(name) DSC_VARIANTS(dsc_optim_##name),
    DSC_OPTIM_LIST(X)
#undef X
};

const dsc_optim *dsc_optim_at(size_t index, descent_type type, dsc_level level)
{
    if (index >= sizeof optimizers / sizeof *optimizers)
        return NULL;
    return optimizers[index][type == DESCENT_F64][level];
}

const descent_info *descent_optimizer_info(size_t index)
{
    const dsc_optim *rule = dsc_optim_at(index, DESCENT_F32, DSC_LEVEL_base);

    return rule ? &rule->info : NULL;
}
