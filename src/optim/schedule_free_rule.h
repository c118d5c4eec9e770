/* schedule_free_rule.h - what the schedule_free optimizers share: three sequences of weights.
 *
 *     z <- z - lr u                            the step of the rule inside
 *     x <- (1 - c) x + c z                     its average: the weights to evaluate and save
 *     w  = (1 - b) z + b x                     where gradients are taken
 *
 * c is the weight of this step over the sum of all weights so far, weight = t^r L^weight_lr_power,
 * L the largest lr so far. Only z is kept beside w: x = z + (w - z) / b. With that,
 *
 *     w <- w + a (z - w) - lr (1 - b + b c) u,     a = 1 - (1 - c) b / b before
 *
 * and a = c as long as b does not change. */
#ifndef DSC_OPTIM_SCHEDULE_FREE_RULE_H
#define DSC_OPTIM_SCHEDULE_FREE_RULE_H

#include "optim/rule.h"

#include <string.h>

enum { LARGEST_LR, WEIGHTS, MIX }; /* memory: L, the sum of weights, b */
enum { Z };                        /* state */

typedef struct dsc_free {
    real to_z, w_rate, z_rate;
} dsc_free;

/* Takes the weight of this step; scalar[0..2] becomes what dsc_free_of() reads. */
static inline void dsc_free_begin(dsc_step *s, double lr, double b, double r, double power)
{
    double *memory = s->memory;
    const double before = s->count == 1 ? b : memory[MIX];

    memory[LARGEST_LR] = fmax(memory[LARGEST_LR], lr);
    const double weight = pow((double)s->count, r) * pow(memory[LARGEST_LR], power);
    memory[WEIGHTS] += weight;
    const double c = memory[WEIGHTS] > 0.0 ? weight / memory[WEIGHTS] : 0.0;
    memory[MIX] = b;
    s->scalar[0] = b == before ? c : 1.0 - (1.0 - c) * b / before;
    s->scalar[1] = lr * (1.0 - b + b * c);
    s->scalar[2] = lr;
}

static inline dsc_free dsc_free_of(const dsc_step *s)
{
    return (dsc_free){(real)s->scalar[0], (real)s->scalar[1], (real)s->scalar[2]};
}

static inline void dsc_free_start(const dsc_step *s, const dsc_slice *a)
{
    if (s->count == 1)
        memcpy(a->state[Z], a->w, a->n * sizeof(real));
}

/* The new w; moves z. */
static inline real dsc_free_move(const dsc_free *f, real w, real *z, real u)
{
    const real place = w + f->to_z * (*z - w) - f->w_rate * u;

    *z -= f->z_rate * u;
    return place;
}

static inline void dsc_free_average(const dsc_step *s, const dsc_slice *a)
{
    const real stretch = (real)(1.0 / s->memory[MIX]);
    const real *restrict w = a->w, *restrict z = a->state[Z];
    real *restrict x = a->d;

    for (size_t i = 0; i < a->n; i++)
        x[i] = z[i] + (w[i] - z[i]) * stretch;
}

#endif
