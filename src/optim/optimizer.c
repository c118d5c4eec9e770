/* optimizer.c - the optimizer object: what may be asked and changed between steps. */
#include "optim/object.h"

#include "base/memory.h"
#include "base/number.h"

#include <math.h>
#include <string.h>

void descent_optimizer_free(descent_optimizer *opt)
{
    if (!opt)
        return;
    for (int i = 0; i < DSC_MAX_PARAMS; i++)
        descent_schedule_free(opt->schedule[i]);
    for (size_t i = 0; i < opt->groups_made; i++)
        dsc_free(opt->group[i].selector);
    for (int i = 0; i < opt->n_wraps; i++) {
        for (int k = 0; k < DSC_MAX_WRAP_PARAMS; k++)
            descent_schedule_free(opt->wrap[i].schedule[k]);
        dsc_free(opt->wrap[i].vector);
    }
    dsc_free(opt->group);
    dsc_free(opt->segment_words);
    dsc_free(opt->segment);
    dsc_free(opt->setting);
    dsc_free(opt->span);
    dsc_free(opt->chunk);
    dsc_free(opt->chunk_sum);
    dsc_free(opt->chunk_facts);
    dsc_free(opt->whole);
    dsc_free(opt->state);
    dsc_free(opt->numbers);
    dsc_free(opt->prepared);
    dsc_free(opt->delta);
    dsc_free(opt->g);
    dsc_free(opt->work);
    dsc_free(opt);
}

/* --- what goes together ----------------------------------------------------------------------- */

/* Why a common parameter does not go with this rule. */
static const char *refuse_common(const descent_optimizer *opt, const double *common, int *at)
{
    const dsc_optim *rule = opt->rule;

    for (int i = 0; rule->solve && i < DSC_COMMON_COUNT; i++) {
        const bool harmless = i == DSC_SKIPS || i == DSC_DECAY_ALL;
        *at = i;
        if (!harmless && common[i] != opt->joined.param[rule->info.n_params + i].initial)
            return "it searches along a line, and clipping, decay and the like would mislead it";
    }
    *at = DSC_CAUTIOUS;
    if (common[DSC_CAUTIOUS] != 0.0 && (rule->flags & DSC_RULE_PLACES))
        return "cautious needs a direction, and this rule places w anew";
    *at = DSC_STABLE;
    if (common[DSC_STABLE] != 0.0 && ((rule->flags & DSC_RULE_PLACES) || !rule->second_moment))
        return "stable compares g^2 with its running mean, and this rule keeps none";
    *at = DSC_DECAY_MODE;
    if (common[DSC_DECAY_MODE] != DSC_MODE_AUTO && opt->weight_decay < 0)
        return "this rule has no weight_decay";
    if (common[DSC_DECAY_MODE] > DSC_MODE_L2 && (rule->flags & DSC_RULE_PLACES))
        return "this rule places w anew: weight decay is auto or l2";
    return NULL;
}

static void largest_values(const descent_optimizer *opt, const dsc_setting *s, double *param)
{
    for (int i = 0; i < opt->joined.info.n_params; i++)
        param[i] = dsc_setting_largest(opt, s, i);
}

const char *dsc_setting_refusal(const descent_optimizer *opt, const dsc_setting *s, int *where)
{
    const int n_own = opt->rule->info.n_params;
    double param[DSC_MAX_PARAMS];

    largest_values(opt, s, param);
    const char *reason = opt->rule->refuse ? opt->rule->refuse(param, where) : NULL;
    if (reason)
        return reason;
    reason = refuse_common(opt, param + n_own, where);
    *where += n_own;
    return reason;
}

/* --- settings --------------------------------------------------------------------------------- */

unsigned dsc_setting_states(const descent_optimizer *opt, const dsc_setting *s)
{
    double param[DSC_MAX_PARAMS];

    largest_values(opt, s, param);
    return opt->rule->states ? opt->rule->states(param) : (1u << opt->rule->n_state) - 1;
}

bool dsc_is_settled(const descent_optimizer *opt, int param)
{
    switch (param - opt->rule->info.n_params) {
    case DSC_DECAY_ALL:
    case DSC_LAYER_DECAY:
    case DSC_FROZEN:
    case DSC_STATE:
        return true;
    default:
        return opt->rule->fixed >> param & 1;
    }
}

/* Whether the settings, as they are now, find the memory that they need. */
static bool has_memory(const descent_optimizer *opt)
{
    for (size_t i = 0; i < opt->n_settings; i++)
        if (!opt->setting[i].frozen && (dsc_setting_states(opt, &opt->setting[i]) & ~opt->states))
            return false;
    return (opt->prepared || !dsc_prepares(opt)) && (opt->delta || !dsc_defers(opt));
}

/* Why parameter i can't be as it is now, if so. */
static descent_status check_change(const descent_optimizer *opt, int i, descent_error *err)
{
    const descent_info *info = &opt->joined.info;
    char value[DSC_NUMBER_SIZE];
    const char *reason = NULL;
    int at;

    for (size_t s = 0; s < opt->n_settings && !reason; s++)
        reason = dsc_setting_refusal(opt, &opt->setting[s], &at);
    if (reason)
        return dsc_fail(err, DESCENT_INVALID, "%s: %s", info->name, reason);
    if (has_memory(opt))
        return DESCENT_OK;
    dsc_number_plain(opt->base[i], value);
    return dsc_fail(err, DESCENT_INVALID,
                    "%s: %s = %s needs memory that was not set aside; create the optimizer with "
                    "'%s %s=%s'",
                    info->name, info->params[i].name, value, info->name, info->params[i].name,
                    value);
}

descent_status descent_optimizer_set(descent_optimizer *opt, const char *param, double value,
                                     descent_error *err)
{
    const descent_info *info = &opt->joined.info;
    char text[DSC_NUMBER_SIZE];
    int i;

    DSC_TRY(dsc_param_find(info, param, (dsc_place){.file = ""}, &i, err));
    DSC_TRY(dsc_param_check(info->name, &info->params[i], value, (dsc_place){.file = ""}, err));
    if (info->params[i].kind == DESCENT_FLAG && value != 0.0 && value != 1.0)
        return dsc_fail(err, DESCENT_INVALID, "%s: %s = %s, must be 0 or 1", info->name, param,
                        dsc_number_plain(value, text));
    if (dsc_is_settled(opt, i) && value != opt->base[i])
        return dsc_fail(err, DESCENT_INVALID,
                        "%s: %s is settled when the optimizer is created; it can't change later",
                        info->name, param);
    const double before = opt->base[i];
    opt->base[i] = value;
    const descent_status status = check_change(opt, i, err);
    if (status == DESCENT_OK)
        opt->set |= (uint64_t)1 << i;
    else
        opt->base[i] = before;
    return status;
}

double descent_optimizer_get(const descent_optimizer *opt, const char *param)
{
    int i;

    for (size_t s = 0; s < opt->n_settings; s++)
        if (!opt->setting[s].frozen && opt->rule->estimate &&
            strcmp(opt->rule->estimate, param) == 0)
            return opt->setting[s].step.memory[0];
    if (strcmp(param, "evaluations") == 0)
        return (double)opt->evaluations;
    if (strcmp(param, "iterations") == 0)
        return (double)opt->iterations;
    if (dsc_param_find(&opt->joined.info, param, (dsc_place){.file = ""}, &i, NULL) != DESCENT_OK)
        return (double)NAN;
    return dsc_setting_value(
        opt, &(dsc_setting){.rate = 1.0, .applied = opt->count > 0 ? opt->count - 1 : 0}, i);
}

/* --- what happened ---------------------------------------------------------------------------- */

int64_t descent_optimizer_steps(const descent_optimizer *opt)
{
    return opt->count;
}

int64_t descent_optimizer_skipped(const descent_optimizer *opt)
{
    return opt->skipped;
}

int64_t descent_optimizer_skipped_in_a_row(const descent_optimizer *opt)
{
    return opt->skipped_in_a_row;
}

int64_t descent_optimizer_culprit(const descent_optimizer *opt, const char **segment)
{
    const char *name = "";

    for (size_t i = 0; opt->culprit >= 0 && i < opt->n_segments; i++)
        if ((size_t)opt->culprit >= opt->segment[i].offset)
            name = opt->segment[i].name;
    if (segment)
        *segment = name;
    return opt->culprit;
}

void dsc_optimizer_set_threads(descent_optimizer *opt, int threads)
{
    if (threads < opt->threads)
        opt->threads = threads;
}
