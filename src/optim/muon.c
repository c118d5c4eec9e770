/* muon.c - momentum, and of every matrix of it only the directions: all singular values become 1.
 *
 *     m <- momentum m + (1 - momentum) g
 *     u  = m                                     u = (1 - momentum) g + momentum m   with nesterov
 *     X  = u / (|u| + 1e-7)
 *     ns_steps times: A = X X^T,  X <- (a I + b A + c A^2) X                       Newton-Schulz
 *     d  = lr scale X                            scale: original sqrt(max(1, rows / cols)),
 *                                                match_rms 0.2 sqrt(max(rows, cols))
 *
 * X X^T becomes X^T X for high matrices, so that A has the shorter side. The polynomial drives
 * singular values into about [0.7, 1.2] and no further, which is enough. Filters are matrices of
 * out x (in k k). match_rms moves as far as AdamW does (Moonlight), so one lr serves both.
 *
 * Segments of one dimension, embeddings and heads have AdamW (the rule: adam_rule.h); adam_lr and
 * adam_weight_decay are put in the place of lr and weight_decay for them by the optimizer. */
#include "base/sums.h"
#include "optim/matrices.h"
#include "optim/rule.h"

#include <string.h>

enum {
    LR,
    WEIGHT_DECAY,
    MOMENTUM,
    NESTEROV,
    NS_STEPS,
    SCALE,
    ADAM_LR,
    ADAM_BETA1,
    ADAM_BETA2,
    ADAM_EPS,
    ADAM_WEIGHT_DECAY,
    N_PARAMS
};
enum { ORIGINAL, MATCH_RMS };
enum { RATE, ROOT }; /* of AdamW: lr / (1 - beta1^t), 1 / sqrt(1 - beta2^t) */
enum { M, V, N_STATE };

/* The polynomial a x + b x^3 + c x^5 of Jordan et al.: steep at 0, and what comes near 1 stays
 * near. */
#define NS_A 3.4445
#define NS_B (-4.7750)
#define NS_C 2.0315

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.001, 0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.1,   0.0, 1e3,      "pull towards zero: w shrinks by lr weight_decay", DESCENT_NUMBER, NULL},
    [MOMENTUM]     = {"momentum",     0.95,  0.0, 0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL},
    [NESTEROV]     = {"nesterov",     1.0,   0.0, 1.0,      "look ahead along the momentum", DESCENT_FLAG, NULL},
    [NS_STEPS]     = {"ns_steps",     5.0,   1.0, 20.0,     "steps of the Newton-Schulz iteration", DESCENT_INTEGER, NULL},
    [SCALE]        = {"scale",        MATCH_RMS, 0.0, 1.0,  "length of a move: sqrt(max(1, rows / cols)), for lr=0.02; as long as AdamW's, for an lr of AdamW", DESCENT_CHOICE, "original|match_rms"},
    [ADAM_LR]      = {"adam_lr",      0.0,   0.0, 1e6,      "learning rate of what AdamW moves, in proportion to lr from then on; 0: lr", DESCENT_NUMBER, NULL},
    [ADAM_BETA1]   = {"adam_beta1",   0.9,   0.0, 0.999999, "decay of AdamW's mean of g", DESCENT_NUMBER, NULL},
    [ADAM_BETA2]   = {"adam_beta2",   0.95,  0.0, 0.999999, "decay of AdamW's mean of g^2", DESCENT_NUMBER, NULL},
    [ADAM_EPS]     = {"adam_eps",     1e-8,  0.0, 1e3,      "keeps AdamW's division finite", DESCENT_NUMBER, NULL},
    [ADAM_WEIGHT_DECAY] = {"adam_weight_decay", -1.0, -1.0, 1e3, "weight_decay of what AdamW moves; negative: weight_decay", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static bool takes(const double *param, const descent_segment *segment)
{
    (void)param;
    return strcmp(segment->role, "embedding") != 0 && strcmp(segment->role, "head") != 0;
}

/* Matrices have no mean of g^2. */
static size_t state_size(const double *param, const descent_segment *segment, int k)
{
    const bool matrix = segment->rank >= 2 && takes(param, segment);

    return k == V && matrix ? 0 : segment->count;
}

static void begin(dsc_step *s)
{
    const double t = (double)s->count;

    s->scalar[RATE] = s->lr / (1.0 - pow(s->param[ADAM_BETA1], t));
    s->scalar[ROOT] = 1.0 / sqrt(1.0 - pow(s->param[ADAM_BETA2], t));
}

/* AdamW, for everything else */
static void direction(const dsc_step *s, const dsc_slice *a)
{
    const real b1 = (real)s->param[ADAM_BETA1], c1 = (real)(1.0 - s->param[ADAM_BETA1]);
    const real b2 = (real)s->param[ADAM_BETA2], c2 = (real)(1.0 - s->param[ADAM_BETA2]);
    const real rate = (real)s->scalar[RATE], root = (real)s->scalar[ROOT];
    const real eps = (real)s->param[ADAM_EPS];
    const real *restrict x = a->x;
    real *restrict m = a->state[M], *restrict v = a->state[V], *restrict d = a->d;

    for (size_t i = 0; i < a->n; i++) {
        m[i] = b1 * m[i] + c1 * x[i];
        v[i] = b2 * v[i] + c2 * x[i] * x[i];
        d[i] = dsc_ratio(rate * m[i], real_sqrt(v[i]) * root + eps);
    }
}

/* --- matrices --------------------------------------------------------------------------------- */

/* X, A and a polynomial of it */
static size_t work_size(const double *param, int rows, int cols)
{
    const size_t side = (size_t)(rows < cols ? rows : cols);

    (void)param;
    return dsc_rounded((size_t)rows * (size_t)cols) + 2 * dsc_rounded(side * side);
}

/* m, and u as a mix of it and g: u = p x + q m */
static void mix(const dsc_step *s, const real *restrict x, real *restrict m, real *restrict u,
                size_t n)
{
    const double momentum = s->param[MOMENTUM];
    const bool nesterov = s->param[NESTEROV] != 0.0;
    const real keep = (real)momentum, gain = (real)(1.0 - momentum);
    const real p = nesterov ? gain : 0, q = nesterov ? keep : 1;

    for (size_t i = 0; i < n; i++) {
        m[i] = keep * m[i] + gain * x[i];
        u[i] = p * x[i] + q * m[i];
    }
}

/* to <- factor from, which may be the same */
static void scale(real *to, const real *from, real factor, size_t n)
{
    DSC_INDEPENDENT
    for (size_t i = 0; i < n; i++)
        to[i] = factor * from[i];
}

/* poly (side,side), which is A^2 on entry, <- a I + b A + c A^2 */
static void combine(const real *restrict a, real *restrict poly, int side)
{
    const size_t n = (size_t)side * (size_t)side;

    for (size_t i = 0; i < n; i++)
        poly[i] = (real)NS_B * a[i] + (real)NS_C * poly[i];
    for (size_t i = 0; i < n; i += (size_t)side + 1)
        poly[i] += (real)NS_A;
}

/* to <- one step of the iteration from `from` */
static void newton_schulz(const dsc_slice *s, const real *from, real *to, real *a, real *poly)
{
    const int rows = s->rows, cols = s->cols, side = rows < cols ? rows : cols;

    if (rows <= cols)
        dsc_product(s->kernels, side, side, cols, DSC_TURN_B, from, from, a);
    else
        dsc_product(s->kernels, side, side, rows, DSC_TURN_A, from, from, a);
    dsc_product(s->kernels, side, side, side, DSC_PLAIN, a, a, poly);
    combine(a, poly, side);
    if (rows <= cols)
        dsc_product(s->kernels, rows, cols, side, DSC_PLAIN, poly, from, to);
    else
        dsc_product(s->kernels, rows, cols, side, DSC_PLAIN, from, poly, to);
}

static double move_length(const dsc_step *s, const dsc_slice *a)
{
    const double rows = (double)a->rows, cols = (double)a->cols;

    if ((int)s->param[SCALE] == MATCH_RMS)
        return 0.2 * sqrt(rows > cols ? rows : cols);
    return sqrt(rows > cols ? rows / cols : 1.0);
}

static void matrix(const dsc_step *s, const dsc_slice *a)
{
    const int steps = (int)s->param[NS_STEPS];
    const size_t side = (size_t)(a->rows < a->cols ? a->rows : a->cols);
    real *x = a->work, *square = x + dsc_rounded(a->n), *poly = square + dsc_rounded(side * side);
    real *turn[2] = {a->d, x}; /* the iteration goes back and forth between them */

    mix(s, a->x, a->state[M], a->d, a->n);
    const double norm = sqrt(dsc_dot(a->d, a->d, a->n));
    scale(x, a->d, (real)(1.0 / (norm + 1e-7)), a->n);
    for (int i = 0; i < steps; i++)
        newton_schulz(a, turn[(i + 1) % 2], turn[i % 2], square, poly);
    scale(a->d, turn[(steps + 1) % 2], (real)(s->lr * move_length(s, a)), a->n);
}

const dsc_optim DSC_R(dsc_optim_muon) = {
    .info = {.name = "muon",
             .summary = "momentum with all singular values of a matrix made 1; AdamW for the rest",
             .formula = "m <- momentum m + (1 - momentum) g;  w <- w - lr scale orthogonal(m)",
             .reference = "Jordan et al. 2024, kellerjordan.github.io/posts/muon; Liu et al. 2025, "
                          "arXiv:2502.16982 (match_rms)",
             .advice = "hidden matrices of transformers and wide networks, at the lr and "
                       "weight_decay of AdamW; scale=original wants lr=0.02 with adam_lr=0.0003",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .decay = DSC_DECAY_LR,
    .first_moment = 1u << M,
    .positive = 1u << V,
    .aside_lr = ADAM_LR,
    .aside_decay = ADAM_WEIGHT_DECAY,
    .state_size = state_size,
    .begin = begin,
    .direction = direction,
    .matrix = matrix,
    .takes = takes,
    .work_size = work_size,
};
