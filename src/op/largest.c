/* largest.c - max_reduce and logsumexp, the largest number of a group and its smooth relative, over
 * any axes of an example. */
#include "base/real.h"
#include "op/reduce.h"

/* --- max_reduce: the largest; its derivative goes to the first of equal ones --------------------
 */

static descent_status max_shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    DSC_TRY(reduced(node, input, "max_reduce", err));
    node->keep_bytes = node->scratch_bytes / sizeof(double) * sizeof(size_t);
    node->scratch_bytes = 0;
    return DESCENT_OK;
}

/* NaN wins over everything. best: where in x the largest stands. */
static void largest(const dsc_call *c, const lines *l, real *y, size_t *best)
{
    const size_t n = elements(c, c->node), step = line_step(l, 1);
    const real *x = c->x[0];

    for (size_t i = 0; i < n; i++) {
        y[i] = -(real)INFINITY;
        if (best)
            best[i] = SIZE_MAX;
    }
    for (size_t i = 0; i < l->count; i++)
        for (size_t j = 0, begin = line_begin(l, 1, i); j < l->length; j++) {
            const size_t at = begin + step * j, from = i * l->length + j;
            const bool wins = x[from] > y[at] || x[from] != x[from];
            if (best && (wins ? y[at] == y[at] : best[at] == SIZE_MAX))
                best[at] = from;
            if (wins)
                y[at] = x[from];
        }
}

static void max_forward(const dsc_call *c)
{
    const lines l = reduce_walk(c);

    largest(c, &l, c->y, c->keep);
}

static void max_backward(const dsc_call *c)
{
    const size_t *best = c->keep;
    const real *dy = c->dy;
    real *dx = c->dx[0];

    memset(dx, 0, elements(c, c->from[0]) * sizeof *dx);
    for (size_t i = 0; i < elements(c, c->node); i++)
        dx[best[i]] = dy[i];
}

/* --- logsumexp: y = m + log sum exp(x - m) with m the largest;  dx = exp(x - y) dy --------------
 */

/* e <- exp(x - largest) along a piece of line; 0 where the largest is infinite, since infinity
 * minus itself is no number */
static void exps(size_t n, const real *x, const real *largest, size_t step, real *e)
{
    const real one = *largest;

    for (size_t i = 0; step && i < n; i++)
        e[i] = real_abs(largest[i]) < (real)INFINITY ? real_exp(x[i] - largest[i]) : 0;
    for (size_t i = 0; !step && i < n; i++)
        e[i] = real_abs(one) < (real)INFINITY ? real_exp(x[i] - one) : 0;
}

static void logsumexp_forward(const dsc_call *c)
{
    enum { STRETCH = 256 };
    const lines l = reduce_walk(c);
    const size_t n = elements(c, c->node), step = line_step(&l, 1);
    const real *x = c->x[0];
    double *sum = c->scratch;
    real *y = c->y, e[STRETCH];
    size_t m;

    largest(c, &l, y, NULL);
    memset(sum, 0, n * sizeof *sum);
    for (size_t i = 0; i < l.count; i++)
        for (size_t j = 0; j < l.length; j += STRETCH, x += m) {
            const size_t at = line_begin(&l, 1, i) + step * j;
            m = l.length - j < STRETCH ? l.length - j : STRETCH;
            exps(m, x, y + at, step, e);
            line_add(sum + at, step, e, m);
        }
    for (size_t i = 0; i < n; i++)
        y[i] = isinf(y[i]) ? y[i] : (real)((double)y[i] + log(sum[i]));
}

static void logsumexp_backward(const dsc_call *c)
{
    const lines l = reduce_walk(c);
    const size_t step = line_step(&l, 1);
    const real *x = c->x[0];
    real *dx = c->dx[0];

    for (size_t i = 0; i < l.count; i++, x += l.length, dx += l.length)
        for (size_t j = 0, begin = line_begin(&l, 1, i); j < l.length; j++) {
            const size_t at = begin + step * j;
            const real y = ((const real *)c->y)[at], d = ((const real *)c->dy)[at];
            dx[j] = x[j] == y ? d : d * real_exp(x[j] - y);
        }
}

REDUCE_SHAPE(logsumexp)
REDUCE_ROW(max_reduce, max, "y = largest x over axes", 2, 0);
REDUCE_ROW(logsumexp, logsumexp, "y = log sum exp(x) over axes", 2,
           DSC_NEEDS_INPUT | DSC_NEEDS_OUTPUT);
