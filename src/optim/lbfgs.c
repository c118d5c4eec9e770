/* lbfgs.c - limited-memory BFGS: a direction -H g from the last few moves and changes of g.
 *
 *     s = w - w_last,  y = g - g_last,  rho = 1 / s'y        kept when s'y > min_curvature
 *     d = -g;   alpha_i = rho_i s_i'd,  d <- d - alpha_i y_i             newest to oldest
 *     d <- d s'y / y'y                                                   of the newest
 *     beta = rho_i y_i'd,  d <- d + (alpha_i - beta) s_i                 oldest to newest
 *     w <- w + t d,  t by a strong-Wolfe line search, or t = lr without one
 *
 * Nocedal 1980, Mathematics of Computation 35:773; Liu & Nocedal 1989, Math. Programming 45:503. */
#include "optim/solver.h"

#include "base/sums.h"

#include <string.h>

enum { HISTORY = N_SOLVER_PARAMS, LINE_SEARCH, MIN_CURVATURE, N_PARAMS };
enum { S = N_SOLVER_STATE, Y, RHO_ALPHA, N_STATE }; /* rings of moves; rho, then alpha */
enum { PAIRS = N_SOLVER_MEMORY, NEXT, SCALE };      /* how many, where the next goes, s'y / y'y */
enum { STRONG_WOLFE, NONE };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    DSC_SOLVER_PARAMS,
    [HISTORY]       = {"history",       10.0,  1.0, 1000.0, "moves it remembers", DESCENT_INTEGER, NULL},
    [LINE_SEARCH]   = {"line_search",   STRONG_WOLFE, STRONG_WOLFE, NONE, "how the length of a move is found; none: it is lr", DESCENT_CHOICE, "strong_wolfe|none"},
    [MIN_CURVATURE] = {"min_curvature", 0.0,   0.0, 1e6,    "a move is remembered when its s'y is larger; 1e-10 in PyTorch", DESCENT_NUMBER, NULL},
};
/* clang-format on */

static size_t state_size(const double *param, const descent_segment *segment, int k)
{
    const size_t history = (size_t)param[HISTORY], n = segment->count;

    if (k == RHO_ALPHA)
        return 2 * history;
    if (k != S && k != Y)
        return n;
    return n > SIZE_MAX / history ? SIZE_MAX : history * n; /* too large: no memory has that */
}

/* a <- a + factor b */
static void add_scaled(real *restrict a, const real *restrict b, double factor, size_t n)
{
    const real c = (real)factor;

    for (size_t i = 0; i < n; i++)
        a[i] += c * b[i];
}

/* Takes the last move in, over the oldest one when the ring is full. */
static void remember(const dsc_solver *x)
{
    double *memory = x->step->memory;
    void *const *state = x->job->state;
    const size_t n = x->job->n, history = (size_t)x->step->param[HISTORY];
    const size_t next = (size_t)memory[NEXT];
    const real t = (real)memory[T_LAST];
    real *s = x->d, *y = x->spare; /* d is spent: it becomes t d */

    for (size_t i = 0; i < n; i++) {
        s[i] = t * s[i];
        y[i] = x->at.g[i] - x->g_last[i];
    }
    const double sy = dsc_dot(s, y, n), scale = sy / dsc_dot(y, y, n);
    /* where f does not curve upwards, H would no longer descend */
    if (!(sy > x->step->param[MIN_CURVATURE]))
        return;
    if (!isfinite((real)(1 / sy)) || !isfinite((real)scale)) /* too flat to tell */
        return;
    memcpy((real *)state[S] + next * n, s, n * sizeof *s);
    memcpy((real *)state[Y] + next * n, y, n * sizeof *y);
    ((real *)state[RHO_ALPHA])[next] = (real)(1 / sy);
    memory[SCALE] = scale;
    memory[NEXT] = (double)((next + 1) % history);
    memory[PAIRS] = fmin(memory[PAIRS] + 1, (double)history);
}

/* d <- -H g */
static void aim(const dsc_solver *x)
{
    const double *memory = x->step->memory;
    const size_t n = x->job->n, history = (size_t)x->step->param[HISTORY];
    const real *s = x->job->state[S], *y = x->job->state[Y], *rho = x->job->state[RHO_ALPHA];
    real *alpha = (real *)x->job->state[RHO_ALPHA] + history, *d = x->d;

    remember(x);
    const size_t pairs = (size_t)memory[PAIRS], next = (size_t)memory[NEXT];
    const real scale = pairs > 0 ? (real)memory[SCALE] : 1;

    for (size_t i = 0; i < n; i++)
        d[i] = -x->at.g[i];
    for (size_t age = 1; age <= pairs; age++) {
        const size_t k = (next + history - age) % history;
        alpha[k] = (real)(dsc_dot(s + k * n, d, n) * (double)rho[k]);
        add_scaled(d, y + k * n, -(double)alpha[k], n);
    }
    for (size_t i = 0; i < n; i++)
        d[i] *= scale;
    for (size_t age = pairs; age >= 1; age--) {
        const size_t k = (next + history - age) % history;
        const double beta = dsc_dot(y + k * n, d, n) * (double)rho[k];
        add_scaled(d, s + k * n, (double)alpha[k] - beta, n);
    }
}

/* -H g has the right length already where f is quadratic. */
static double first_step(const dsc_solver *x)
{
    return x->step->lr;
}

static void solve(dsc_step *s, dsc_solve *job)
{
    const dsc_method method = {.aim = aim,
                               .first_step = first_step,
                               .c2 = 0.9,
                               .search = s->param[LINE_SEARCH] == STRONG_WOLFE};

    DSC_R(dsc_solver_run)(s, job, &method);
}

const dsc_optim DSC_R(dsc_optim_lbfgs) = {
    .info = {.name = "lbfgs",
             .summary = "quasi-Newton steps from the last few gradients, with a line search",
             .formula = "w <- w - t H g;  H from the last pairs s = w - w_last, y = g - g_last by "
                        "the two-loop recursion, H0 = s'y / y'y;  t: strong Wolfe, c1 1e-4, c2 0.9",
             .reference = "Nocedal 1980; Liu & Nocedal 1989, Math. Programming 45:503; line "
                          "search: Nocedal & Wright 2006, algorithms 3.5 and 3.6",
             .advice = "smooth functions of up to some thousand variables, and small data whole "
                       "(batch=all): tens of steps where others need thousands; not for noisy "
                       "gradients",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_STATE,
    .decay = DSC_DECAY_L2,
    .state_size = state_size,
    .solve = solve,
};
