/* optimizer.h - step rules on your own arrays: you compute g, the optimizer moves w. */
#ifndef DESCENT_OPTIMIZER_H
#define DESCENT_OPTIMIZER_H

#include "descent/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct descent_optimizer descent_optimizer;

/* Registered optimizers, in the order of `descent list optimizers`. NULL past the end. */
DESCENT_API const descent_info *descent_optimizer_info(size_t index);

/* Makes an optimizer for vectors of n elements from a string: "adam" or
 * "adam lr=0.001 weight_decay=0.01". Allocates its state here and never again; state starts at
 * zero. On failure *out is NULL. Free with descent_optimizer_free(). */
DESCENT_API descent_status descent_optimizer_create(descent_optimizer **out, const char *spec,
                                                    size_t n, descent_type type,
                                                    descent_error *err);
DESCENT_API void descent_optimizer_free(descent_optimizer *opt); /* NULL is fine */

/* Sets one hyperparameter; takes effect at the next step. Flags are 0 or 1. */
DESCENT_API descent_status descent_optimizer_set(descent_optimizer *opt, const char *param,
                                                 double value, descent_error *err);
/* The value in force; NaN when there is no hyperparameter of that name. */
DESCENT_API double descent_optimizer_get(const descent_optimizer *opt, const char *param);

/* w <- one step along g; both hold n elements of the type given to create and are borrowed for
 * this call only. Cannot fail; with the wrong type it does nothing. */
DESCENT_API void descent_optimizer_step_f32(descent_optimizer *opt, float *w, const float *g);
DESCENT_API void descent_optimizer_step_f64(descent_optimizer *opt, double *w, const double *g);

/* Steps taken so far: 0 after create. */
DESCENT_API int64_t descent_optimizer_steps(const descent_optimizer *opt);

#ifdef __cplusplus
}
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#  define descent_optimizer_step(opt, w, g) \
    _Generic((w), float *: descent_optimizer_step_f32, \
             double *: descent_optimizer_step_f64)((opt), (w), (g))
#endif
#endif
