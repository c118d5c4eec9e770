/* treatment.c - what an optimizer does to each segment of w, for people to look at. */
#include "optim/object.h"

#include <math.h>

/* The span that holds element i; NULL: it is frozen. */
static const dsc_span *span_of(const descent_optimizer *opt, size_t i)
{
    for (size_t s = 0; s < opt->n_spans; s++)
        if (i >= opt->span[s].begin && i < opt->span[s].begin + opt->span[s].count)
            return &opt->span[s];
    return NULL;
}

int descent_optimizer_treatment(const descent_optimizer *opt, size_t segment,
                                descent_treatment *out)
{
    double param[DSC_MAX_PARAMS];

    *out = (descent_treatment){.lr = (double)NAN, .weight_decay = (double)NAN, .frozen = 1};
    if (segment >= opt->n_segments)
        return 0;
    const dsc_span *span = span_of(opt, opt->segment[segment].offset);
    if (!span)
        return 1;
    const dsc_setting *setting = &opt->setting[span->setting];
    out->frozen = 0;
    out->as_matrix = span->whole;
    dsc_setting_values(opt, setting, param);
    if (opt->lr >= 0)
        out->lr = param[opt->lr];
    if (opt->weight_decay >= 0)
        out->weight_decay = setting->decays ? param[opt->weight_decay] : 0.0;
    return 1;
}

const char *descent_optimizer_average_name(const descent_optimizer *opt)
{
    for (int i = opt->n_wraps - 1; i >= 0; i--)
        if (opt->wrap[i].kind->averages)
            return opt->wrap[i].kind->info.name;
    return opt->rule->average ? opt->rule->info.name : NULL;
}

const char *descent_optimizer_name(const descent_optimizer *opt)
{
    return opt->rule->info.name;
}
