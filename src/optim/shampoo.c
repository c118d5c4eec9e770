/* shampoo.c - a matrix gradient between inverse fourth roots of its second moments, row and column.
 *
 *     L <- beta2 L + (1 - beta2) G G^T           beta2 = 1: L <- L + G G^T; from matrix_eps I
 *     R <- beta2 R + (1 - beta2) G^T G           the same
 *     P = L^(-1/4),  Q = R^(-1/4)                every so many steps; I until then
 *     U = P G Q                                  graft=sgd: U <- U |G| / (|U| + 1e-16)
 *     m <- beta1 m + U + weight_decay w
 *     d  = lr m
 *
 * Matrices larger than `block` are divided into blocks of at most that many rows and columns, each
 * with its own L, R, P and Q, as Anil et al. have it; filters are matrices of out x (in k k).
 * Segments of one dimension are not preconditioned: U = G.
 *
 * Eigenvalues that rounding makes negative or tiny count as the smallest that precision can tell
 * from zero, and where eigenvectors fail the old P stays. */
#include "base/sums.h"
#include "optim/matrices.h"
#include "optim/rule.h"

enum { LR, BETA1, BETA2, MATRIX_EPS, EVERY, GRAFT, BLOCK, WEIGHT_DECAY, N_PARAMS };
enum { NONE, SGD };
enum { L, R, P, Q, M, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]           = {"lr",           0.01,  0.0, 1e6,      "learning rate; with graft=sgd as for sgd", DESCENT_NUMBER, NULL},
    [BETA1]        = {"beta1",        0.9,   0.0, 0.999999, "how much of the last move is kept", DESCENT_NUMBER, NULL},
    [BETA2]        = {"beta2",        0.999, 0.0, 1.0,      "decay of the second moments; 1: plain sums, as the paper has it", DESCENT_NUMBER, NULL},
    [MATRIX_EPS]   = {"matrix_eps",   1e-6,  0.0, 1e6,      "the multiple of I that second moments start from", DESCENT_NUMBER, NULL},
    [EVERY]        = {"every",        20.0,  1.0, 1e9,      "steps from one computation of the roots to the next", DESCENT_INTEGER, NULL},
    [GRAFT]        = {"graft",        SGD,   0.0, 1.0,      "whose length the move has: its own, the gradient's", DESCENT_CHOICE, "none|sgd"},
    [BLOCK]        = {"block",        512.0, 1.0, 8192.0,   "rows and columns of a block at most; time grows with its cube", DESCENT_INTEGER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0.0,   0.0, 1e3,      "pull towards zero, added to the preconditioned gradient", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static unsigned states(const double *param)
{
    return 1u << L | 1u << R | 1u << P | 1u << Q | (param[BETA1] > 0.0 ? 1u << M : 0u);
}

/* --- blocks ----------------------------------------------------------------------------------- */

/* A block of the matrix, and where its own matrices lie. */
typedef struct block {
    dsc_matrix_part g;
    real *u; /* with the same stride */
    real *l, *r, *p, *q;
} block;

static int lesser(int a, int b)
{
    return a < b ? a : b;
}

/* Elements of all squares over a side of `n` that is cut at `most`. */
static size_t squares(size_t n, size_t most)
{
    return n / most * most * most + (n % most) * (n % most);
}

static size_t state_size(const double *param, const descent_segment *segment, int k)
{
    const size_t most = (size_t)param[BLOCK];

    if (k == M)
        return segment->count;
    if (segment->rank < 2)
        return 0;
    const size_t rows = (size_t)segment->shape[0], cols = segment->count / rows;
    return k == L || k == P ? squares(rows, most) * ((cols + most - 1) / most)
                            : squares(cols, most) * ((rows + most - 1) / most);
}

/* scratch of a side, and of L's factorization */
static size_t work_size(const double *param, int rows, int cols)
{
    const int side = lesser((int)param[BLOCK], rows > cols ? rows : cols);
    const size_t square = (size_t)side * (size_t)side;

    return dsc_as_reals(DSC_R(dsc_factor_work)(side)) + square;
}

/* --- roots ------------------------------------------------------------------------------------ */

/* p <- s^(-1/4) = W^T W, where the rows of W are eigenvectors times value^(-1/8). */
static void take_root(const dsc_kernels *kernels, const real *s, int n, real *p, double *work,
                      real *w)
{
    const bool single = sizeof(real) == sizeof(float);
    const double precision = single ? 1.2e-7 : 2.2e-16;
    const double lowest = single ? 1e-32 : 1e-200; /* P G Q must not leave the range */
    const double *value = DSC_R(dsc_eigen_rows)(n, s, w, work);

    if (!value || !(value[n - 1] > 0.0))
        return;
    for (int i = 0; i < n; i++) {
        const double least = fmax(value[n - 1] * precision, lowest);
        const real factor = (real)pow(value[i] > least ? value[i] : least, -0.125);
        for (int j = 0; j < n; j++)
            w[(size_t)i * (size_t)n + (size_t)j] *= factor;
    }
    dsc_product(kernels, n, n, n, DSC_TURN_A, w, w, p);
}

static void start(const dsc_step *s, const block *b)
{
    const real eps = (real)s->param[MATRIX_EPS];

    DSC_R(dsc_diagonal)(b->l, b->g.rows, eps);
    DSC_R(dsc_diagonal)(b->r, b->g.cols, eps);
    DSC_R(dsc_diagonal)(b->p, b->g.rows, 1);
    DSC_R(dsc_diagonal)(b->q, b->g.cols, 1);
}

static void update(const dsc_step *s, const dsc_kernels *kernels, const block *b, double *work,
                   real *scratch)
{
    const double keep = s->param[BETA2], add = keep < 1.0 ? 1.0 - keep : 1.0;

    DSC_R(dsc_gather_outer)(kernels, &b->g, DSC_LEFT, keep, add, b->l, scratch);
    DSC_R(dsc_gather_outer)(kernels, &b->g, DSC_RIGHT, keep, add, b->r, scratch);
    if (s->count % (int64_t)s->param[EVERY] != 0)
        return;
    take_root(kernels, b->l, b->g.rows, b->p, work, scratch);
    take_root(kernels, b->r, b->g.cols, b->q, work, scratch);
}

/* u = P G Q */
static void precondition(const dsc_kernels *kernels, const block *b, real *scratch)
{
    const int rows = b->g.rows, cols = b->g.cols, stride = b->g.stride;
    const dsc_matmul_shape left = {
        .m = rows, .n = cols, .k = rows, .lda = rows, .ldb = stride, .ldc = cols};
    const dsc_matmul_shape right = {
        .m = rows, .n = cols, .k = cols, .lda = cols, .ldb = cols, .ldc = stride};

    kernels->matmul(&left, b->p, b->g.at, scratch);
    kernels->matmul(&right, scratch, b->q, b->u);
}

/* --- the move --------------------------------------------------------------------------------- */

/* m <- beta1 m + factor u + weight_decay w,  d = lr m; d may be u */
DSC_SPECIALIZED void loop(const dsc_step *s, const dsc_slice *a, const real *u, double factor,
                          bool momentum)
{
    const real lr = (real)s->lr, keep = (real)s->param[BETA1];
    const real decay = (real)s->param[WEIGHT_DECAY], gain = (real)factor;
    const real *w = a->w;
    real *m = a->state[M], *d = a->d;

    DSC_INDEPENDENT
    for (size_t i = 0; i < a->n; i++) {
        real move = gain * u[i] + decay * w[i];
        if (momentum) {
            m[i] = keep * m[i] + move;
            move = m[i];
        }
        d[i] = lr * move;
    }
}

static void finish(const dsc_step *s, const dsc_slice *a, const real *u, double factor)
{
    if (a->state[M])
        loop(s, a, u, factor, true);
    else
        loop(s, a, u, factor, false);
}

static void direction(const dsc_step *s, const dsc_slice *a)
{
    finish(s, a, a->x, 1.0);
}

/* What U is multiplied by. Beyond all measure, which needs huge numbers in double, it is 1. */
static double graft(const dsc_step *s, const dsc_slice *a)
{
    if ((int)s->param[GRAFT] != SGD)
        return 1.0;
    const double wanted = sqrt(dsc_dot(a->x, a->x, a->n)), own = sqrt(dsc_dot(a->d, a->d, a->n));

    return isfinite(wanted) && isfinite(own) ? wanted / (own + 1e-16) : 1.0;
}

static void matrix(const dsc_step *s, const dsc_slice *a)
{
    const int most = (int)s->param[BLOCK];
    const int side = lesser(most, a->rows > a->cols ? a->rows : a->cols);
    real *scratch = (real *)a->work + dsc_as_reals(DSC_R(dsc_factor_work)(side));
    size_t left = 0, right = 0; /* elements of earlier blocks */

    for (int i = 0; i < a->rows; i += most)
        for (int j = 0; j < a->cols; j += most) {
            const size_t at = (size_t)i * (size_t)a->cols + (size_t)j;
            const int rows = lesser(most, a->rows - i), cols = lesser(most, a->cols - j);
            const block b = {.g = {(const real *)a->x + at, rows, cols, a->cols},
                             .u = (real *)a->d + at,
                             .l = (real *)a->state[L] + left,
                             .r = (real *)a->state[R] + right,
                             .p = (real *)a->state[P] + left,
                             .q = (real *)a->state[Q] + right};
            if (s->count == 1)
                start(s, &b);
            update(s, a->kernels, &b, a->work, scratch);
            precondition(a->kernels, &b, scratch);
            left += (size_t)rows * (size_t)rows;
            right += (size_t)cols * (size_t)cols;
        }
    finish(s, a, a->d, graft(s, a));
}

const dsc_optim DSC_R(dsc_optim_shampoo) = {
    .info = {.name = "shampoo",
             .summary = "matrix gradients between inverse roots of their row and column moments",
             .formula = "L <- beta2 L + (1 - beta2) G G^T;  R <- beta2 R + (1 - beta2) G^T G;  "
                        "m <- beta1 m + L^(-1/4) G R^(-1/4);  w <- w - lr m",
             .reference = "Gupta et al. 2018, arXiv:1802.09568; Anil et al. 2020, "
                          "arXiv:2002.09018 (blocks, grafting)",
             .advice = "badly scaled matrices, at the lr of sgd with momentum; costs four squares "
                       "of each side and time: block=128 or every=100 make it cheaper",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .decay = DSC_DECAY_OWN,
    .first_moment = 1u << M,
    .states = states,
    .state_size = state_size,
    .fixed = 1u << BLOCK,
    .direction = direction,
    .matrix = matrix,
    .work_size = work_size,
};
