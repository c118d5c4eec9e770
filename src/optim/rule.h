/* rule.h - what the files of rules include: the element type, the descriptor, and safe division. */
#ifndef DSC_OPTIM_RULE_H
#define DSC_OPTIM_RULE_H

#include "base/real.h"
#include "optim/optim.h"

#include <float.h>

#if DSC_REAL == 32
#  define DSC_REAL_MAX FLT_MAX
#else
#  define DSC_REAL_MAX DBL_MAX
#endif

/* a / b for b >= 0, and 0 where b is 0: with eps=0 an element that never had a gradient has nothing
 * to be divided by, and shall not move. */
static inline real dsc_ratio(real a, real b)
{
    return b > 0 ? a / b : 0;
}

static inline real dsc_clamp(real a, real limit)
{
    const real low = a < -limit ? -limit : a;

    return low > limit ? limit : low;
}

/* A number of the step as a real: the largest there is, where it would be infinite. */
static inline real dsc_finite(double a)
{
    const double low = a < -(double)DSC_REAL_MAX ? -(double)DSC_REAL_MAX : a;

    return (real)(low > (double)DSC_REAL_MAX ? (double)DSC_REAL_MAX : low);
}

/* The way of the elements of one slice through a rule's loop. `dsc_in` is the gradient element,
 * `dsc_out` takes a value from w. `way` is a constant. With DSC_FUSED the loop does all there is to
 * do: it reads g as it is, and w is written at once; else x was prepared, and the value waits in d.
 * DSC_FUSED_PLAIN is the same where nothing decays: one multiplication an element instead of three,
 * which light rules can tell from memory's pace. Rules may take it for DSC_FUSED. */
enum { DSC_APART = 0, DSC_FUSED = 1, DSC_FUSED_PLAIN = 2 };

typedef struct dsc_flow {
    const real *x;
    real *w, *d;
    real gain, l2, keep;
} dsc_flow;

static inline dsc_flow dsc_flow_of(const dsc_slice *a)
{
    return (dsc_flow){.x = a->x,
                      .w = a->place,
                      .d = a->d,
                      .gain = (real)a->gain,
                      .l2 = (real)a->l2,
                      .keep = (real)a->keep};
}

static inline int dsc_way_of(const dsc_slice *a)
{
    if (!a->place)
        return DSC_APART;
    return a->l2 == 0.0 && a->keep == 1.0 ? DSC_FUSED_PLAIN : DSC_FUSED;
}

static inline real dsc_in(const dsc_flow *f, size_t i, int way)
{
    if (way == DSC_FUSED_PLAIN)
        return f->gain * f->x[i];
    return way ? f->gain * f->x[i] + f->l2 * f->w[i] : f->x[i];
}

static inline void dsc_out(const dsc_flow *f, size_t i, real value, int way)
{
    if (way == DSC_FUSED_PLAIN)
        f->w[i] -= value;
    else if (way)
        f->w[i] = f->keep * f->w[i] - value;
    else
        f->d[i] = value;
}

/* The same for rules with DSC_RULE_PLACES: value is the new w. */
static inline void dsc_put(const dsc_flow *f, size_t i, real value, int way)
{
    if (way)
        f->w[i] = value;
    else
        f->d[i] = value;
}

#endif
