/* test_picture_networks.c - whole small networks of pictures in double: backward is the derivative
 * of forward, through shortcuts, statistics of the batch and changes of size. */
#include "base/rng.h"
#include "graph/check.h"
#include "graph/op.h"
#include "model/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ROWS = 5, SOME = 30 };

typedef struct net {
    const char *layers;
    int rank, shape[3], outputs;
} net;

static const net classifiers[] = {
    /* a residual network: a block that keeps the shape, one that halves the picture */
    {"conv 4 3x3 pad=1 bias=no, batch_norm, relu, "
     "residual (conv 4 3x3 pad=1 bias=no, batch_norm, relu, conv 4 3x3 pad=1 bias=no, batch_norm), "
     "relu, residual (conv 6 3x3 stride=2 pad=1 bias=no, batch_norm, relu, conv 6 3x3 pad=1 "
     "bias=no, batch_norm) shortcut=(conv 6 1x1 stride=2 bias=no, batch_norm), relu, "
     "global_avg_pool, linear",
     3,
     {2, 7, 6},
     3},
    /* depthwise-separable blocks, one of them residual */
    {"depthwise 3x3 pad=1 multiplier=2 bias=no, batch_norm, relu, conv 6 1x1, group_norm 3, relu, "
     "residual (depthwise 3x3 pad=1, group_norm 2, tanh, conv 6 1x1), adaptive_max_pool 2x3, "
     "linear",
     3,
     {2, 5, 6},
     3},
    /* sequences */
    {"conv1d 6 3 stride=2 pad=2 dilation=2 groups=3, instance_norm affine, relu, "
     "residual (conv1d 4 1) shortcut=(conv1d 4 3 pad=1, batch_norm), upsample 2, "
     "adaptive_avg_pool 5, global_max_pool, linear",
     2,
     {3, 11},
     3},
};

static const net autoencoders[] = {
    {"conv 4 3x3 stride=2 pad=1, relu, conv 3 2x2, tanh, conv_transpose 4 2x2, group_norm 2, relu, "
     "conv_transpose 2 3x3 stride=2 pad=1 output_pad=0x1, flatten",
     3,
     {2, 7, 8},
     2 * 7 * 8},
    {"conv 4 3x3 pad=1, max_pool 2, relu, upsample 2, conv 2 3x3 pad=1, instance_norm, flatten",
     3,
     {2, 6, 4},
     2 * 6 * 4},
};

/* Random weights and inputs; targets: labels, or the inputs themselves. */
static void fill(const net *n, dsc_network *network, dsc_run *run, double *w)
{
    const size_t count = dsc_graph_parameters(network->graph);
    const dsc_node *from = dsc_graph_node(network->graph, network->x);
    const size_t numbers = ROWS * dsc_shape_count(from->shape);
    double *x = dsc_run_input(run, network->x);

    /* away from the first values: gains of one and biases of zero would hide a factor */
    for (size_t i = 0; i < count; i++)
        w[i] += 0.2 * dsc_random_normal(2, DSC_RNG_TEST, 1, i);
    for (size_t i = 0; i < numbers; i++)
        x[i] = dsc_random_normal(2, DSC_RNG_TEST, 2, i);
    if (dsc_graph_node(network->graph, network->target)->element == DSC_REALS) {
        double *target = dsc_run_input(run, network->target);
        for (size_t i = 0; i < numbers; i++)
            target[i] = x[i];
        return;
    }
    for (int i = 0; i < ROWS; i++)
        ((int32_t *)dsc_run_input(run, network->target))[i] = i % n->outputs;
}

static void check(const net *n, const char *loss, bool training)
{
    descent_model_options o = {
        .layers = n->layers, .loss = loss, .rank = n->rank, .outputs = n->outputs};
    const dsc_pass pass = {.rows = ROWS, .training = training, .loss_scale = 1.0 / ROWS};
    descent_error err = {0};
    dsc_network network;
    dsc_run *run;

    for (int i = 0; i < n->rank; i++)
        o.shape[i] = n->shape[i];
    if (dsc_network_build(&network, &o, DESCENT_F64, ROWS, DSC_BACKEND_AUTO, (dsc_place){0}, NULL,
                          &err) != DESCENT_OK)
        fail_msg("%s: %s", n->layers, err.message);
    double *w = calloc(dsc_graph_parameters(network.graph) + 1, sizeof *w);
    double *g = calloc(dsc_graph_parameters(network.graph) + 1, sizeof *g);
    double *b = calloc(dsc_graph_buffers(network.graph) + 1, sizeof *b);
    assert_true(w && g && b);
    dsc_graph_initialize(network.graph, 1, w, b);
    assert_int_equal(dsc_run_create(&run, network.graph, true, w, b, g, &err), DESCENT_OK);
    fill(n, &network, run, w);
    const double off = dsc_graph_check_some(network.graph, run, &pass, w, g, SOME);
    if (!(off < 1e-7))
        fail_msg("%s, %s: finite differences are %.3g off", n->layers,
                 training ? "training" : "not training", off);
    double size = 0;
    for (size_t i = 0; i < dsc_graph_parameters(network.graph); i++)
        size += fabs(g[i]);
    assert_true(size > 0.01); /* there is something to compare */
    dsc_run_free(run);
    dsc_network_free(&network);
    free(w);
    free(g);
    free(b);
}

static void classifiers_have_the_right_gradient(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof classifiers / sizeof *classifiers; i++) {
        check(&classifiers[i], "cross_entropy", true);
        check(&classifiers[i], "cross_entropy", false);
    }
}

static void autoencoders_have_the_right_gradient(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof autoencoders / sizeof *autoencoders; i++)
        check(&autoencoders[i], "mse", true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classifiers_have_the_right_gradient),
        cmocka_unit_test(autoencoders_have_the_right_gradient),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
