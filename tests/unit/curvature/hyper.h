/* hyper.h - hyper-dual numbers: a + b e + c f + d ef with e^2 = f^2 = 0, which carry exact second
 * derivatives through any formula (Fike and Alonso 2011). A way to Hessians that has nothing in
 * common with the library's. */
#ifndef TESTS_UNIT_CURVATURE_HYPER_H
#define TESTS_UNIT_CURVATURE_HYPER_H

#include <math.h>

typedef struct hyper {
    double a, b, c, d;
} hyper;

static inline hyper plus(hyper x, hyper y)
{
    return (hyper){x.a + y.a, x.b + y.b, x.c + y.c, x.d + y.d};
}

static inline hyper times(hyper x, hyper y)
{
    return (hyper){x.a * y.a, x.a * y.b + x.b * y.a, x.a * y.c + x.c * y.a,
                   x.a * y.d + x.b * y.c + x.c * y.b + x.d * y.a};
}

/* A function of one number, from its value and two derivatives there. */
static inline hyper through(hyper x, double value, double first, double second)
{
    return (hyper){value, first * x.b, first * x.c, first * x.d + second * x.b * x.c};
}

static inline hyper hyper_tanh(hyper x)
{
    const double t = tanh(x.a), s = 1.0 - t * t;

    return through(x, t, s, -2.0 * t * s);
}

static inline hyper hyper_exp(hyper x)
{
    const double e = exp(x.a);

    return through(x, e, e, e);
}

static inline hyper hyper_log(hyper x)
{
    return through(x, log(x.a), 1.0 / x.a, -1.0 / (x.a * x.a));
}

#endif
