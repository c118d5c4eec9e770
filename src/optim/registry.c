/* registry.c - every rule and wrapper in every variant. The lists themselves are in meson.build. */
#include "optim/optim.h"
#include "optim/pipeline.h"
#include "optim_list.h"

#define X(name) DSC_DECLARE_VARIANTS(dsc_optim, dsc_optim_##name)
DSC_OPTIM_LIST(X)
#undef X
#define X(name) DSC_DECLARE_VARIANTS(dsc_wrapper, dsc_wrapper_##name)
DSC_WRAPPER_LIST(X)
#undef X
DSC_DECLARE_VARIANTS(dsc_pipeline, dsc_pipeline)

static const dsc_optim *const rules[][2][DSC_LEVEL_COUNT] = {
#define X(name) DSC_VARIANTS(dsc_optim_##name),
    DSC_OPTIM_LIST(X)
#undef X
};
enum { N_RULES = sizeof rules / sizeof *rules };

static const dsc_wrapper *const wrappers[][2][DSC_LEVEL_COUNT] = {
#define X(name) DSC_VARIANTS(dsc_wrapper_##name),
    DSC_WRAPPER_LIST(X)
#undef X
};
enum { N_WRAPPERS = sizeof wrappers / sizeof *wrappers };

static const dsc_pipeline *const pipelines[2][DSC_LEVEL_COUNT] = DSC_VARIANTS(dsc_pipeline);

const dsc_optim *dsc_optim_at(size_t index, descent_type type, dsc_level level)
{
    return index < N_RULES ? rules[index][type == DESCENT_F64][level] : NULL;
}

const dsc_wrapper *dsc_wrapper_at(size_t index, descent_type type, dsc_level level)
{
    return index < N_WRAPPERS ? wrappers[index][type == DESCENT_F64][level] : NULL;
}

const dsc_pipeline *dsc_pipeline_choose(descent_type type, dsc_level level)
{
    return pipelines[type == DESCENT_F64][level];
}

const descent_info *descent_optimizer_info(size_t index)
{
    if (index < N_RULES)
        return &rules[index][0][DSC_LEVEL_base]->info;
    index -= N_RULES;
    return index < N_WRAPPERS ? &wrappers[index][0][DSC_LEVEL_base]->info : NULL;
}
