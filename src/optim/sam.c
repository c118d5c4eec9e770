/* sam.c - sharpness-aware minimization: take the gradient where the loss nearby is worst.
 *
 *     e = rho g / (|g| + 1e-12)            adaptive: e = rho w^2 g / (| |w| g | + 1e-12)
 *     the inner optimizer steps from w along the gradient at w + e */
#include "base/sums.h"
#include "optim/rule.h"

enum { RHO, ADAPTIVE, N_PARAMS };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [RHO]      = {"rho",      0.05, 0, 1e6, "how far away to look; 0.5 to 2 with adaptive", DESCENT_NUMBER, NULL},
    [ADAPTIVE] = {"adaptive", 0,    0, 1,   "distances in proportion to the weights (ASAM)", DESCENT_FLAG, NULL},
};
/* clang-format on */

static void survey(const dsc_step *s, const dsc_slice *a, double sum[DSC_MAX_SUMS])
{
    const real *w = a->w, *g = a->x;
    double lane[DSC_LANES] = {0};

    if (s->param[ADAPTIVE] == 0.0) {
        sum[0] += dsc_dot(g, g, a->n);
        return;
    }
    for (size_t i = 0; i < a->n; i++) {
        const double product = (double)(real_abs(w[i]) * g[i]);
        lane[i % DSC_LANES] += product * product;
    }
    sum[0] += dsc_sum_lanes(lane);
}

static void perturb(const dsc_step *s, const dsc_slice *a)
{
    const real scale = (real)(s->param[RHO] / (sqrt(a->sum[0]) + 1e-12));
    const real *restrict g = a->x;
    real *restrict w = a->d;

    if (s->param[ADAPTIVE] != 0.0)
        for (size_t i = 0; i < a->n; i++)
            w[i] += w[i] * w[i] * g[i] * scale;
    else
        for (size_t i = 0; i < a->n; i++)
            w[i] += g[i] * scale;
}

const dsc_wrapper DSC_R(dsc_wrapper_sam) = {
    .info = {.name = "sam",
             .summary = "around another: step along the gradient of the worst point nearby",
             .formula = "w <- w - step(dL/dw at w + rho g / |g|)",
             .reference = "Foret et al. 2021, arXiv:2010.01412; Kwon et al. 2021, arXiv:2102.11600 "
                          "(adaptive)",
             .advice = "better test scores from small data, at two gradients a step: "
                       "sam (sgd lr=0.1 momentum=0.9) rho=0.05",
             .params = params,
             .n_params = N_PARAMS},
    .n_vectors = 1,
    .survey = survey,
    .perturb = perturb,
};
