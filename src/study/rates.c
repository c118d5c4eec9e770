/* rates.c - contenders that say lr=auto: a range test for each. */
#include "study/comparison.h"
#include "study/spec_lr.h"

#include <math.h>

/* descent_lr_options.on_progress: only whether to go on is asked. */
static int on_progress(int64_t done, int64_t all, void *user)
{
    const descent_comparison *c = user;
    const int trainings = (int)c->n_contenders * c->options.seeds;

    (void)done;
    (void)all;
    return c->options.on_progress ? c->options.on_progress(0.0, 0, trainings, c->options.user) : 0;
}

static descent_status find(descent_comparison *c, dsc_contender *one, descent_error *err)
{
    descent_lr_options options = descent_lr_defaults();
    descent_lr_search *search = NULL;
    descent_recipe *recipe;

    options.threads = c->options.threads;
    options.kernels = c->options.kernels;
    options.on_progress = on_progress;
    options.user = c;
    DSC_TRY(dsc_contender_recipe(&recipe, c, one, c->ground.seed, (double)NAN, err));
    const descent_status status = descent_lr_find(&search, recipe, c->ground.data, &options, err);
    if (search)
        one->facts.lr = descent_lr_suggest(search).lr;
    c->interrupted = status == DESCENT_OK && !search;
    descent_lr_free(search);
    descent_recipe_free(recipe);
    return status;
}

descent_status dsc_find_rates(descent_comparison *c, descent_error *err)
{
    for (size_t k = 0; k < c->n_contenders && !c->interrupted; k++)
        if (dsc_spec_wants_lr(c->contender[k].optimizer))
            DSC_TRY(find(c, &c->contender[k], err));
    return DESCENT_OK;
}
