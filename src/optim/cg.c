/* cg.c - nonlinear conjugate gradients: -g, bent by the direction before.
 *
 *     y = g - g_last
 *     d <- -g + beta d,  with beta of
 *         pr+   max(0, g'y / g_last'g_last)          Polak & Ribiere 1969; Powell 1984
 *         fr    g'g / g_last'g_last                  Fletcher & Reeves 1964
 *         hs    g'y / d'y                            Hestenes & Stiefel 1952
 *         dy    g'g / d'y                            Dai & Yuan 1999
 *         hz    max(eta, (y - 2 d y'y / d'y)'g / d'y),
 *               eta = -1 / (|d| min(0.01, |g_last|)) Hager & Zhang 2005
 *     w <- w + t d,  t by a strong-Wolfe line search
 *
 * and -g again every n steps, or when d does not descend.
 *
 * Nocedal & Wright, Numerical Optimization, 2nd ed. 2006, section 5.2. */
#include "optim/solver.h"

#include "base/sums.h"

enum { METHOD = N_SOLVER_PARAMS, C2, RESTART, N_PARAMS };
enum { SINCE = N_SOLVER_MEMORY }; /* directions since the last -g */
enum { PR, FR, HS, DY, HZ };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    DSC_SOLVER_PARAMS,
    [METHOD]  = {"method",  PR,  PR,   HZ,   "formula of beta", DESCENT_CHOICE, "pr+|fr|hs|dy|hz"},
    [C2]      = {"c2",      0.1, 1e-3, 0.99, "how much of the slope a line search may leave", DESCENT_NUMBER, NULL},
    [RESTART] = {"restart", 0.0, 0.0,  1e6,  "go along -g every so many iterations; 0: n", DESCENT_INTEGER, NULL},
};
/* clang-format on */

/* Any of these may divide by zero: what comes of it does not descend, and is not taken. */
static double beta_of(const dsc_solver *x, const real *y)
{
    const size_t n = x->job->n;
    const real *g = x->at.g, *g_last = x->g_last, *d = x->d;

    switch ((int)x->step->param[METHOD]) {
    case FR:
        return dsc_dot(g, g, n) / dsc_dot(g_last, g_last, n);
    case HS:
        return dsc_dot(g, y, n) / dsc_dot(d, y, n);
    case DY:
        return dsc_dot(g, g, n) / dsc_dot(d, y, n);
    case HZ: {
        const double dy = dsc_dot(d, y, n), gy = dsc_dot(g, y, n), yy = dsc_dot(y, y, n);
        const double least = fmin(0.01, sqrt(dsc_dot(g_last, g_last, n)));
        const double eta = -1 / (sqrt(dsc_dot(d, d, n)) * least);
        return fmax(eta, (gy - 2 * dsc_dot(d, g, n) * yy / dy) / dy);
    }
    default: /* PR */
        return fmax(0, dsc_dot(g, y, n) / dsc_dot(g_last, g_last, n));
    }
}

static void aim(const dsc_solver *x)
{
    double *since = &x->step->memory[SINCE];
    const double limit = x->step->param[RESTART] > 0 ? x->step->param[RESTART] : (double)x->job->n;
    const size_t n = x->job->n;
    const real *g = x->at.g;
    real *y = x->spare, *d = x->d;

    for (size_t i = 0; i < n; i++)
        y[i] = g[i] - x->g_last[i];
    const double beta = ++*since < limit ? beta_of(x, y) : 0;
    if (beta == 0)
        *since = 0;
    for (size_t i = 0; i < n; i++)
        d[i] = beta == 0 ? -g[i] : (real)beta * d[i] - g[i];
}

/* t'd' g'd is what f fell by, to first order, in the last move; the next one is expected to fall by
 * as much (Nocedal & Wright, section 3.5). Directions of conjugate gradients have no natural
 * length, so neither 1 nor the last t would do; this needs nothing but the two slopes. */
static double first_step(const dsc_solver *x)
{
    const double *memory = x->step->memory;

    return memory[T_LAST] * fmin(10, memory[SLOPE_LAST] / x->at.slope);
}

static void solve(dsc_step *s, dsc_solve *job)
{
    const dsc_method method = {
        .aim = aim, .first_step = first_step, .c2 = s->param[C2], .search = true};

    DSC_R(dsc_solver_run)(s, job, &method);
}

const dsc_optim DSC_R(dsc_optim_cg) = {
    .info = {.name = "cg",
             .summary = "nonlinear conjugate gradients, with a line search",
             .formula = "d <- -g + beta d;  w <- w + t d;  pr+: beta = max(0, g'(g - g_last) / "
                        "g_last'g_last);  t: strong Wolfe, c1 1e-4",
             .reference = "Hestenes & Stiefel 1952; Fletcher & Reeves 1964; Polak & Ribiere 1969; "
                          "Dai & Yuan 1999; Hager & Zhang 2005; Nocedal & Wright 2006, section 5.2",
             .advice = "as lbfgs, where its memory is too much: smooth functions of very many "
                       "variables, without noise (batch=all)",
             .params = params,
             .n_params = N_PARAMS},
    .n_state = N_SOLVER_STATE,
    .decay = DSC_DECAY_L2,
    .solve = solve,
};
