/* basis.c - see basis.h. */
#include "optim/basis.h"

#include "base/sums.h"

#include <string.h>

static size_t count(const dsc_bases *q)
{
    return (size_t)q->rows * (size_t)q->cols;
}

/* e and order, and what the factorizations want */
static size_t doubles(int side)
{
    return 2 * (size_t)side + DSC_R(dsc_factor_work)(side);
}

size_t DSC_R(dsc_bases_work)(int rows, int cols, int side)
{
    return dsc_as_reals(doubles(side)) + dsc_rounded((size_t)rows * (size_t)cols) +
           (size_t)side * (size_t)side;
}

void DSC_R(dsc_bases_room)(dsc_bases *q, int side, void *work)
{
    q->e = work;
    q->order = (int *)(void *)(q->e + side);
    q->factors = q->e + 2 * (size_t)side;
    q->half = (real *)work + dsc_as_reals(doubles(side));
    q->square = q->half + dsc_rounded(count(q));
}

void DSC_R(dsc_bases_gather)(const dsc_bases *q, const real *g, double keep)
{
    const dsc_matrix_part part = {g, q->rows, q->cols, q->cols};

    if (q->l)
        DSC_R(dsc_gather_outer)(q->kernels, &part, DSC_LEFT, keep, 1.0 - keep, q->l, q->square);
    if (q->r)
        DSC_R(dsc_gather_outer)(q->kernels, &part, DSC_RIGHT, keep, 1.0 - keep, q->r, q->square);
}

/* Its order does not matter: nothing is in this basis yet, and the first refresh sorts. */
static void start(const dsc_bases *q, const real *moments, int n, real *basis)
{
    if (!moments)
        return;
    DSC_R(dsc_diagonal)(basis, n, 1);
    DSC_R(dsc_eigen_rows)(n, moments, basis, q->factors);
}

void DSC_R(dsc_bases_start)(const dsc_bases *q)
{
    start(q, q->l, q->rows, q->a);
    start(q, q->r, q->cols, q->b);
}

void DSC_R(dsc_bases_rotate)(const dsc_bases *q, bool into, const real *x, real *to)
{
    const int rows = q->rows, cols = q->cols;

    if (q->a)
        dsc_product(q->kernels, rows, cols, rows, into ? DSC_PLAIN : DSC_TURN_A, q->a, x, q->half);
    else
        memcpy(q->half, x, count(q) * sizeof *x);
    if (q->b)
        dsc_product(q->kernels, rows, cols, cols, into ? DSC_TURN_B : DSC_PLAIN, q->half, q->b, to);
    else
        memcpy(to, q->half, count(q) * sizeof *to);
}

/* --- refresh ---------------------------------------------------------------------------------- */

/* order <- the indices of e, largest first; equal ones stay in order */
static void sort(const double *e, int *order, int n)
{
    for (int i = 0; i < n; i++) {
        int at = i;
        for (; at > 0 && e[order[at - 1]] < e[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

/* One power iteration; false: the basis is as it was. q->order: where each vector stood. */
static bool refresh(const dsc_bases *q, const real *moments, int n, real *basis)
{
    const size_t side = (size_t)n;

    if (!moments)
        return false;
    dsc_product(q->kernels, n, n, n, DSC_PLAIN, basis, moments, q->square); /* (L A)^T */
    for (size_t i = 0; i < side; i++)
        q->e[i] = dsc_dot(basis + i * side, q->square + i * side, side);
    sort(q->e, q->order, n);
    return DSC_R(dsc_orthonormal_rows)(n, q->square, q->order, basis, q->factors);
}

static void sort_rows(const dsc_bases *q, real *v)
{
    const size_t cols = (size_t)q->cols;

    for (size_t i = 0; i < (size_t)q->rows; i++)
        memcpy(q->half + i * cols, v + (size_t)q->order[i] * cols, cols * sizeof *v);
    memcpy(v, q->half, count(q) * sizeof *v);
}

static void sort_columns(const dsc_bases *q, real *v)
{
    const size_t cols = (size_t)q->cols;

    for (size_t i = 0; i < (size_t)q->rows; i++)
        for (size_t j = 0; j < cols; j++)
            q->half[i * cols + j] = v[i * cols + (size_t)q->order[j]];
    memcpy(v, q->half, count(q) * sizeof *v);
}

void DSC_R(dsc_bases_refresh)(const dsc_bases *q, real *m, real *v)
{
    DSC_R(dsc_bases_rotate)(q, false, m, m);
    if (refresh(q, q->l, q->rows, q->a))
        sort_rows(q, v);
    if (refresh(q, q->r, q->cols, q->b))
        sort_columns(q, v);
    DSC_R(dsc_bases_rotate)(q, true, m, m);
}
