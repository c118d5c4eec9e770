/* joint.c - trainings whose shards do their first layer together: the same bits for any number of
 * threads, and what one shard learns. */
#include "runs.h"

enum { N = 330, WIDTH = 300, CLASSES = 3 };

/* Codes with a few ones; of examples that `dense` takes all numbers differ from zero. */
static descent_dataset *make_data(int dense)
{
    static float x[N * WIDTH];
    static int32_t label[N];
    descent_dataset *data;
    descent_error err = {0};

    memset(x, 0, sizeof x);
    for (int i = 0; i < N; i++) {
        label[i] = i % CLASSES;
        for (int k = 0; k < 12; k++)
            x[i * WIDTH + (i * 31 + k * k * 17 + (k < 8 ? label[i] * 100 : 0)) % WIDTH] = 1;
        for (int k = 0; dense > 0 && i % dense == 0 && k < WIDTH; k++)
            x[i * WIDTH + k] += 0.01f * (float)((i + k) % 7 + 1);
    }
    if (descent_dataset_wrap_classes(&data, x, N, 1, (int[]){WIDTH}, label, CLASSES, &err) !=
        DESCENT_OK)
        fail_msg("%s", err.message);
    return data;
}

/* One recipe, `batch` examples in `shards`. */
typedef struct plan {
    const char *batch, *shards, *optimizer, *accumulate;
    int dense;
} plan;

static descent_model *train_on(const descent_dataset *data, const plan *p, const char *kernels,
                               int threads, descent_train_result *result)
{
    descent_train_options options = descent_train_defaults();
    descent_recipe *recipe = RECIPE(
        "model", "linear 112, relu, linear", "optimizer", p->optimizer, "batch", p->batch, "shards",
        p->shards, "accumulate", p->accumulate, "epochs", "3", "standardize", "no", "test", "0.1");

    options.threads = threads;
    options.kernels = kernels;
    descent_model *model = run_on(recipe, data, options, result);
    descent_recipe_free(recipe);
    return model;
}

/* Whole batches and a shorter last one, shards that are no power of two, gradients of several
 * batches, clipping by the norm, rules that look twice or elsewhere, examples that go by products.
 */
static const plan plans[] = {
    {"64", "2", "sgd lr=0.1", "1", 0},
    {"60", "3", "adam lr=0.01", "1", 0},
    {"99", "5", "sgd lr=0.1 momentum=0.9", "1", 0},
    {"160", "4", "sgd lr=0.1", "1", 0},
    {"32", "2", "sgd lr=0.1", "3", 0},
    {"64", "2", "adamw lr=0.01 clip_norm=0.5", "1", 0},
    {"64", "2", "sgd lr=0.1 clip_value=0.001", "1", 0},
    {"64", "2", "sam (sgd lr=0.1)", "1", 0},
    {"64", "2", "ema (lookahead (adam lr=0.01))", "1", 0},
    {"64", "2", "adam lr=0.01 state=8bit", "1", 0},
    {"64", "2", "muon lr=0.01", "1", 0},
    {"64", "2", "sophia_g lr=0.001", "1", 0},
    {"64", "2", "sophia_h lr=0.001", "1", 0},
    {"64", "2", "sgd lr=0.1", "1", 1},
    {"20", "2", "sgd lr=0.1", "1", 9},
};
enum { N_PLANS = sizeof plans / sizeof *plans };

static void threads_change_no_bit(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_PLANS; i++) {
        descent_dataset *data = make_data(plans[i].dense);
        descent_train_result result;
        descent_model *one = train_on(data, &plans[i], "auto", 1, &result);
        assert_true(result.train_loss < 1.2);
        for (int threads = 2; threads <= 8; threads += threads < 4 ? 1 : 4) {
            descent_model *other = train_on(data, &plans[i], "auto", threads, &result);
            assert_same_weights(one, other);
            descent_model_free(other);
        }
        descent_model_free(one);
        descent_dataset_free(data);
    }
}

/* One shard has nobody to share its layer with. */
static void one_shard_learns_the_same(void **state)
{
    static const char *const kernels[] = {"auto", "ref"};

    (void)state;
    for (int k = 0; k < 2; k++)
        for (int dense = 0; dense <= 9; dense += 9) {
            descent_dataset *data = make_data(dense);
            const plan joint = {"64", "2", "sgd lr=0.1", "1", dense};
            plan single = joint;
            descent_train_result a, b;
            single.shards = "1";
            descent_model *x = train_on(data, &joint, kernels[k], 2, &a);
            descent_model *y = train_on(data, &single, kernels[k], 2, &b);
            assert_true(fabs(a.train_loss - b.train_loss) < 1e-5);
            assert_true(distance(x, y) < 1e-4);
            descent_model_free(x);
            descent_model_free(y);
            descent_dataset_free(data);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(one_shard_learns_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
