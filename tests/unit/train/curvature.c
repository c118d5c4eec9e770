/* curvature.c - what rules that ask for the Hessian's diagonal are given. */
#include "runs.h"

#include "train/gradient.h"

enum { ROWS = 4000, CLASSES = 3 };

/* Four points around 0 for a line: then the Hessian of its mean squared error is diagonal, with
 * 2 mean(x^2) = 5 for the slope and 2 for the rest. Labels are all 0. */
static void fill(const void *user, int64_t step, const uint32_t *index, size_t n, void *x, void *y)
{
    static const double at[4] = {-2, -1, 1, 2};
    const bool labels = user != NULL;

    (void)step;
    for (size_t i = 0; i < n; i++) {
        if (x)
            ((double *)x)[i] = labels ? 0 : at[index[i]];
        if (y && labels)
            ((int32_t *)y)[i] = 0;
        else if (y)
            ((double *)y)[i] = 0.3 * at[index[i]] + 1;
    }
}

/* A trainer of `layers`, whose weights are w. */
static dsc_trainer *make(const char *loss, int outputs, int rows, descent_optimizer *opt, double *w,
                         dsc_network *network)
{
    static const bool labels = true;
    static double b[1];
    const descent_model_options options = {
        .layers = "linear", .loss = loss, .rank = 1, .shape = {1}, .outputs = outputs};
    dsc_trainer *trainer;

    assert_int_equal(dsc_network_build(network, &options, DESCENT_F64, rows, DSC_BACKEND_AUTO,
                                       (dsc_place){0}, NULL, NULL),
                     DESCENT_OK);
    assert_int_equal(
        dsc_trainer_create(&trainer,
                           &(dsc_trainer_options){.network = network,
                                                  .optimizer = opt,
                                                  .w = w,
                                                  .b = b,
                                                  .shards = 1,
                                                  .threads = 1,
                                                  .seed = 5,
                                                  .fill = fill,
                                                  .fill_user = outputs > 1 ? &labels : NULL},
                           NULL),
        DESCENT_OK);
    return trainer;
}

static void hutchinson_meets_a_diagonal_hessian(void **state)
{
    static const uint32_t index[4] = {0, 1, 2, 3};
    descent_optimizer_options options = descent_optimizer_defaults();
    descent_optimizer *opt;
    dsc_network network;
    double w[2] = {0.7, -0.2};

    (void)state;
    if (!has_rule("sophia_h"))
        skip();
    options.gives_curvature = 1;
    assert_int_equal(
        descent_optimizer_create_with(&opt, "sophia_h", 2, DESCENT_F64, &options, NULL),
        DESCENT_OK);
    dsc_trainer *trainer = make("mse", 1, 4, opt, w, &network);
    assert_true(dsc_trainer_step(trainer, index, 4, 0).finite);
    const double *h = trainer->w_trial;
    assert_true(fabs(h[0] - 5) < 1e-9);
    assert_true(fabs(h[1] - 2) < 1e-9);
    dsc_trainer_free(trainer);
    descent_optimizer_free(opt);
    dsc_network_free(&network);
}

/* As often as softmax says, within four deviations. */
static void labels_are_drawn_from_the_softmax(void **state)
{
    static const double p[CLASSES] = {0.2, 0.5, 0.3};
    double w[2 * CLASSES] = {0}, count[CLASSES] = {0};
    uint32_t index[ROWS];
    descent_optimizer *opt;
    dsc_network network;

    (void)state;
    for (int c = 0; c < CLASSES; c++)
        w[CLASSES + c] = log(p[c]) + 7;
    for (uint32_t i = 0; i < ROWS; i++)
        index[i] = i;
    assert_int_equal(descent_optimizer_create(&opt, "sgd lr=0", 2 * CLASSES, DESCENT_F64, NULL),
                     DESCENT_OK);
    dsc_trainer *trainer = make("cross_entropy", CLASSES, ROWS, opt, w, &network);
    assert_true(dsc_trainer_step(trainer, index, ROWS, 0).finite);
    dsc_run_forward(trainer->shard[0].run, &trainer->shard[0].pass); /* backward took the logits */
    dsc_trainer_draw_labels(trainer, &trainer->shard[0]);
    const int32_t *label = dsc_run_input(trainer->shard[0].run, network.target);
    for (int i = 0; i < ROWS; i++) {
        assert_true(label[i] >= 0 && label[i] < CLASSES);
        count[label[i]]++;
    }
    for (int c = 0; c < CLASSES; c++)
        assert_true(fabs(count[c] / ROWS - p[c]) < 4 * sqrt(p[c] * (1 - p[c]) / ROWS));
    dsc_trainer_free(trainer);
    descent_optimizer_free(opt);
    dsc_network_free(&network);
}

static void sampling_needs_a_softmax(void **state)
{
    descent_recipe *recipe = RECIPE("data", "diabetes", "optimizer", "sophia_g lr=0.01");
    descent_error err;

    (void)state;
    if (has_rule("sophia_g")) {
        assert_refused(recipe, &err);
        assert_string_equal(err.message,
                            "sophia_g draws labels from the model's softmax, which only "
                            "cross_entropy has, and the loss is mse; use sophia_h");
    }
    descent_recipe_free(recipe);
}

/* With nothing said, bs is the examples of a step: a batch, a window of batches, or all there are.
 */
static void bs_is_what_a_step_has(void **state)
{
    static const struct {
        const char *batch, *accumulate, *spec;
    } c[] = {{"16", "1", "sophia_g lr=0.01 bs=16"},
             {"8", "3", "sophia_g lr=0.01 bs=24"},
             {"all", "4", "sophia_g lr=0.01 bs=120"}};

    (void)state;
    for (size_t i = 0; has_rule("sophia_g") && i < sizeof c / sizeof *c; i++) {
        descent_recipe *said = RECIPE("data", "iris", "batch", c[i].batch, "accumulate",
                                      c[i].accumulate, "epochs", "2", "optimizer", c[i].spec);
        descent_recipe *unsaid =
            RECIPE("data", "iris", "batch", c[i].batch, "accumulate", c[i].accumulate, "epochs",
                   "2", "optimizer", "sophia_g lr=0.01");
        descent_train_result result;
        descent_model *one = run(said, descent_train_defaults(), &result);
        descent_model *two = run(unsaid, descent_train_defaults(), &result);
        assert_same_weights(one, two);
        descent_model_free(one);
        descent_model_free(two);
        descent_recipe_free(said);
        descent_recipe_free(unsaid);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hutchinson_meets_a_diagonal_hessian),
        cmocka_unit_test(labels_are_drawn_from_the_softmax),
        cmocka_unit_test(sampling_needs_a_softmax),
        cmocka_unit_test(bs_is_what_a_step_has),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
