/* diagnose_data.c - the data of a training, audited before it begins. */
#include "train/diagnose.h"

#include "data/audit.h"

/* A training makes 6 multiplications and additions for each use of a weight and example, five in
 * the time of one of the audit's, which may take a hundredth of its time. */
static double affordable(const dsc_fit *fit)
{
    return 0.012 * dsc_fit_uses(fit->model->network.graph, NULL) * (double)fit->steps *
           (double)fit->window;
}

descent_status dsc_diagnosis_audit(dsc_diagnosis *d, const dsc_fit *fit, descent_error *err)
{
    return dsc_audit_make(&d->c.data,
                          &(dsc_audit_options){.data = fit->data,
                                               .split = fit->split,
                                               .scaling = fit->scaling,
                                               .shuffles = fit->settings->shuffles,
                                               .batch = (size_t)fit->window,
                                               .linear = d->c.plan.deep <= 1,
                                               .additions = affordable(fit),
                                               .seed = fit->settings->seed},
                          err);
}
