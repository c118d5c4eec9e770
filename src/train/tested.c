/* tested.c - what the model said of the test part when it was scored last, kept for whoever looks
 * at the end: asking again would take as long as scoring. */
#include "train/fit.h"

#include "base/memory.h"

/* A diagnosis reads outputs as well, as long as they are not too many. */
static bool wants_outputs(const dsc_fit *fit)
{
    enum { MOST = 1 << 20 }; /* numbers */
    const size_t outputs = (size_t)fit->model->options.outputs;

    return !fit->data->tokens && (fit->options->on_end ||
                                  (fit->options->diagnose && fit->split->n_test <= MOST / outputs));
}

descent_status dsc_tested_prepare(dsc_fit *fit, descent_error *err)
{
    const size_t n = fit->split->n_test;
    const bool outputs = wants_outputs(fit);

    if (outputs)
        fit->said = dsc_alloc(n * (size_t)fit->model->options.outputs, sizeof *fit->said);
    if (fit->options->diagnose)
        fit->lost = dsc_alloc(n, sizeof *fit->lost);
    return (fit->said || !outputs) && (fit->lost || !fit->options->diagnose)
               ? DESCENT_OK
               : dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu predictions", n);
}

void dsc_tested_free(dsc_fit *fit)
{
    dsc_forward_runs_free(&fit->scoring);
    dsc_free(fit->said);
    dsc_free(fit->lost);
}

void dsc_tested_show(dsc_fit *fit)
{
    const descent_train_options *o = fit->options;
    const descent_tested tested = {
        .n = fit->split->n_test, .index = fit->split->test, .output = fit->said};

    if (!o->on_end)
        return;
    if (fit->said)
        dsc_model_finish(fit->model, fit->said, tested.n);
    o->on_end(fit->data, fit->model, fit->said ? &tested : NULL, o->user);
}
