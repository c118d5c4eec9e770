/* lamb.c - adam's direction, in every segment made as long as the segment's weights.
 *
 *     m <- beta1 m + (1 - beta1) g
 *     v <- beta2 v + (1 - beta2) g^2
 *     u  = m^ / (sqrt(v^) + eps) + weight_decay w
 *     d  = lr |w| / |u| u                        the ratio is 1 where a norm is 0
 *
 * Segments without weight decay take the plain step lr u unless always_adapt. With decay=lr and the
 * like w shrinks first, so the ratio is of |keep w|. Before all this g is divided by
 * max(1, |g| / max_grad_norm), where |g| is the norm of the whole gradient. */
#include "base/sums.h"
#include "optim/rule.h"

/* clang-format off */
enum { LR, BETA1, BETA2, EPS, WEIGHT_DECAY, BIAS_CORRECTION, GRAD_AVERAGING, MAX_GRAD_NORM, TRUST_CLIP, ALWAYS_ADAPT, N_PARAMS };
enum { RATE, ROOT, FRESH }; /* 1 / (1 - beta1^t), 1 / sqrt(1 - beta2^t), what g is multiplied by on its way into m */
enum { W_SQUARES, U_SQUARES };
enum { M, V, N_STATE };

static const descent_param params[N_PARAMS] = {
    [LR]              = {"lr",              0.001, 0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [BETA1]           = {"beta1",           0.9,   0.0, 0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL},
    [BETA2]           = {"beta2",           0.999, 0.0, 0.999999, "decay of the mean of g^2", DESCENT_NUMBER, NULL},
    [EPS]             = {"eps",             1e-6,  0.0, 1e3,      "keeps the division finite", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY]    = {"weight_decay",    0.01,  0.0, 1e3,      "pull towards zero, inside the ratio", DESCENT_NUMBER, NULL},
    [BIAS_CORRECTION] = {"bias_correction", 1.0,   0.0, 1.0,      "undo the pull of both means towards their start at zero", DESCENT_FLAG, NULL},
    [GRAD_AVERAGING]  = {"grad_averaging",  1.0,   0.0, 1.0,      "g enters its mean times 1 - beta1; no: as it is", DESCENT_FLAG, NULL},
    [MAX_GRAD_NORM]   = {"max_grad_norm",   1.0,   0.0, 1e30,     "the norm of the whole g at most; 0: off", DESCENT_NUMBER, NULL},
    [TRUST_CLIP]      = {"trust_clip",      0.0,   0.0, 1.0,      "the ratio is 1 at most", DESCENT_FLAG, NULL},
    [ALWAYS_ADAPT]    = {"always_adapt",    0.0,   0.0, 1.0,      "take the ratio of segments without weight decay too", DESCENT_FLAG, NULL},
};
/* clang-format on */

static void begin(dsc_step *s)
{
    const double t = (double)s->count, most = s->param[MAX_GRAD_NORM];
    const bool corrects = s->param[BIAS_CORRECTION] != 0.0;

    s->scalar[RATE] = corrects ? 1.0 / (1.0 - pow(s->param[BETA1], t)) : 1.0;
    s->scalar[ROOT] = corrects ? 1.0 / sqrt(1.0 - pow(s->param[BETA2], t)) : 1.0;
    s->scalar[FRESH] = s->param[GRAD_AVERAGING] != 0.0 ? 1.0 - s->param[BETA1] : 1.0;
    if (most > 0.0 && s->norm > most)
        s->gain /= s->norm / most;
}

typedef struct numbers {
    real rate, root, eps, decay;
} numbers;

static numbers numbers_of(const dsc_step *s)
{
    return (numbers){(real)s->scalar[RATE], (real)s->scalar[ROOT], (real)s->param[EPS],
                     (real)s->param[WEIGHT_DECAY]};
}

static inline real u_of(const numbers *k, real m, real v, real w)
{
    return dsc_ratio(k->rate * m, real_sqrt(v) * k->root + k->eps) + k->decay * w;
}

static void survey(const dsc_step *s, const dsc_slice *a, double sum[DSC_MAX_SUMS])
{
    const real b1 = (real)s->param[BETA1], fresh = (real)s->scalar[FRESH];
    const real b2 = (real)s->param[BETA2], c2 = (real)(1.0 - s->param[BETA2]);
    const numbers k = numbers_of(s);
    const real *restrict w = a->w, *restrict x = a->x;
    real *restrict m = a->state[M], *restrict v = a->state[V];
    real u[DSC_BLOCK];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        m[i] = b1 * m[i] + fresh * x[i];
        v[i] = b2 * v[i] + c2 * x[i] * x[i];
        u[i] = u_of(&k, m[i], v[i], w[i]);
    }
    sum[W_SQUARES] += dsc_dot(w, w, a->n);
    sum[U_SQUARES] += dsc_dot(u, u, a->n);
}

static double ratio(const dsc_step *s, const double *sum)
{
    const double w = fabs(s->keep) * sqrt(sum[W_SQUARES]), u = sqrt(sum[U_SQUARES]);
    const bool adapts = s->decay != 0.0 || s->param[ALWAYS_ADAPT] != 0.0;
    const double trust = adapts && w > 0.0 && u > 0.0 ? w / u : 1.0;

    return s->param[TRUST_CLIP] != 0.0 && trust > 1.0 ? 1.0 : trust;
}

DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, bool fused)
{
    const real rate = dsc_finite(s->lr * ratio(s, a->sum));
    const real *w = a->w, *restrict m = a->state[M], *restrict v = a->state[V];
    const numbers k = numbers_of(s);
    const dsc_flow f = dsc_flow_of(a);

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++)
        dsc_out(&f, i, u_of(&k, m[i], v[i], w[i]) * rate, fused);
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    if (a->place)
        loop(s, a, true);
    else
        loop(s, a, false);
}

const dsc_optim DSC_R(dsc_optim_lamb) = {
    .info = {.name = "lamb",
             .summary = "adam whose step in each layer is as long as the layer's weights",
             .formula = "m <- beta1 m + (1 - beta1) g;  v <- beta2 v + (1 - beta2) g^2;  "
                        "u = m^ / (sqrt(v^) + eps) + weight_decay w;  w <- w - lr |w| / |u| u",
             .reference = "You et al. 2020, arXiv:1904.00962",
             .advice = "batches of thousands, with a warm-up; scale lr with the square root of the "
                       "batch. Below that adamw does as well",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_SEGMENTS | DSC_RULE_FUSES | DSC_RULE_NORM,
    .decay = DSC_DECAY_OWN,
    .first_moment = 1u << M,
    .second_moment = 1u << V,
    .positive = 1u << V,
    .begin = begin,
    .survey = survey,
    .direction = direction,
};
