/* stretch.h - the step log: one line for a stretch of steps, so that a run of any length has about
 * a thousand of them and no extreme is lost. */
#ifndef DSC_TRAIN_STRETCH_H
#define DSC_TRAIN_STRETCH_H

#include <stddef.h>
#include <stdint.h>

enum { DSC_STRETCHES = 1000 }; /* lines of a run at most, beside those that a resume adds */

/* What is known of the steps since the last line; all of it is saved in checkpoints, as numbers. */
typedef struct dsc_stretch_sums {
    double first; /* the first of its steps, counted from 1; 0: it has none yet */
    double count;
    double sum, low, high; /* of the steps' losses */
    double hits, labels;   /* classification: labels that were right, and all of them */
    double samples, seconds;
    double skipped; /* steps that moved nothing */
} dsc_stretch_sums;

enum { DSC_STRETCH_NUMBERS = sizeof(dsc_stretch_sums) / sizeof(double) };

/* One step, taken or not. */
typedef struct dsc_stretch_step {
    int64_t step; /* counted from 1 */
    double loss, seconds;
    size_t hits, labels, samples;
} dsc_stretch_step;

/* Steps of a stretch in a run of so many: a function of the plan alone, so that an interrupted run
 * writes the same lines. */
int64_t dsc_stretch_length(int64_t steps);
void dsc_stretch_add(dsc_stretch_sums *stretch, const dsc_stretch_step *step);
void dsc_stretch_skip(dsc_stretch_sums *stretch, double seconds);

#endif
