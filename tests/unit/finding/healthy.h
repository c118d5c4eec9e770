/* healthy.h - a case without a fault, for tests of findings: a classifier of ten classes that
 * learns well. Each test spoils what its finding looks for. */
#ifndef TESTS_FINDING_HEALTHY_H
#define TESTS_FINDING_HEALTHY_H

#include "finding/finding.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { MOMENTS = 100, EPOCHS = 10, LAYERS = 3, STEP_LOSSES = 1000 };

typedef struct healthy {
    dsc_case c;
    dsc_moment moment[MOMENTS];
    dsc_layer_facts layer[LAYERS];
    dsc_layer_moment layer_moment[MOMENTS * LAYERS], start_layer[LAYERS];
    float step_loss[STEP_LOSSES];
    dsc_epoch_facts epoch[EPOCHS];
} healthy;

static inline dsc_plan healthy_plan(void)
{
    return (dsc_plan){.classifies = true,
                      .outputs = 10,
                      .train = 6400,
                      .test = 1600,
                      .parameters = 101770,
                      .steps = 1000,
                      .steps_per_epoch = 100,
                      .batch = 64,
                      .epochs = EPOCHS,
                      .standardizes = true,
                      .shuffles = true,
                      .data = "digits",
                      .model = "linear 128, relu, linear",
                      .loss = "cross_entropy",
                      .optimizer = "adam lr=0.001",
                      .schedule = "cosine",
                      .rule = "adam",
                      .shape = "cosine",
                      .loss_name = "cross_entropy",
                      .adaptive = true,
                      .lr = 0.001,
                      .momentum = (double)NAN,
                      .beta1 = 0.9,
                      .beta2 = 0.999,
                      .eps = 1e-8,
                      .weight_decay = 0,
                      .clip_norm = 0,
                      .clip_value = 0,
                      .deep = 2};
}

static inline dsc_audit healthy_audit(void)
{
    return (dsc_audit){.done = true,
                       .features = 64,
                       .looked_at = 6400,
                       .least_deviation = 1,
                       .largest_deviation = 1,
                       .largest_magnitude = 8,
                       .target_mean = (double)NAN,
                       .target_deviation = (double)NAN,
                       .chance_loss = log(10.0),
                       .majority = 0.102,
                       .least_share = 0.097,
                       .imbalance = 1.05,
                       .batch_entropy = 1,
                       .best_stump = 0.3,
                       .neighbours_asked = 300,
                       .neighbours_right = 0.97,
                       .neighbours_agree = 0.96,
                       .neighbours_contradict = 0.01,
                       .shifted_right = 0.1,
                       .linear_right = (double)NAN,
                       .line_loss = (double)NAN,
                       .line_right = (double)NAN};
}

/* Loss at share t of the run, 0 to 1. */
static inline double healthy_loss(double t)
{
    return 0.05 + 2.3 * exp(-12.0 * t);
}

static inline dsc_moment healthy_moment(int i)
{
    const double t = (i + 1.0) / MOMENTS, loss = healthy_loss(t);

    return (dsc_moment){.first = 10.0 * i + 1,
                        .step = 10.0 * (i + 1),
                        .epoch = t * EPOCHS,
                        .loss = loss,
                        .loss_low = 0.8 * loss,
                        .loss_high = 1.25 * loss,
                        .accuracy = 1.0 - 0.3 * loss,
                        .lr = 0.0005 * (1.0 + cos(3.14159 * t)),
                        .measured = true,
                        .grad_norm = 0.2 + loss,
                        .update_ratio = 0.003,
                        .grad_cosine = 0.2 * exp(-5.0 * t),
                        .noise_scale = 100,
                        .distance = 10 * sqrt(t),
                        .dead_units = 0.01,
                        .saturation = (double)NAN,
                        .weight_norm = 20,
                        .clipped = (double)NAN,
                        .eps_share = 0,
                        .step_rms = 1,
                        .decay_share = 0,
                        .shortened = (double)NAN,
                        .root = 0.01};
}

static inline dsc_layer_moment healthy_layer(int layer)
{
    const double none = (double)NAN;
    const bool relu = layer == 1;

    return (dsc_layer_moment){.grad_norm = relu ? none : 0.5,
                              .update_ratio = relu ? none : 0.003,
                              .distance = relu ? none : 3,
                              .dead_units = relu ? 0.01 : none,
                              .saturation = none,
                              .activation_mean = relu ? 0.4 : none,
                              .activation_deviation = relu ? 0.6 : none};
}

static inline dsc_look healthy_look(double loss, double accuracy)
{
    return (dsc_look){.n = 1600,
                      .loss = loss,
                      .accuracy = accuracy,
                      .rmse = (double)NAN,
                      .median_loss = 0.02,
                      .high_loss = 12.0 * loss,
                      .wrong_of_sure = 0.1 * (1.0 - accuracy),
                      .wrong_of_unsure = 1.9 * (1.0 - accuracy),
                      .sure = 800,
                      .tails = (double)NAN,
                      .output_deviation = 5,
                      .largest_prediction = 0.11,
                      .least_recall = accuracy - 0.04};
}

static inline void healthy_make(healthy *h)
{
    memset(h, 0, sizeof *h);
    for (int i = 0; i < MOMENTS; i++) {
        h->moment[i] = healthy_moment(i);
        for (int k = 0; k < LAYERS; k++)
            h->layer_moment[i * LAYERS + k] = healthy_layer(k);
    }
    for (int k = 0; k < LAYERS; k++)
        h->start_layer[k] = healthy_layer(k);
    for (int i = 0; i < STEP_LOSSES; i++)
        h->step_loss[i] = (float)(healthy_loss((i + 1.0) / STEP_LOSSES) *
                                  (1.0 + 0.2 * sin(12.9898 * i * (i + 1.0))));
    for (int i = 0; i < EPOCHS; i++) {
        const double loss = healthy_loss((i + 1.0) / EPOCHS);
        h->epoch[i] = (dsc_epoch_facts){.step = 100.0 * (i + 1),
                                        .train_loss = loss,
                                        .train_accuracy = 1 - 0.3 * loss,
                                        .test_loss = loss + 0.05,
                                        .test_accuracy = 0.985 - 0.3 * loss,
                                        .test_rmse = (double)NAN};
    }
    h->layer[0] =
        (dsc_layer_facts){.name = "0 linear", .kind = "linear", .weights = 8320, .rate = 1};
    h->layer[1] =
        (dsc_layer_facts){.name = "1 relu", .kind = "relu", .units = 128, .channels = 128};
    h->layer[2] =
        (dsc_layer_facts){.name = "2 linear", .kind = "linear", .weights = 1290, .rate = 1};
    h->c = (dsc_case){.plan = healthy_plan(),
                      .data = healthy_audit(),
                      .start = {.looked = true,
                                .loss = 2.4,
                                .output_deviation = 0.4,
                                .output_magnitude = 0.5,
                                .widest_init = 1,
                                .narrowest_init = 2.4,
                                .widest_segment = "0.weight",
                                .narrowest_segment = "0.weight",
                                .same_segment = "0.weight",
                                .target_magnitude = (double)NAN,
                                .update_ratio = 0.02,
                                .grad_norm = 3,
                                .gradient_error = (double)NAN},
                      .moment = h->moment,
                      .moments = MOMENTS,
                      .layer = h->layer,
                      .layers = LAYERS,
                      .layer_moment = h->layer_moment,
                      .start_layer = h->start_layer,
                      .step_loss = h->step_loss,
                      .step_losses = STEP_LOSSES,
                      .step_loss_every = 1,
                      .epoch = h->epoch,
                      .epochs = EPOCHS,
                      .train_look = healthy_look(0.05, 0.99),
                      .test_look = healthy_look(0.1, 0.97),
                      .probe = {.n = 200,
                                .loss = {0.05, 0.05, 0.049, 0.06, 0.1, 0.5},
                                .test_mean = 0.1,
                                .test_last = 0.1,
                                .longer = (double)NAN},
                      .wait_share = 0.02,
                      .over = true};
}

/* What one finding says of a case. */
static inline descent_finding healthy_judge(const dsc_finding *finding, const dsc_case *c)
{
    descent_finding out = {.severity = DESCENT_WARNING};

    finding->judge(c, &out);
    return out;
}

#endif
