/* aggmo.c - aggregated momentum: several momenta at once, and the mean of their moves.
 *
 *     b_k <- beta_k b_k + g                       for each of K betas
 *     d    = lr / K sum_k b_k
 *
 * Large betas bring speed, small ones damp the swings that large ones alone would go into. A beta
 * of 0 is g itself and needs no vector; a negative one is not used. */
#include "optim/rule.h"

enum { LR, BETA1, BETA2, BETA3, BETA4, WEIGHT_DECAY, N_PARAMS };
enum { RATE }; /* lr / K */
enum { N_STATE = 4 };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.01,  0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [BETA1]        = {"beta1",        0.0,  -1.0, 0.999999, "decay of the first momentum; negative: not used", DESCENT_NUMBER, NULL},
    [BETA2]        = {"beta2",        0.9,  -1.0, 0.999999, "of the second", DESCENT_NUMBER, NULL},
    [BETA3]        = {"beta3",        0.99, -1.0, 0.999999, "of the third", DESCENT_NUMBER, NULL},
    [BETA4]        = {"beta4",       -1.0,  -1.0, 0.999999, "of the fourth", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,   0.0, 1e3,      "pull towards zero, added to g (L2)", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static unsigned states(const double *param)
{
    unsigned needed = 0;

    for (int k = 0; k < N_STATE; k++)
        needed |= param[BETA1 + k] > 0.0 ? 1u << k : 0u;
    return needed;
}

static int used(const double *param)
{
    int count = 0;

    for (int k = 0; k < N_STATE; k++)
        count += param[BETA1 + k] >= 0.0;
    return count;
}

static const char *refuse(const double *param, int *at)
{
    *at = BETA1;
    return used(param) == 0 ? "at least one beta must be used, that is, not negative" : NULL;
}

static void begin(dsc_step *s)
{
    s->scalar[RATE] = s->lr / used(s->param);
}

/* The momenta in use that have vectors, closed up; the others are g itself, `plain` times. */
typedef struct used_momenta {
    real beta[N_STATE], *b[N_STATE];
    int n, plain;
} used_momenta;

static used_momenta gather(const dsc_step *s, const dsc_slice *a)
{
    used_momenta u = {.n = 0};

    for (int k = 0; k < N_STATE; k++) {
        if (s->param[BETA1 + k] < 0.0)
            continue;
        if (a->state[k]) {
            u.beta[u.n] = (real)s->param[BETA1 + k];
            u.b[u.n++] = a->state[k];
        } else
            u.plain++;
    }
    return u;
}

/* b <- beta b + x */
static inline real momentum(real *b, real beta, real x)
{
    *b = beta * *b + x;
    return *b;
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, const used_momenta *u, int n,
                          bool fused)
{
    const real rate = (real)s->scalar[RATE], plain = (real)u->plain;
    const real beta0 = u->beta[0], beta1 = u->beta[1], beta2 = u->beta[2], beta3 = u->beta[3];
    const dsc_flow f = dsc_flow_of(a);
    real *restrict b0 = u->b[0], *restrict b1 = u->b[1];
    real *restrict b2 = u->b[2], *restrict b3 = u->b[3];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real x = dsc_in(&f, i, fused);
        real sum = plain * x;
        if (n > 0)
            sum += momentum(&b0[i], beta0, x);
        if (n > 1)
            sum += momentum(&b1[i], beta1, x);
        if (n > 2)
            sum += momentum(&b2[i], beta2, x);
        if (n > 3)
            sum += momentum(&b3[i], beta3, x);
        dsc_out(&f, i, rate * sum, fused);
    }
}

DSC_SPECIALIZED void choose(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const used_momenta u = gather(s, a);

    if (u.n == 0)
        loop(s, a, &u, 0, fused);
    else if (u.n == 1)
        loop(s, a, &u, 1, fused);
    else if (u.n == 2)
        loop(s, a, &u, 2, fused);
    else if (u.n == 3)
        loop(s, a, &u, 3, fused);
    else
        loop(s, a, &u, 4, fused);
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        choose(s, a, true);
    else
        choose(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_aggmo) = {
    .info = {.name = "aggmo",
             .summary = "the mean of several momenta, from slow to fast",
             .formula = "b_k <- beta_k b_k + g;  w <- w - lr mean of b_k",
             .reference = "Lucas, Sun, Zemel & Grosse 2019, arXiv:1804.00325",
             .advice = "where momentum 0.99 would be fast but swings: betas 0, 0.9, 0.99 as they "
                       "are, with the lr of sgd with momentum=0.9 or less",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_FUSES,
    .decay = DSC_DECAY_L2,
    .first_moment = (1u << N_STATE) - 1,
    .states = states,
    .refuse = refuse,
    .begin = begin,
    .direction = direction,
};
