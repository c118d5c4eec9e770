/* optimizer.h - step rules on your own arrays: you compute g, the optimizer moves w. */
#ifndef DESCENT_OPTIMIZER_H
#define DESCENT_OPTIMIZER_H

#include "descent/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct descent_optimizer descent_optimizer;

/* Registered optimizers, and the wrappers that go around any of them, in the order of `descent list
 * optimizers`. NULL past the end. */
DESCENT_API const descent_info *descent_optimizer_info(size_t index);
/* What every optimizer takes beside its own hyperparameters: clipping, decay modes, switches. */
DESCENT_API const descent_info *descent_optimizer_common(void);
/* Numbers of w's type that an optimizer keeps for each element of w, from its string alone; a
 * matrix rule is counted for a square matrix. Negative when the string is wrong, or out of
 * memory. */
DESCENT_API double descent_optimizer_memory(const char *spec);

/* Makes an optimizer for vectors of n elements from a string: "adam" or
 * "adam lr=0.001 weight_decay=0.01", with a schedule "adam lr=(cosine from=1e-3 steps=500)", with a
 * wrapper "lookahead (sgd lr=0.1) every=5". Allocates its state here and never again; state starts
 * at zero. On failure *out is NULL. Free with descent_optimizer_free(). */
DESCENT_API descent_status descent_optimizer_create(descent_optimizer **out, const char *spec,
                                                    size_t n, descent_type type,
                                                    descent_error *err);
DESCENT_API void descent_optimizer_free(descent_optimizer *opt); /* NULL is fine */

/* --- segments, groups and what else create may be told ---------------------------------------- */

/* A named stretch of the weight vector. */
typedef struct descent_segment {
    const char *name; /* "0.weight" */
    const char *role; /* "weight", "bias", "norm_gain", "norm_bias", "embedding", "head" */
    size_t offset, count;
    int rank, shape[4]; /* matrices are (outputs, inputs), filters (out, in, height, width) */
} descent_segment;

/* Value of f at w; unless g is NULL also writes its gradient to g[0..n). */
typedef double (*descent_objective)(size_t n, const double *w, double *g, void *user);
typedef double (*descent_objective_f32)(size_t n, const float *w, float *g, void *user);

typedef struct descent_rule descent_rule;

typedef struct descent_optimizer_options {
    /* How w is divided, in order and without gaps; copied. NULL: one stretch, all of which decays.
     * With segments, weight decay acts on those of two and more dimensions only, unless the
     * string says decay_all. */
    const descent_segment *segments;
    size_t n_segments;
    /* Groups: "SELECTOR key=value key=0.1x flag ...", where SELECTOR is role=ROLE or a glob of
     * names ("layer2.*"); 0.1x multiplies what the others have. Where two match, the later one
     * counts. A group that matches nothing is an error. */
    const char *const *groups;
    size_t n_groups;
    int64_t steps;    /* length of the run, for schedules that want to know it; 0: unknown */
    int64_t examples; /* that one gradient is the mean of, for the rules that want to know; 0: 1 */
    int threads;      /* default 1; 0: one for every core. The result does not depend on it */
    /* what the caller will do, for the rules that need it: step with
     * descent_optimizer_step_objective; call descent_optimizer_curvature every few steps */
    int gives_objective, gives_curvature;
    const descent_rule *rules; /* of your own, found by name before the built-in ones; borrowed */
    size_t n_rules;
} descent_optimizer_options;

DESCENT_API descent_optimizer_options descent_optimizer_defaults(void);
DESCENT_API descent_status descent_optimizer_create_with(descent_optimizer **out, const char *spec,
                                                         size_t n, descent_type type,
                                                         const descent_optimizer_options *options,
                                                         descent_error *err);

/* The name of its rule, whatever is around it: "adam". */
DESCENT_API const char *descent_optimizer_name(const descent_optimizer *opt);

/* --- hyperparameters -------------------------------------------------------------------------- */

/* Sets one hyperparameter, in place of a schedule it may have; takes effect at the next step. Flags
 * are 0 or 1. Groups that multiply keep multiplying. */
DESCENT_API descent_status descent_optimizer_set(descent_optimizer *opt, const char *param,
                                                 double value, descent_error *err);
/* The value in force outside groups; also the estimate of a rule that makes one ("d" of prodigy),
 * and the "evaluations" and "iterations" of rules that evaluate the objective. NaN when there is
 * nothing of that name. */
DESCENT_API double descent_optimizer_get(const descent_optimizer *opt, const char *param);

/* --- steps ------------------------------------------------------------------------------------ */

/* w <- one step along g; both hold n elements of the type given to create and are borrowed for
 * this call only. Cannot fail; with the wrong type it does nothing. A gradient with an infinite or
 * NaN element moves nothing at all and counts as skipped. */
DESCENT_API void descent_optimizer_step_f32(descent_optimizer *opt, float *w, const float *g);
DESCENT_API void descent_optimizer_step_f64(descent_optimizer *opt, double *w, const double *g);

/* One step of any rule that computes what it needs through f: once for most, twice for sam, as
 * often as the line search wants for lbfgs and cg. Created with gives_objective. Returns f at the w
 * it was handed. */
DESCENT_API double descent_optimizer_step_objective_f32(descent_optimizer *opt, float *w,
                                                        descent_objective_f32 f, void *user);
DESCENT_API double descent_optimizer_step_objective_f64(descent_optimizer *opt, double *w,
                                                        descent_objective f, void *user);

/* Feeds an estimate h of the diagonal of the Hessian (sophia_h: u * (H u)) or the gradient at
 * sampled labels (sophia_g); call it before a step. An estimate with an infinite or NaN element is
 * left out. Other rules ignore it. */
DESCENT_API void descent_optimizer_curvature_f32(descent_optimizer *opt, const float *h);
DESCENT_API void descent_optimizer_curvature_f64(descent_optimizer *opt, const double *h);

/* out <- the weights to evaluate and save: the average where the rule or a wrapper keeps one
 * (schedule_free, asgd, ema, swa), else w. Both hold n elements. Returns 1 when it is an average.
 */
DESCENT_API int descent_optimizer_average_f32(const descent_optimizer *opt, const float *w,
                                              float *out);
DESCENT_API int descent_optimizer_average_f64(const descent_optimizer *opt, const double *w,
                                              double *out);

/* What keeps that average: "ema", "schedule_free"; NULL when there is none but w. */
DESCENT_API const char *descent_optimizer_average_name(const descent_optimizer *opt);

/* What happens to one segment, by its number in options.segments. */
typedef struct descent_treatment {
    double lr, weight_decay; /* in force; NaN where the rule has none */
    int frozen;
    int as_matrix; /* the rule takes it as a whole; what it doesn't goes element by element */
} descent_treatment;

/* 0 when there is no segment of that number. */
DESCENT_API int descent_optimizer_treatment(const descent_optimizer *opt, size_t segment,
                                            descent_treatment *out);

/* Steps taken so far: 0 after create. Skipped ones don't count. */
DESCENT_API int64_t descent_optimizer_steps(const descent_optimizer *opt);
/* Steps skipped because of a gradient that was not finite: in all, and since the last step taken.
 * When a run should give up is the hyperparameter `skips`. */
DESCENT_API int64_t descent_optimizer_skipped(const descent_optimizer *opt);
DESCENT_API int64_t descent_optimizer_skipped_in_a_row(const descent_optimizer *opt);
/* The first bad element of the last gradient that was skipped: its index, and the name of its
 * segment ("" without segments). -1 when none was skipped. */
DESCENT_API int64_t descent_optimizer_culprit(const descent_optimizer *opt, const char **segment);

/* --- saving ----------------------------------------------------------------------------------- */

/* Everything the optimizer remembers, as bytes: restored into an optimizer made from the same
 * string, n and segments, it goes on as if never interrupted, bit for bit. */
DESCENT_API size_t descent_optimizer_state_size(const descent_optimizer *opt);
DESCENT_API void descent_optimizer_save(descent_optimizer *opt, void *out);
DESCENT_API descent_status descent_optimizer_restore(descent_optimizer *opt, const void *state,
                                                     size_t size, descent_error *err);

/* --- clipping, on its own --------------------------------------------------------------------- */

/* g <- g min(1, max_norm / (|g| + 1e-6)); returns |g| before, of order p (1, 2 or INFINITY). When
 * that is not finite, g is left alone. */
DESCENT_API double descent_clip_norm_f32(float *g, size_t n, double max_norm, double p);
DESCENT_API double descent_clip_norm_f64(double *g, size_t n, double max_norm, double p);
/* Every element into [-limit, limit]; NaN stays NaN. */
DESCENT_API void descent_clip_value_f32(float *g, size_t n, double limit);
DESCENT_API void descent_clip_value_f64(double *g, size_t n, double limit);

/* --- a rule of your own ----------------------------------------------------------------------- */

enum { DESCENT_RULE_STATE = 8 };

/* What a rule sees of a step: some stretch of the vectors, which may be any, on any thread. */
typedef struct descent_rule_step {
    size_t n;
    const void *w, *g; /* n elements of the optimizer's type; g has sign, clipping and L2 decay */
    void *state[DESCENT_RULE_STATE];
    void *d; /* write here what is to be taken from w; nobody looks whether it is finite */
    const double *param; /* in the order of info.params, as scheduled */
    int64_t count;       /* 1 on the first step */
    descent_type type;
    void *user;
} descent_rule_step;

/* The same descriptor as a built-in rule has. A parameter "lr" is moved by schedules, one called
 * "weight_decay" is applied for you: added to g, or with decoupled taken from w times lr. */
struct descent_rule {
    descent_info info;
    int n_state; /* vectors of n elements beside w, zero at first; at most DESCENT_RULE_STATE */
    int decoupled;
    void (*direction)(const descent_rule_step *step);
    void *user;
};

#ifdef __cplusplus
}
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#  define descent_optimizer_step(opt, w, g) \
    _Generic((w), float *: descent_optimizer_step_f32, \
             double *: descent_optimizer_step_f64)((opt), (w), (g))
#endif
#endif
