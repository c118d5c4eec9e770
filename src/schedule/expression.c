/* expression.c - a formula of the step, such as "0.5*(1+cos(pi*progress))". */
#include "expression/expression.h"

#include "schedule/schedule.h"

enum { FORMULA, STEPS };
enum { V_STEP, V_STEPS, V_PROGRESS, N_VARIABLES };

static const descent_param params[] = {
    [FORMULA] = {"formula", (double)NAN, 0, 0,
                 "in step, steps and progress = min(1, step / steps), in quotes", DESCENT_TEXT,
                 NULL},
    [STEPS] = DSC_SCHEDULE_STEPS,
    DSC_SCHEDULE_COMMON,
};

static descent_status prepare(descent_schedule *self, const dsc_spec *item, descent_error *err)
{
    static const char *const known[N_VARIABLES] = {"step", "steps", "progress"};

    DSC_TRY(dsc_expression_parse_in(&self->formula, dsc_schedule_text(self, item, FORMULA), known,
                                    N_VARIABLES, err));
    self->length = self->value[STEPS].number > 0.0 ? self->value[STEPS].number : self->n;
    if (self->length == 0.0 && (dsc_expression_uses(self->formula, V_STEPS) ||
                                dsc_expression_uses(self->formula, V_PROGRESS)))
        return dsc_schedule_need_length(self, item, "steps=N", err);
    return DESCENT_OK;
}

static double shape(const descent_schedule *self, double s)
{
    const double w[N_VARIABLES] = {[V_STEP] = s,
                                   [V_STEPS] = self->length,
                                   [V_PROGRESS] = s < self->length ? s / self->length : 1.0};

    return descent_expression_evaluate(N_VARIABLES, w, NULL, self->formula);
}

const dsc_schedule_rule dsc_schedule_expression = {
    .info = {.name = "expression",
             .summary = "a formula of the step: expression \"0.5*(1+cos(pi*progress))\"",
             .formula = "from f(step, steps, progress)",
             DSC_SCHEDULE_PARAMS,
             .n_positional = 1},
    .shape = shape,
    .prepare = prepare,
};
