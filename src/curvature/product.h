/* product.h - Hessian times vector, from gradients alone, in double.
 *
 *     D(h) = (g(w + h v) - g(w - h v)) / 2h = H v + O(h^2)
 *     (4 D(h/2) - D(h)) / 3                 = H v + O(h^4)        Richardson 1911
 *
 * Rounding costs about eps/h and truncation h^4, so that h ~ eps^(1/5) is best: for smooth
 * functions 1e-9 of the length of H v or better. A kink between w - h v and w + h v (relu,
 * max_pool) spoils both; D(h) and D(h/2) then disagree, and h shrinks, for this product and those
 * after it, until no kink lies between. A network of many such units needs 1e-8, and gets products
 * good to 1e-6. */
#ifndef DSC_CURVATURE_PRODUCT_H
#define DSC_CURVATURE_PRODUCT_H

#include "base/error.h"
#include "descent/optimizer.h"

typedef struct dsc_product {
    descent_objective f;
    void *user;
    const double *w; /* (n), borrowed */
    size_t n;
    double first, step;    /* how far from w gradients are taken: at first, and by now */
    double error;          /* an estimate of the largest so far, relative to the length of H v */
    double *at, *g, *fine; /* work, n each */
} dsc_product;

/* To be freed with dsc_product_free(), also after a failure. */
descent_status dsc_product_begin(dsc_product *p, descent_objective f, void *user, const double *w,
                                 size_t n, descent_error *err);
void dsc_product_free(dsc_product *p);
/* out <- H v for v of length 1. False when a gradient is not finite. */
bool dsc_product_apply(dsc_product *p, const double *v, double *out);

#endif
