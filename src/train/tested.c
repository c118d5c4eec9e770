/* tested.c - what the model said of the test part when it was scored last, kept for whoever looks
 * at the end: asking again would take as long as scoring. */
#include "train/fit.h"

#include "base/memory.h"

descent_status dsc_tested_prepare(dsc_fit *fit, descent_error *err)
{
    const size_t n = fit->split->n_test;

    if (!fit->options->on_end || fit->data->tokens)
        return DESCENT_OK;
    fit->said = dsc_alloc(n * (size_t)fit->model->options.outputs, sizeof *fit->said);
    return fit->said ? DESCENT_OK
                     : dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu predictions", n);
}

void dsc_tested_free(dsc_fit *fit)
{
    dsc_free(fit->said);
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
