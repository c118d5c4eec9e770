/* look.c - what a diagnosis sees of trainings that go wrong: where the first number came from that
 * is not finite, which units are dead, what the trained network gives, and a wrong gradient. */
#include "runs.h"

#include "finding/finding.h"
#include "graph/check.h"
#include "graph/op.h"
#include "model/model.h"
#include "op/registry.h"
#include "train/silence.h"

enum { N = 100, BAD = 37 };

static const descent_finding *find(const descent_train_result *r, const char *name)
{
    for (int i = 0; i < DESCENT_FINDINGS && r->finding[i].name; i++)
        if (strcmp(r->finding[i].name, name) == 0)
            return &r->finding[i];
    return NULL;
}

static void run_digits(const char *model, const char *optimizer, descent_train_result *result)
{
    descent_recipe *recipe = RECIPE("data", "digits", "model", model, "optimizer", optimizer,
                                    "epochs", "3", "batch", "32");

    descent_model_free(run(recipe, descent_train_defaults(), result));
    descent_recipe_free(recipe);
}

static void the_op_that_broke_is_named(void **state)
{
    descent_train_result r;

    (void)state;
    run_digits("repeat 7 (linear 16 init=normal gain=1000000, relu), linear", "sgd lr=0.01 skips=4",
               &r);
    const descent_finding *f = find(&r, "non-finite-source");
    assert_non_null(f);
    assert_ptr_equal(f, &r.finding[0]);
    if (!strstr(f->evidence,
                "at step 1 op linear of layer '0.5.0 linear' was the first that gave "))
        fail_msg("%s", f->evidence);
    assert_non_null(strstr(f->evidence, "what went in was between "));
}

/* y = 2 x - 1, but for one target whose square is infinite. */
static void a_single_example_may_be_to_blame(void **state)
{
    float x[N], y[N];
    descent_dataset *data;
    descent_train_result r;

    (void)state;
    for (int i = 0; i < N; i++) {
        x[i] = (float)(i % 11) / 11;
        y[i] = 2 * x[i] - 1;
    }
    y[BAD] = 2e19f;
    assert_int_equal(descent_dataset_wrap_targets(&data, x, N, 1, (const int[]){1}, y, 1, NULL),
                     DESCENT_OK);
    descent_recipe *recipe =
        RECIPE("model", "linear", "optimizer", "sgd lr=0.01", "batch", "10", "epochs", "6",
               "standardize", "no", "schedule", "constant", "seed", "2");
    descent_model_free(run_on(recipe, data, descent_train_defaults(), &r));
    const descent_finding *f = find(&r, "non-finite-source");
    assert_non_null(f);
    assert_non_null(strstr(f->evidence, "op mse of layer '0 linear' was the first that gave inf"));
    assert_non_null(strstr(f->evidence, "and 2e+19"));
    descent_recipe_free(recipe);
    descent_dataset_free(data);
}

static void first_weights_are_seen(void **state)
{
    descent_train_result r;

    (void)state;
    run_digits("linear 16 init=constant gain=0.1, tanh, linear", "adam lr=0.01", &r);
    assert_string_equal(r.finding[0].name, "symmetric-initialization");
    run_digits("linear 32 gain=20, relu, linear gain=20", "adam lr=0.001", &r);
    assert_string_equal(r.finding[0].name, "bad-initial-scale");
    run_digits("linear 32, relu, linear", "adam lr=0.01", &r);
    assert_null(find(&r, "symmetric-initialization"));
    assert_null(find(&r, "bad-initial-scale"));
}

static void outputs_are_seen(void **state)
{
    descent_train_result r;

    (void)state;
    run_digits("linear 32, tanh, linear 1, layer_norm, linear", "adam lr=0.01", &r);
    const descent_finding *f = find(&r, "constant-output");
    assert_non_null(f);
    assert_non_null(strstr(f->evidence, "100 % of the training examples"));
    run_digits("linear 32, relu, linear", "adam lr=0.01", &r);
    assert_null(find(&r, "constant-output"));
}

/* A picture of 2 channels and 3 places. */
static void silent_units_are_counted_by_channels(void **state)
{
    const float first[6] = {0, 0, 0, 0, 0, 0}, second[6] = {0, 0, 0, 0, 0.5f, 0};
    const descent_model_options o = {.layers = "conv 2 1x1, relu, flatten, linear",
                                     .loss = "mse",
                                     .rank = 3,
                                     .shape = {1, 1, 3},
                                     .outputs = 1};
    dsc_network net;
    dsc_layers layers;
    dsc_silence s;
    size_t relu = 0;

    (void)state;
    assert_int_equal(
        dsc_network_build(&net, &o, DESCENT_F32, 4, DSC_BACKEND_REF, (dsc_place){0}, NULL, NULL),
        DESCENT_OK);
    assert_int_equal(dsc_layers_find(&layers, net.graph, NULL), DESCENT_OK);
    assert_int_equal(dsc_silence_create(&s, &layers, net.graph, NULL), DESCENT_OK);
    while (!layers.layer[relu].dies)
        relu++;
    const dsc_id id = layers.layer[relu].output;
    dsc_silence_see(&s, id, first, 1);
    assert_true(dsc_silence_share(&s, relu) == 1.0);
    assert_true(isnan(dsc_silence_share(&s, 0)));
    dsc_silence_see(&s, id, second, 1);
    assert_true(dsc_silence_share(&s, relu) == 0.5);
    dsc_silence_see(&s, id, first, 1);
    assert_true(dsc_silence_share(&s, relu) == 0.5);
    dsc_silence_begin(&s, &layers, net.graph);
    assert_true(dsc_silence_share(&s, relu) == 1.0);
    dsc_silence_free(&s);
    dsc_layers_free(&layers);
    dsc_network_free(&net);
}

/* --- an op whose backward is wrong ------------------------------------------------------------ */

static dsc_op wrong_tanh;
static void (*right_backward)(const dsc_call *call);

static void twice_the_gradient(const dsc_call *call)
{
    right_backward(call);
    double *dx = call->dx[0];
    for (size_t i = 0; i < dsc_shape_count(call->node->shape) * (size_t)call->pass->rows; i++)
        dx[i] *= 2.0;
}

static const dsc_op *find_op(const char *name, descent_type type, dsc_level level)
{
    const dsc_op *op = dsc_op_find(name, type, level);

    if (strcmp(name, "tanh") != 0)
        return op;
    wrong_tanh = *op;
    right_backward = op->backward;
    wrong_tanh.backward = twice_the_gradient;
    return &wrong_tanh;
}

static double gradient_error(const dsc_op *(*finder)(const char *, descent_type, dsc_level))
{
    enum { ROWS = 3, W = 4 };
    double w[W], g[W];
    dsc_graph *graph = dsc_graph_new(DESCENT_F64, ROWS, DSC_BACKEND_REF, finder);
    const dsc_id x = dsc_graph_input(graph, "x", (dsc_shape){1, {2}}, true, DSC_REALS);
    const dsc_id t = dsc_graph_input(graph, "t", (dsc_shape){1, {2}}, true, DSC_REALS);
    const dsc_id p = dsc_graph_parameter(graph, "w", "weight", (dsc_shape){2, {2, 2}},
                                         DSC_INIT_GLOROT_UNIFORM, 2, 2);
    const dsc_id h = dsc_graph_op(graph, "linear", 2, (dsc_id[]){x, p}, 0, NULL);
    const dsc_id a = dsc_graph_op(graph, "tanh", 1, &h, 0, NULL);
    const dsc_id loss = dsc_graph_op(graph, "mse", 2, (dsc_id[]){a, t}, 0, NULL);
    const dsc_pass pass = {.rows = ROWS, .training = true, .loss_scale = 1.0};
    dsc_run *run;

    assert_int_equal(dsc_graph_build(graph, a, loss, NULL), DESCENT_OK);
    dsc_graph_initialize(graph, 1, w, NULL);
    assert_int_equal(dsc_run_create(&run, graph, true, w, NULL, g, NULL), DESCENT_OK);
    for (int i = 0; i < 2 * ROWS; i++) {
        ((double *)dsc_run_input(run, x))[i] = 0.3 * i - 0.5;
        ((double *)dsc_run_input(run, t))[i] = 0.9 - 0.4 * i;
    }
    const double error = dsc_graph_check(graph, run, &pass, w, g);
    dsc_run_free(run);
    dsc_graph_free(graph);
    return error;
}

static void a_wrong_backward_is_a_finding(void **state)
{
    extern const dsc_finding dsc_finding_gradient_bug;
    dsc_case c = {.start = {.looked = true, .gradient_op = "tanh"}};
    descent_finding right = {.confidence = 0}, wrong = {.confidence = 0};

    (void)state;
    c.start.gradient_error = gradient_error(dsc_op_find);
    dsc_finding_gradient_bug.judge(&c, &right);
    assert_true(right.confidence == 0);
    c.start.gradient_error = gradient_error(find_op);
    dsc_finding_gradient_bug.judge(&c, &wrong);
    assert_true(wrong.confidence > 0.9);
    assert_int_equal(wrong.severity, DESCENT_FAILURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_op_that_broke_is_named),
        cmocka_unit_test(a_single_example_may_be_to_blame),
        cmocka_unit_test(first_weights_are_seen),
        cmocka_unit_test(outputs_are_seen),
        cmocka_unit_test(silent_units_are_counted_by_channels),
        cmocka_unit_test(a_wrong_backward_is_a_finding),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
