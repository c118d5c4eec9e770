/* optimizer.c - the public optimizer object: a rule, its settings and its state vectors. */
#include "base/memory.h"
#include "base/number.h"
#include "base/parallel.h"
#include "base/spec.h"
#include "optim/optim.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct descent_optimizer {
    const dsc_optim *rule;
    descent_type type;
    size_t n, element;       /* elements of w, and bytes of each */
    dsc_step step;           /* its count is the number of the last step */
    void *state;             /* the vectors in use, n elements each, one after another */
    int slot[DSC_MAX_STATE]; /* which of them is the rule's vector k; -1: not in use */
    size_t n_slots;
};

static const dsc_optim *find_rule(const char *name, descent_type type)
{
    const dsc_level level = dsc_level_choose();
    const dsc_optim *rule;

    for (size_t i = 0; (rule = dsc_optim_at(i, type, level)) != NULL; i++)
        if (strcmp(rule->info.name, name) == 0)
            return rule;
    return NULL;
}

/* --- create ----------------------------------------------------------------------------------- */

/* Where parameter `name` was typed: "name=value", or the bare name of a flag. */
static dsc_place place_of(const dsc_spec *spec, const char *name)
{
    for (int i = 0; i < spec->n_args; i++) {
        const char *word = spec->arg[i].key ? spec->arg[i].key : spec->arg[i].text;
        if (word && strcmp(word, name) == 0)
            return spec->arg[i].key_place;
    }
    return spec->place;
}

/* Rule and settings from one parsed item. */
static descent_status settle(descent_optimizer *opt, const dsc_spec *spec, descent_error *err)
{
    dsc_value value[DSC_MAX_PARAMS];
    char suggestion[80];
    int at;

    opt->rule = find_rule(spec->name, opt->type);
    if (!opt->rule) {
        dsc_suggest_entry(spec->name, descent_optimizer_info, suggestion);
        return dsc_fail_at(err, DESCENT_UNKNOWN, spec->place, "no optimizer is called '%s'%s",
                           spec->name, suggestion);
    }
    const descent_info *info = &opt->rule->info;
    DSC_TRY(dsc_spec_bind(spec, info, false, value, err));
    for (int i = 0; i < info->n_params; i++)
        opt->step.param[i] = value[i].number;
    const char *reason = opt->rule->refuse ? opt->rule->refuse(opt->step.param, &at) : NULL;
    if (reason)
        return dsc_fail_at(err, DESCENT_INVALID, place_of(spec, info->params[at].name), "%s: %s",
                           info->name, reason);
    return DESCENT_OK;
}

/* The state vectors that settings need, as bits. */
static unsigned needed_states(const dsc_optim *rule, const double *param)
{
    return rule->states ? rule->states(param) : (1u << rule->n_state) - 1;
}

static descent_status allocate_state(descent_optimizer *opt, descent_error *err)
{
    const unsigned needed = needed_states(opt->rule, opt->step.param);
    size_t count;

    for (int k = 0; k < DSC_MAX_STATE; k++)
        opt->slot[k] = needed >> k & 1 ? (int)opt->n_slots++ : -1;
    if (opt->n_slots == 0)
        return DESCENT_OK;
    if (dsc_multiply(opt->n_slots, opt->n, &count))
        opt->state = dsc_alloc(count, opt->element);
    if (!opt->state)
        return dsc_fail(err, DESCENT_NOMEM,
                        "out of memory for the %zu state vectors of %s, of %zu elements each",
                        opt->n_slots, opt->rule->info.name, opt->n);
    return DESCENT_OK;
}

descent_status dsc_optimizer_create_at(descent_optimizer **out, const char *spec, size_t n,
                                       descent_type type, dsc_place origin, descent_error *err)
{
    dsc_spec_list *list;

    *out = NULL;
    if (n == 0)
        return dsc_fail(err, DESCENT_INVALID,
                        "an optimizer for vectors of 0 elements; n must be "
                        "at least 1");
    if (type != DESCENT_F32 && type != DESCENT_F64)
        return dsc_fail(err, DESCENT_INVALID,
                        "type %d is unknown; it must be DESCENT_F32 or DESCENT_F64", (int)type);
    descent_optimizer *opt = dsc_alloc(1, sizeof *opt);
    if (!opt)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for an optimizer");
    opt->type = type;
    opt->n = n;
    opt->element = type == DESCENT_F64 ? sizeof(double) : sizeof(float);

    descent_status status = dsc_spec_parse_one(&list, spec ? spec : "", origin, err);
    if (status == DESCENT_OK) {
        status = settle(opt, &list->item[0], err);
        dsc_spec_free(list);
    }
    if (status == DESCENT_OK)
        status = allocate_state(opt, err);
    if (status != DESCENT_OK) {
        descent_optimizer_free(opt);
        return status;
    }
    *out = opt;
    return DESCENT_OK;
}

descent_status descent_optimizer_create(descent_optimizer **out, const char *spec, size_t n,
                                        descent_type type, descent_error *err)
{
    return dsc_optimizer_create_at(out, spec, n, type, (dsc_place){.file = ""}, err);
}

void descent_optimizer_free(descent_optimizer *opt)
{
    if (!opt)
        return;
    dsc_free(opt->state);
    dsc_free(opt);
}

/* --- settings --------------------------------------------------------------------------------- */

/* Why the settings `param` can't take the place of the present ones, if so. */
static descent_status check_change(const descent_optimizer *opt, const double *param, int i,
                                   descent_error *err)
{
    const descent_info *info = &opt->rule->info;
    const unsigned needed = needed_states(opt->rule, param);
    char value[DSC_NUMBER_SIZE];
    int at;

    const char *reason = opt->rule->refuse ? opt->rule->refuse(param, &at) : NULL;
    if (reason)
        return dsc_fail(err, DESCENT_INVALID, "%s: %s", info->name, reason);
    dsc_number_plain(param[i], value);
    for (int k = 0; k < DSC_MAX_STATE; k++)
        if (needed >> k & 1 && opt->slot[k] < 0)
            return dsc_fail(err, DESCENT_INVALID,
                            "%s: %s = %s needs memory that was not set aside; create the optimizer "
                            "with '%s %s=%s'",
                            info->name, info->params[i].name, value, info->name,
                            info->params[i].name, value);
    return DESCENT_OK;
}

descent_status descent_optimizer_set(descent_optimizer *opt, const char *param, double value,
                                     descent_error *err)
{
    const descent_info *info = &opt->rule->info;
    double changed[DSC_MAX_PARAMS];
    char text[DSC_NUMBER_SIZE];
    int i;

    DSC_TRY(dsc_param_find(info, param, (dsc_place){.file = ""}, &i, err));
    DSC_TRY(dsc_param_check(info->name, &info->params[i], value, (dsc_place){.file = ""}, err));
    if (info->params[i].kind == DESCENT_FLAG && value != 0.0 && value != 1.0)
        return dsc_fail(err, DESCENT_INVALID, "%s: %s = %s, must be 0 or 1", info->name, param,
                        dsc_number_plain(value, text));
    memcpy(changed, opt->step.param, sizeof changed);
    changed[i] = value;
    DSC_TRY(check_change(opt, changed, i, err));
    opt->step.param[i] = value;
    return DESCENT_OK;
}

double descent_optimizer_get(const descent_optimizer *opt, const char *param)
{
    int i;

    if (dsc_param_find(&opt->rule->info, param, (dsc_place){.file = ""}, &i, NULL) != DESCENT_OK)
        return (double)NAN;
    return opt->step.param[i];
}

descent_status dsc_optimizer_text(const descent_optimizer *opt, char *out, size_t size)
{
    const descent_info *info = &opt->rule->info;
    char number[DSC_NUMBER_SIZE];
    int used = snprintf(out, size, "%s", info->name);

    for (int i = 0; i < info->n_params && (size_t)used < size; i++) {
        const double value = opt->step.param[i];
        const char *text = dsc_number_plain(value, number);
        if (info->params[i].kind == DESCENT_FLAG)
            text = value != 0.0 ? "yes" : "no";
        used += snprintf(out + used, size - (size_t)used, " %s=%s", info->params[i].name, text);
    }
    return (size_t)used < size ? DESCENT_OK : DESCENT_INVALID;
}

/* --- steps ------------------------------------------------------------------------------------ */

void dsc_optimizer_begin(descent_optimizer *opt)
{
    opt->step.count++;
    if (opt->rule->begin)
        opt->rule->begin(&opt->step);
}

void dsc_optimizer_apply(const descent_optimizer *opt, void *w, const void *g, size_t begin,
                         size_t end)
{
    const size_t start = begin * opt->element;
    void *state[DSC_MAX_STATE] = {NULL};

    for (int k = 0; k < opt->rule->n_state; k++)
        if (opt->slot[k] >= 0)
            state[k] = (char *)opt->state + (size_t)opt->slot[k] * opt->n * opt->element + start;
    opt->rule->apply(&opt->step, (char *)w + start, (const char *)g + start, state, end - begin);
}

typedef struct whole_step {
    const descent_optimizer *opt;
    void *w;
    const void *g;
} whole_step;

static void apply_whole(int index, void *user)
{
    const whole_step *job = user;

    (void)index;
    dsc_optimizer_apply(job->opt, job->w, job->g, 0, job->opt->n);
}

/* On the caller's thread, but the way the training loop does it: denormal numbers are flushed to
 * zero, so that averages which decay towards zero don't slow down, and the bits are the same. */
static void take_step(descent_optimizer *opt, void *w, const void *g)
{
    dsc_optimizer_begin(opt);
    dsc_parallel_for(1, 1, apply_whole, &(whole_step){opt, w, g});
}

void descent_optimizer_step_f32(descent_optimizer *opt, float *w, const float *g)
{
    if (opt->type == DESCENT_F32)
        take_step(opt, w, g);
}

void descent_optimizer_step_f64(descent_optimizer *opt, double *w, const double *g)
{
    if (opt->type == DESCENT_F64)
        take_step(opt, w, g);
}

int64_t descent_optimizer_steps(const descent_optimizer *opt)
{
    return opt->step.count;
}

void *dsc_optimizer_state(descent_optimizer *opt, size_t *n_elements)
{
    *n_elements = opt->n_slots * opt->n;
    return opt->state;
}

void dsc_optimizer_restore_steps(descent_optimizer *opt, int64_t steps)
{
    opt->step.count = steps;
}
