/* ema.c - an exponential moving average of the weights, evaluated and saved in their place.
 *
 *     average <- average + (1 - decay_t) (w - average),   decay_t = min(decay, (1 + t) / (10 + t))
 *
 * and decay itself with warm=no. The slower start (Martin Abadi et al., TensorFlow's
 * ExponentialMovingAverage) lets the average forget the weights it began with. */
#include "optim/average_rule.h"

enum { DECAY, WARM, N_PARAMS };

/* clang-format off */
static const descent_param params[N_PARAMS] = {
    [DECAY] = {"decay", 0.999, 0, 1, "how much of the average stays at each step", DESCENT_NUMBER, NULL},
    [WARM]  = {"warm",  1,     0, 1, "forget faster in the first steps: at most (1 + t) / (10 + t) stays", DESCENT_FLAG, NULL},
};
/* clang-format on */

static void begin(dsc_step *s)
{
    const double t = (double)s->count, slow = (1.0 + t) / (10.0 + t);
    const double decay = s->param[DECAY];

    s->scalar[SHARE] = 1.0 - (s->param[WARM] != 0.0 && slow < decay ? slow : decay);
}

const dsc_wrapper DSC_R(dsc_wrapper_ema) = {
    .info = {.name = "ema",
             .summary = "around another: evaluate and save a moving average of the weights",
             .formula = "average <- average + (1 - decay) (w - average)",
             .reference = "Polyak & Juditsky 1992; Tarvainen & Valpola 2017, arXiv:1703.01780",
             .advice = "smooths the noise of small batches without a schedule that decays: "
                       "ema (adam lr=0.001) decay=0.999",
             .params = params,
             .n_params = N_PARAMS},
    .n_vectors = 1,
    .averages = true,
    .begin = begin,
    .after = dsc_average_after,
};
