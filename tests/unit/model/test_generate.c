/* test_generate.c - texts from models: the cache against everything anew, drawing tokens, prompts,
 * and the vocabulary in a model's file. */
#include "descent/generate.h"

#include "model/model.h"
#include "model/sample.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define GPT                                                                       \
  "embedding 16, position, repeat 2 (residual (layer_norm, attention 2 causal), " \
  "residual (layer_norm, linear 32, gelu, linear 16)), layer_norm, linear"

static char folder[] = "/tmp/descent-test-XXXXXX";

static int enter(void **state)
{
    (void)state;
    return mkdtemp(folder) ? chdir(folder) : -1;
}

static int leave(void **state)
{
    (void)state;
    return unlink("text.txt") | unlink("model.safetensors") | chdir("/") | rmdir(folder);
}

static descent_dataset *text_of(const char *bytes, size_t length, const char *options)
{
    char spec[80];
    descent_dataset *data;
    descent_error err = {0};
    FILE *stream = fopen("text.txt", "wb");

    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, length, stream), length);
    assert_int_equal(fclose(stream), 0);
    snprintf(spec, sizeof spec, "text.txt %s", options);
    if (descent_dataset_open(&data, spec, &err))
        fail_msg("%s", err.message);
    return data;
}

/* A model that has seen nothing, but knows the characters of `bytes`; weights are large enough that
 * it has opinions. */
static descent_model *model_of(const char *bytes, size_t length, const char *options,
                               const char *layers)
{
    descent_dataset *data = text_of(bytes, length, options);
    const descent_model_options o = {.layers = layers,
                                     .loss = "cross_entropy",
                                     .rank = 1,
                                     .shape = {data->shape.size[0]},
                                     .outputs = data->outputs,
                                     .vocabulary = data->outputs,
                                     .seed = 5};
    const dsc_scaling none = {0};
    descent_error err = {0};
    descent_model *model;

    if (descent_model_create(&model, &o, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    assert_int_equal(dsc_model_describe(model, data, &none, NULL), DESCENT_OK);
    for (size_t i = 0; i < descent_model_size(model); i++)
        descent_model_weights(model)[i] *= 1.5f;
    descent_dataset_free(data);
    return model;
}

static const char letters[] = "the quick brown fox jumps over the lazy dog.\n";

static descent_generator *generator_of(const descent_model *model, descent_generate_options o)
{
    descent_generator *g;
    descent_error err = {0};

    if (descent_generator_create(&g, model, &o, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    return g;
}

/* For several windows' length, and for windows of every length from 1 on. */
static void test_cache_equals_recomputing(void **unused)
{
    (void)unused;
    for (int context = 1; context <= 12; context += context < 3 ? 1 : 3)
        for (int greedy = 0; greedy < 2; greedy++) {
            char option[24];
            snprintf(option, sizeof option, "context=%d", context);
            descent_model *model = model_of(letters, sizeof letters - 1, option, GPT);
            descent_generate_options o = descent_generate_defaults();
            o.prompt = "the fox over the dog";
            o.temperature = greedy ? 0.0 : 1.0;
            descent_generator *cached = generator_of(model, o);
            o.recompute = 1;
            descent_generator *anew = generator_of(model, o);
            const int n = descent_model_outputs(model);
            for (int i = 0; i < 40; i++) {
                char a[8], b[8];
                assert_int_equal(descent_generator_next(cached, a), 1);
                assert_int_equal(descent_generator_next(anew, b), 1);
                for (int c = 0; c < n; c++)
                    if (!(fabsf(descent_generator_logits(cached)[c] -
                                descent_generator_logits(anew)[c]) < 2e-5f))
                        fail_msg("context %d, token %d: logit %d is %g with the cache, %g without",
                                 context, i, c, (double)descent_generator_logits(cached)[c],
                                 (double)descent_generator_logits(anew)[c]);
                assert_string_equal(a, b);
            }
            descent_generator_free(cached);
            descent_generator_free(anew);
            descent_model_free(model);
        }
}

static void read_text(descent_model *model, uint64_t seed, char out[65])
{
    descent_generate_options o = descent_generate_defaults();
    char text[8];

    o.seed = seed;
    descent_generator *g = generator_of(model, o);
    for (size_t i = 0; i < 64; i++) {
        assert_int_equal(descent_generator_next(g, text), 1);
        out[i] = text[0];
    }
    out[64] = '\0';
    descent_generator_free(g);
}

static void test_seeds(void **unused)
{
    descent_model *model = model_of(letters, sizeof letters - 1, "context=8", GPT);
    char a[65], again[65], other[65];

    (void)unused;
    read_text(model, 1, a);
    read_text(model, 1, again);
    read_text(model, 2, other);
    assert_string_equal(a, again);
    assert_string_not_equal(a, other);
    descent_model_free(model);
}

/* Drawing with uniform numbers on an even grid gives every token its probability. */
static void test_sampling(void **unused)
{
    enum { N = 5, GRID = 100000 };
    static const float logits[N] = {0.5f, 2.0f, -1.0f, 2.0f, 1.0f};
    static const struct {
        dsc_sampling sampling;
        bool allowed[N];
    } cases[] = {
        {{1, 0, 1}, {true, true, true, true, true}},
        {{0.5, 0, 1}, {true, true, true, true, true}},
        {{2, 3, 1}, {false, true, false, true, true}},
        {{1, 1, 1}, {false, true, false, false, false}},  /* of equal ones the first */
        {{1, 0, 0.5}, {false, true, false, true, false}}, /* 0.379 each */
        {{1, 0, 0.37}, {false, true, false, false, false}},
        {{1, 9, 1e-9}, {false, true, false, false, false}},
    };
    dsc_candidate scratch[N];

    (void)unused;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        int seen[N] = {0};
        double sum = 0;
        for (int i = 0; i < GRID; i++)
            seen[dsc_sample(&cases[k].sampling, logits, N, (i + 0.5) / GRID, scratch)]++;
        for (int c = 0; c < N; c++)
            sum += cases[k].allowed[c] ? exp((double)logits[c] / cases[k].sampling.temperature) : 0;
        for (int c = 0; c < N; c++) {
            const double p = cases[k].allowed[c]
                                 ? exp((double)logits[c] / cases[k].sampling.temperature) / sum
                                 : 0;
            if (fabs(seen[c] - p * GRID) > 1.01)
                fail_msg("case %zu, token %d: %d times, expected %.2f", k, c, seen[c], p * GRID);
        }
    }
}

static void test_sampling_extremes(void **unused)
{
    static const float bad[] = {NAN, INFINITY, 1, INFINITY}, flat[] = {-INFINITY, 3, -INFINITY};
    dsc_candidate scratch[4];

    (void)unused;
    assert_int_equal(dsc_sample(&(dsc_sampling){0, 0, 1}, flat, 3, 0.99, scratch), 1);
    assert_int_equal(dsc_sample(&(dsc_sampling){1, 0, 1}, flat, 3, 0.99, scratch), 1);
    assert_int_equal(dsc_sample(&(dsc_sampling){1e-300, 0, 1}, flat, 3, 0.99, scratch), 1);
    assert_in_range(dsc_sample(&(dsc_sampling){1, 2, 0.5}, bad, 4, 0.5, scratch), 0, 3);
}

static void assert_bad(const descent_model *model, descent_generate_options o, const char *message,
                       int line, int column)
{
    descent_generator *g;
    descent_error err = {0};

    assert_int_not_equal(descent_generator_create(&g, model, &o, &err), DESCENT_OK);
    assert_null(g);
    assert_string_equal(err.message, message);
    assert_int_equal(err.line, line);
    assert_int_equal(err.column, column);
}

static void test_refused(void **unused)
{
    descent_model *model = model_of(letters, sizeof letters - 1, "context=8", GPT);
    descent_model *numbers;
    const descent_model_options plain = {
        .layers = "linear", .loss = "mse", .rank = 1, .shape = {2}, .outputs = 1, .seed = 1};
    descent_generate_options o = descent_generate_defaults();

    (void)unused;
    o.prompt = "the quick\nfox 7";
    assert_bad(model, o,
               "the model does not know '7': the text it was trained on has no such character", 2,
               5);
    o.prompt = "caf\xE9";
    assert_bad(model, o, "byte 0xE9 is no UTF-8 text here", 1, 4);
    o = descent_generate_defaults();
    o.temperature = -1;
    assert_bad(model, o, "temperature = -1, must be 0 or more", 0, 0);
    o = descent_generate_defaults();
    o.top_p = 0;
    assert_bad(model, o, "top_p = 0, must be above 0 and at most 1", 0, 0);
    o = descent_generate_defaults();
    o.top_k = -3;
    assert_bad(model, o, "top_k = -3, must be 0 (all) or more", 0, 0);
    descent_model_free(model);
    model = model_of(letters, sizeof letters - 1, "context=8",
                     "embedding 8, attention 2, linear"); /* sees what it should say */
    assert_bad(model, descent_generate_defaults(),
               "the model cannot read a text token by token (attention: a cache of 8 places needs "
               "causal and a sequence of at most as many, found 1)",
               0, 0);
    descent_model_free(model);
    assert_int_equal(descent_model_create(&numbers, &plain, NULL), DESCENT_OK);
    assert_bad(numbers, descent_generate_defaults(),
               "the model does not read text; text comes from models that were trained on a .txt "
               "file",
               0, 0);
    descent_model_free(numbers);
    descent_generator_free(NULL);
}

/* Saved and read back, also with the byte 0 and characters of several bytes. */
static void test_vocabulary_in_file(void **unused)
{
    static const char utf8[] = "caf\xC3\xA9 \xE2\x82\xAC\n\"\\\x7F";
    static const char raw[] = "\0\xFF\x01 a\xC3";
    static const struct {
        const char *bytes;
        size_t length;
        const char *options, *unit;
    } cases[] = {{utf8, sizeof utf8 - 1, "context=4", "character"},
                 {raw, sizeof raw - 1, "context=3 level=byte", "byte"}};

    (void)unused;
    for (int i = 0; i < 2; i++) {
        descent_model *model = model_of(cases[i].bytes, cases[i].length, cases[i].options, GPT);
        descent_model *loaded;
        descent_error err = {0};
        assert_int_equal(descent_model_save(model, "model.safetensors", NULL), DESCENT_OK);
        if (descent_model_load(&loaded, "model.safetensors", &err) != DESCENT_OK)
            fail_msg("%s", err.message);
        const int n = descent_model_vocabulary(model);
        assert_int_equal(descent_model_vocabulary(loaded), n);
        assert_string_equal(descent_model_unit(loaded), cases[i].unit);
        assert_memory_equal(loaded->vocabulary.code, model->vocabulary.code,
                            (size_t)n * sizeof(uint32_t));
        assert_memory_equal(descent_model_weights(loaded), descent_model_weights(model),
                            descent_model_size(model) * sizeof(float));
        descent_model_free(model);
        descent_model_free(loaded);
    }
}

/* Windows that are batched differently score the same, and every token but the first counts. */
static void test_evaluate(void **unused)
{
    descent_model *model = model_of(letters, sizeof letters - 1, "context=8", GPT);
    descent_dataset *data = text_of("over the dog and on\n", 12, "context=3");
    descent_generate_options o = descent_generate_defaults();
    descent_score score;
    double loss = 0;
    char text[8];

    (void)unused;
    assert_int_equal(descent_model_evaluate(model, data, &score, NULL), DESCENT_OK);
    assert_int_equal(score.count, 11);
    /* the same by hand: the logits of a generator that has read so much of a window */
    static const char over[] = "over the dog";
    for (int i = 1; i < 12; i++) {
        const int begin = (i - 1) / 8 * 8;
        char prompt[16] = "";
        memcpy(prompt, over + begin, (size_t)(i - begin));
        o.prompt = prompt;
        descent_generator *g = generator_of(model, o);
        descent_generator_next(g, text);
        const float *logits = descent_generator_logits(g);
        double sum = 0;
        for (int c = 0; c < descent_model_vocabulary(model); c++)
            sum += exp((double)logits[c]);
        loss += log(sum) -
                (double)logits[dsc_vocabulary_find(&model->vocabulary, (unsigned char)over[i])];
        descent_generator_free(g);
    }
    assert_true(fabs(score.loss - loss / 11) < 1e-5);
    descent_dataset_free(data);
    descent_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cache_equals_recomputing),
        cmocka_unit_test(test_seeds),
        cmocka_unit_test(test_sampling),
        cmocka_unit_test(test_sampling_extremes),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_vocabulary_in_file),
        cmocka_unit_test(test_evaluate),
    };

    return cmocka_run_group_tests(tests, enter, leave);
}
