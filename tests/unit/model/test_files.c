/* test_files.c - model files: what is saved comes back, and nothing broken gets in. */
#define _GNU_SOURCE /* mkdtemp */
#include "base/file.h"
#include "base/memory.h"
#include "model/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "model-test-XXXXXX";
static const char path[] = "m.safetensors";

static int enter(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    unlink(path);
    unlink("again.safetensors");
    return chdir("..") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

/* A small model of iris, with scaling, names, buffers and a note. */
static descent_model *make_model(const descent_dataset *iris)
{
    const descent_model_options options = {.layers = "linear 3, batch_norm, relu, linear",
                                           .loss = "cross_entropy",
                                           .rank = 1,
                                           .shape = {4},
                                           .outputs = 3,
                                           .seed = 9};
    uint32_t index[150];
    dsc_scaling scaling;
    descent_model *model;

    for (uint32_t i = 0; i < 150; i++)
        index[i] = i;
    assert_int_equal(descent_model_create(&model, &options, NULL), DESCENT_OK);
    assert_int_equal(dsc_scaling_fit(&scaling, iris, index, 150, NULL), DESCENT_OK);
    assert_int_equal(dsc_model_describe(model, iris, &scaling, NULL), DESCENT_OK);
    assert_int_equal(dsc_model_note(model, "step", "17", NULL), DESCENT_OK);
    dsc_scaling_free(&scaling);
    return model;
}

static descent_dataset *open_iris(void)
{
    descent_dataset *iris;

    assert_int_equal(descent_dataset_open(&iris, "iris", NULL), DESCENT_OK);
    return iris;
}

static void what_is_saved_comes_back(void **state)
{
    static float before[150 * 3], after[150 * 3];
    descent_dataset *iris = open_iris();
    descent_model *model = make_model(iris), *loaded;
    char *a, *b;
    size_t n_a, n_b;

    (void)state;
    assert_int_equal(descent_model_predict(model, iris, before, NULL), DESCENT_OK);
    assert_int_equal(descent_model_save(model, path, NULL), DESCENT_OK);
    assert_int_equal(descent_model_load(&loaded, path, NULL), DESCENT_OK);
    assert_int_equal(descent_model_predict(loaded, iris, after, NULL), DESCENT_OK);
    assert_memory_equal(before, after, sizeof before);
    assert_string_equal(descent_model_class(loaded, 1), "versicolor");
    assert_string_equal(descent_model_feature(loaded, 3), "petal_width");
    assert_string_equal(descent_model_target(loaded), "species");
    assert_string_equal(descent_model_note(loaded, "step"), "17");
    assert_null(descent_model_note(loaded, "none"));
    for (int i = 0; i < 150; i++) {
        const float *p = before + 3 * (size_t)i;
        assert_true(fabsf(p[0] + p[1] + p[2] - 1.0f) < 1e-5f);
    }
    /* the same content gives the same bytes */
    assert_int_equal(descent_model_save(loaded, "again.safetensors", NULL), DESCENT_OK);
    assert_int_equal(dsc_file_read(path, 1 << 20, &a, &n_a, NULL), DESCENT_OK);
    assert_int_equal(dsc_file_read("again.safetensors", 1 << 20, &b, &n_b, NULL), DESCENT_OK);
    assert_int_equal(n_a, n_b);
    assert_memory_equal(a, b, n_a);
    dsc_free(a);
    dsc_free(b);
    descent_model_free(loaded);
    descent_model_free(model);
    descent_dataset_free(iris);
}

static void write_bytes(const char *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    fclose(f);
}

/* Saves the model and returns the bytes of its file. */
static char *saved_bytes(size_t *n)
{
    descent_dataset *iris = open_iris();
    descent_model *model = make_model(iris);
    char *bytes;

    assert_int_equal(descent_model_save(model, path, NULL), DESCENT_OK);
    assert_int_equal(dsc_file_read(path, 1 << 20, &bytes, n, NULL), DESCENT_OK);
    descent_model_free(model);
    descent_dataset_free(iris);
    return bytes;
}

static void every_truncation_is_refused(void **state)
{
    size_t n;
    char *bytes = saved_bytes(&n);

    (void)state;
    for (size_t length = 0; length < n; length += length < 40 || length > n - 40 ? 1 : 7) {
        descent_model *model;
        descent_error err = {0};
        write_bytes(bytes, length);
        assert_int_not_equal(descent_model_load(&model, path, &err), DESCENT_OK);
        assert_null(model);
        assert_true(err.message[0]);
    }
    dsc_free(bytes);
}

/* Any one bit of the header flipped: an error, or a model that can be used. */
static void every_flipped_bit_is_survived(void **state)
{
    descent_dataset *iris = open_iris();
    float out[150 * 3];
    size_t n, loaded = 0;
    char *bytes = saved_bytes(&n);
    size_t header = 8 + (unsigned char)bytes[0] + 256u * (unsigned char)bytes[1];

    (void)state;
    for (size_t bit = 0; bit < 8 * header; bit += 3) {
        descent_model *model;
        descent_error err = {0};
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
        write_bytes(bytes, n);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
        if (descent_model_load(&model, path, &err) == DESCENT_OK) {
            loaded++;
            if (descent_model_predict(model, iris, out, &err) != DESCENT_OK)
                assert_true(err.message[0]);
        } else {
            assert_true(!model && err.message[0]);
        }
        descent_model_free(model);
    }
    assert_true(loaded < 8 * header / 3 / 2); /* most flips are noticed */
    dsc_free(bytes);
    descent_dataset_free(iris);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_saved_comes_back),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_flipped_bit_is_survived),
    };

    return cmocka_run_group_tests(tests, enter, leave);
}
