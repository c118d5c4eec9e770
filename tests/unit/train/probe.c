/* probe.c - the look around the last weights of a training: what it asks, and when. */
#include "runs.h"

#include "train/diagnose.h"

/* The training ends; what is known of it goes to the user, a dsc_case. */
static descent_status train_and_keep(dsc_fit *fit, void *user, descent_error *err)
{
    descent_train_result result;
    const descent_status status = dsc_fit_run(fit, &result, err);

    *(dsc_case *)user = fit->diagnosis->c;
    return status;
}

static dsc_probe probe_with(descent_recipe *recipe, descent_train_options options,
                            double *test_loss)
{
    descent_error err = {0};
    dsc_case c;

    if (dsc_train_prepared(recipe, NULL, &options, train_and_keep, &c, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    *test_loss = c.test_look.loss;
    descent_recipe_free(recipe);
    return c.probe;
}

static dsc_probe probe_of(descent_recipe *recipe, double *test_loss)
{
    return probe_with(recipe, descent_train_defaults(), test_loss);
}

static void a_file_in_order_is_seen_as_a_whole(void **state)
{
    enum { ROWS = 4000 };
    FILE *file = fopen("probe-order.csv", "w");
    double test_loss;

    (void)state;
    assert_non_null(file);
    fputs("x,y\n", file);
    for (int i = 0; i < ROWS; i++)
        fprintf(file, "%d,%g\n", i % 7, (double)i);
    assert_int_equal(fclose(file), 0);
    const dsc_probe probe = probe_of(RECIPE("data", "probe-order.csv", "model", "linear",
                                            "optimizer", "sgd lr=0.001", "epochs", "2"),
                                     &test_loss);
    assert_true(probe.n > 0 && probe.n < ROWS / 5);
    /* the targets of the first of them are all small */
    assert_true(fabs(probe.test_last / test_loss - 1.0) < 0.1);
    assert_true(fabs(probe.test_mean / test_loss - 1.0) < 0.1);
}

static descent_recipe *overfitting(const char *patience)
{
    return RECIPE("data", "diabetes", "model", "linear 64, batch_norm, relu, linear", "epochs",
                  "40", "optimizer", "adam lr=0.05", "patience", patience);
}

/* Every epoch is the best so far. */
static descent_recipe *improving(const char *patience)
{
    return RECIPE("data", "diabetes", "model", "linear", "epochs", "40", "optimizer",
                  "sgd lr=0.001", "patience", patience);
}

/* With patience the model is that of the best epoch, which is not where the last steps led. */
static void an_epoch_before_the_end_has_no_probe(void **state)
{
    double test_loss;

    (void)state;
    assert_true(probe_of(improving("1000"), &test_loss).n > 0);
    assert_true(probe_of(overfitting("0"), &test_loss).n > 0);
    assert_int_equal(probe_of(overfitting("1000"), &test_loss).n, 0);
}

/* The rest of a step's epoch is left when the user stops it. */
static int stop_within_the_last(const descent_train_progress *now, void *user)
{
    (void)user;
    return now->epoch == now->epochs && !now->epoch_ended;
}

static void a_stop_within_an_epoch_has_no_probe(void **state)
{
    descent_train_options options = descent_train_defaults();
    double test_loss;

    (void)state;
    options.on_progress = stop_within_the_last;
    assert_true(probe_with(improving("0"), options, &test_loss).n > 0);
    assert_int_equal(probe_with(improving("1000"), options, &test_loss).n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_in_order_is_seen_as_a_whole),
        cmocka_unit_test(an_epoch_before_the_end_has_no_probe),
        cmocka_unit_test(a_stop_within_an_epoch_has_no_probe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
