/* descent.h - the whole library: gradient descent for deep learning.
 *
 *     descent_optimizer *opt;
 *     if (descent_optimizer_create(&opt, "adam lr=0.001", n, DESCENT_F32, &err))
 *         return complain(&err);
 *     for (int step = 0; step < steps; step++) {
 *         my_gradient(w, g);
 *         descent_optimizer_step(opt, w, g);
 *     }
 */
#ifndef DESCENT_H
#define DESCENT_H

#include "descent/base.h"
#include "descent/check.h"
#include "descent/curvature.h"
#include "descent/data.h"
#include "descent/expression.h"
#include "descent/finding.h"
#include "descent/generate.h"
#include "descent/instrument.h"
#include "descent/landscape.h"
#include "descent/minimize.h"
#include "descent/model.h"
#include "descent/optimizer.h"
#include "descent/report.h"
#include "descent/schedule.h"
#include "descent/study.h"
#include "descent/train.h"

#endif
