/* asgd.c - averaged gradient descent: steps that shrink, and the mean of all w from step t0 on.
 *
 *     w   <- w - eta (g + lambd w)
 *     ax  <- ax + mu (w - ax)                     ax <- w while mu = 1
 *     eta <- lr / (1 + lambd lr t)^alpha          for the next step; the first has eta = lr
 *     mu  <- 1 / max(1, t - t0)                   for the next step; the first has mu = 1
 *
 * ax is the answer. It follows one step behind: a step first adds the w it finds, so that whatever
 * else moves w has its part in ax, and `average` adds the last one. Since eta is made one step
 * ahead, a change of lr acts one step late. */
#include "optim/rule.h"

#include <string.h>

enum { LR, LAMBD, ALPHA, T0, WEIGHT_DECAY, N_PARAMS };
enum { RATE, SHARE }; /* eta of this step, and mu of the one before */
enum { ETA, MU };     /* eta of the next step, and mu of this one */
enum { AX, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.01, 0.0, 1e6,  "learning rate", DESCENT_NUMBER, NULL},
    [LAMBD]        = {"lambd",        1e-4, 0.0, 1e3,  "pull towards zero that also says how fast steps shrink", DESCENT_NUMBER, NULL},
    [ALPHA]        = {"alpha",        0.75, 0.0, 10.0, "power with which steps shrink", DESCENT_NUMBER, NULL},
    [T0]           = {"t0",           1e6,  0.0, 1e15, "step after which averaging begins", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,  0.0, 1e3,  "pull towards zero, added to g (L2)", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static void begin(dsc_step *s)
{
    const double t = (double)s->count, lr = s->lr;
    const double averaged = t - 1.0 - s->param[T0];

    s->scalar[RATE] = s->count == 1 ? lr : s->memory[ETA];
    s->scalar[SHARE] = s->memory[MU];
    s->memory[ETA] = lr / pow(1.0 + s->param[LAMBD] * lr * t, s->param[ALPHA]);
    s->memory[MU] = averaged > 1.0 ? 1.0 / averaged : 1.0;
}

/* out <- ax + share (w - ax) */
static void mix(const real *ax, const real *w, double share, real *restrict out, size_t n)
{
    const real mu = (real)share;

    if (share == 1.0) /* w to the last bit */
        memcpy(out, w, n * sizeof *w);
    else
        DSC_INDEPENDENT
    for (size_t i = 0; i < n; i++)
        out[i] = ax[i] + mu * (w[i] - ax[i]);
}

/* With mixes mu is less than 1; in the first step it is 0. */
DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool mixes, bool fused)
{
    const real eta = (real)s->scalar[RATE], lambd = (real)s->param[LAMBD];
    const real mu = (real)s->scalar[SHARE];
    const dsc_flow f = dsc_flow_of(a);
    const real *w = a->w;
    real *restrict ax = a->state[AX];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        ax[i] = mixes ? ax[i] + mu * (w[i] - ax[i]) : w[i];
        dsc_out(&f, i, eta * (x + lambd * w[i]), fused);
    }
}

DSC_SPECIALIZED void choose(const dsc_step *s, const dsc_slice *a, bool fused)
{
    if (s->scalar[SHARE] != 1.0)
        loop(s, a, true, fused);
    else
        loop(s, a, false, fused);
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        choose(s, a, true);
    else
        choose(s, a, false);
}

static void average(const dsc_step *s, const dsc_slice *a)
{
    mix(a->state[AX], a->w, s->memory[MU], a->d, a->n);
}

const dsc_optim DSC_R(dsc_optim_asgd) = {
    .info = {.name = "asgd",
             .summary = "gradient descent with shrinking steps, and the mean of its weights",
             .formula = "w <- w - eta (g + lambd w);  ax <- ax + mu (w - ax);  "
                        "eta <- lr / (1 + lambd lr t)^alpha;  mu <- 1 / max(1, t - t0)",
             .reference = "Polyak & Juditsky 1992, doi:10.1137/0330046; Bottou 2010",
             .advice = "convex problems, and language models near their end; set t0 to the step "
                       "where sgd stops gaining, as the default averages only after 1e6",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_L2,
    .begin = begin,
    .direction = direction,
    .average = average,
};
