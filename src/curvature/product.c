/* product.c - Hessian times vector; see product.h. */
#include "curvature/product.h"

#include "base/memory.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double SMOOTH = 1e-5;   /* D(h) and D(h/2) of smooth functions differ by less */
static const double SHORTEST = 1e-6; /* of the first step; below, rounding is worse than kinks */
static const double LEAST_ERROR = 1e-11; /* what rounding does to the best of products */

/* A typical element of w, or 1 when that is more. */
static double scale_of(const double *w, size_t n)
{
    double squares = 0.0;

    for (size_t i = 0; i < n; i++)
        squares += w[i] * w[i];
    return fmax(1.0, sqrt(squares / (double)n));
}

descent_status dsc_product_begin(dsc_product *p, descent_objective f, void *user, const double *w,
                                 size_t n, descent_error *err)
{
    *p = (dsc_product){.f = f, .user = user, .w = w, .n = n};
    p->first = p->step = pow(DBL_EPSILON, 0.2) * scale_of(w, n);
    p->at = dsc_alloc(n, sizeof *p->at);
    p->g = dsc_alloc(n, sizeof *p->g);
    p->fine = dsc_alloc(n, sizeof *p->fine);
    if (p->at && p->g && p->fine)
        return DESCENT_OK;
    return dsc_fail(err, DESCENT_NOMEM, "out of memory for the curvature of %zu parameters", n);
}

void dsc_product_free(dsc_product *p)
{
    dsc_free(p->at);
    dsc_free(p->g);
    dsc_free(p->fine);
}

/* out <- out + factor g(w + by v) */
static bool add_gradient(dsc_product *p, const double *v, double by, double factor, double *out)
{
    for (size_t i = 0; i < p->n; i++)
        p->at[i] = p->w[i] + by * v[i];
    bool finite = isfinite(p->f(p->n, p->at, p->g, p->user));
    for (size_t i = 0; i < p->n; i++) {
        out[i] += factor * p->g[i];
        finite = finite && isfinite(p->g[i]);
    }
    return finite;
}

/* out <- D(h) */
static bool difference(dsc_product *p, const double *v, double h, double *out)
{
    memset(out, 0, p->n * sizeof *out);
    return add_gradient(p, v, h, 0.5 / h, out) && add_gradient(p, v, -h, -0.5 / h, out);
}

/* out <- H v with the step as it is; *disagreement: of D(h) and D(h/2), relative. */
static bool apply(dsc_product *p, const double *v, double *out, double *disagreement)
{
    double apart = 0.0, length = 0.0;

    if (!difference(p, v, p->step, out) || !difference(p, v, 0.5 * p->step, p->fine))
        return false;
    for (size_t i = 0; i < p->n; i++) {
        const double d = p->fine[i] - out[i];
        apart += d * d;
        length += p->fine[i] * p->fine[i];
        out[i] = p->fine[i] + d / 3.0;
    }
    *disagreement = length > 0.0 ? sqrt(apart / length) : 0.0;
    return true;
}

/* What a product is off by when D(h) and D(h/2) are so far apart. With the first step the h^2 in
 * both makes them differ, and its square is left; with smaller ones rounding or a kink does. */
static double error_of(const dsc_product *p, double disagreement)
{
    return p->step == p->first ? fmax(LEAST_ERROR, disagreement * disagreement) : disagreement;
}

bool dsc_product_apply(dsc_product *p, const double *v, double *out)
{
    double best = (double)INFINITY, best_step = p->step, disagreement;

    for (;; p->step *= 0.1) {
        if (!apply(p, v, out, &disagreement))
            return false;
        if (disagreement < best) {
            best = disagreement;
            best_step = p->step;
        }
        if (best <= SMOOTH || p->step < SHORTEST * p->first)
            break;
    }
    if (p->step != best_step) {
        p->step = best_step;
        if (!apply(p, v, out, &disagreement))
            return false;
    }
    p->error = fmax(p->error, error_of(p, best));
    return true;
}
