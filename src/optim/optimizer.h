/* optimizer.h - optimizers as the training loop uses them; see descent/optimizer.h. */
#ifndef DSC_OPTIM_OPTIMIZER_H
#define DSC_OPTIM_OPTIMIZER_H

#include "base/error.h"
#include "base/outer.h"
#include "descent/optimizer.h"

/* Where texts were typed, for messages: "--optimizer", or a line of a recipe. */
typedef struct dsc_origins {
    dsc_place spec;
    const dsc_place *group; /* of options.groups, one each; NULL: unknown */
} dsc_origins;

/* descent_optimizer_create_with() for texts that were typed at `origins`. */
descent_status dsc_optimizer_create_at(descent_optimizer **out, const char *spec, size_t n,
                                       descent_type type, const descent_optimizer_options *options,
                                       dsc_origins origins, descent_error *err);

/* options.gives_objective: steps go through dsc_optimizer_run() only for rules that need it, so
 * that others need no memory for a gradient of their own. */
enum { DSC_OBJECTIVE_IF_NEEDED = 2 };

/* What is known of a gradient before the step, because somebody read all of it anyway. */
typedef struct dsc_gradient_facts {
    bool known; /* false: the optimizer looks for itself */
    bool finite;
    double largest;         /* |g[i]| */
    double squares;         /* sum of g[i]^2, added in an order that never changes; NaN: unknown */
    const dsc_outer *outer; /* matrices that g does not hold, in the order of their places; only if
                             * dsc_optimizer_takes_outer() */
    int n_outer;
} dsc_gradient_facts;

/* How many threads steps use from now on: at most those it was made with. */
void dsc_optimizer_set_threads(descent_optimizer *opt, int threads);
/* One step on opt->threads threads; false when it was skipped because g is not finite. */
bool dsc_optimizer_move(descent_optimizer *opt, void *w, const void *g, dsc_gradient_facts facts);
/* Whether the next step can do with outer products instead of all of g: it goes over w block by
 * block, and needs no look at g beyond these facts. */
bool dsc_optimizer_takes_outer(const descent_optimizer *opt, dsc_gradient_facts facts);
/* True when a step asks for facts.squares: clipping by norm, and rules that use the norm. */
bool dsc_optimizer_wants_squares(const descent_optimizer *opt);
/* Counts a step as skipped for what the optimizer doesn't see, such as a loss that is not finite;
 * g is searched for the culprit. */
void dsc_optimizer_skip(descent_optimizer *opt, const void *g);
/* A step that computes gradients itself; `evaluate` writes g and returns f. Where f or g are not
 * finite the step is skipped: descent_optimizer_skipped_in_a_row() is not 0 then. */
double dsc_optimizer_run(descent_optimizer *opt, void *w,
                         double (*evaluate)(void *user, const void *w, void *g), void *user);
/* True when that hyperparameter follows a schedule of its own: lr=(cosine ...). */
bool dsc_optimizer_schedules(const descent_optimizer *opt, const char *param);
/* The rate that the next step will have, outside groups; NaN for a rule without one. */
double dsc_optimizer_next_lr(const descent_optimizer *opt);
/* True when a step needs more than one gradient: sam, lbfgs, cg. */
bool dsc_optimizer_needs_objective(const descent_optimizer *opt);
/* True when it searches along lines, which noise would mislead: lbfgs, cg. */
bool dsc_optimizer_searches(const descent_optimizer *opt);
bool dsc_optimizer_needs_curvature(const descent_optimizer *opt);
/* True when that is to come from labels drawn from the network's own softmax: sophia_g. */
bool dsc_optimizer_samples(const descent_optimizer *opt);
/* True when dsc_optimizer_average() gives other weights than w. */
bool dsc_optimizer_averages(const descent_optimizer *opt);
int dsc_optimizer_average(const descent_optimizer *opt, const void *w, void *out);
void dsc_optimizer_curvature(descent_optimizer *opt, const void *h);

/* --- held.c: what the optimizer holds of one element, and did to it in the last step ------------
 */

typedef struct dsc_held {
    double v;    /* running mean of g^2, without the pull of its zero start; NaN: there is none */
    double eps;  /* that is added to the root of v; NaN likewise */
    double gain; /* sign and clipping by norm: the rule was handed gain g + l2 w */
    double l2, keep; /* decay through the gradient, and w <- keep w otherwise */
    double limit;    /* clip_value: the largest |g| */
    bool moves;      /* false: it is frozen, or no step was taken */
} dsc_held;

/* Of elements at[0..n) of w, in ascending order. */
void dsc_optimizer_held(const descent_optimizer *opt, const size_t *at, size_t n, dsc_held *out);
/* What the last gradient was multiplied by, to shorten it; 1: it was short enough. */
double dsc_optimizer_clip(const descent_optimizer *opt);

enum { DSC_MAX_PARTS = 8 };

/* An array that belongs to what an optimizer remembers, borrowed. */
typedef struct dsc_part {
    char name[48];
    descent_type type;
    size_t count;
    void *data;
} dsc_part;

/* What to save, up to date; the number of parts. To restore, fill the same parts and call
 * dsc_optimizer_restored(). */
int dsc_optimizer_parts(descent_optimizer *opt, dsc_part part[DSC_MAX_PARTS]);
void dsc_optimizer_restored(descent_optimizer *opt);

#endif
