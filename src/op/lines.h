/* lines.h - walking through arrays that are laid out alike, repeated or summed along some axes, in
 * lines as long as possible; included by files of the `real` list.
 *
 * Broadcasting (NumPy's rule: shapes are compared from the last axis on, and an axis of 1 or one
 * that is missing repeats) and reductions are the same walk: a step of 0 along an axis means that
 * the one number there is read, or added to, again and again. The batch is an axis in front. */
#ifndef DSC_OP_LINES_H
#define DSC_OP_LINES_H

#include "op/elements.h"
#include "op/parts.h"

enum { LINE_AXES = DSC_MAX_RANK + 1, LINE_ARRAYS = 2 };

typedef struct lines {
    int rank;
    size_t size[LINE_AXES];
    size_t step[LINE_ARRAYS][LINE_AXES]; /* elements from one to the next; 0: the same again */
    size_t length;                       /* the last axis, which makes a line */
    size_t count;                        /* of lines */
} lines;

/* The sizes of a node as (rows, 4 axes), missing ones 1. */
static inline void line_sizes(const dsc_call *c, dsc_shape shape, bool batched,
                              size_t size[LINE_AXES])
{
    size[0] = batched ? (size_t)c->pass->rows : 1;
    for (int i = 1; i < LINE_AXES; i++) {
        const int axis = i - LINE_AXES + shape.rank;
        size[i] = axis >= 0 ? (size_t)shape.size[axis] : 1;
    }
}

/* Steps through an array of sizes `own` when a larger one of sizes `all` is walked through. */
static inline void line_steps(const size_t all[LINE_AXES], const size_t own[LINE_AXES],
                              size_t step[LINE_AXES])
{
    size_t dense = 1;

    for (int i = LINE_AXES - 1; i >= 0; i--) {
        step[i] = own[i] == 1 && all[i] != 1 ? 0 : dense;
        dense *= own[i];
    }
}

/* Can axes i and i + 1 be walked through as one? */
static inline bool line_joins(const lines *l, int i)
{
    for (int a = 0; a < LINE_ARRAYS; a++)
        if (l->step[a][i] != l->step[a][i + 1] * l->size[i + 1])
            return false;
    return true;
}

static inline void line_remove(lines *l, int i)
{
    for (int j = i; j + 1 < l->rank; j++) {
        l->size[j] = l->size[j + 1];
        for (int a = 0; a < LINE_ARRAYS; a++)
            l->step[a][j] = l->step[a][j + 1];
    }
    l->rank--;
}

/* The walk through an array of sizes `all`, beside it one of sizes a and one of sizes b. */
static inline lines lines_over(const size_t all[LINE_AXES], const size_t a[LINE_AXES],
                               const size_t b[LINE_AXES])
{
    lines l = {.rank = LINE_AXES, .count = 1};

    memcpy(l.size, all, sizeof l.size);
    line_steps(all, a, l.step[0]);
    line_steps(all, b, l.step[1]);
    for (int i = l.rank - 1; i >= 0; i--)
        if (l.size[i] == 1 && l.rank > 1)
            line_remove(&l, i);
    for (int i = l.rank - 2; i >= 0; i--)
        if (line_joins(&l, i)) {
            l.size[i + 1] *= l.size[i];
            line_remove(&l, i);
        }
    l.length = l.size[l.rank - 1];
    for (int i = 0; i < l.rank - 1; i++)
        l.count *= l.size[i];
    return l;
}

/* Where line `number` begins in array a. */
static inline size_t line_begin(const lines *l, int a, size_t number)
{
    size_t at = 0;

    for (int i = l->rank - 2; i >= 0; i--) {
        at += number % l->size[i] * l->step[a][i];
        number /= l->size[i];
    }
    return at;
}

/* Does a line move along in array a, or stay where it is? */
static inline size_t line_step(const lines *l, int a)
{
    return l->size[l->rank - 1] == 1 ? 0 : l->step[a][l->rank - 1];
}

static inline double line_total(const double lane[8])
{
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) +
           ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

/* sum <- sum + x along a line: number by number where the line moves, else all into one. Double, so
 * that sums of many numbers lose nothing. */
static inline void line_add(double *sum, size_t step, const real *x, size_t n)
{
    if (step) {
        DSC_INDEPENDENT
        for (size_t i = 0; i < n; i++)
            sum[i] += (double)x[i];
        return;
    }
    double lane[8] = {0};
    size_t i = 0;

    for (; i + 8 <= n; i += 8)
        for (size_t j = 0; j < 8; j++)
            lane[j] += (double)x[i + j];
    for (size_t j = 0; i < n; i++, j++)
        lane[j] += (double)x[i];
    *sum += line_total(lane);
}

static inline void line_store(const double *sum, real *to, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (real)sum[i];
}

#endif
