/* sharpness.c - the largest eigenvalue of the Hessian on the step's examples.
 *
 * Power iteration (v <- H v / |H v|) with H v = (g(w + e v) - g(w - e v)) / 2 e. It starts at the
 * direction of the last search, so that a few turns are enough. */
#include "instrument/instrument.h"

#include <math.h>
#include <string.h>

static const double SHIFT = 1e-3; /* e, as a share of |w| */

enum { ITERATIONS, N_PARAMS };
static const descent_param params[N_PARAMS] = {
    [ITERATIONS] = {"iterations", 5, 1, 1000, "turns of each search, two gradients each",
                    DESCENT_INTEGER, NULL},
};

/* One turn: direction <- H v of length 1; returns v . H v. */
static double turn(const dsc_search *s, double e)
{
    const dsc_vectors *f = s->vector;

    f->add(s->w, s->before, e, s->direction, s->n);
    s->gradient(s->user, s->above);
    f->add(s->w, s->before, -e, s->direction, s->n);
    s->gradient(s->user, s->below);
    f->add(s->above, s->above, -1.0, s->below, s->n); /* 2 e H v */
    const double value = f->dot(s->direction, s->above, s->n) / (2 * e);
    const double length = sqrt(f->dot(s->above, s->above, s->n));
    /* zeros begin anew next time */
    f->scale(s->direction, s->above, isfinite(length) && length > 0.0 ? 1 / length : 0.0, s->n);
    return isfinite(length) ? value : (double)NAN;
}

static double search(const dsc_search *s)
{
    const dsc_vectors *f = s->vector;
    const double length = sqrt(f->dot(s->w, s->w, s->n));
    const double e = SHIFT * (length > 1.0 ? length : 1.0);
    double value = (double)NAN;

    memcpy(s->before, s->w, s->bytes);
    for (int i = 0; i < (int)s->param[ITERATIONS].number; i++) {
        const double now = sqrt(f->dot(s->direction, s->direction, s->n));
        if (!(now > 0.5)) { /* not begun yet: signs, of length 1 */
            f->signs(s->direction, s->n, s->seed);
            f->scale(s->direction, s->direction, 1 / sqrt((double)s->n), s->n);
        }
        value = turn(s, e);
    }
    memcpy(s->w, s->before, s->bytes);
    return value;
}

const dsc_instrument dsc_instrument_sharpness = {
    .info = {.name = "sharpness",
             .summary = "largest eigenvalue of the Hessian, on the examples of the step",
             .formula =
                 "v . H v after a few turns of v <- H v / |H v|, with H v = (g(w + e v) - g(w - e "
                 "v)) / 2 e",
             .advice =
                 "gradient descent is stable below 2 / lr, and sharpness tends to climb up to it",
             .reference =
                 "Cohen et al. 2021, arXiv:2103.00065; von Mises & Pollaczek-Geiringer 1929",
             .params = params,
             .n_params = N_PARAMS},
    .range = "loss for each square of a unit of weight, mostly above 0; whole model",
    .cost = "two gradients for each iteration, so it is measured about twenty times a run only",
    .costly = true,
    .whole = true,
    .search = search,
};
