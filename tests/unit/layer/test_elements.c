/* test_elements.c - layers of single numbers, axes and branches: the values they make, what they
 * are in other words, their first weights, and the gradients of whole networks of them. */
#include "base/rng.h"
#include "graph/check.h"
#include "graph/op.h"
#include "layer/layer.h"
#include "model/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 2, MOST = 4000 };

/* A network in double with its run. */
typedef struct net {
    dsc_network network;
    dsc_run *run;
    double w[MOST], g[MOST], b[64];
} net;

static void open_net(net *n, const char *layers, dsc_shape shape, int outputs)
{
    descent_model_options o = {
        .layers = layers, .loss = "mse", .rank = shape.rank, .outputs = outputs, .seed = 3};
    descent_error err = {0};

    memset(n, 0, sizeof *n);
    memcpy(o.shape, shape.size, sizeof o.shape);
    if (dsc_network_build(&n->network, &o, DESCENT_F64, ROWS, DSC_BACKEND_AUTO, (dsc_place){0},
                          NULL, &err) != DESCENT_OK)
        fail_msg("%s: %s", layers, err.message);
    assert_true(dsc_graph_parameters(n->network.graph) <= MOST);
    dsc_graph_initialize(n->network.graph, 5, n->w, n->b);
    assert_int_equal(dsc_run_create(&n->run, n->network.graph, true, n->w, n->b, n->g, NULL),
                     DESCENT_OK);
    double *x = dsc_run_input(n->run, n->network.x), *t = dsc_run_input(n->run, n->network.target);
    for (size_t i = 0; i < ROWS * dsc_shape_count(shape); i++)
        x[i] = dsc_random_normal(1, DSC_RNG_TEST, 1, i);
    for (size_t i = 0; i < ROWS * (size_t)outputs; i++)
        t[i] = dsc_random_normal(1, DSC_RNG_TEST, 2, i);
}

static void close_net(net *n)
{
    dsc_run_free(n->run);
    dsc_network_free(&n->network);
}

static const dsc_pass pass = {.rows = ROWS, .training = true, .loss_scale = 1.0 / 6};

static void values_are_their_formulas(void **state)
{
    /* PyTorch 1.13's numbers for x = -2, -0.5, 0.5, 2 */
    static const struct {
        const char *layer;
        double y[4];
    } c[] = {
        {"relu6", {0, 0, 0.5, 2}},
        {"leaky_relu", {-0.02, -0.005, 0.5, 2}},
        {"leaky_relu 0.2", {-0.4, -0.1, 0.5, 2}},
        {"prelu", {-0.5, -0.125, 0.5, 2}},
        {"prelu per_channel", {-0.5, -0.125, 0.5, 2}},
        {"elu", {-0.8646647167633873, -0.3934693402873666, 0.5, 2}},
        {"elu alpha=0.5", {-0.43233235838169365, -0.1967346701436833, 0.5, 2}},
        {"silu",
         {-0.2384058440442351, -0.1887703343990727, 0.3112296656009273, 1.7615941559557649}},
        {"softplus",
         {0.1269280110429725, 0.4740769841801067, 0.9740769841801067, 2.1269280110429727}},
        {"hardsigmoid", {1.0 / 6, 2.5 / 6, 3.5 / 6, 5.0 / 6}},
        {"hardswish", {-2.0 / 6, -1.25 / 6, 1.75 / 6, 10.0 / 6}},
        {"softsign", {-2.0 / 3, -1.0 / 3, 1.0 / 3, 2.0 / 3}},
        {"logsigmoid",
         {-2.1269280110429727, -0.9740769841801067, -0.4740769841801067, -0.1269280110429725}},
        {"identity", {-2, -0.5, 0.5, 2}},
        {"reshape 2x2, permute 1 0, flatten", {-2, 0.5, -0.5, 2}},
        {"reshape 2x2, transpose, flatten", {-2, 0.5, -0.5, 2}},
        {"concat (reshape 2x2, softmax axis=0, flatten, reshape 4x1) (identity, reshape 4x1), "
         "permute 1 0, flatten, reshape 8, reshape 4x2, flatten",
         {0.07585818002124355, 0.07585818002124355, 0.9241418199787566, 0.9241418199787566}},
    };
    static net n;

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        const bool joined = strncmp(c[i].layer, "concat", 6) == 0;
        open_net(&n, c[i].layer, (dsc_shape){1, {4}}, joined ? 8 : 4);
        double *x = dsc_run_input(n.run, n.network.x);
        for (int r = 0; r < ROWS; r++)
            memcpy(x + 4 * r, (double[]){-2, -0.5, 0.5, 2}, 4 * sizeof *x);
        (void)dsc_run_forward(n.run, &pass);
        const double *y = dsc_run_value(n.run, n.network.output);
        for (int k = 0; k < 4; k++)
            if (!(fabs(y[k] - c[i].y[k]) < 1e-14))
                fail_msg("%s: y[%d] = %.17g, expected %.17g", c[i].layer, k, y[k], c[i].y[k]);
        close_net(&n);
    }
}

static void gradients_are_derivatives(void **state)
{
    static const char *const layers[] = {
        "concat (conv 3 1x1, relu) (conv 2 3x3 pad=1, mish, conv 2 1x1) (identity), prelu "
        "per_channel, "
        "linear 3",
        "concat (identity) (conv 2 1x1, silu) (identity), residual (concat (conv 4 1x1) (elu, conv "
        "2 "
        "1x1)), linear 3",
        "linear 32, reshape 8x4, softmax, permute 1 0, log_softmax axis=0, transpose 0 1, flatten, "
        "linear 3",
        "linear 9, leaky_relu, linear 9, selu, linear 9, softplus 2, linear 9, hardswish, prelu, "
        "linear 3",
    };
    static net n;

    (void)state;
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        open_net(&n, layers[i], (dsc_shape){3, {2, 4, 4}}, 3);
        const double off = dsc_graph_check_some(n.network.graph, n.run, &pass, n.w, n.g, 60);
        if (!(off < 1e-7))
            fail_msg("%s: finite differences are %.3g off", layers[i], off);
        close_net(&n);
    }
}

static void branches_have_names_and_weights_of_their_own(void **state)
{
    static const char *const name[] = {
        "0.branch1.0.weight", "0.branch1.0.bias", "0.branch2.0.weight",
        "0.branch2.0.bias",   "1.slope",          "2.weight"};
    static net n;
    size_t k = 0;

    (void)state;
    open_net(&n, "concat (linear 3) (linear 2), prelu, linear 1", (dsc_shape){1, {4}}, 1);
    for (size_t i = 0; i < dsc_graph_nodes(n.network.graph) && k < sizeof name / sizeof *name;
         i++) {
        const dsc_node *node = dsc_graph_node(n.network.graph, (dsc_id)i);
        if (node->kind != DSC_PARAMETER)
            continue;
        assert_string_equal(node->name, name[k++]);
        if (strcmp(node->name, "1.slope") == 0)
            assert_true(n.w[node->offset] == 0.25);
    }
    assert_true(k == sizeof name / sizeof *name);
    close_net(&n);
}

static void weights_suit_their_activation(void **state)
{
    static const char *const he[] = {"relu", "relu6",    "leaky_relu", "prelu",     "elu",
                                     "silu", "softplus", "mish",       "hardswish", "gelu"};

    (void)state;
    for (size_t i = 0; i < sizeof he / sizeof *he; i++)
        assert_int_equal(dsc_init_for(he[i]), DSC_INIT_HE_NORMAL);
    assert_int_equal(dsc_init_for("selu"), DSC_INIT_LECUN_NORMAL);
    assert_int_equal(dsc_init_for("tanh"), DSC_INIT_GLOROT_UNIFORM);
    assert_int_equal(dsc_init_for("softsign"), DSC_INIT_GLOROT_UNIFORM);
    assert_int_equal(dsc_init_for(""), DSC_INIT_GLOROT_UNIFORM);
}

/* Root of the mean square of the first layer's matrix of 100 x 30. */
static double size_of(const char *layer)
{
    char layers[80];
    double squares = 0;
    net n;

    snprintf(layers, sizeof layers, "%s, tanh, linear", layer);
    open_net(&n, layers, (dsc_shape){1, {30}}, 1);
    for (int i = 0; i < 3000; i++)
        squares += n.w[i] * n.w[i];
    close_net(&n);
    return sqrt(squares / 3000);
}

static void first_weights_can_be_chosen(void **state)
{
    const double glorot = sqrt(2.0 / 130);

    (void)state;
    assert_true(fabs(size_of("linear 100") / glorot - 1) < 0.03);
    assert_true(fabs(size_of("linear 100 gain=3") / (3 * glorot) - 1) < 0.03);
    assert_true(fabs(size_of("linear 100 init=he") / sqrt(2.0 / 30) - 1) < 0.05);
    assert_true(fabs(size_of("linear 100 init=lecun") / sqrt(1.0 / 30) - 1) < 0.05);
    assert_true(fabs(size_of("linear 100 init=normal gain=0.02") / 0.02 - 1) < 0.05);
    assert_true(fabs(size_of("linear 100 init=constant gain=0.5") - 0.5) < 1e-12);
    assert_true(size_of("linear 100 init=zeros") == 0);
    net n;
    open_net(&n, "linear 2 bias_init=-0.5", (dsc_shape){1, {3}}, 2);
    assert_true(n.w[6] == -0.5 && n.w[7] == -0.5);
    close_net(&n);
    assert_true(fabs(size_of("reshape 1x30, conv1d 100 30 gain=2, flatten") /
                         (2 * sqrt(2.0 / (30 + 3000))) -
                     1) < 0.03);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_weights_can_be_chosen),
        cmocka_unit_test(values_are_their_formulas),
        cmocka_unit_test(gradients_are_derivatives),
        cmocka_unit_test(branches_have_names_and_weights_of_their_own),
        cmocka_unit_test(weights_suit_their_activation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
