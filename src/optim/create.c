/* create.c - from a string to an optimizer: wrappers, rule, hyperparameters, groups, memory. */
#include "base/memory.h"
#include "base/parallel.h"
#include "optim/object.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const dsc_optim *find_rule(const char *name, descent_type type)
{
    const dsc_level level = dsc_level_choose();
    const dsc_optim *rule;

    for (size_t i = 0; (rule = dsc_optim_at(i, type, level)) != NULL; i++)
        if (strcmp(rule->info.name, name) == 0)
            return rule;
    return NULL;
}

static const dsc_wrapper *find_wrapper(const char *name, descent_type type)
{
    const dsc_level level = dsc_level_choose();
    const dsc_wrapper *wrapper;

    for (size_t i = 0; (wrapper = dsc_wrapper_at(i, type, level)) != NULL; i++)
        if (strcmp(wrapper->info.name, name) == 0)
            return wrapper;
    return NULL;
}

static int index_of(const descent_info *info, const char *name)
{
    for (int i = 0; i < info->n_params; i++)
        if (strcmp(info->params[i].name, name) == 0)
            return i;
    return -1;
}

/* --- rules of the caller ---------------------------------------------------------------------- */

/* A block of the caller's rule. */
static void own_direction(const dsc_step *s, const dsc_slice *a)
{
    const descent_optimizer *opt = s->user;
    descent_rule_step step = {.n = a->n,
                              .w = a->w,
                              .g = a->x,
                              .d = a->d,
                              .param = s->param,
                              .count = s->count,
                              .type = opt->type,
                              .user = opt->own_rule->user};

    for (int k = 0; k < opt->own_rule->n_state; k++)
        step.state[k] = a->state[k];
    opt->own_rule->direction(&step);
}

/* The caller's rule of that name, or NULL. */
static const descent_rule *own_rule(const descent_optimizer_options *o, const char *name)
{
    for (size_t i = 0; i < o->n_rules; i++)
        if (o->rules[i].info.name && strcmp(o->rules[i].info.name, name) == 0)
            return &o->rules[i];
    return NULL;
}

static descent_status take_own_rule(descent_optimizer *opt, const descent_rule *rule,
                                    dsc_place place, descent_error *err)
{
    if (!rule->direction)
        return dsc_fail_at(err, DESCENT_INVALID, place, "the rule '%s' has no direction function",
                           rule->info.name);
    if (rule->n_state < 0 || rule->n_state > DESCENT_RULE_STATE)
        return dsc_fail_at(err, DESCENT_INVALID, place,
                           "the rule '%s' has %d state vectors, must be between 0 and %d",
                           rule->info.name, rule->n_state, DESCENT_RULE_STATE);
    for (int i = 0; i < rule->info.n_params; i++)
        if (index_of(descent_optimizer_common(), rule->info.params[i].name) >= 0)
            return dsc_fail_at(err, DESCENT_INVALID, place,
                               "the rule '%s' has a hyperparameter %s, as every optimizer has "
                               "already; call it something else",
                               rule->info.name, rule->info.params[i].name);
    opt->own_rule = rule;
    opt->own = (dsc_optim){.info = rule->info,
                           .n_state = rule->n_state,
                           .decay = rule->decoupled ? DSC_DECAY_LR : DSC_DECAY_L2,
                           .direction = own_direction};
    opt->rule = &opt->own;
    return DESCENT_OK;
}

/* --- the string ------------------------------------------------------------------------------- */

dsc_place dsc_place_of(const dsc_spec *spec, const char *name)
{
    for (int i = 0; i < spec->n_args; i++) {
        const char *word = spec->arg[i].key ? spec->arg[i].key : spec->arg[i].text;
        if (word && strcmp(word, name) == 0)
            return spec->arg[i].key_place;
    }
    return spec->place;
}

static descent_status read_wrapper(descent_optimizer *opt, const dsc_wrapper *kind,
                                   const dsc_spec *spec, descent_error *err)
{
    dsc_value value[DSC_MAX_PARAMS];
    const dsc_spec_list *inner = dsc_spec_inner(spec);

    if (!inner || inner->count != 1)
        return dsc_fail_at(err, DESCENT_SYNTAX, spec->place,
                           "%s goes around one optimizer; write %s (adam lr=0.001)",
                           kind->info.name, kind->info.name);
    if (opt->n_wraps == DSC_MAX_WRAPS)
        return dsc_fail_at(err, DESCENT_INVALID, spec->place,
                           "more than %d wrappers in one another", DSC_MAX_WRAPS);
    for (int i = 0; i < opt->n_wraps; i++)
        if (opt->wrap[i].kind == kind && kind->perturb)
            return dsc_fail_at(err, DESCENT_INVALID, spec->place,
                               "%s inside %s: one of them is enough", kind->info.name,
                               kind->info.name);
    DSC_TRY(dsc_spec_bind(spec, &kind->info, DSC_ACCEPT_LIST | DSC_ACCEPT_SCHEDULES, value, err));
    /* the outermost one is read first, and stands last */
    memmove(opt->wrap + 1, opt->wrap, (size_t)opt->n_wraps * sizeof *opt->wrap);
    opt->wrap[0] = (dsc_wrap){.kind = kind};
    opt->n_wraps++;
    return dsc_wrap_schedules_read(opt, &opt->wrap[0], value, err);
}

static const char *own_name(size_t i, void *user)
{
    const char *name = ((const descent_optimizer_options *)user)->rules[i].info.name;

    return name ? name : "";
}

static descent_status find(descent_optimizer *opt, const dsc_spec *spec,
                           const descent_optimizer_options *o, descent_error *err)
{
    char suggestion[80];

    const descent_rule *own = own_rule(o, spec->name);

    if (own)
        return take_own_rule(opt, own, spec->place, err);
    opt->rule = find_rule(spec->name, opt->type);
    if (opt->rule)
        return DESCENT_OK;
    const char *near = dsc_nearest(spec->name, o->n_rules, own_name, (void *)(uintptr_t)o);
    if (near)
        snprintf(suggestion, sizeof suggestion, "; did you mean '%.60s'?", near);
    else
        dsc_suggest_entry(spec->name, descent_optimizer_info, suggestion);
    return dsc_fail_at(err, DESCENT_UNKNOWN, spec->place, "no optimizer is called '%s'%s",
                       spec->name, suggestion);
}

/* What the rule needs and the caller does not give. */
static descent_status check_needs(const descent_optimizer *opt, dsc_place place, descent_error *err)
{
    const char *name = opt->rule->info.name;
    const bool solves = opt->rule->solve != NULL;

    for (int i = 0; i < opt->n_wraps; i++)
        if (opt->wrap[i].kind->perturb)
            name = opt->wrap[i].kind->info.name;
    if (dsc_optimizer_needs_objective(opt) && !opt->gives_objective)
        return dsc_fail_at(
            err, DESCENT_INVALID, place,
            "%s evaluates the loss itself, several times a step; it works where the "
            "loss can be evaluated again at other weights (gives_objective), and here "
            "it can't",
            name);
    if (solves && opt->n_wraps > 0)
        return dsc_fail_at(err, DESCENT_INVALID, place,
                           "%s searches along a line and goes with no wrapper; leave out %s",
                           opt->rule->info.name, opt->wrap[0].kind->info.name);
    if (dsc_optimizer_needs_curvature(opt) && !opt->gives_curvature)
        return dsc_fail_at(err, DESCENT_INVALID, place,
                           "%s needs an estimate of the Hessian's diagonal every few steps "
                           "(gives_curvature), and here nothing gives it one",
                           opt->rule->info.name);
    return DESCENT_OK;
}

static descent_status settle(descent_optimizer *opt, const dsc_spec *spec,
                             const descent_optimizer_options *o, descent_error *err)
{
    dsc_value value[DSC_MAX_PARAMS];
    const dsc_wrapper *wrapper;
    int at = 0;

    while (!own_rule(o, spec->name) && (wrapper = find_wrapper(spec->name, opt->type)) != NULL) {
        DSC_TRY(read_wrapper(opt, wrapper, spec, err));
        spec = &dsc_spec_inner(spec)->item[0];
    }
    DSC_TRY(find(opt, spec, o, err));
    if (!dsc_join(&opt->joined, &opt->rule->info))
        return dsc_fail_at(err, DESCENT_INVALID, spec->place,
                           "the rule '%s' has %d hyperparameters; %d is the most", spec->name,
                           opt->rule->info.n_params, DSC_MAX_PARAMS - DSC_COMMON_COUNT);
    DSC_TRY(check_needs(opt, spec->place, err));
    opt->lr = index_of(&opt->rule->info, "lr");
    opt->weight_decay = index_of(&opt->rule->info, "weight_decay");
    opt->beta2 = index_of(&opt->rule->info, "beta2");
    opt->eps = index_of(&opt->rule->info, "eps");
    DSC_TRY(dsc_spec_bind(spec, &opt->joined.info, DSC_ACCEPT_SCHEDULES, value, err));
    DSC_TRY(dsc_schedules_read(opt, value, err));
    opt->first_lr = opt->lr >= 0 ? opt->base[opt->lr] : 0.0;
    const char *reason = dsc_setting_refusal(opt, &(dsc_setting){.rate = 1.0}, &at);
    if (reason)
        return dsc_fail_at(err, DESCENT_INVALID, dsc_place_of(spec, opt->joined.param[at].name),
                           "%s: %s", opt->rule->info.name, reason);
    return DESCENT_OK;
}

/* --- create ----------------------------------------------------------------------------------- */

descent_optimizer_options descent_optimizer_defaults(void)
{
    return (descent_optimizer_options){.threads = 1};
}

static descent_status build(descent_optimizer *opt, const char *text,
                            const descent_optimizer_options *o, dsc_origins origins,
                            descent_error *err)
{
    dsc_spec_list *list;

    DSC_TRY(dsc_spec_parse_one(&list, text ? text : "", origins.spec, err));
    const descent_status status = settle(opt, &list->item[0], o, err);
    dsc_spec_free(list);
    if (status != DESCENT_OK)
        return status;
    DSC_TRY(dsc_segments_copy(opt, o, err));
    DSC_TRY(dsc_groups_read(opt, o->groups, origins.group, o->n_groups, err));
    if (o->gives_objective == DSC_OBJECTIVE_IF_NEEDED)
        opt->gives_objective = dsc_optimizer_needs_objective(opt);
    return dsc_layout_make(opt, err);
}

descent_status dsc_optimizer_create_at(descent_optimizer **out, const char *spec, size_t n,
                                       descent_type type, const descent_optimizer_options *options,
                                       dsc_origins origins, descent_error *err)
{
    const descent_optimizer_options defaults = descent_optimizer_defaults();
    const descent_optimizer_options *o = options ? options : &defaults;

    *out = NULL;
    if (n == 0)
        return dsc_fail(err, DESCENT_INVALID,
                        "an optimizer for vectors of 0 elements; n must be at least 1");
    if (type != DESCENT_F32 && type != DESCENT_F64)
        return dsc_fail(err, DESCENT_INVALID,
                        "type %d is unknown; it must be DESCENT_F32 or DESCENT_F64", (int)type);
    descent_optimizer *opt = dsc_alloc(1, sizeof *opt);
    if (!opt)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for an optimizer");
    opt->type = type;
    opt->n = n;
    opt->element = type == DESCENT_F64 ? sizeof(double) : sizeof(float);
    opt->threads = dsc_threads(o->threads);
    opt->run_steps = o->steps;
    opt->examples = o->examples > 0 ? o->examples : 1;
    opt->gives_objective = o->gives_objective != 0;
    opt->gives_curvature = o->gives_curvature != 0;
    opt->culprit = -1;
    opt->pipeline = dsc_pipeline_choose(type, dsc_level_choose());
    opt->kernels = dsc_kernels_choose(type, DSC_BACKEND_AUTO, dsc_level_choose());

    const descent_status status = build(opt, spec, o, origins, err);
    if (status != DESCENT_OK) {
        descent_optimizer_free(opt);
        return status;
    }
    *out = opt;
    return DESCENT_OK;
}

descent_status descent_optimizer_create_with(descent_optimizer **out, const char *spec, size_t n,
                                             descent_type type,
                                             const descent_optimizer_options *options,
                                             descent_error *err)
{
    return dsc_optimizer_create_at(out, spec, n, type, options, (dsc_origins){.spec.file = ""},
                                   err);
}

descent_status descent_optimizer_create(descent_optimizer **out, const char *spec, size_t n,
                                        descent_type type, descent_error *err)
{
    return dsc_optimizer_create_at(out, spec, n, type, NULL, (dsc_origins){.spec.file = ""}, err);
}
