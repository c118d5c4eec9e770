/* curvature.h - eigenvalues of the Hessian: how sharply a loss bends around a point. */
#ifndef DESCENT_CURVATURE_H
#define DESCENT_CURVATURE_H

#include "descent/optimizer.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { DESCENT_MOST_EIGENVALUES = 50 };

/* Called while something long is measured, with the part that is done, 0 to 1; a nonzero answer
 * ends it early. */
typedef int (*descent_watch)(double done, void *user);

typedef struct descent_spectrum_options {
    size_t count;        /* eigenvalues wanted at either end, 1 to DESCENT_MOST_EIGENVALUES */
    size_t products;     /* Hessian-vector products at most, each four gradients; 0: 100 */
    uint64_t seed;       /* of the vector that the search starts from */
    descent_watch watch; /* or NULL */
    void *user;
} descent_spectrum_options;

/* An eigenvalue of the Hessian lies within `error` of `value`: the length of H y - value y for the
 * unit vector y that was found, and what the differences behind H may be off by. */
typedef struct descent_eigenvalue {
    double value, error;
} descent_eigenvalue;

typedef struct descent_spectrum {
    size_t count; /* at either end: what was asked for, or n */
    descent_eigenvalue largest[DESCENT_MOST_EIGENVALUES];  /* the largest first */
    descent_eigenvalue smallest[DESCENT_MOST_EIGENVALUES]; /* the smallest first */
    size_t products;      /* Hessian-vector products that were made */
    double product_error; /* of them, relative to their length: an estimate; large at kinks, as of
                           * relu */
    int converged;        /* all of them to 1e-7 of the largest in size */
    int interrupted;      /* by `watch`; the values are the best so far, 0 of them before any */
} descent_spectrum;

DESCENT_API descent_spectrum_options descent_spectrum_defaults(void);

/* The largest and smallest eigenvalues of the Hessian of f at w (n numbers), by Lanczos' method
 * with full reorthogonalization (Lanczos 1950; Paige 1972 for the error). The Hessian is never
 * formed: a product with it is a difference of f's gradients, of fourth order. Fails when f or its
 * gradient is not finite near w, and out of memory: it holds a vector of n doubles a product. */
DESCENT_API descent_status descent_spectrum_measure(descent_spectrum *out, descent_objective f,
                                                    void *user, const double *w, size_t n,
                                                    const descent_spectrum_options *options,
                                                    descent_error *err);

#ifdef __cplusplus
}
#endif
#endif
