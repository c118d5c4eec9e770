/* test_model.c - model strings: shapes, parameters, first weights, nesting; and the gradient. */
#include "model/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static descent_model *make(const char *layers, int channels, int side, int outputs,
                           const char *loss)
{
    descent_model_options o = {.layers = layers, .loss = loss, .outputs = outputs, .seed = 3};
    descent_error err = {0};
    descent_model *model;

    o.rank = side ? 3 : 1;
    o.shape[0] = channels;
    o.shape[1] = o.shape[2] = side;
    if (descent_model_create(&model, &o, &err) != DESCENT_OK)
        fail_msg("%s: %s", layers, err.message);
    return model;
}

static void parameters_are_counted(void **state)
{
    static const struct {
        const char *layers;
        int channels, side, outputs;
        size_t parameters;
    } c[] = {
        {"linear", 4, 0, 3, 15},
        {"linear bias=no", 4, 0, 3, 12},
        {"linear 128, relu, linear", 1, 28, 10, 101770},
        {"conv 32 3x3 pad=1, relu, max_pool 2, conv 64 3x3 pad=1, relu, max_pool 2, flatten, "
         "linear 128, relu, linear",
         1, 28, 10, 421642},
        {"conv 4 3x3 groups=2 bias=no, batch_norm, linear", 2, 5, 2, 36 + 8 + 4 * 9 * 2 + 2},
        {"conv 4 3x3, batch_norm affine=no, avg_pool 3, linear", 1, 5, 2, 40 + 4 * 2 + 2},
        {"repeat 3 (linear 4, tanh), linear", 4, 0, 2, 3 * 20 + 10},
        {"repeat 2 (residual (linear 4, relu, linear 4)), linear", 4, 0, 2, 4 * 20 + 10},
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        descent_model *m =
            make(c[i].layers, c[i].channels, c[i].side, c[i].outputs, "cross_entropy");
        assert_int_equal(descent_model_size(m), c[i].parameters);
        descent_model_free(m);
    }
}

static void segments_have_names_and_roles(void **state)
{
    descent_model *m =
        make("conv 2 3x3, batch_norm, relu, repeat 2 (residual (conv 2 3x3 pad=1)), linear", 1, 5,
             2, "cross_entropy");
    static const char *const names[] = {
        "0.weight",     "0.bias",         "1.gain",       "1.bias",   "3.0.0.0.weight",
        "3.0.0.0.bias", "3.1.0.0.weight", "3.1.0.0.bias", "4.weight", "4.bias"};
    static const char *const roles[] = {"weight", "bias",   "norm_gain", "norm_bias", "weight",
                                        "bias",   "weight", "bias",      "head",      "bias"};
    size_t offset = 0;

    (void)state;
    assert_int_equal(descent_model_segments(m), 10);
    for (size_t i = 0; i < 10; i++) {
        const descent_segment *s = descent_model_segment(m, i);
        assert_string_equal(s->name, names[i]);
        assert_string_equal(s->role, roles[i]);
        assert_int_equal(s->offset, offset);
        offset += s->count;
    }
    assert_int_equal(offset, descent_model_size(m));
    assert_null(descent_model_segment(m, 10));
    /* the drawing: containers without their inside, the copy shown once and indented */
    assert_string_equal(descent_model_line(m, 3)->text, "repeat 2");
    assert_int_equal(descent_model_line(m, 3)->parameters, 2 * 38);
    assert_string_equal(descent_model_line(m, 4)->text, "residual");
    assert_int_equal(descent_model_line(m, 5)->depth, 2);
    assert_int_equal(descent_model_lines(m), 7);
    descent_model_free(m);
}

/* Variance of one segment. */
static double variance(descent_model *m, size_t index)
{
    const descent_segment *s = descent_model_segment(m, index);
    double sum = 0;

    for (size_t i = 0; i < s->count; i++)
        sum += pow((double)descent_model_weights(m)[s->offset + i], 2);
    return sum / (double)s->count;
}

static void first_weights_suit_the_activation(void **state)
{
    descent_model *m =
        make("linear 300, relu, linear 300, tanh, linear 200", 500, 0, 200, "cross_entropy");

    (void)state;
    assert_true(fabs(variance(m, 0) / (2.0 / 500) - 1) < 0.03);         /* He, before relu */
    assert_true(fabs(variance(m, 2) / (2.0 / (300 + 300)) - 1) < 0.03); /* Glorot: limit^2 / 3 */
    assert_true(fabs(variance(m, 4) / (2.0 / (300 + 200)) - 1) < 0.03);
    assert_true(variance(m, 1) == 0 && variance(m, 3) == 0);
    descent_model *again =
        make("linear 300, relu, linear 300, tanh, linear 200", 500, 0, 200, "cross_entropy");
    assert_memory_equal(descent_model_weights(m), descent_model_weights(again),
                        descent_model_size(m) * sizeof(float));
    descent_model_free(m);
    descent_model_free(again);
}

/* descent_model_gradient against differences of its own loss, in float: a few digits. */
static void the_gradient_is_that_of_the_loss(void **state)
{
    descent_model *m = make("linear 6, tanh, residual (linear 6, sigmoid), linear", 3, 0, 2, "mse");
    const float x[4][3] = {{1, 2, -1}, {0, 0.5f, 2}, {-1, 1, 1}, {0.3f, -2, 0.1f}};
    const float y[4][2] = {{1, 0}, {0, 1}, {-1, 2}, {0.5f, 0.5f}};
    const size_t n = descent_model_size(m);
    float g[200], unused[200];

    (void)state;
    assert_true(n < 200);
    descent_model_gradient(m, x[0], y, 4, g);
    for (size_t i = 0; i < n; i++) {
        float *w = descent_model_weights(m) + i, before = *w;
        *w = before + 0.01f;
        const double up = descent_model_gradient(m, x[0], y, 4, unused);
        *w = before - 0.01f;
        const double down = descent_model_gradient(m, x[0], y, 4, unused);
        *w = before;
        assert_true(fabs((up - down) / 0.02 - (double)g[i]) < 2e-3);
    }
    assert_true(isnan(descent_model_gradient(m, x[0], y, 0, g)) != 0);
    descent_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_are_counted),
        cmocka_unit_test(segments_have_names_and_roles),
        cmocka_unit_test(first_weights_suit_the_activation),
        cmocka_unit_test(the_gradient_is_that_of_the_loss),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
