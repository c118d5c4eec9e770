/* test_many.c - sums over more examples than a float can count: 2^24 and more in one batch. */
#include "descent/model.h"

#include "model/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MANY = (1 << 24) + (1 << 16), CYCLE = 7, SHORTER = MANY / CYCLE * CYCLE };

static float x_of(size_t i)
{
    return 1.0f + (float)(i % CYCLE) / 8.0f;
}

/* A line through points that repeat: loss and gradient of all are those of one cycle, 1e-3 off at
 * most. A sum that a float counts would be half of that. */
static void check_line(dsc_backend backend)
{
    const descent_model_options options = {
        .layers = "linear", .loss = "mse", .rank = 1, .shape = {1}, .outputs = 1, .seed = 1};
    float *x = malloc(SHORTER * sizeof *x), *y = calloc(SHORTER, sizeof *y), g[2];
    double loss = 0.0, of_w = 0.0, of_b = 0.0;
    descent_model *model;

    assert_non_null(x);
    assert_non_null(y);
    assert_int_equal(dsc_model_create_at(&model, &options, backend, (dsc_place){0}, SIZE_MAX, NULL),
                     DESCENT_OK);
    assert_int_equal(descent_model_size(model), 2);
    float *w = descent_model_weights(model);
    w[0] = 0.75f;
    w[1] = 0.25f;
    for (size_t i = 0; i < SHORTER; i++)
        x[i] = x_of(i);
    for (size_t i = 0; i < CYCLE; i++) {
        const double d = 0.75 * (double)x_of(i) + 0.25;
        loss += d * d / CYCLE;
        of_w += 2.0 * d * (double)x_of(i) / CYCLE;
        of_b += 2.0 * d / CYCLE;
    }
    const double got = descent_model_gradient(model, x, y, SHORTER, g);
    print_message("loss %.3g off, gradient of w %.3g, of b %.3g\n", got / loss - 1.0,
                  (double)g[0] / of_w - 1.0, (double)g[1] / of_b - 1.0);
    assert_true(fabs(got / loss - 1.0) < 1e-6);
    assert_true(fabs((double)g[0] / of_w - 1.0) < 1e-3);
    assert_true(fabs((double)g[1] / of_b - 1.0) < 1e-3);
    descent_model_free(model);
    free(x);
    free(y);
}

/* Whatever the layers: the gradient of a few examples over and over is theirs, 1e-3 of the largest
 * off at most. */
static void check_repeats(const char *layers, int size, int vocabulary)
{
    enum { MOST = 32 };
    const descent_model_options options = {.layers = layers,
                                           .loss = vocabulary ? "cross_entropy" : "mse",
                                           .rank = 1,
                                           .shape = {size},
                                           .vocabulary = vocabulary,
                                           .outputs = vocabulary ? vocabulary : 1,
                                           .seed = 3};
    const size_t numbers = (size_t)SHORTER * (size_t)size;
    float few[MOST] = {0}, many[MOST] = {0}, largest = 0.0f;
    uint32_t *x = malloc(numbers * sizeof *x), *y = calloc(SHORTER, sizeof *y);
    descent_model *model;

    assert_non_null(x);
    assert_non_null(y);
    assert_int_equal(descent_model_create(&model, &options, NULL), DESCENT_OK);
    assert_true(descent_model_size(model) <= MOST);
    for (size_t i = 0; i < numbers; i++) { /* tokens, or floats from 1 on of that pattern */
        const uint32_t place = (uint32_t)(i % ((size_t)CYCLE * (size_t)size));
        x[i] = vocabulary ? place * place % (uint32_t)vocabulary : 0x3f800000u + (place << 20);
    }
    for (size_t i = 0; vocabulary && i < SHORTER; i++)
        y[i] = (uint32_t)(i % CYCLE % (size_t)vocabulary);
    const double loss = descent_model_gradient(model, x, y, CYCLE, few);
    assert_true(fabs(descent_model_gradient(model, x, y, SHORTER, many) / loss - 1.0) < 1e-6);
    for (size_t i = 0; i < MOST; i++)
        largest = fmaxf(largest, fabsf(few[i]));
    for (size_t i = 0; i < MOST; i++)
        if (!(fabsf(many[i] - few[i]) < 1e-3f * largest))
            fail_msg("%s: gradient %zu is %g of many, %g of few", layers, i, (double)many[i],
                     (double)few[i]);
    descent_model_free(model);
    free(x);
    free(y);
}

static void rows_of_norms(void **unused)
{
    (void)unused;
    check_repeats("layer_norm, linear", 2, 0);
    check_repeats("rms_norm, linear", 2, 0);
}

static void pictures(void **unused)
{
    (void)unused;
    check_repeats("reshape 1x2x1, conv 1 1x1, flatten, linear", 2, 0);
    check_repeats("reshape 1x2, conv1d 1 2, flatten, linear", 2, 0);
    check_repeats("reshape 1x1x1, conv_transpose 1 1x1, flatten, linear", 1, 0);
}

static void tokens_and_places(void **unused)
{
    (void)unused;
    check_repeats("embedding 1, position, linear", 1, 2);
}

static void test_ref(void **unused)
{
    (void)unused;
    check_line(DSC_BACKEND_REF);
}

static void test_auto(void **unused)
{
    (void)unused;
    check_line(DSC_BACKEND_AUTO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ref), cmocka_unit_test(test_auto),
                                       cmocka_unit_test(rows_of_norms), cmocka_unit_test(pictures),
                                       cmocka_unit_test(tokens_and_places)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
