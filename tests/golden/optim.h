/* optim.h - one recorded run of an optimizer. */
#ifndef GOLDEN_OPTIM_H
#define GOLDEN_OPTIM_H

#include "golden.h"

#include "descent/optimizer.h"

enum { MOST_SEGMENTS = 256 };

/* One case, unpacked. `w` is the vector in double; `w32` the one that moves in float32 cases. */
typedef struct golden_run {
    const json_t *root;
    descent_optimizer *opt;
    size_t n, taken;
    double *w, *out;
    float *w32, *g32, *out32;
    descent_segment segment[MOST_SEGMENTS];
    char name[MOST_SEGMENTS][16];
    size_t n_segments;
    golden_objective f;
    int evaluations, checked; /* of f, and how many of them were compared */
    bool wrong;               /* a loss was not the recorded one */
    golden_note why;
} golden_run;

/* One step on the objective; with compare its losses and counts are held against `expected`. */
golden_outcome golden_search(golden_run *r, const json_t *expected, bool compare,
                             golden_note *note);

#endif
