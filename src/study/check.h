/* check.h - a check of a recipe while it goes on. */
#ifndef DSC_STUDY_CHECK_H
#define DSC_STUDY_CHECK_H

#include "descent/check.h"

#include "finding/case.h"
#include "study/ground.h"
#include "train/fit.h"

enum { DSC_CHECK_LINES = 24 };

struct descent_check {
    dsc_ground ground;
    descent_check_options options;
    descent_check_line line[DSC_CHECK_LINES];
    size_t n_lines;
    descent_check_layer *layer;
    char (*layer_name)[64]; /* of the layers */
    size_t n_layers;
    descent_finding finding[DESCENT_FINDINGS + 1];
    double lr; /* of the recipe's optimizer at its start; NaN: it has none */
    bool interrupted;
};

/* Adds a line; what is too long is cut at a word. */
descent_check_line *dsc_check_say(descent_check *check, const char *name, descent_mark verdict,
                                  const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Calls on_progress for one of the parts; share: what is done of it, 0 to 1. True when it is to
 * end. */
bool dsc_check_tell(descent_check *check, int part, double share);

/* The parts, in order; each adds its lines. */
enum { DSC_CHECK_LOOK, DSC_CHECK_OVERFIT, DSC_CHECK_LR, DSC_CHECK_REPEAT, DSC_CHECK_PARTS };
/* check_look.c: data, start, gradient, signals, decay, from one training that takes one step. */
descent_status dsc_check_look(descent_check *check, descent_error *err);
/* check_signals.c: two of those. */
descent_status dsc_check_signals(descent_check *check, const dsc_case *c, descent_error *err);
void dsc_check_decay(descent_check *check, const dsc_fit *fit);
descent_status dsc_check_overfit(descent_check *check, descent_error *err);
descent_status dsc_check_lr(descent_check *check, descent_error *err);
descent_status dsc_check_repeat(descent_check *check, descent_error *err);

#endif
