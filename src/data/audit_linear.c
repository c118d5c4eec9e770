/* audit_linear.c - what a network without a hidden layer can do: least squares, with one output for
 * each class. Where that is far below what neighbours know, no learning rate helps such a network.
 *
 *     W = (Z' Z + ridge I)^-1 Z' Y,  Z: features of deviation 1, and a 1 for the bias */
#include "data/audit.h"

#include "base/memory.h"
#include "data/cholesky.h"

#include <math.h>

enum { MOST_FEATURES = 64, MOST_OUTPUTS = 32 };
static const double NOTHING = 2e6; /* additions that cost nothing */

typedef struct fit {
    const dsc_audit_sample *s;
    size_t d, k; /* columns of Z, of Y */
    double *z;   /* (n, d) */
    double *a;   /* (d, d): Z' Z, then its lower triangular root */
    double *w;   /* (d, k): Z' Y, then W */
} fit;

static double target_of(const fit *f, size_t i, size_t output)
{
    const int32_t *label = f->s->o->data->labels;

    return label ? (double)((size_t)label[f->s->index[i]] == output)
                 : dsc_audit_target(f->s->o, f->s->index[i], 0);
}

static void fill(fit *f)
{
    const dsc_audit_sample *s = f->s;
    const double n = (double)s->n;

    for (size_t j = 0; j < s->width; j++) {
        const float *x = s->x + j * s->n;
        double mean = 0.0, squares = 0.0;
        for (size_t i = 0; i < s->n; i++)
            mean += (double)x[i] / n;
        for (size_t i = 0; i < s->n; i++)
            squares += ((double)x[i] - mean) * ((double)x[i] - mean);
        const double scale = squares > 0.0 ? sqrt(n / squares) : 0.0;
        for (size_t i = 0; i < s->n; i++)
            f->z[i * f->d + j] = ((double)x[i] - mean) * scale;
    }
    for (size_t i = 0; i < s->n; i++)
        f->z[i * f->d + s->width] = 1.0;
}

static void add_products(fit *f)
{
    static const double RIDGE = 1e-3; /* of a column's square: columns may say the same */
    const size_t d = f->d;

    for (size_t i = 0; i < f->s->n; i++) {
        const double *z = f->z + i * d;
        for (size_t j = 0; j < d; j++)
            for (size_t l = 0; l <= j; l++)
                f->a[j * d + l] += z[j] * z[l];
        for (size_t o = 0; o < f->k; o++) {
            const double y = target_of(f, i, o);
            for (size_t j = 0; y != 0.0 && j < d; j++)
                f->w[j * f->k + o] += z[j] * y;
        }
    }
    for (size_t j = 0; j < d; j++)
        f->a[j * d + j] += RIDGE * (double)f->s->n;
}

/* w <- a^-1 w, column by column; false: a is not positive. */
static bool solve(fit *f)
{
    const bool good = dsc_cholesky(f->a, f->d);

    for (size_t o = 0; good && o < f->k; o++)
        dsc_cholesky_solve(f->a, f->d, f->w + o, f->k);
    return good;
}

static double predict(const fit *f, size_t i, size_t output)
{
    double y = 0.0;

    for (size_t j = 0; j < f->d; j++)
        y += f->z[i * f->d + j] * f->w[j * f->k + output];
    return y;
}

static double share_right(const fit *f)
{
    double right = 0.0;

    for (size_t i = 0; i < f->s->n; i++) {
        size_t best = 0;
        double highest = predict(f, i, 0);
        for (size_t o = 1; o < f->k; o++) {
            const double y = predict(f, i, o);
            best = y > highest ? o : best;
            highest = y > highest ? y : highest;
        }
        right += target_of(f, i, best);
    }
    return right / (double)f->s->n;
}

static double share_explained(const fit *f)
{
    const double n = (double)f->s->n;
    double mean = 0.0, all = 0.0, left = 0.0;

    for (size_t i = 0; i < f->s->n; i++)
        mean += target_of(f, i, 0) / n;
    for (size_t i = 0; i < f->s->n; i++) {
        const double y = target_of(f, i, 0), miss = y - predict(f, i, 0);
        all += (y - mean) * (y - mean);
        left += miss * miss;
    }
    return all > 0.0 ? 1.0 - left / all : (double)NAN;
}

bool dsc_audit_linear(dsc_audit *out, const dsc_audit_sample *s)
{
    const bool classes = s->o->data->labels != NULL;
    fit f = {.s = s, .d = s->width + 1, .k = classes ? (size_t)s->o->data->outputs : 1};
    const double additions = (double)s->n * (double)f.d * (double)f.d / 2.0;

    if (!s->o->linear || out->not_finite > 0 || s->width > MOST_FEATURES || f.k > MOST_OUTPUTS ||
        s->n < 2 || (s->o->additions > 0.0 && additions > fmax(s->o->additions, NOTHING)))
        return true;
    f.z = dsc_alloc(s->n * f.d, sizeof *f.z);
    f.a = dsc_alloc(f.d * f.d, sizeof *f.a);
    f.w = dsc_alloc(f.d * f.k, sizeof *f.w);
    const bool good = f.z && f.a && f.w;
    if (good) {
        fill(&f);
        add_products(&f);
        if (solve(&f))
            out->linear_right = classes ? share_right(&f) : share_explained(&f);
    }
    dsc_free(f.z);
    dsc_free(f.a);
    dsc_free(f.w);
    return good;
}
