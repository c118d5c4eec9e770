/* test_measure.c - what instruments say of steps that are made up, against sums done here. */
#include "instrument/measure.h"

#include "layer/layer.h"
#include "model/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { STEPS = 6 };

/* A small network and a weight vector of its size. */
typedef struct scene {
    dsc_network network;
    double *w;
    size_t n;
} scene;

static scene make_world(const char *layers)
{
    const descent_model_options options = {
        .layers = layers, .loss = "mse", .rank = 1, .shape = {3}, .outputs = 2};
    descent_error err = {0};
    scene world;

    if (dsc_network_build(&world.network, &options, DESCENT_F64, 4, DSC_BACKEND_REF, (dsc_place){0},
                          NULL, &err))
        fail_msg("%s", err.message);
    world.n = dsc_graph_parameters(world.network.graph);
    world.w = calloc(world.n, sizeof *world.w);
    for (size_t i = 0; i < world.n; i++)
        world.w[i] = sin((double)i + 1);
    return world;
}

static void end_world(scene *world)
{
    dsc_network_free(&world->network);
    free(world->w);
}

static dsc_instruments *make(scene *world, const char *choice, int64_t every,
                             void (*gradient)(void *user, void *g))
{
    const dsc_instruments_options options = {.choice = choice,
                                             .graph = world->network.graph,
                                             .w = world->w,
                                             .shards = 2,
                                             .threads = 2,
                                             .steps = STEPS,
                                             .every = every,
                                             .histograms = true,
                                             .gradient = gradient,
                                             .user = world};
    dsc_instruments *m;
    descent_error err = {0};

    if (dsc_instruments_create(&m, &options, &err))
        fail_msg("%s", err.message);
    return m;
}

/* The gradient of step `step`, and the move w <- w - g / 10. */
static double g_of(int64_t step, size_t i)
{
    return cos((double)step * 0.3 + (double)i);
}

static bool take_step(dsc_instruments *m, scene *world, int64_t step)
{
    const dsc_showing show = dsc_instruments_begin(m, step);

    for (size_t i = 0; i < world->n; i++) {
        if (show.g)
            ((double *)show.g)[i] = g_of(step, i);
        world->w[i] -= 0.1 * g_of(step, i);
    }
    return dsc_instruments_end(m, step, 8);
}

static double whole(const dsc_instruments *m, const char *name)
{
    for (size_t i = 0; dsc_instruments_chosen(m, i); i++)
        if (strcmp(dsc_instruments_chosen(m, i)->info.name, name) == 0)
            return dsc_instruments_whole(m, i);
    fail_msg("no %s", name);
    return 0;
}

static void assert_near(double found, double expected)
{
    if (!(fabs(found - expected) <= 1e-12 * (1 + fabs(expected))))
        fail_msg("found %.17g, expected %.17g", found, expected);
}

static void layers_are_named_and_measured_apart(void **state)
{
    scene world = make_world("linear 5, relu, residual (linear 5, tanh), linear");
    static const char *const names[] = {"0 linear", "1 relu", "2.0 linear", "2.1 tanh", "3 linear"};

    (void)state;
    dsc_instruments *m = make(&world, "grad_norm", 2, NULL);
    const dsc_layers *layers = dsc_instruments_layers(m);
    assert_int_equal(layers->n, 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(layers->name[i], names[i]);
    assert_int_equal(layers->layer[0].end, 20);
    assert_int_equal(layers->layer[2].begin, 20);
    assert_int_equal(layers->layer[4].end, (int)world.n);
    assert_true(layers->layer[1].dies && layers->layer[3].squeezes);
    assert_false(take_step(m, &world, 1));
    assert_true(take_step(m, &world, 2));
    double squares = 0;
    for (size_t i = 20; i < 50; i++)
        squares += g_of(2, i) * g_of(2, i);
    assert_near(dsc_instruments_of_layers(m, 0)[2], sqrt(squares));
    assert_true(isnan(dsc_instruments_of_layers(m, 0)[1]));
    dsc_instruments_free(m);
    end_world(&world);
}

static void values_are_what_their_formulas_say(void **state)
{
    scene world = make_world("linear 5, linear");
    double *w0 = malloc(world.n * sizeof *w0), *before = malloc(world.n * sizeof *before);

    (void)state;
    memcpy(w0, world.w, world.n * sizeof *w0);
    dsc_instruments *m =
        make(&world, "grad_norm, update_ratio, grad_cosine, noise_scale, distance", 3, NULL);
    for (int64_t step = 1; step <= 3; step++) {
        memcpy(before, world.w, world.n * sizeof *w0);
        assert_int_equal(take_step(m, &world, step), step == 3);
    }
    double g = 0, p = 0, gp = 0, w2 = 0, d2 = 0, s2 = 0;
    for (size_t i = 0; i < world.n; i++) {
        g += g_of(3, i) * g_of(3, i);
        p += g_of(2, i) * g_of(2, i);
        gp += g_of(3, i) * g_of(2, i);
        w2 += before[i] * before[i];
        d2 += (world.w[i] - before[i]) * (world.w[i] - before[i]);
        s2 += (world.w[i] - w0[i]) * (world.w[i] - w0[i]);
    }
    assert_near(whole(m, "grad_norm"), sqrt(g));
    assert_near(whole(m, "update_ratio"), sqrt(d2 / w2));
    assert_near(whole(m, "grad_cosine"), gp / sqrt(g * p));
    assert_near(whole(m, "noise_scale"), 8 * ((g + p) / 2 - gp) / gp);
    assert_near(whole(m, "distance"), sqrt(s2));
    dsc_instruments_free(m);
    free(w0);
    free(before);
    end_world(&world);
}

/* One batch of two shards: relu units 0 and 2 are dead in both, unit 1 in the first only. */
static void activations_of_all_shards_are_joined(void **state)
{
    scene world = make_world("linear 3, relu, linear 2, tanh, linear");
    const double relu[2][6] = {{0, 0, 0, 0, 0, 0}, {0, 4, 0, 0, 0, 0}};
    const double tanh_of[4] = {0.99, -0.99, 0.5, 0.9};
    static const char choice[] = "dead_units, saturation, activation_mean, activation_deviation";

    (void)state;
    dsc_instruments *m = make(&world, choice, 1, NULL);
    const dsc_layers *layers = dsc_instruments_layers(m);
    const dsc_showing show = dsc_instruments_begin(m, 1);
    assert_null(show.g);
    for (int s = 0; s < 2; s++) {
        void *user = dsc_watcher_shard(show.watcher, s);
        dsc_watcher_see(user, layers->layer[1].output, relu[s], 2);
        dsc_watcher_see(user, layers->layer[3].output, tanh_of + 2 * s, 1);
    }
    assert_true(dsc_instruments_end(m, 1, 4));
    assert_near(whole(m, "dead_units"), 2.0 / 3);
    assert_near(whole(m, "saturation"), 0.5);
    assert_near(dsc_instruments_of_layers(m, 2)[1], 4.0 / 12);
    assert_near(dsc_instruments_of_layers(m, 3)[1], sqrt(16.0 / 12 - 1.0 / 9));
    assert_near(dsc_instruments_of_layers(m, 2)[3], 1.4 / 4);
    assert_true(isnan(whole(m, "activation_mean")));
    const dsc_histogram *h = dsc_instruments_histogram(m, true, 3);
    assert_non_null(h);
    assert_near(h->low, -0.99);
    assert_near(h->high, 0.99);
    assert_true(h->count[0] == 1 && h->count[DSC_BINS - 1] == 1);
    dsc_instruments_free(m);
    end_world(&world);
}

/* The states of an rnn are values of tanh; with relu they have no ends. */
static void states_of_an_rnn_saturate(void **state)
{
    scene world = make_world("reshape 3x1, rnn 2 last, linear 2");
    const double states[4] = {0.99, -0.97, 0.5, 0.9};

    (void)state;
    dsc_instruments *m = make(&world, "saturation", 1, NULL);
    const dsc_layers *layers = dsc_instruments_layers(m);
    const dsc_showing show = dsc_instruments_begin(m, 1);
    for (int s = 0; s < 2; s++)
        dsc_watcher_see(dsc_watcher_shard(show.watcher, s), layers->layer[0].output, states + 2 * s,
                        1);
    assert_true(dsc_instruments_end(m, 1, 2));
    assert_near(whole(m, "saturation"), 0.5);
    dsc_instruments_free(m);
    end_world(&world);
    world = make_world("reshape 3x1, lstm 2, gru 2 last, linear 2");
    m = make(&world, "saturation", 1, NULL);
    layers = dsc_instruments_layers(m);
    assert_true(layers->layer[0].squeezes && layers->layer[0].units == 6);
    assert_true(layers->layer[1].squeezes && layers->layer[1].units == 2);
    dsc_instruments_free(m);
    end_world(&world);
    world = make_world("reshape 3x1, rnn 2 last nonlinearity=relu, linear 2");
    m = make(&world, "saturation", 1, NULL);
    assert_int_equal(dsc_instruments_layers(m)->layer[0].output, -1);
    dsc_instruments_free(m);
    end_world(&world);
}

/* f(w) = sum of c_i w_i^2 / 2 with the largest c in the middle. */
static double curvature(size_t i)
{
    return i == 7 ? 25.0 : 1.0 + 0.5 * (double)(i % 5);
}

static void gradient_of_quadratic(void *user, void *g)
{
    const scene *world = user;

    for (size_t i = 0; i < world->n; i++)
        ((double *)g)[i] = curvature(i) * world->w[i];
}

static void sharpness_is_the_largest_curvature(void **state)
{
    scene world = make_world("linear 5, linear");
    double *before = malloc(world.n * sizeof *before);

    (void)state;
    dsc_instruments *m = make(&world, "sharpness iterations=20", 1, gradient_of_quadratic);
    assert_true(take_step(m, &world, 1));
    assert_true(fabs(whole(m, "sharpness") - 25) < 1e-6);
    memcpy(before, world.w, world.n * sizeof *before);
    dsc_instruments_begin(m, 2);
    dsc_instruments_end(m, 2, 8);
    assert_memory_equal(before, world.w, world.n * sizeof *before);
    dsc_instruments_free(m);
    free(before);
    end_world(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layers_are_named_and_measured_apart),
        cmocka_unit_test(values_are_what_their_formulas_say),
        cmocka_unit_test(activations_of_all_shards_are_joined),
        cmocka_unit_test(states_of_an_rnn_saturate),
        cmocka_unit_test(sharpness_is_the_largest_curvature),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
