/* own_rule.c - an update rule of your own beside the built-in ones: normalised gradient descent
 * with momentum, with a schedule, weight decay and clipping that come from the library. */
#include "descent/descent.h"

#include <stdio.h>

enum { LR, MOMENTUM, WEIGHT_DECAY, N_PARAMS };

static const descent_param params[N_PARAMS] = {
    [LR] = {"lr", 0.1, 0, 1e6, "length of a step", DESCENT_NUMBER, NULL},
    [MOMENTUM] = {"momentum", 0.9, 0, 1, "how much of the last move is kept", DESCENT_NUMBER, NULL},
    [WEIGHT_DECAY] = {"weight_decay", 0, 0, 1, "pull towards zero", DESCENT_NUMBER, NULL},
};

/* Some stretch of the vectors: b <- momentum b + g;  w <- w - lr b / (1 + |b|). */
static void direction(const descent_rule_step *s)
{
    const double lr = s->param[LR], momentum = s->param[MOMENTUM];
    const double *g = s->g;
    double *b = s->state[0], *d = s->d;

    for (size_t i = 0; i < s->n; i++) {
        b[i] = momentum * b[i] + g[i];
        d[i] = lr * b[i] / (1 + (b[i] < 0 ? -b[i] : b[i]));
    }
}

int main(void)
{
    const descent_rule soft_sign = {
        .info = {.name = "soft_sign",
                 .summary = "steps of lr at most",
                 .params = params,
                 .n_params = N_PARAMS},
        .n_state = 1,
        .direction = direction,
    };
    descent_optimizer_options options = descent_optimizer_defaults();
    double w[2] = {5, -3}, g[2];
    descent_optimizer *opt;
    descent_error err;

    options.rules = &soft_sign;
    options.n_rules = 1;
    options.steps = 300;
    if (descent_optimizer_create_with(&opt, "soft_sign lr=(cosine from=0.5) clip_norm=10", 2,
                                      DESCENT_F64, &options, &err)) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    for (int step = 0; step < 300; step++) { /* f = x^2 + 10 y^2 */
        g[0] = 2 * w[0];
        g[1] = 20 * w[1];
        descent_optimizer_step(opt, w, g);
    }
    printf("x = %.4f, y = %.4f\n", w[0], w[1]);
    descent_optimizer_free(opt);
    return 0;
}
