/* test_transformer.c - models of tokens: the whole gradient against finite differences, a text read
 * token by token against the whole of it, any number of threads, and what is said about mistakes.
 */
#include "base/rng.h"
#include "graph/check.h"
#include "graph/op.h"
#include "model/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 2, LENGTH = 6, TOKENS = 11, MOST = 20000 };

#define GPT                                                                      \
  "embedding 8, position, repeat 2 (residual (layer_norm, attention 2 causal), " \
  "residual (layer_norm, linear 32, gelu tanh, linear 8)), layer_norm, linear"
#define LLAMA                                                                                  \
  "embedding 8, repeat 2 (residual (rms_norm, attention 4 causal kv_heads=2 rotary bias=no), " \
  "residual (rms_norm, linear 16 bias=no, gelu, linear 8 bias=no)), rms_norm, linear tied bias=no"

static const char *const models[] = {
    GPT, LLAMA, "embedding 8, position sinusoidal, residual (attention 2 causal), linear tied",
    "embedding 8, rnn 5, gru 6, lstm 7, linear"};
enum { N_MODELS = sizeof models / sizeof *models };

static descent_model_options options_of(const char *layers)
{
    return (descent_model_options){.layers = layers,
                                   .loss = "cross_entropy",
                                   .rank = 1,
                                   .shape = {LENGTH},
                                   .outputs = TOKENS,
                                   .vocabulary = TOKENS,
                                   .seed = 3};
}

static void put_tokens(dsc_run *run, dsc_id id, uint64_t stream)
{
    int32_t *token = dsc_run_input(run, id);

    for (size_t i = 0; i < ROWS * LENGTH; i++)
        token[i] = (int32_t)(dsc_random_uniform(7, DSC_RNG_TEST, stream, i) * TOKENS);
}

static void gradients_are_derivatives(void **state)
{
    static double w[MOST], g[MOST];

    (void)state;
    for (int i = 0; i < N_MODELS; i++) {
        const descent_model_options o = options_of(models[i]);
        const dsc_pass pass = {.rows = ROWS, .training = true, .loss_scale = 1.0 / 12};
        descent_error err = {0};
        dsc_network net;
        dsc_run *run;

        if (dsc_network_build(&net, &o, DESCENT_F64, ROWS, DSC_BACKEND_AUTO, (dsc_place){0}, NULL,
                              &err) != DESCENT_OK)
            fail_msg("%s", err.message);
        assert_true(dsc_graph_parameters(net.graph) < MOST);
        dsc_graph_initialize(net.graph, 5, w, NULL);
        assert_int_equal(dsc_run_create(&run, net.graph, true, w, NULL, g, NULL), DESCENT_OK);
        put_tokens(run, net.x, 0);
        put_tokens(run, net.target, 1);
        const double off = dsc_graph_check_some(net.graph, run, &pass, w, g, 40);
        if (!(off < 1e-7))
            fail_msg("model %d: finite differences are %.3g off", i, off);
        dsc_run_free(run);
        dsc_network_free(&net);
    }
}

/* One token a pass, with what the passes before left in the cache, gives the outputs of the whole
 * text; also after going back to the middle. */
static void a_reader_continues_texts(void **state)
{
    static double w[MOST], whole[ROWS * LENGTH * TOKENS];
    static const int order[] = {0, 1, 2, 3, 4, 5, 3, 4, 5, 0, 1};

    (void)state;
    for (int i = 0; i < N_MODELS; i++) {
        const descent_model_options o = options_of(models[i]);
        dsc_network net, reader;
        dsc_run *run, *reading;

        assert_int_equal(dsc_network_build(&net, &o, DESCENT_F64, ROWS, DSC_BACKEND_AUTO,
                                           (dsc_place){0}, NULL, NULL),
                         DESCENT_OK);
        assert_int_equal(
            dsc_network_build_reader(&reader, &o, DESCENT_F64, ROWS, DSC_BACKEND_AUTO, NULL),
            DESCENT_OK);
        assert_int_equal(dsc_graph_parameters(net.graph), dsc_graph_parameters(reader.graph));
        dsc_graph_initialize(net.graph, 5, w, NULL);
        assert_int_equal(dsc_run_create(&run, net.graph, false, w, NULL, NULL, NULL), DESCENT_OK);
        assert_int_equal(dsc_run_create(&reading, reader.graph, false, w, NULL, NULL, NULL),
                         DESCENT_OK);
        put_tokens(run, net.x, 0);
        put_tokens(run, net.target, 1);
        const int32_t *token = dsc_run_input(run, net.x);
        dsc_run_forward(run, &(dsc_pass){.rows = ROWS});
        memcpy(whole, dsc_run_value(run, net.output), sizeof whole);
        for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
            int32_t *next = dsc_run_input(reading, reader.x);
            for (int r = 0; r < ROWS; r++)
                next[r] = token[r * LENGTH + order[k]];
            dsc_run_forward(reading, &(dsc_pass){.rows = ROWS, .past = order[k]});
            const double *y = dsc_run_value(reading, reader.output);
            for (int r = 0; r < ROWS; r++)
                for (int c = 0; c < TOKENS; c++) {
                    const int at = (r * LENGTH + order[k]) * TOKENS + c;
                    assert_true(fabs(y[r * TOKENS + c] - whole[at]) < 1e-12);
                }
        }
        dsc_run_free(reading);
        dsc_run_free(run);
        dsc_network_free(&reader);
        dsc_network_free(&net);
    }
}

/* Large enough that every op is cut into parts. */
static void threads_change_no_bit(void **state)
{
    enum { LONG = 96, SOME = 4 };
    descent_model_options o = options_of(
        "embedding 64, position, residual (layer_norm, attention 4 causal), residual (layer_norm, "
        "linear 256, gelu tanh, linear 64), layer_norm, linear");
    dsc_pass pass = {.rows = SOME, .training = true, .loss_scale = 1.0 / (SOME * LONG)};
    dsc_network net;
    dsc_run *run;

    (void)state;
    o.shape[0] = LONG;
    assert_int_equal(dsc_network_build(&net, &o, DESCENT_F32, SOME, DSC_BACKEND_AUTO,
                                       (dsc_place){0}, NULL, NULL),
                     DESCENT_OK);
    const size_t n = dsc_graph_parameters(net.graph);
    float *w = calloc(n, sizeof *w), *g = calloc(n, sizeof *g), *first = calloc(n, sizeof *first);
    assert_true(w && g && first);
    dsc_graph_initialize(net.graph, 5, w, NULL);
    assert_int_equal(dsc_run_create(&run, net.graph, true, w, NULL, g, NULL), DESCENT_OK);
    for (size_t i = 0; i < SOME * LONG; i++) {
        ((int32_t *)dsc_run_input(run, net.x))[i] = (int32_t)(i * i % TOKENS);
        ((int32_t *)dsc_run_input(run, net.target))[i] = (int32_t)(i * 3 % TOKENS);
    }
    const double loss = dsc_run_forward(run, &pass);
    dsc_run_backward(run);
    memcpy(first, g, n * sizeof *g);
    for (int threads = 2; threads < 6; threads++) {
        dsc_run_set_threads(run, threads);
        assert_true(dsc_run_forward(run, &pass) == loss);
        dsc_run_backward(run);
        assert_memory_equal(first, g, n * sizeof *g);
    }
    dsc_run_free(run);
    dsc_network_free(&net);
    free(w);
    free(g);
    free(first);
}

static void mistakes_are_said(void **state)
{
    static const struct {
        const char *layers, *message;
    } mistakes[] = {
        {"embedding 8, embedding 8, linear",
         "embedding needs tokens, and must be the first layer; here it would get numbers"},
        {"embedding 8, attention 3 causal, linear",
         "attention: 3 heads must divide the width 8, and kv_heads = 3 the heads"},
        {"embedding 8, linear 4, linear tied",
         "linear tied: a weight of 11x4 is needed, the embedding's table is 11x8"},
        {"embedding 8, linear 12",
         "the model ends with 6x12 numbers, the data needs 11; end it with `linear`, which takes "
         "that number by itself"},
        {"embedding 6, attention 2 rotary, linear",
         "attention: rotary turns pairs of columns, found 3 columns a head"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        const descent_model_options o = options_of(mistakes[i].layers);
        descent_error err = {0};
        descent_model *model;

        assert_int_not_equal(descent_model_create(&model, &o, &err), DESCENT_OK);
        assert_string_equal(err.message, mistakes[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_are_derivatives),
        cmocka_unit_test(a_reader_continues_texts),
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(mistakes_are_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
