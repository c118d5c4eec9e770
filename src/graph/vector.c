/* vector.c - the graph's own loops: adding a gradient to another, filling, summing losses. */
#include "graph/vector.h"

#include "base/real.h"

static void add(void *y_, const void *x_, size_t n)
{
    real *restrict y = y_;
    const real *restrict x = x_;

    for (size_t i = 0; i < n; i++)
        y[i] += x[i];
}

static void fill(void *y_, double value, size_t n)
{
    real *y = y_;

    for (size_t i = 0; i < n; i++)
        y[i] = (real)value;
}

/* In element order: another order would be another rounding. */
static double sum(const void *x_, size_t n)
{
    const real *x = x_;
    double total = 0.0;

    for (size_t i = 0; i < n; i++)
        total += (double)x[i];
    return total;
}

static double get(const void *x_, size_t i)
{
    const real *x = x_;

    return (double)x[i];
}

static void set(void *y_, size_t i, double value)
{
    real *y = y_;

    y[i] = (real)value;
}

extern const dsc_vector DSC_R(dsc_graph_vector);
const dsc_vector DSC_R(dsc_graph_vector) = {
    .add = add, .fill = fill, .sum = sum, .get = get, .set = set};
