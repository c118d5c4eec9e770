/* spec_lr.h - the learning rate within an optimizer's string. */
#ifndef DSC_STUDY_SPEC_LR_H
#define DSC_STUDY_SPEC_LR_H

#include "base/error.h"

/* *out <- the string with that lr, whatever it had: "sam (sgd momentum=0.9)" becomes "sam (sgd
 * lr=0.1 momentum=0.9)". dsc_free() it. Fails when the string is no optimizer, or one without a
 * learning rate that could be chosen; `place` is where it was typed. */
descent_status dsc_spec_set_lr(char **out, const char *spec, double lr, dsc_place place,
                               descent_error *err);
/* True when the string says lr=auto. */
bool dsc_spec_wants_lr(const char *spec);

#endif
