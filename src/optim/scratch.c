/* scratch.c - working memory of the passes, where the settings need it. */
#include "base/memory.h"
#include "optim/object.h"

descent_status dsc_no_state_memory(const descent_optimizer *opt, descent_error *err)
{
    return dsc_fail(err, DESCENT_NOMEM, "out of memory for the state of %s for %zu elements",
                    opt->rule->info.name, opt->n);
}

static bool any_setting(const descent_optimizer *opt, dsc_common which)
{
    bool any = false;

    for (size_t i = 0; i < opt->n_settings; i++)
        any = any || dsc_setting_largest(opt, &opt->setting[i],
                                         opt->rule->info.n_params + (int)which) != 0.0;
    return any;
}

bool dsc_prepares(const descent_optimizer *opt)
{
    return any_setting(opt, DSC_CLIP_SEGMENT) || any_setting(opt, DSC_AGC) ||
           any_setting(opt, DSC_CENTRALIZE);
}

bool dsc_defers(const descent_optimizer *opt)
{
    return any_setting(opt, DSC_CAUTIOUS) || any_setting(opt, DSC_STABLE);
}

/* Memory that is not state: prepared gradients, waiting directions, a gradient of our own, and
 * what whole segments need. */
descent_status dsc_scratch_make(descent_optimizer *opt, descent_error *err)
{
    size_t largest_work = 0;

    for (size_t i = 0; i < opt->n_whole; i++) {
        const dsc_span *span = &opt->span[opt->whole[i]];
        const size_t work = opt->rule->work_size
                                ? opt->rule->work_size(opt->base, (int)span->rows, (int)span->cols)
                                : 0;
        opt->largest_whole = span->count > opt->largest_whole ? span->count : opt->largest_whole;
        largest_work = work > largest_work ? work : largest_work;
    }
    opt->largest_whole = (opt->largest_whole + 15) / 16 * 16;
    opt->work_stride = (2 * opt->largest_whole + (largest_work + 15) / 16 * 16) * opt->element;
    if (opt->n_whole > 0)
        opt->work = dsc_alloc(opt->work_stride, (size_t)opt->threads);
    if (dsc_prepares(opt))
        opt->prepared = dsc_alloc(opt->n, opt->element);
    if (dsc_defers(opt))
        opt->delta = dsc_alloc(opt->n, opt->element);
    if (opt->gives_objective && !opt->rule->solve)
        opt->g = dsc_alloc(opt->n, opt->element);
    if ((opt->n_whole > 0 && !opt->work) || (dsc_prepares(opt) && !opt->prepared) ||
        (dsc_defers(opt) && !opt->delta) || (opt->gives_objective && !opt->rule->solve && !opt->g))
        return dsc_no_state_memory(opt, err);
    return DESCENT_OK;
}
