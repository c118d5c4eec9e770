/* build.c - from what was typed to a schedule with its parts; and the list of rules. */
#include "schedule/schedule.h"

#include "base/memory.h"

#include "schedule_list.h"

#include <string.h>

#define X(name) extern const dsc_schedule_rule dsc_schedule_##name;
DSC_SCHEDULE_LIST(X)
#undef X

static const dsc_schedule_rule *const rules[] = {
#define X(name) &dsc_schedule_##name,
    DSC_SCHEDULE_LIST(X)
#undef X
};

const dsc_schedule_rule *dsc_schedule_rule_at(size_t index)
{
    return index < sizeof rules / sizeof *rules ? rules[index] : NULL;
}

/* The value of the parameter of that name; 0, not given, when the schedule has none. */
static dsc_value value_of(const descent_schedule *self, const char *name)
{
    const dsc_value none = {0};
    int i = 0;

    while (i < self->rule->info.n_params && strcmp(self->rule->info.params[i].name, name) != 0)
        i++;
    return i < self->rule->info.n_params ? self->value[i] : none;
}

static descent_status find_rule(descent_schedule *self, const dsc_spec *item, descent_error *err)
{
    char near[80];

    for (size_t i = 0; dsc_schedule_rule_at(i); i++)
        if (strcmp(dsc_schedule_rule_at(i)->info.name, item->name) == 0) {
            self->rule = dsc_schedule_rule_at(i);
            return DESCENT_OK;
        }
    dsc_suggest_entry(item->name, descent_schedule_info, near);
    return dsc_fail_at(err, DESCENT_UNKNOWN, item->place, "no schedule is called '%s'%s",
                       item->name, near);
}

descent_status dsc_schedule_need_length(const descent_schedule *self, const dsc_spec *item,
                                        const char *remedy, descent_error *err)
{
    if (self->n > 0.0)
        return DESCENT_OK;
    return dsc_fail_at(err, DESCENT_INVALID, item->place,
                       "%s needs to know how long the run is; give %s", self->rule->info.name,
                       remedy);
}

dsc_text dsc_schedule_text(const descent_schedule *self, const dsc_spec *item, int index)
{
    const char *text = self->value[index].text ? self->value[index].text : "";
    dsc_place place = item->place;

    for (int a = 0; a < item->n_args; a++)
        if (item->arg[a].text == text)
            place = item->arg[a].place;
    return dsc_text_open_at(place, text, strlen(text));
}

/* Where and how long it is: what every schedule has. */
static descent_status place_in_run(descent_schedule *self, const dsc_spec *item,
                                   const dsc_schedule_frame *frame, descent_error *err)
{
    const dsc_schedule_rule *rule = self->rule;
    const dsc_value from = value_of(self, "from");

    if (value_of(self, "for").given && !frame->is_part)
        return dsc_fail_at(err, DESCENT_INVALID, item->place,
                           "%s: for is how long a part of a sequence lasts, and this is no part "
                           "of one",
                           rule->info.name);
    self->base = frame->base;
    self->lasts = value_of(self, "for").number;
    self->from = from.number;
    if (!from.given && !rule->absolute)
        self->from *= frame->base;
    if (!rule->own_warmup) {
        self->warmup = value_of(self, "warmup").number;
        self->warmup_from = value_of(self, "warmup_from").number;
    }
    self->n = self->lasts > 0.0 ? self->lasts : frame->steps;
    if (self->n > 0.0)
        self->n = fmax(1.0, self->n - self->warmup);
    if (!rule->has_length)
        return DESCENT_OK;
    self->length = value_of(self, "steps").number > 0.0 ? value_of(self, "steps").number : self->n;
    return self->length > 0.0 ? DESCENT_OK : dsc_schedule_need_length(self, item, "steps=N", err);
}

descent_status dsc_schedule_make_parts(descent_schedule *self, int n, descent_error *err)
{
    self->part = dsc_alloc((size_t)n, sizeof *self->part);
    self->begin = dsc_alloc((size_t)n, sizeof *self->begin);
    self->n_parts = n;
    if (self->part && self->begin)
        return DESCENT_OK;
    self->n_parts = 0;
    return dsc_fail(err, DESCENT_NOMEM, "out of memory for a schedule of %d parts", n);
}

static descent_status fill(descent_schedule *self, const dsc_spec *item,
                           const dsc_schedule_frame *frame, descent_error *err)
{
    DSC_TRY(find_rule(self, item, err));
    const dsc_schedule_rule *rule = self->rule;
    DSC_TRY(dsc_spec_bind(item, &rule->info, rule->has_parts, self->value, err));
    DSC_TRY(place_in_run(self, item, frame, err));
    if (rule->has_parts && !dsc_spec_inner(item))
        return dsc_fail_at(err, DESCENT_INVALID, item->place,
                           "%s: its parts are missing; write %s (schedule, schedule)",
                           rule->info.name, rule->info.name);
    if (rule->prepare)
        DSC_TRY(rule->prepare(self, item, err));
    for (int i = 0; i < rule->info.n_params; i++)
        self->value[i].text = NULL; /* it belongs to the spec, which goes */
    return DESCENT_OK;
}

descent_status dsc_schedule_build(descent_schedule **out, const dsc_spec *item,
                                  const dsc_schedule_frame *frame, descent_error *err)
{
    descent_schedule *self = dsc_alloc(1, sizeof *self);

    *out = NULL;
    if (!self)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the schedule '%s'", item->source);
    const descent_status status = fill(self, item, frame, err);
    if (status != DESCENT_OK) {
        descent_schedule_free(self);
        return status;
    }
    *out = self;
    return DESCENT_OK;
}
