/* soap.c - Adam in the eigenbasis of shampoo's second moments.
 *
 *     L <- s L + (1 - s) G G^T,  R <- s R + (1 - s) G^T G      s = shampoo_beta, or beta2
 *     G' = A^T G B                               the columns of A and B are eigenvectors of L, R
 *     M <- beta1 M + (1 - beta1) G',  V <- beta2 V + (1 - beta2) G'^2
 *     U = A (M / (sqrt(V) + eps)) B^T            normalize_grads: U <- U / (1e-30 + rms(U))
 *     w <- w - a U,  w <- w - lr weight_decay w  a = lr sqrt(1 - beta2^k) / (1 - beta1^k), or lr
 *
 * The first step only builds L, R, A and B and moves nothing, so k = t - 1. Every so many steps,
 * after the move, A follows L by one power iteration: A <- orthonormal columns of L A, in the order
 * of falling eigenvalues, and V with it; M is carried over into the new basis.
 *
 * A side longer than max_dim has none: I stands
 * there. Vectors, and matrices of one row or column, have neither, which is Adam. */
#include "base/sums.h"
#include "optim/basis.h"
#include "optim/rule.h"

#include <string.h>

enum {
    LR,
    BETA1,
    BETA2,
    SHAMPOO_BETA,
    EPS,
    WEIGHT_DECAY,
    EVERY,
    NORMALIZE,
    CORRECT_BIAS,
    MAX_DIM,
    N_PARAMS
};
enum { RATE, DECAY, SHAMPOO }; /* a (1 - lr weight_decay), lr weight_decay, s */
enum { M, V, L, R, A, B, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.003,  0.0, 1e6,      "learning rate", DESCENT_NUMBER, NULL},
    [BETA1]        = {"beta1",        0.95,   0.0, 0.999999, "decay of the mean of g", DESCENT_NUMBER, NULL},
    [BETA2]        = {"beta2",        0.95,   0.0, 0.999999, "decay of the mean of g^2", DESCENT_NUMBER, NULL},
    [SHAMPOO_BETA] = {"shampoo_beta", -1.0,  -1.0, 0.999999, "decay of the second moments of rows and columns; negative: beta2", DESCENT_NUMBER, NULL},
    [EPS]          = {"eps",          1e-8,   0.0, 1e3,      "keeps the division finite", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.01,   0.0, 1e3,      "pull towards zero: w shrinks by lr weight_decay", DESCENT_NUMBER, NULL},
    [EVERY]        = {"every",        10.0,   1.0, 1e9,      "steps from one basis to the next", DESCENT_INTEGER, NULL},
    [NORMALIZE]    = {"normalize_grads", 0.0, 0.0, 1.0,      "give every move of a segment the root mean square 1, before lr", DESCENT_FLAG, NULL},
    [CORRECT_BIAS] = {"correct_bias", 1.0,    0.0, 1.0,      "undo the means' pull towards the zero they start from", DESCENT_FLAG, NULL},
    [MAX_DIM]      = {"max_dim",      1024.0, 1.0, 16384.0,  "sides longer than this have no basis; time grows with the cube", DESCENT_INTEGER, NULL},
};
/* clang-format on */

/* --- sizes ------------------------------------------------------------------------------------ */

static bool has_basis(const double *param, int side, int other)
{
    return side > 1 && other > 1 && (double)side <= param[MAX_DIM];
}

static size_t state_size(const double *param, const descent_segment *segment, int k)
{
    const int rows = segment->rank >= 2 ? segment->shape[0] : 1;
    const int cols = (int)(segment->count / (size_t)rows);
    const int side = k == L || k == A ? rows : cols, other = side == rows ? cols : rows;

    if (k == M || k == V)
        return segment->count;
    return has_basis(param, side, other) ? (size_t)side * (size_t)side : 0;
}

static int longest_basis(const double *param, int rows, int cols)
{
    const int left = has_basis(param, rows, cols) ? rows : 0;
    const int right = has_basis(param, cols, rows) ? cols : 0;

    return left > right ? left : right;
}

static size_t work_size(const double *param, int rows, int cols)
{
    return DSC_R(dsc_bases_work)(rows, cols, longest_basis(param, rows, cols));
}

static dsc_bases bases_of(const dsc_step *s, const dsc_slice *a)
{
    const bool left = has_basis(s->param, a->rows, a->cols);
    const bool right = has_basis(s->param, a->cols, a->rows);
    dsc_bases q = {.kernels = a->kernels, .rows = a->rows, .cols = a->cols};

    q.l = left ? a->state[L] : NULL;
    q.a = left ? a->state[A] : NULL;
    q.r = right ? a->state[R] : NULL;
    q.b = right ? a->state[B] : NULL;
    DSC_R(dsc_bases_room)(&q, longest_basis(s->param, a->rows, a->cols), a->work);
    return q;
}

/* --- the step --------------------------------------------------------------------------------- */

static void begin(dsc_step *s)
{
    const double *param = s->param;
    const double k = (double)s->count - 1.0, decay = s->lr * param[WEIGHT_DECAY];
    double rate = s->lr;

    if (param[CORRECT_BIAS] != 0.0 && k > 0.0)
        rate *= sqrt(1.0 - pow(param[BETA2], k)) / (1.0 - pow(param[BETA1], k));
    s->scalar[RATE] = rate * (1.0 - decay);
    s->scalar[DECAY] = decay;
    s->scalar[SHAMPOO] = param[SHAMPOO_BETA] < 0.0 ? param[BETA2] : param[SHAMPOO_BETA];
}

/* Means of x and x^2, then u = m / (sqrt(v) + eps); x may be u. */
static void divide(const dsc_step *s, const dsc_slice *a, const real *x, real *u)
{
    const real b1 = (real)s->param[BETA1], c1 = (real)(1.0 - s->param[BETA1]);
    const real b2 = (real)s->param[BETA2], c2 = (real)(1.0 - s->param[BETA2]);
    const real eps = (real)s->param[EPS];
    real *m = a->state[M], *v = a->state[V];

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        const real g = dsc_within_reach(x[i]); /* sums of large numbers are larger */
        m[i] = b1 * m[i] + c1 * g;
        v[i] = b2 * v[i] + c2 * g * g;
        u[i] = dsc_ratio(m[i], real_sqrt(v[i]) + eps);
    }
}

/* d <- decay w + rate d */
static void place(const dsc_step *s, const dsc_slice *a)
{
    double divisor = 1.0;

    if (s->param[NORMALIZE] != 0.0)
        divisor = 1e-30 + sqrt(dsc_dot(a->d, a->d, a->n) / (double)a->n);
    const real rate = (real)(s->scalar[RATE] / divisor), decay = (real)s->scalar[DECAY];
    const real *restrict w = a->w;
    real *restrict d = a->d;

    for (size_t i = 0; i < a->n; i++)
        d[i] = decay * w[i] + rate * d[i];
}

static void matrix(const dsc_step *s, const dsc_slice *a)
{
    const dsc_bases q = bases_of(s, a);
    const double keep = s->scalar[SHAMPOO];
    const bool turned = q.a || q.b;

    if (s->count == 1) {
        DSC_R(dsc_bases_gather)(&q, a->x, keep);
        DSC_R(dsc_bases_start)(&q);
        memset(a->d, 0, a->n * sizeof(real));
        return;
    }
    if (turned)
        DSC_R(dsc_bases_rotate)(&q, true, a->x, a->d);
    divide(s, a, turned ? a->d : a->x, a->d);
    if (turned)
        DSC_R(dsc_bases_rotate)(&q, false, a->d, a->d);
    place(s, a);
    DSC_R(dsc_bases_gather)(&q, a->x, keep);
    if (turned && (s->count - 1) % (int64_t)s->param[EVERY] == 0)
        DSC_R(dsc_bases_refresh)(&q, a->state[M], a->state[V]);
}

const dsc_optim DSC_R(dsc_optim_soap) = {
    .info = {.name = "soap",
             .summary = "adam in the eigenbasis of shampoo's row and column moments",
             .formula =
                 "L, R <- means of G G^T, G^T G;  A, B = their eigenvectors;  G' = A^T G B;  "
                 "w <- w - lr A (M / (sqrt(V) + eps)) B^T,  M, V means of G', G'^2",
             .reference = "Vyas et al. 2024, arXiv:2409.11321",
             .advice = "fewer steps than adamw on matrices, at a higher lr; each costs several "
                       "products, and a basis every 10 steps: every=50 makes it cheaper",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_MATRICES,
    .decay = DSC_DECAY_OWN,
    .first_moment = 1u << M,
    .positive = 1u << V,
    .state_size = state_size,
    .fixed = 1u << MAX_DIM,
    .begin = begin,
    .matrix = matrix,
    .work_size = work_size,
};
