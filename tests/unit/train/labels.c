/* labels.c - wrong labels among features of which neighbours know next to nothing are seen by the
 * errors of the trained network. */
#include "runs.h"

#include "base/rng.h"

enum { N = 2000, FEATURES = 40 };

typedef struct table {
    float x[N * FEATURES], y[N];
    int32_t label[N];
} table;

/* What counts is a weighted sum of all features; every `wrong`-th answer is another's (0: none). */
static void make(table *t, size_t wrong)
{
    for (size_t i = 0; i < N; i++) {
        double sum = 0.0;
        for (size_t j = 0; j < FEATURES; j++) {
            const double x = dsc_random_normal(5, DSC_RNG_TEST, 0, i * FEATURES + j);
            t->x[i * FEATURES + j] = (float)x;
            sum += (j % 3 == 0 ? -0.4 : 0.2) * x;
        }
        const bool spoilt = wrong > 0 && i % wrong == 0;
        t->label[i] = (sum > 0.0) != spoilt;
        t->y[i] = (float)(spoilt ? sum + 30.0 : sum + 0.1 * (double)t->x[i * FEATURES]);
    }
}

static const descent_finding *label_noise(const descent_train_result *r)
{
    for (int i = 0; i < DESCENT_FINDINGS && r->finding[i].name; i++)
        if (strcmp(r->finding[i].name, "label-noise") == 0)
            return &r->finding[i];
    return NULL;
}

static void train(descent_dataset *data, const char *loss, descent_train_result *r)
{
    descent_recipe *recipe = RECIPE("model", "linear 16, relu, linear", "loss", loss, "optimizer",
                                    "adam lr=0.005", "batch", "32", "epochs", "6");

    descent_model_free(run_on(recipe, data, descent_train_defaults(), r));
    descent_recipe_free(recipe);
    descent_dataset_free(data);
}

static void of_classes(void **state)
{
    static table t;
    descent_dataset *data;
    descent_train_result r;

    (void)state;
    for (size_t wrong = 0; wrong <= 5; wrong += 5) {
        make(&t, wrong);
        assert_int_equal(descent_dataset_wrap_classes(&data, t.x, N, 1, (const int[]){FEATURES},
                                                      t.label, 2, NULL),
                         DESCENT_OK);
        train(data, "cross_entropy", &r);
        const descent_finding *f = label_noise(&r);
        assert_true((f != NULL) == (wrong > 0));
        if (f && !strstr(f->evidence, "of the test examples that the network is surer of "))
            fail_msg("%s", f->evidence);
    }
}

static void of_numbers(void **state)
{
    static table t;
    descent_dataset *data;
    descent_train_result r;

    (void)state;
    for (size_t wrong = 0; wrong <= 50; wrong += 50) {
        make(&t, wrong);
        assert_int_equal(
            descent_dataset_wrap_targets(&data, t.x, N, 1, (const int[]){FEATURES}, t.y, 1, NULL),
            DESCENT_OK);
        train(data, "mse", &r);
        const descent_finding *f = label_noise(&r);
        assert_true((f != NULL) == (wrong > 0));
        if (f && !strstr(f->evidence, "errors of the test part are "))
            fail_msg("%s", f->evidence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_classes),
        cmocka_unit_test(of_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
