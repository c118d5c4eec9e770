/* adafactor.c - Adam's division with the mean of g^2 kept as its row and column means.
 *
 *     rate = lr                                  without relative_step; else
 *     rate = min(lr, 1 / sqrt(t))                with warmup_init min(lr, 1e-4 lr t, 1 / sqrt(t))
 *            max(eps_scale, rms(w))              with scale_parameter
 *     b    = 1 - t^decay_rate,  u = g^2 + eps
 *     r <- b r + (1 - b) row means of u,  c <- b c + (1 - b) column means of u
 *     v    = r c^T / mean(r)                     a matrix with both sides > min_dim_size_to_factor
 *     v <- b v + (1 - b) u                       all other segments
 *     x    = g / sqrt(v),  x <- rate x / max(1, rms(x) / clip_threshold)
 *     m <- beta1 m + (1 - beta1) x               with beta1, and x = m then
 *     d    = weight_decay rate w + x
 *
 * rms(x) = |x| / sqrt(n). Filters are matrices of out x (in k k). Without beta1 a factored matrix
 * keeps rows + cols numbers and nothing else. */
#include "base/sums.h"
#include "optim/matrices.h"
#include "optim/rule.h"

#include <string.h>

enum {
    LR,
    BETA1,
    DECAY_RATE,
    EPS,
    EPS_SCALE,
    CLIP_THRESHOLD,
    SCALE_PARAMETER,
    RELATIVE_STEP,
    WARMUP_INIT,
    MIN_SIDE,
    WEIGHT_DECAY,
    N_PARAMS
};
enum { RATE, DECAY }; /* the rate before w's size comes in; b */
enum { R, C, V, M, N_STATE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [LR]              = {"lr",              0.01,  0.0,  1e6,      "learning rate; with scale_parameter in parts of w's own size", DESCENT_NUMBER, NULL},
    [BETA1]           = {"beta1",           0.0,   0.0,  0.999999, "decay of a mean of the moves, which costs a vector; 0: none", DESCENT_NUMBER, NULL},
    [DECAY_RATE]      = {"decay_rate",      -0.8,  -1.0, 0.0,      "the mean of g^2 decays by 1 - t^decay_rate", DESCENT_NUMBER, NULL},
    [EPS]             = {"eps",             1e-30, 0.0,  1e3,      "added to g^2", DESCENT_NUMBER, NULL},
    [EPS_SCALE]       = {"eps_scale",       0.001, 0.0,  1e6,      "the least size of w that scale_parameter counts with", DESCENT_NUMBER, NULL},
    [CLIP_THRESHOLD]  = {"clip_threshold",  1.0,   0.0,  1e6,      "the root mean square of a move before the rate, at most; 0: off", DESCENT_NUMBER, NULL},
    [SCALE_PARAMETER] = {"scale_parameter", 1.0,   0.0,  1.0,      "with relative_step: times the root mean square of w", DESCENT_FLAG, NULL},
    [RELATIVE_STEP]   = {"relative_step",   1.0,   0.0,  1.0,      "the rate is relative to w and at most 1 / sqrt(t); without it, it is lr", DESCENT_FLAG, NULL},
    [WARMUP_INIT]     = {"warmup_init",     0.0,   0.0,  1.0,      "with relative_step: the rate rises over 10000 steps", DESCENT_FLAG, NULL},
    [MIN_SIDE]        = {"min_dim_size_to_factor", 16.0, 1.0, 1e9, "matrices with a side of up to this keep all of g^2's mean", DESCENT_INTEGER, NULL},
    [WEIGHT_DECAY]    = {"weight_decay",    0.0,   0.0,  1e3,      "pull towards zero: w shrinks by rate weight_decay", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static unsigned states(const double *param)
{
    return 1u << R | 1u << C | 1u << V | (param[BETA1] > 0.0 ? 1u << M : 0u);
}

static bool is_factored(const double *param, size_t rows, size_t cols)
{
    return (double)rows > param[MIN_SIDE] && (double)cols > param[MIN_SIDE];
}

static size_t state_size(const double *param, const descent_segment *segment, int k)
{
    const size_t rows = segment->rank >= 2 ? (size_t)segment->shape[0] : 1;
    const size_t cols = segment->count / rows;
    const bool factored = is_factored(param, rows, cols);

    if (k == M)
        return segment->count;
    if (k == V)
        return factored ? 0 : segment->count;
    return !factored ? 0 : k == R ? rows : cols;
}

static const char *refuse(const double *param, int *at)
{
    *at = WARMUP_INIT;
    if (param[WARMUP_INIT] != 0.0 && param[RELATIVE_STEP] == 0.0)
        return "warmup_init needs relative_step";
    return NULL;
}

static double lesser(double a, double b)
{
    return a < b ? a : b;
}

static void begin(dsc_step *s)
{
    const double t = (double)s->count;
    double rate = s->lr;

    if (s->param[RELATIVE_STEP] != 0.0) {
        if (s->param[WARMUP_INIT] != 0.0)
            rate = lesser(rate, 1e-4 * rate * t);
        rate = lesser(rate, 1.0 / sqrt(t));
    }
    s->scalar[RATE] = rate;
    s->scalar[DECAY] = 1.0 - pow(t, s->param[DECAY_RATE]);
}

static double rms(const real *x, size_t n)
{
    return sqrt(dsc_dot(x, x, n) / (double)n);
}

/* --- the division ----------------------------------------------------------------------------- */

/* Means stay where they can be divided by one another. */
static double bounded(double mean)
{
    return lesser(mean, 1e300);
}

/* r, and from it the rows' factors 1 / sqrt(r / mean(r)) */
static void row_factors(const dsc_step *s, const dsc_slice *a, double *factor)
{
    const double b = s->scalar[DECAY], eps = s->param[EPS];
    const size_t rows = (size_t)a->rows, cols = (size_t)a->cols;
    real *r = a->state[R];
    double mean = 0.0;

    for (size_t i = 0; i < rows; i++) {
        const real *x = (const real *)a->x + i * cols;
        const double more = dsc_dot(x, x, cols) / (double)cols + eps;
        factor[i] = bounded(b * (double)r[i] + (1.0 - b) * more);
        r[i] = (real)factor[i];
        mean += factor[i] / (double)rows;
    }
    for (size_t i = 0; i < rows; i++)
        factor[i] = factor[i] > 0.0 ? 1.0 / sqrt(factor[i] / mean) : 0.0;
}

/* c, and from it the columns' factors 1 / sqrt(c); sum has room for as many */
static void column_factors(const dsc_step *s, const dsc_slice *a, double *sum, real *factor)
{
    const double b = s->scalar[DECAY], eps = s->param[EPS];
    const size_t rows = (size_t)a->rows, cols = (size_t)a->cols;
    real *c = a->state[C];

    memset(sum, 0, cols * sizeof *sum);
    for (size_t i = 0; i < rows; i++) {
        const real *x = (const real *)a->x + i * cols;
        for (size_t j = 0; j < cols; j++)
            sum[j] += (double)x[j] * (double)x[j];
    }
    for (size_t j = 0; j < cols; j++) {
        const double mean = bounded(b * (double)c[j] + (1.0 - b) * (sum[j] / (double)rows + eps));
        c[j] = (real)mean;
        factor[j] = mean > 0.0 ? (real)(1.0 / sqrt(mean)) : 0;
    }
}

static void divide_factored(const dsc_step *s, const dsc_slice *a)
{
    const size_t rows = (size_t)a->rows, cols = (size_t)a->cols;
    double *row = a->work, *sum = row + rows;
    real *column = (real *)(sum + cols);

    row_factors(s, a, row);
    column_factors(s, a, sum, column);
    for (size_t i = 0; i < rows; i++) {
        const real *restrict x = (const real *)a->x + i * cols, *restrict factor = column;
        const real of_row = (real)row[i];
        real *restrict d = (real *)a->d + i * cols;
        for (size_t j = 0; j < cols; j++)
            d[j] = dsc_within_reach(x[j] * of_row * factor[j]);
    }
}

static void divide(const dsc_step *s, const dsc_slice *a)
{
    const real b = (real)s->scalar[DECAY], rest = (real)(1.0 - s->scalar[DECAY]);
    const real eps = (real)s->param[EPS];
    const real *restrict x = a->x;
    real *restrict v = a->state[V], *restrict d = a->d;

    for (size_t i = 0; i < a->n; i++) {
        v[i] = b * v[i] + rest * (x[i] * x[i] + eps);
        d[i] = dsc_within_reach(dsc_ratio(x[i], real_sqrt(v[i])));
    }
}

/* --- the move --------------------------------------------------------------------------------- */

/* d <- decay w + factor d, or the mean of such moves */
DSC_SPECIALIZED void place(const dsc_step *s, const dsc_slice *a, double factor, double decay,
                           bool mean)
{
    const real gain = (real)factor, pull = (real)decay;
    const real keep = (real)s->param[BETA1], rest = (real)(1.0 - s->param[BETA1]);
    const real *restrict w = a->w;
    real *restrict m = a->state[M], *restrict d = a->d;

    for (size_t i = 0; i < a->n; i++) {
        real move = gain * d[i];
        if (mean) {
            m[i] = keep * m[i] + rest * move;
            move = m[i];
        }
        d[i] = pull * w[i] + move;
    }
}

static void matrix(const dsc_step *s, const dsc_slice *a)
{
    double rate = s->scalar[RATE], factor = 1.0;

    if (s->param[RELATIVE_STEP] != 0.0 && s->param[SCALE_PARAMETER] != 0.0)
        rate *= fmax(s->param[EPS_SCALE], rms(a->w, a->n));
    if (is_factored(s->param, (size_t)a->rows, (size_t)a->cols))
        divide_factored(s, a);
    else
        divide(s, a);
    if (s->param[CLIP_THRESHOLD] > 0.0)
        factor = fmax(1.0, rms(a->d, a->n) / s->param[CLIP_THRESHOLD]);
    const double decay = s->param[WEIGHT_DECAY] * rate;
    if (a->state[M])
        place(s, a, rate / factor, decay, true);
    else
        place(s, a, rate / factor, decay, false);
}

/* both sides in double, and one of them as reals */
static size_t work_size(const double *param, int rows, int cols)
{
    const size_t sides = (size_t)rows + (size_t)cols;

    return is_factored(param, (size_t)rows, (size_t)cols) ? dsc_as_reals(sides) + (size_t)cols : 0;
}

const dsc_optim DSC_R(dsc_optim_adafactor) = {
    .info = {.name = "adafactor",
             .summary =
                 "steps divided by the root of g^2's mean, kept as means of rows and columns",
             .formula = "r, c <- means of g^2 over rows, columns;  x = g / sqrt(r c^T / mean(r));  "
                        "w <- w - lr max(eps_scale, rms(w)) x / max(1, rms(x))",
             .reference = "Shazeer & Stern 2018, arXiv:1804.04235",
             .advice = "when adam's two vectors don't fit: matrices need rows + cols numbers; with "
                       "relative_step=no lr=0.001 it takes lr as the others do",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .flags = DSC_RULE_MATRICES,
    .decay = DSC_DECAY_OWN,
    .first_moment = 1u << M,
    .positive = 1u << R | 1u << C | 1u << V,
    .states = states,
    .state_size = state_size,
    .fixed = 1u << MIN_SIDE,
    .refuse = refuse,
    .begin = begin,
    .matrix = matrix,
    .work_size = work_size,
};
