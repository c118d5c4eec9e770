/* audit_linear.c - what a network without a hidden layer can do: least squares, with one output for
 * each class. Where that is far below what neighbours know, no learning rate helps such a network;
 * where it is far above, they were led by directions that tell nothing.
 *
 *     W = (Z' Z + ridge I)^-1 Z' Y,  Z: features of deviation 1, and a 1 for the bias */
#include "data/audit.h"

#include "base/memory.h"
#include "data/cholesky.h"

#include <math.h>
#include <string.h>

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

/* ridge: of a column's square. */
static void add_products(fit *f, double ridge)
{
    const size_t d = f->d;

    memset(f->a, 0, d * d * sizeof *f->a);
    memset(f->w, 0, d * f->k * sizeof *f->w);

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
        f->a[j * d + j] += ridge * (double)f->s->n;
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

/* Classes of features that spread far more in some directions than in others, and examples enough
 * that it is no learning by heart. */
static bool asks_for_flat(const dsc_audit *out, const fit *f)
{
    static const double SPREAD = 100.0;
    enum { EXAMPLES = 20 };

    return f->s->o->data->labels && out->condition > SPREAD && f->s->n >= EXAMPLES * f->d;
}

/* What least squares get right; NaN: they have no solution. */
static double right_of(fit *f, double ridge)
{
    add_products(f, ridge);
    if (!solve(f))
        return (double)NAN;
    return f->s->o->data->labels ? share_right(f) : share_explained(f);
}

bool dsc_audit_linear(dsc_audit *out, const dsc_audit_sample *s)
{
    static const double RIDGE = 1e-3; /* columns may say the same */
    static const double FLAT = 1e-7;  /* or nearly, and what they do not is wanted */
    const bool classes = s->o->data->labels != NULL;
    fit f = {.s = s, .d = s->width + 1, .k = classes ? (size_t)s->o->data->outputs : 1};
    const double additions = (double)s->n * (double)f.d * (double)f.d / 2.0;
    const bool flat = asks_for_flat(out, &f);

    if (!(s->o->linear || flat) || out->not_finite > 0 || s->width > MOST_FEATURES ||
        f.k > MOST_OUTPUTS || s->n < 2 ||
        (s->o->additions > 0.0 && additions > fmax(s->o->additions, NOTHING)))
        return true;
    f.z = dsc_alloc(s->n * f.d, sizeof *f.z);
    f.a = dsc_alloc(f.d * f.d, sizeof *f.a);
    f.w = dsc_alloc(f.d * f.k, sizeof *f.w);
    const bool good = f.z && f.a && f.w;
    if (good)
        fill(&f);
    if (good && s->o->linear)
        out->linear_right = right_of(&f, RIDGE);
    if (good && flat)
        out->line_right = right_of(&f, FLAT);
    dsc_free(f.z);
    dsc_free(f.a);
    dsc_free(f.w);
    return good;
}
