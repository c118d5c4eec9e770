/* spectrum.c - eigenvalues at both ends of a Hessian, by Lanczos' method.
 *
 *     H Q = Q T + r e'     Q orthonormal, T tridiagonal (alpha, beta), r orthogonal to Q
 *
 * An eigenvalue t of T with vector s is within |r| |s_last| of one of H. Every new vector is made
 * orthogonal to all before it, twice, so that none comes again. */
#include "descent/curvature.h"

#include "base/memory.h"
#include "base/rng.h"
#include "curvature/product.h"
#include "optim/lapack.h"

#include <math.h>
#include <string.h>

enum { PRODUCTS = 100, LOOK_EVERY = 5 };
static const double TOLERANCE = 1e-7; /* of residuals, relative to the largest eigenvalue in size */
static const double NOTHING = 1e-10;  /* a remainder so short, relative to that, is rounding */

typedef struct lanczos {
    const descent_spectrum_options *o;
    dsc_product product;
    size_t n, most, m;                     /* m: vectors so far */
    double **q;                            /* (most), n each; made as they are needed */
    double *r;                             /* (n) */
    double *alpha, *beta;                  /* (most); beta[j]: what was left after vector j */
    double *value, *side, *vectors, *work; /* of T: (most), (most), (most, most), (2 most) */
} lanczos;

descent_spectrum_options descent_spectrum_defaults(void)
{
    return (descent_spectrum_options){.count = 5, .products = PRODUCTS, .seed = 1};
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* r <- r - Q Q' r, twice: once leaves what rounding lost (Giraud et al. 2005). Returns |r|. */
static double orthogonalize(lanczos *l)
{
    for (int pass = 0; pass < 2; pass++)
        for (size_t j = 0; j < l->m; j++) {
            const double along = dot(l->q[j], l->r, l->n);
            for (size_t i = 0; i < l->n; i++)
                l->r[i] -= along * l->q[j][i];
        }
    return sqrt(dot(l->r, l->r, l->n));
}

/* q[m] <- r / length */
static bool add_vector(lanczos *l, double length)
{
    double *q = dsc_alloc(l->n, sizeof *q);

    if (!q)
        return false;
    for (size_t i = 0; i < l->n; i++)
        q[i] = l->r[i] / length;
    l->q[l->m++] = q;
    return true;
}

/* Starts, and goes on where H has led nowhere new: a random direction that was not there yet. */
static bool add_random(lanczos *l)
{
    for (size_t i = 0; i < l->n; i++)
        l->r[i] = dsc_random_normal(l->o->seed, DSC_RNG_LANCZOS, l->m, i);
    return add_vector(l, orthogonalize(l));
}

/* Eigenvalues of T, and how far they can be from those of H. False: LAPACK gave up. */
static bool look(lanczos *l, descent_spectrum *out)
{
    const size_t m = l->m;

    memcpy(l->value, l->alpha, m * sizeof *l->value);
    memcpy(l->side, l->beta, m * sizeof *l->side);
    if (!dsc_tridiagonal((int)m, l->value, l->side, l->vectors, l->work))
        return false;
    const double size = fmax(fabs(l->value[0]), fabs(l->value[m - 1]));
    const double rounding = l->product.error * size;
    out->count = l->o->count < m ? l->o->count : m;
    out->converged = l->o->count <= m || m == l->n;
    for (size_t i = 0; i < out->count; i++) {
        const size_t at[] = {m - 1 - i, i};
        descent_eigenvalue *to[] = {&out->largest[i], &out->smallest[i]};
        for (int end = 0; end < 2; end++) {
            const double last = fabs(l->vectors[at[end] * m + m - 1]);
            to[end]->value = l->value[at[end]];
            to[end]->error = l->beta[m - 1] * last + rounding;
            out->converged = out->converged && l->beta[m - 1] * last <= TOLERANCE * size;
        }
    }
    out->products = m;
    out->product_error = l->product.error;
    return true;
}

static descent_status no_memory(const lanczos *l, descent_error *err)
{
    return dsc_fail(err, DESCENT_NOMEM,
                    "out of memory for the curvature of %zu parameters: each of %zu products keeps "
                    "a vector of so many",
                    l->n, l->most);
}

/* Row m - 1 of T, and what is left of H q. */
static bool multiply(lanczos *l)
{
    const size_t j = l->m - 1;

    if (!dsc_product_apply(&l->product, l->q[j], l->r))
        return false;
    l->alpha[j] = dot(l->q[j], l->r, l->n);
    l->beta[j] = orthogonalize(l);
    return true;
}

static double largest_so_far(const lanczos *l)
{
    double size = 0.0;

    for (size_t j = 0; j < l->m; j++)
        size = fmax(size, fabs(l->alpha[j]) + l->beta[j]);
    return size;
}

static descent_status iterate(lanczos *l, descent_spectrum *out, descent_error *err)
{
    if (!add_random(l))
        return no_memory(l, err);
    for (;;) {
        if (!multiply(l))
            return dsc_fail(err, DESCENT_INVALID,
                            "the gradient is not finite near these weights, so there is no "
                            "curvature to measure");
        const bool last = l->m == l->most;
        const bool stop = l->o->watch && l->o->watch((double)l->m / (double)l->most, l->o->user);
        if ((l->m % LOOK_EVERY == 0 || last || stop) && !look(l, out))
            return dsc_fail(err, DESCENT_BACKEND,
                            "LAPACK did not find the eigenvalues of a %zux%zu matrix", l->m, l->m);
        out->interrupted = stop && !last && !out->converged;
        if (last || stop || out->converged)
            return DESCENT_OK;
        const double left = l->beta[l->m - 1];
        if (left <= NOTHING * largest_so_far(l)) {
            l->beta[l->m - 1] = 0.0;
            if (!add_random(l))
                return no_memory(l, err);
        } else if (!add_vector(l, left)) {
            return no_memory(l, err);
        }
    }
}

static descent_status measure(lanczos *l, descent_objective f, void *user, const double *w,
                              descent_spectrum *out, descent_error *err)
{
    const size_t m = l->most;

    DSC_TRY(dsc_product_begin(&l->product, f, user, w, l->n, err));
    l->q = dsc_alloc(m, sizeof *l->q);
    l->r = dsc_alloc(l->n, sizeof *l->r);
    l->alpha = dsc_alloc(m, sizeof *l->alpha);
    l->beta = dsc_alloc(m, sizeof *l->beta);
    l->value = dsc_alloc(m, sizeof *l->value);
    l->side = dsc_alloc(m, sizeof *l->side);
    l->vectors = dsc_alloc(m, m * sizeof *l->vectors);
    l->work = dsc_alloc(2 * m, sizeof *l->work);
    if (!l->q || !l->r || !l->alpha || !l->beta || !l->value || !l->side || !l->vectors || !l->work)
        return no_memory(l, err);
    return iterate(l, out, err);
}

static void release(lanczos *l)
{
    for (size_t j = 0; j < l->m; j++)
        dsc_free(l->q[j]);
    dsc_free(l->q);
    dsc_free(l->r);
    dsc_free(l->alpha);
    dsc_free(l->beta);
    dsc_free(l->value);
    dsc_free(l->side);
    dsc_free(l->vectors);
    dsc_free(l->work);
    dsc_product_free(&l->product);
}

descent_status descent_spectrum_measure(descent_spectrum *out, descent_objective f, void *user,
                                        const double *w, size_t n,
                                        const descent_spectrum_options *options, descent_error *err)
{
    const descent_spectrum_options defaults = descent_spectrum_defaults();
    lanczos l = {.o = options ? options : &defaults, .n = n};

    *out = (descent_spectrum){0};
    if (n < 1)
        return dsc_fail(err, DESCENT_INVALID, "there are no parameters, so there is no curvature");
    if (l.o->count < 1 || l.o->count > DESCENT_MOST_EIGENVALUES)
        return dsc_fail(err, DESCENT_INVALID, "%zu eigenvalues are wanted, from 1 to %d can be had",
                        l.o->count, DESCENT_MOST_EIGENVALUES);
    l.most = l.o->products > 0 ? l.o->products : PRODUCTS;
    l.most = l.most < n ? l.most : n;
    const descent_status status = measure(&l, f, user, w, out, err);
    release(&l);
    if (status != DESCENT_OK)
        *out = (descent_spectrum){0};
    return status;
}
