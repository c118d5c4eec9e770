/* lookahead.c - every so many steps, go only part of the way from where the last such part ended.
 *
 *     every `every` steps:   w <- slow + alpha (w - slow),   slow <- w */
#include "optim/rule.h"

#include <string.h>

enum { EVERY, ALPHA, RESET, N_PARAMS };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [EVERY] = {"every", 5,   1, 1e9, "steps of the inner optimizer before looking back", DESCENT_INTEGER, NULL},
    [ALPHA] = {"alpha", 0.5, 0, 1,   "how much of the way to go", DESCENT_NUMBER, NULL},
    [RESET] = {"reset", 0,   0, 1,   "set the inner optimizer's momentum to zero each time", DESCENT_FLAG, NULL},
};
/* clang-format on */

static bool looks_back(const dsc_step *s)
{
    return s->count % (int64_t)s->param[EVERY] == 0;
}

static bool resets(const dsc_step *s)
{
    return s->param[RESET] != 0.0 && looks_back(s);
}

static void after(const dsc_step *s, const dsc_slice *a)
{
    const real alpha = (real)s->param[ALPHA], rest = (real)(1.0 - s->param[ALPHA]);
    real *restrict w = a->d, *restrict slow = a->state[0];

    if (!looks_back(s))
        return;
    for (size_t i = 0; i < a->n; i++)
        w[i] = alpha * w[i] + rest * slow[i];
    memcpy(slow, w, a->n * sizeof *w);
}

const dsc_wrapper DSC_R(dsc_wrapper_lookahead) = {
    .info = {.name = "lookahead",
             .summary = "around another: every few steps go only part of the way",
             .formula = "every k steps: w <- slow + alpha (w - slow);  slow <- w",
             .reference = "Zhang, Lucas, Hinton & Ba 2019, arXiv:1907.08610",
             .advice = "calms an optimizer that overshoots: lookahead (sgd lr=0.1 momentum=0.9)",
             .params = params,
             .n_params = N_PARAMS},
    .n_vectors = 1,
    .after = after,
    .resets = resets,
};
