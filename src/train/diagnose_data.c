/* diagnose_data.c - the data of a training, audited before it begins. */
#include "train/diagnose.h"

#include "data/audit.h"

descent_status dsc_diagnosis_audit(dsc_diagnosis *d, const dsc_fit *fit, descent_error *err)
{
    return dsc_audit_make(&d->c.data,
                          &(dsc_audit_options){.data = fit->data,
                                               .split = fit->split,
                                               .scaling = fit->scaling,
                                               .shuffles = fit->settings->shuffles,
                                               .batch = (size_t)fit->window,
                                               .seed = fit->settings->seed},
                          err);
}
