/* optim.h - what one optimizer file provides. Private; see descent/optimizer.h for the public side.
 *
 * A rule turns a gradient into a direction, one block of elements at a time:
 *
 *     w <- keep w - direction(x),      x = gain g + l2 w
 *
 * All around it is the optimizer's work (step.c): sign, clipping and L2 decay are in x already,
 * `keep` is the decoupled decay, and averages of w follow in the same pass over memory. A block
 * stays in the first cache, so what passes between these parts costs next to nothing. Rule files
 * are compiled once per precision and instruction set and set the functions of that variant. */
#ifndef DSC_OPTIM_OPTIM_H
#define DSC_OPTIM_OPTIM_H

#include "descent/optimizer.h"

#include "base/level.h"
#include "base/param.h"
#include "kernel/shapes.h"

enum {
    DSC_MAX_STATE = 8,    /* vectors a rule may keep */
    DSC_MAX_SCALARS = 16, /* numbers of one step, derived by `begin` */
    DSC_MAX_MEMORY = 8,   /* numbers it remembers from step to step */
    DSC_MAX_SUMS = 4,     /* totals of a survey */
    DSC_BLOCK = 1024      /* elements of a block at most */
};

/* The numbers of one step: written between the passes, only read while threads run them. */
typedef struct dsc_step {
    double param[DSC_MAX_PARAMS];   /* in the order of the rule's own table */
    double scalar[DSC_MAX_SCALARS]; /* what `begin` derived from them */
    double memory[DSC_MAX_MEMORY];  /* zero before the first step; saved with the state */
    double lr, first_lr;            /* the rate in force, and the one it was created with */
    double norm;  /* Euclidean norm of the whole gradient after clipping; with DSC_RULE_NORM */
    double gain;  /* x = gain g + l2 w: sign and clipping. `begin` may multiply it */
    double rate;  /* what decay=lr multiplies weight_decay with: lr, unless `begin` knows better */
    double decay; /* weight_decay in force, whatever its mode */
    double keep;  /* w <- keep w - d: decoupled decay. Settled after `begin` */
    double examples;  /* that the gradient is the mean of */
    int64_t count;    /* 1 on the first step; skipped steps don't count */
    const void *user; /* of a rule that came from the caller */
} dsc_step;

/* One block, or for `matrix` one whole segment. w, x, d and the state vectors of full length start
 * at the same element; all are arrays of `real` as the rule was compiled. */
typedef struct dsc_slice {
    const void *w, *x;
    void *const *state; /* vectors that the settings don't need are NULL */
    void *d;            /* written: what is taken from w (or the new w: DSC_RULE_PLACES) */
    void *place;        /* fused: d is NULL, x is g as it is, and w is to be moved here at once */
    double gain, l2, keep; /* fused: w <- keep w - direction(gain x + l2 w) */
    const double *sum;     /* totals of the survey, of this segment or of all elements */
    size_t n;
    int rows, cols; /* `matrix` only: rows = first size, cols = the product of the others */
    const dsc_kernels *kernels;
    void *work; /* `matrix` only: as many elements as work_size() said */
} dsc_slice;

/* What a rule that evaluates the objective itself is handed, for one step. */
typedef struct dsc_solve {
    size_t n;
    void *w;            /* moved */
    void *const *state; /* vectors of state_size() elements */
    /* f(w), and its gradient into g; both arrays of n elements */
    double (*evaluate)(void *user, const void *w, void *g);
    void *user;
    double loss;                 /* out: f at the w it was handed */
    int evaluations, iterations; /* out: of this step */
} dsc_solve;

enum {
    DSC_RULE_SEGMENTS = 1,  /* survey totals are of each segment, not of the whole vector */
    DSC_RULE_PLACES = 2,    /* d is the new w, not what is taken from it */
    DSC_RULE_NORM = 4,      /* `begin` wants step->norm */
    DSC_RULE_CURVATURE = 8, /* wants descent_optimizer_curvature() now and then */
    DSC_RULE_MATRICES = 16, /* `matrix` takes every segment, not only those of two dimensions */
    DSC_RULE_WAITS = 32,    /* the first step only fills the state: w does not decay either */
    DSC_RULE_FUSES = 64,    /* `direction` also takes slices with `place`: see rule.h */
    DSC_RULE_SAMPLES = 128  /* its curvature is the gradient at labels drawn from the network */
};

/* How weight_decay acts when the user does not say: added to x, taken from w, or by the rule. */
typedef enum dsc_decay { DSC_DECAY_L2, DSC_DECAY_LR, DSC_DECAY_OWN } dsc_decay;

typedef struct dsc_optim {
    descent_info info;
    int n_state; /* vectors it may keep beside w; they start at zero */
    unsigned flags;
    dsc_decay decay; /* with OWN the rule reads its weight_decay, which is 0 under other modes */
    unsigned first_moment, second_moment; /* which vectors are means of g and of g^2, as bits */
    unsigned positive;                    /* which vectors are never negative */
    /* optional: which vectors these settings need, bit k for vector k (without it: all) */
    unsigned (*states)(const double *param);
    /* optional: which vectors bear no rounding under these settings, and stay as they are under
     * state=bf16 and state=8bit: means that are subtracted from one another */
    unsigned (*exact)(const double *param);
    /* optional: elements of vector k for a segment (without it: one for each of w's). Vectors of
     * another length are handed over from their first element on, with every block, and are no
     * moments. */
    size_t (*state_size)(const double *param, const descent_segment *segment, int k);
    /* parameters that decide how memory is laid out, as bits: they stay as they were at creation,
     * and are the same for all segments */
    uint64_t fixed;
    /* optional: why these settings make no sense together, or NULL; *at is the one to blame */
    const char *(*refuse)(const double *param, int *at);
    void (*begin)(dsc_step *s); /* optional: scalars shared by all elements of this step */
    /* optional: a first pass, that may update state and adds to `sum`; then, once for all or with
     * DSC_RULE_SEGMENTS once for every segment, `settle`, where totals become memory or state */
    void (*survey)(const dsc_step *s, const dsc_slice *a, double sum[DSC_MAX_SUMS]);
    void (*settle)(dsc_step *s, void *const *state, const double *sum);
    /* every element-wise rule: writes d for a block of at most DSC_BLOCK elements */
    void (*direction)(const dsc_step *s, const dsc_slice *a);
    /* optional: segments of two and more dimensions whole, by one thread; others go by `direction`.
     * `takes` may leave some of them to `direction` (embeddings); work_size is in elements. */
    void (*matrix)(const dsc_step *s, const dsc_slice *a);
    bool (*takes)(const double *param, const descent_segment *segment);
    size_t (*work_size)(const double *param, int rows, int cols);
    /* for the segments that `matrix` does not take: parameters that stand there in the place of lr,
     * unless they are 0, and of weight_decay, unless they are negative. 0: none */
    int aside_lr, aside_decay;
    /* optional: what memory[0] is called, where people want to see it: "d" */
    const char *estimate;
    /* optional: writes into d the weights to evaluate and save, where these aren't w */
    void (*average)(const dsc_step *s, const dsc_slice *a);
    /* DSC_RULE_CURVATURE: takes the estimate x into the state */
    void (*curvature)(const dsc_step *s, const dsc_slice *a);
    /* instead of all this: one step that evaluates the objective as often as it needs. The whole
     * vector is one segment then. */
    void (*solve)(dsc_step *s, dsc_solve *job);
} dsc_optim;

/* A layer around any rule: what happens to w after its move, or to the gradient before. Its vectors
 * have one element for each of w's and start as a copy of w. */
typedef struct dsc_wrapper {
    descent_info info;
    int n_vectors;
    bool averages; /* vector 0 holds the weights to evaluate and save */
    void (*begin)(dsc_step *s);
    /* optional: after a block has moved; d is w itself */
    void (*after)(const dsc_step *s, const dsc_slice *a);
    bool (*resets)(const dsc_step *s); /* optional: this step ends with the first moments at zero */
    /* optional (SAM): where to take the gradient that counts; adds what it needs to `sum` (x is g),
     * then moves w, which is d, there */
    void (*survey)(const dsc_step *s, const dsc_slice *a, double sum[DSC_MAX_SUMS]);
    void (*perturb)(const dsc_step *s, const dsc_slice *a);
} dsc_wrapper;

/* For a loop that is written once with bool arguments and compiled once for each combination of
 * constants it is called with: no branch is left inside, so it is vectorized. */
#if defined(__GNUC__)
#  define DSC_SPECIALIZED static inline __attribute__((always_inline))
#else
#  define DSC_SPECIALIZED static inline
#endif

/* NULL past the end. */
const dsc_optim *dsc_optim_at(size_t index, descent_type type, dsc_level level);
const dsc_wrapper *dsc_wrapper_at(size_t index, descent_type type, dsc_level level);

#endif
