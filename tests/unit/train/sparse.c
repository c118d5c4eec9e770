/* sparse.c - trainings on data that is mostly zeros, whose first layer skips them: the same bits
 * for any number of threads, and what plain products give. */
#include "runs.h"

enum { N = 300, WIDTH = 100, CLASSES = 3 };

/* Codes with a few ones, as categories make them; the class is where most of them stand. */
static descent_dataset *make_data(void)
{
    static float x[N * WIDTH];
    static int32_t label[N];
    descent_dataset *data;
    descent_error err = {0};

    for (int i = 0; i < N; i++) {
        label[i] = i % CLASSES;
        for (int k = 0; k < 10; k++)
            x[i * WIDTH + (i * 31 + k * k * 17 + (k < 7 ? label[i] * 40 : 0)) % WIDTH] = 1;
    }
    if (descent_dataset_wrap_classes(&data, x, N, 1, (int[]){WIDTH}, label, CLASSES, &err) !=
        DESCENT_OK)
        fail_msg("%s", err.message);
    return data;
}

static descent_model *train_on(const descent_dataset *data, const char *batch, const char *scaled,
                               const char *kernels, int threads, descent_train_result *result)
{
    descent_train_options options = descent_train_defaults();
    descent_recipe *recipe =
        RECIPE("model", "linear 33, relu, linear", "optimizer", "adam lr=0.01", "batch", batch,
               "epochs", "8", "standardize", scaled, "test", "0.2");

    options.threads = threads;
    options.kernels = kernels;
    descent_model *model = run_on(recipe, data, options, result);
    descent_recipe_free(recipe);
    return model;
}

static void threads_change_no_bit(void **state)
{
    descent_dataset *data = make_data();
    const char *const batches[] = {"1", "20", "64", "200", "all"};

    (void)state;
    for (size_t b = 0; b < sizeof batches / sizeof *batches; b++) {
        descent_train_result result;
        descent_model *one = train_on(data, batches[b], "yes", "auto", 1, &result);
        for (int threads = 2; threads <= 5; threads++) {
            descent_model *other = train_on(data, batches[b], "yes", "auto", threads, &result);
            assert_same_weights(one, other);
            descent_model_free(other);
        }
        descent_model_free(one);
    }
    descent_dataset_free(data);
}

static void other_kernels_learn_the_same(void **state)
{
    descent_dataset *data = make_data();

    (void)state;
    for (int scaled = 0; scaled < 2; scaled++) {
        descent_train_result fast, plain;
        const char *word = scaled ? "yes" : "no";
        descent_model *a = train_on(data, "64", word, "auto", 2, &fast);
        descent_model *b = train_on(data, "64", word, "ref", 1, &plain);
        assert_true(fabs(fast.train_loss - plain.train_loss) < 1e-3);
        assert_true(fabs(fast.test_loss - plain.test_loss) < 1e-3);
        assert_true(fast.train_loss < 1);
        descent_model_free(a);
        descent_model_free(b);
    }
    descent_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(other_kernels_learn_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
