/* element_loss.c - losses that compare x with a target number by number: one formula each, and its
 * two derivatives. mse and bce_with_logits, which most trainings use, have files of their own. */
#include "base/real.h"
#include "op/elements.h"

enum { X, TARGET, WEIGHT };

/* The shape rule of all: a target of the shape of x, and perhaps a weight of every number (of that
 * shape too, with or without the batch axis). */
static descent_status alike(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    char found[48], expected[48];

    for (int i = 1; i < node->n_inputs; i++)
        if (!dsc_shape_equal(input[X]->shape, input[i]->shape))
            return dsc_fail(err, DESCENT_SHAPE, "%s needs %s of shape %s, found %s", node->op->name,
                            i == TARGET ? "targets" : "weights",
                            dsc_shape_text(input[X]->shape, expected),
                            dsc_shape_text(input[i]->shape, found));
    if (input[X]->batched != input[TARGET]->batched)
        return dsc_fail(err, DESCENT_SHAPE, "%s needs a target for every example", node->op->name);
    return same_shape(node, input, err);
}

/* The same with a bound for the op's first attribute. */
static descent_status alike_within(dsc_node *node, const dsc_node *const *input, double least,
                                   bool may_be_it, descent_error *err)
{
    const double value = node->attribute[0];
    char found[32];

    if (!(value > least || (may_be_it && value == least)))
        return dsc_fail(err, DESCENT_INVALID, "%s: %s = %s, must be %s %g", node->op->name,
                        node->op->attribute[0], descent_number_text(value, found),
                        may_be_it ? "at least" : "above", least);
    return alike(node, input, err);
}

static descent_status huber_shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    return alike_within(node, input, 0, false, err);
}

static descent_status smooth_l1_shape(dsc_node *node, const dsc_node *const *input,
                                      descent_error *err)
{
    return alike_within(node, input, 0, true, err);
}

static descent_status hinge_shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    return alike_within(node, input, 1, true, err);
}

static descent_status bce_shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    DSC_TRY(inputs_within(node, "bce", 2, 3, err));
    return alike(node, input, err);
}

static inline real sign(real d)
{
    return d > 0 ? 1 : d < 0 ? -1 : d * 0; /* NaN stays NaN */
}

/* max(x, 0)^p; NaN stays NaN */
static inline real positive_power(real x, real p)
{
    if (x <= 0)
        return 0;
    return p == 1 ? x : p == 2 ? x * x : real_pow(x, p);
}

/* d/dx of it, 0 at the kink */
static inline real positive_power_slope(real x, real p)
{
    if (x <= 0)
        return 0;
    return p == 1 ? 1 : p == 2 ? 2 * x : p * real_pow(x, p - 1);
}

/* Huber: a parabola within `delta`, lines of its end slopes outside. */
static inline real huber(real d, real delta)
{
    const real a = real_abs(d);

    return a <= delta ? (real)0.5 * d * d : delta * (a - (real)0.5 * delta);
}

static inline real huber_slope(real d, real delta)
{
    return real_abs(d) <= delta ? d : delta * sign(d);
}

/* Huber divided by beta: slopes of 1 outside; beta = 0 is |d|. */
static inline real smooth_l1(real d, real beta)
{
    const real a = real_abs(d);

    return a < beta ? (real)0.5 * d * d / beta : a - (real)0.5 * beta;
}

static inline real smooth_l1_slope(real d, real beta)
{
    return real_abs(d) < beta ? d / beta : sign(d);
}

/* log cosh d without overflow, and exact near 0: cosh d - 1 = q^2 / (2 + 2 q), q = exp(-|d|) - 1 */
static inline real log_cosh(real d)
{
    const real a = real_abs(d), q = real_expm1(-a);

    return a < 1 ? real_log1p(q * q / (2 + 2 * q))
                 : a + real_log1p(real_exp(-2 * a)) - (real)0.69314718055994530942;
}

/* Logarithms no lower than -100, and no slope above 1e12, as PyTorch has it: a prediction of
 * exactly 0 or 1 that is wrong costs 100, not infinity. */
static inline real log_bounded(real log)
{
    return log < -100 ? -100 : log;
}

static inline real bce(real x, real t)
{
    return -t * log_bounded(real_log(x)) - (1 - t) * log_bounded(real_log1p(-x));
}

static inline real bce_slope(real x, real t)
{
    const real area = x * (1 - x);

    return (x - t) / (area < (real)1e-12 ? (real)1e-12 : area);
}

/* t log t - t x, of probabilities t and log-probabilities x; 0 where t = 0 */
static inline real kl(real x, real t)
{
    return (t == 0 ? 0 : t * real_log(t)) - t * x;
}

static inline real kl_target_slope(real x, real t)
{
    return (t == 0 ? 0 : real_log(t) + 1) - x;
}

/* log t! by Stirling's formula; left out up to t = 1, where it is no better than nothing. */
static inline real log_factorial(real t)
{
    return t <= 1 ? 0
                  : t * real_log(t) - t + (real)0.5 * real_log((real)6.28318530717958647693 * t);
}

static inline real log_factorial_slope(real t)
{
    return t <= 1 ? 0 : real_log(t) + (real)0.5 / t;
}

/* out *= weights of the numbers, where there are any; element i of the pass is at i modulo count.
 */
static void weigh(const dsc_call *c, real *out)
{
    const real *weight = c->node->n_inputs > WEIGHT ? c->x[WEIGHT] : NULL;
    const size_t count = weight ? elements(c, c->from[WEIGHT]) : 1;

    for (size_t i = 0, n = elements(c, c->node); weight && out && i < n; i++)
        out[i] *= weight[i % count];
}

/* y = value, dx = slope, dt = target_slope, which may use x, t and the attributes p, q and r. */
#define LOSS(op, text, rule, names, n_names, n, value, slope, target_slope) \
  static void op##_forward(const dsc_call *c)                               \
  {                                                                         \
    const size_t count = elements(c, c->node);                              \
    const real *from = c->x[X], *target = c->x[TARGET];                     \
    const double *a = c->node->attribute;                                   \
    const real p = (real)a[0], q = (real)a[1], r = (real)a[2];              \
    real *y = c->y;                                                         \
    (void)p, (void)q, (void)r;                                              \
    for (size_t i = 0; i < count; i++) {                                    \
      const real x = from[i], t = target[i];                                \
      y[i] = (value);                                                       \
    }                                                                       \
    weigh(c, y);                                                            \
  }                                                                         \
  static void op##_backward(const dsc_call *c)                              \
  {                                                                         \
    const size_t count = elements(c, c->node);                              \
    const real *from = c->x[X], *target = c->x[TARGET], *dy = c->dy;        \
    const double *a = c->node->attribute;                                   \
    const real p = (real)a[0], q = (real)a[1], r = (real)a[2];              \
    real *dx = c->dx[X], *dt = c->dx[TARGET];                               \
    (void)p, (void)q, (void)r;                                              \
    for (size_t i = 0; dx && i < count; i++) {                              \
      const real x = from[i], t = target[i];                                \
      (void)x, (void)t;                                                     \
      dx[i] = dy[i] * (slope);                                              \
    }                                                                       \
    for (size_t i = 0; dt && i < count; i++) {                              \
      const real x = from[i], t = target[i];                                \
      (void)x, (void)t;                                                     \
      dt[i] = dy[i] * (target_slope);                                       \
    }                                                                       \
    weigh(c, dx);                                                           \
    weigh(c, dt);                                                           \
    no_gradient(c, WEIGHT);                                                 \
  }                                                                         \
  const dsc_op DSC_R(dsc_op_##op) = {.name = #op,                           \
                                     .formula = text,                       \
                                     .attribute = names,                    \
                                     .n_attributes = n_names,               \
                                     .n_inputs = n,                         \
                                     .flags = DSC_NEEDS_INPUT | DSC_LOSS,   \
                                     .shape = rule,                         \
                                     .forward = op##_forward,               \
                                     .backward = op##_backward}

static const char *const delta[] = {"delta"}, *const beta[] = {"beta"}, *const power[] = {"p"},
                         *const margin[] = {"margin"}, *const log_target[] = {"log_target"},
                         *const poisson[] = {"log_input", "full", "eps"};

LOSS(l1, "y = |x - target|", alike, NULL, 0, 2, real_abs(x - t), sign(x - t), sign(t - x));
LOSS(huber, "y = d^2 / 2 within delta, delta (|d| - delta / 2) outside, d = x - target",
     huber_shape, delta, 1, 2, huber(x - t, p), huber_slope(x - t, p), huber_slope(t - x, p));
LOSS(smooth_l1, "y = d^2 / (2 beta) within beta, |d| - beta / 2 outside, d = x - target",
     smooth_l1_shape, beta, 1, 2, smooth_l1(x - t, p), smooth_l1_slope(x - t, p),
     smooth_l1_slope(t - x, p));
LOSS(log_cosh, "y = log cosh(x - target)", alike, NULL, 0, 2, log_cosh(x - t), real_tanh(x - t),
     real_tanh(t - x));
LOSS(hinge, "y = max(0, 1 - target x)^p, target -1 or 1", hinge_shape, power, 1, 2,
     positive_power(1 - t * x, p), -t *positive_power_slope(1 - t * x, p),
     -x *positive_power_slope(1 - t * x, p));
LOSS(hinge_embedding, "y = x where target = 1, max(0, margin - x) where target = -1", alike, margin,
     1, 2, t > 0 ? x : positive_power(p - x, 1), t > 0 ? 1 : -positive_power_slope(p - x, 1), 0);
LOSS(bce, "y = -target log x - (1 - target) log(1 - x)", bce_shape, NULL, 0, -1, bce(x, t),
     bce_slope(x, t), log_bounded(real_log1p(-x)) - log_bounded(real_log(x)));
LOSS(kl_div, "y = target (log target - x), of probabilities and log-probabilities x", alike,
     log_target, 1, 2, p != 0 ? real_exp(t) * (t - x) : kl(x, t), p != 0 ? -real_exp(t) : -t,
     p != 0 ? real_exp(t) * (t - x + 1) : kl_target_slope(x, t));
LOSS(poisson_nll, "y = exp(x) - target x, or x - target log(x + eps) where x is the rate", alike,
     poisson, 3, 2,
     (p != 0 ? real_exp(x) - t * x : x - t * real_log(x + r)) + (q != 0 ? log_factorial(t) : 0),
     p != 0 ? real_exp(x) - t : 1 - t / (x + r),
     (p != 0 ? -x : -real_log(x + r)) + (q != 0 ? log_factorial_slope(t) : 0));
