/* test_pictures.c - layers of pictures: what shape they make, how many weights they have, and which
 * of them are the same function in other words. */
#include "base/rng.h"
#include "graph/op.h"
#include "model/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static descent_model *make(const char *layers, dsc_shape shape, int outputs)
{
    descent_model_options o = {
        .layers = layers, .loss = "mse", .rank = shape.rank, .outputs = outputs, .seed = 3};
    descent_error err = {0};
    descent_model *model;

    memcpy(o.shape, shape.size, sizeof o.shape);
    if (descent_model_create(&model, &o, &err) != DESCENT_OK)
        fail_msg("%s: %s", layers, err.message);
    return model;
}

static void layers_make_their_shape(void **state)
{
    static const struct {
        const char *layer;
        dsc_shape in, out;
        size_t parameters;
    } c[] = {
        {"depthwise 3x5 stride=2 pad=1x2 multiplier=2", {3, {4, 9, 8}}, {3, {8, 5, 4}}, 8 * 15 + 8},
        {"depthwise 3 dilation=2 bias=no", {3, {4, 9, 8}}, {3, {4, 5, 4}}, 4 * 9},
        {"conv_transpose 6 2x2 stride=2", {3, {4, 5, 7}}, {3, {6, 10, 14}}, 4 * 6 * 4 + 6},
        {"conv_transpose 6 3x4 stride=2x3 pad=1x0 output_pad=1x2 groups=2 bias=no",
         {3, {4, 5, 7}},
         {3, {6, 10, 24}},
         4 * 3 * 12},
        {"conv_transpose 1 3 dilation=4 output_pad=3", {3, {1, 2, 2}}, {3, {1, 13, 13}}, 10},
        {"conv1d 6 3 stride=2 pad=2 dilation=2 groups=2", {2, {4, 11}}, {2, {6, 6}}, 6 * 2 * 3 + 6},
        {"max_pool 3 stride=2 pad=1", {2, {4, 11}}, {2, {4, 6}}, 0},
        {"avg_pool 2", {2, {4, 11}}, {2, {4, 5}}, 0},
        {"adaptive_avg_pool 2x3", {3, {4, 5, 7}}, {3, {4, 2, 3}}, 0},
        {"adaptive_max_pool 3", {3, {4, 5, 7}}, {3, {4, 3, 3}}, 0},
        {"adaptive_max_pool 3", {2, {4, 7}}, {2, {4, 3}}, 0},
        {"global_avg_pool", {3, {4, 5, 7}}, {1, {4}}, 0},
        {"global_max_pool", {2, {4, 7}}, {1, {4}}, 0},
        {"upsample 2", {3, {4, 5, 7}}, {3, {4, 10, 14}}, 0},
        {"upsample 2x3", {3, {4, 5, 7}}, {3, {4, 10, 21}}, 0},
        {"upsample 2", {2, {4, 7}}, {2, {4, 14}}, 0},
        {"upsample 1x3", {2, {4, 7}}, {2, {4, 21}}, 0},
        {"pad 1x2", {3, {4, 5, 7}}, {3, {4, 7, 11}}, 0},
        {"pad 3 value=1", {2, {4, 7}}, {2, {4, 13}}, 0},
        {"group_norm 2", {3, {4, 5, 7}}, {3, {4, 5, 7}}, 8},
        {"group_norm 4 affine=no", {1, {8}}, {1, {8}}, 0},
        {"instance_norm", {3, {4, 5, 7}}, {3, {4, 5, 7}}, 0},
        {"instance_norm affine", {2, {4, 7}}, {2, {4, 7}}, 8},
        {"residual (conv 6 3x3 stride=2 pad=1) shortcut=(conv 6 1x1 stride=2)",
         {3, {4, 5, 7}},
         {3, {6, 3, 4}},
         6 * 4 * 9 + 6 + 6 * 4 + 6},
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        char layers[160];
        snprintf(layers, sizeof layers, "%s, flatten, linear", c[i].layer);
        descent_model *m = make(layers, c[i].in, 2);
        const descent_layer_line *line = descent_model_line(m, 0);
        dsc_shape found = {.rank = line->rank};
        char is[48], wanted[48];
        memcpy(found.size, line->shape, sizeof found.size);
        if (!dsc_shape_equal(found, c[i].out) || line->parameters != c[i].parameters)
            fail_msg("%s: makes %s with %zu weights, expected %s with %zu", c[i].layer,
                     dsc_shape_text(found, is), line->parameters, dsc_shape_text(c[i].out, wanted),
                     c[i].parameters);
        descent_model_free(m);
    }
}

enum { CHANNELS = 4, SIDE = 6, N_X = CHANNELS * SIDE * SIDE, MOST = 400 };

/* The loss and the gradient of a model on one picture, with the same weights for all models. */
static double loss_of(const char *layers, dsc_shape shape, int outputs, float *g, size_t *n)
{
    descent_model *m = make(layers, shape, outputs);
    float x[N_X], y[N_X];

    *n = descent_model_size(m);
    assert_true(*n <= MOST && outputs <= N_X && dsc_shape_count(shape) <= N_X);
    for (size_t i = 0; i < N_X; i++) {
        x[i] = (float)dsc_random_normal(1, DSC_RNG_TEST, 1, i);
        y[i] = (float)dsc_random_normal(1, DSC_RNG_TEST, 2, i);
    }
    for (size_t i = 0; i < *n; i++)
        descent_model_weights(m)[i] = (float)dsc_random_normal(1, DSC_RNG_TEST, 3, i);
    const double loss = descent_model_gradient(m, x, y, 1, g);
    descent_model_free(m);
    return loss;
}

/* Two ways to write the same function: the same loss and the same gradient. */
static void some_layers_are_others_in_other_words(void **state)
{
    static const dsc_shape picture = {3, {CHANNELS, SIDE, SIDE}};
    static const dsc_shape line = {3, {CHANNELS, 1, SIDE * SIDE}};
    static const dsc_shape sequence = {2, {CHANNELS, SIDE * SIDE}};
    static const struct {
        const char *a, *b;
        const dsc_shape *shape_a, *shape_b;
        int outputs;
    } c[] = {
        {"depthwise 3 pad=1 multiplier=1", "conv 4 3x3 pad=1 groups=4", &picture, &picture, N_X},
        {"conv1d 2 5 stride=3 pad=2 dilation=2 groups=2",
         "conv 2 1x5 stride=1x3 pad=0x2 dilation=1x2 groups=2", &sequence, &line, 22},
        {"global_avg_pool", "avg_pool 6", &picture, &picture, CHANNELS},
        {"global_max_pool", "max_pool 6", &picture, &picture, CHANNELS},
        {"adaptive_avg_pool 2x3", "avg_pool 3x2", &picture, &picture, CHANNELS * 6},
        {"adaptive_max_pool 4", "max_pool 1x9", &sequence, &line, CHANNELS * 4},
        {"max_pool 3 stride=2 pad=1", "max_pool 1x3 stride=1x2 pad=0x1", &sequence, &line, 72},
        {"avg_pool 3 stride=2 pad=1", "avg_pool 1x3 stride=1x2 pad=0x1", &sequence, &line, 72},
        {"pad 1x2, conv 2 3x3", "conv 2 3x3 pad=1x2", &picture, &picture, 2 * 6 * 8},
        {"pad 2, conv1d 2 3", "conv1d 2 3 pad=2", &sequence, &sequence, 2 * 38},
        {"instance_norm", "group_norm 4 affine=no", &picture, &picture, N_X},
        {"upsample 2, global_avg_pool", "global_avg_pool", &picture, &picture, CHANNELS},
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        char a[120], b[120];
        float g_a[MOST], g_b[MOST];
        size_t n_a, n_b;
        snprintf(a, sizeof a, "%s, flatten", c[i].a);
        snprintf(b, sizeof b, "%s, flatten", c[i].b);
        const double loss_a = loss_of(a, *c[i].shape_a, c[i].outputs, g_a, &n_a);
        const double loss_b = loss_of(b, *c[i].shape_b, c[i].outputs, g_b, &n_b);
        if (!(fabs(loss_a - loss_b) <= 1e-6 * loss_b) || n_a != n_b)
            fail_msg("%s: loss %g; %s: %g", a, loss_a, b, loss_b);
        for (size_t k = 0; k < n_a; k++)
            assert_true(fabsf(g_a[k] - g_b[k]) <= 1e-5f);
    }
}

/* y = (2 x1 - x2, 3 x1) + (x1 + x2, 4 x2), by hand. */
static void a_shortcut_is_added(void **state)
{
    descent_model *m =
        make("residual (linear 2 bias=no) shortcut=(linear 2 bias=no)", (dsc_shape){1, {2}}, 2);
    const float w[] = {2, -1, 3, 0, 1, 1, 0, 4}, x[] = {5, 7}, y[] = {0, 0};
    float g[8];

    (void)state;
    assert_int_equal(descent_model_size(m), 8);
    assert_string_equal(descent_model_segment(m, 0)->name, "0.0.weight");
    assert_string_equal(descent_model_segment(m, 1)->name, "0.shortcut.0.weight");
    assert_string_equal(descent_model_line(m, 0)->text, "residual");
    assert_string_equal(descent_model_line(m, 2)->text, "shortcut");
    assert_int_equal(descent_model_line(m, 2)->depth, 1);
    assert_int_equal(descent_model_line(m, 2)->parameters, 4);
    assert_int_equal(descent_model_line(m, 3)->depth, 2);
    memcpy(descent_model_weights(m), w, sizeof w);
    /* y = (3 + 12, 15 + 28); the mean of the squares, and 2 y x / 2 */
    const double loss = descent_model_gradient(m, x, y, 1, g);
    assert_true(fabs(loss - (15.0 * 15 + 43.0 * 43) / 2) < 1e-4);
    const float expected[] = {15 * 5, 15 * 7, 43 * 5, 43 * 7, 15 * 5, 15 * 7, 43 * 5, 43 * 7};
    for (size_t i = 0; i < 8; i++)
        assert_true(fabsf(g[i] - expected[i]) < 1e-3f);
    descent_model_free(m);
}

/* A pixel behind a transposed convolution of stride 2 lies under a quarter of the windows, so its
 * weights begin twice as large as those of a convolution. */
static void first_weights_keep_the_size_of_numbers(void **state)
{
    static const struct {
        const char *layers;
        double variance;
    } c[] = {
        {"conv 32 3x3, relu, linear", 2.0 / (16 * 9)},
        {"depthwise 5 multiplier=8, relu, linear", 2.0 / 25},
        {"conv_transpose 32 4x4 stride=2, relu, linear", 2.0 / (16 * 16 / 4)},
        {"conv_transpose 32 4x4 stride=2 groups=4, batch_norm, relu, linear", 2.0 / (4 * 16 / 4)},
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        descent_model *m = make(c[i].layers, (dsc_shape){3, {16, 5, 5}}, 2);
        const descent_segment *s = descent_model_segment(m, 0);
        double sum = 0;
        for (size_t k = 0; k < s->count; k++)
            sum += pow((double)descent_model_weights(m)[s->offset + k], 2);
        /* 2,000 draws or more: a deviation of 3 % */
        if (!(fabs(sum / (double)s->count / c[i].variance - 1) < 0.1))
            fail_msg("%s: variance %g, expected %g", c[i].layers, sum / (double)s->count,
                     c[i].variance);
        descent_model_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layers_make_their_shape),
        cmocka_unit_test(some_layers_are_others_in_other_words),
        cmocka_unit_test(a_shortcut_is_added),
        cmocka_unit_test(first_weights_keep_the_size_of_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
