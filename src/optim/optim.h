/* optim.h - what one optimizer file provides. Private; see descent/optimizer.h for the public side.
 *
 * A rule treats every element alike, so any slice may run on any thread. Its file is compiled once
 * per precision and instruction set and sets the `apply` it was compiled for. */
#ifndef DSC_OPTIM_OPTIM_H
#define DSC_OPTIM_OPTIM_H

#include "descent/optimizer.h"

#include "base/level.h"
#include "base/param.h"

enum { DSC_MAX_STATE = 6, DSC_MAX_SCALARS = 8 };

/* The numbers of one step: written by `begin`, only read while threads run `apply`. */
typedef struct dsc_step {
    double param[DSC_MAX_PARAMS];   /* in the order of the rule's own table */
    double scalar[DSC_MAX_SCALARS]; /* what `begin` derived from them */
    int64_t count;                  /* 1 on the first step */
} dsc_step;

typedef struct dsc_optim {
    descent_info info;
    int n_state; /* vectors it may keep beside w; they start at zero */
    /* optional: which of them these settings need, bit k for vector k (without it: all). The others
     * take no memory, and `apply` gets NULL for them. */
    unsigned (*states)(const double *param);
    /* optional: why these settings make no sense together, or NULL; *at is the one to blame */
    const char *(*refuse)(const double *param, int *at);
    void (*begin)(dsc_step *s); /* optional: scalars shared by all elements of this step */
    /* w, g and the vectors of `state` start at the same element; float or double as compiled */
    void (*apply)(const dsc_step *s, void *w, const void *g, void *const *state, size_t n);
} dsc_optim;

/* For a loop that is written once with bool arguments and compiled once for each combination of
 * constants it is called with: no branch is left inside, so it is vectorized. */
#if defined(__GNUC__)
#  define DSC_SPECIALIZED static inline __attribute__((always_inline))
#else
#  define DSC_SPECIALIZED static inline
#endif

/* NULL past the end. */
const dsc_optim *dsc_optim_at(size_t index, descent_type type, dsc_level level);

/* descent_optimizer_create() for a text that was typed at `origin`: "--optimizer", or a line of a
 * recipe. */
descent_status dsc_optimizer_create_at(descent_optimizer **out, const char *spec, size_t n,
                                       descent_type type, dsc_place origin, descent_error *err);

/* --- the parts of a step, for the training loop ----------------------------------------------- */

/* Starts step number steps + 1: computes its scalars. */
void dsc_optimizer_begin(descent_optimizer *opt);
/* Moves elements begin..end of w along g (both whole vectors); slices may run on any threads after
 * dsc_optimizer_begin(). Any slicing gives the same bits. */
void dsc_optimizer_apply(const descent_optimizer *opt, void *w, const void *g, size_t begin,
                         size_t end);
/* The state vectors in use, for checkpoints: one block of *n_elements = vectors * n. */
void *dsc_optimizer_state(descent_optimizer *opt, size_t *n_elements);
void dsc_optimizer_restore_steps(descent_optimizer *opt, int64_t steps);
/* The canonical string: "adam lr=0.001 beta1=0.9 ..." with every hyperparameter; creating from it
 * gives the same optimizer. Fails when it does not fit `size` bytes. */
descent_status dsc_optimizer_text(const descent_optimizer *opt, char *out, size_t size);

#endif
