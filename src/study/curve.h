/* curve.h - what a range test's losses say, as pure functions of them. */
#ifndef DSC_STUDY_CURVE_H
#define DSC_STUDY_CURVE_H

#include "descent/study.h"

#include <stdbool.h>

/* One test while it runs. `point` has room for all its steps. */
typedef struct dsc_lr_curve {
    descent_lr_point *point;
    size_t n;
    uint64_t seed;
    double mean; /* before its correction */
    double best; /* lowest smoothed loss so far */
    bool diverged;
} dsc_lr_curve;

/* Takes the loss of the next step; false when the test is over because it diverged. */
bool dsc_lr_curve_add(dsc_lr_curve *curve, double lr, double loss);
/* The three rates; needs a point. */
descent_lr_curve dsc_lr_curve_read(const dsc_lr_curve *curve);
/* What one curve suggests. */
double dsc_lr_curve_suggest(const descent_lr_curve *curve);
/* Two digits, as people write a rate. */
double dsc_lr_round(double lr);

#endif
