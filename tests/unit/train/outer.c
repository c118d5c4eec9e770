/* outer.c - steps of one example, whose matrices go to the optimizer as outer products: the same
 * bits as with gradients in memory, for every rule, for everything that goes around one, and where
 * steps are skipped. */
#include "train/trainer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N = 12, IN = 37, STEPS = 6, MOST = 4096 };

/* What the trainings of a test have in common. */
typedef struct task {
    descent_type type;
    const char *layers, *optimizer, *group;
    double odd; /* the first input of example 3 */
} task;

/* Where one ended. */
typedef struct ending {
    size_t n;
    char w[MOST * sizeof(double)];
    int64_t skipped, culprit;
    double loss;
} ending;

static double input(const task *t, uint32_t example, int i)
{
    return example == 3 && i == 0 ? t->odd : sin(1.0 + (double)example * IN + i);
}

static void fill(const void *user, int64_t step, const uint32_t *index, size_t n, void *x, void *y)
{
    const task *t = user;

    (void)step;
    for (size_t k = 0; k < n; k++) {
        for (int i = 0; x && i < IN; i++) {
            if (t->type == DESCENT_F64)
                ((double *)x)[k * IN + (size_t)i] = input(t, index[k], i);
            else
                ((float *)x)[k * IN + (size_t)i] = (float)input(t, index[k], i);
        }
        if (y)
            ((int32_t *)y)[k] = (int32_t)((index[k] + 1) % 3);
    }
}

static descent_optimizer *make_optimizer(const task *t, const descent_model *model, int threads)
{
    descent_optimizer *opt;
    descent_error err = {0};
    const descent_optimizer_options options = {.segments = descent_model_segment(model, 0),
                                               .n_segments = descent_model_segments(model),
                                               .groups = &t->group,
                                               .n_groups = t->group ? 1 : 0,
                                               .steps = STEPS,
                                               .gives_objective = DSC_OBJECTIVE_IF_NEEDED,
                                               .gives_curvature = 1,
                                               .threads = threads};

    if (descent_optimizer_create_with(&opt, t->optimizer, descent_model_size(model), t->type,
                                      &options, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    return opt;
}

/* With two shards the one example is the first shard's, and gradients are summed as usual. */
static ending train(const task *t, int shards)
{
    const descent_model_options options = {
        .layers = t->layers, .loss = "cross_entropy", .rank = 1, .shape = {IN}, .outputs = 3};
    static ending end;
    dsc_network network;
    dsc_trainer *trainer;
    descent_model *model;
    descent_error err = {0};

    end = (ending){0};
    if (descent_model_create(&model, &options, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    assert_int_equal(dsc_network_build(&network, &options, t->type, 1, DSC_BACKEND_AUTO,
                                       (dsc_place){0}, NULL, &err),
                     DESCENT_OK);
    end.n = dsc_graph_parameters(network.graph);
    assert_true(end.n <= MOST);
    dsc_graph_initialize(network.graph, 7, end.w, NULL);
    descent_optimizer *opt = make_optimizer(t, model, shards == 1 ? 2 : 1);
    const dsc_trainer_options how = {.network = &network,
                                     .optimizer = opt,
                                     .w = end.w,
                                     .b = &(double){0},
                                     .shards = shards,
                                     .threads = 1,
                                     .fill = fill,
                                     .fill_user = t};
    assert_int_equal(dsc_trainer_create(&trainer, &how, NULL), DESCENT_OK);
    for (uint32_t step = 0; step < STEPS; step++)
        end.loss = dsc_trainer_step(trainer, &step, 1, (int64_t)step).loss;
    end.skipped = descent_optimizer_skipped(opt);
    end.culprit = descent_optimizer_culprit(opt, NULL);
    dsc_trainer_free(trainer);
    descent_optimizer_free(opt);
    dsc_network_free(&network);
    descent_model_free(model);
    return end;
}

static void compare(const task *t, int64_t skipped)
{
    static ending made, usual;

    made = train(t, 1);
    usual = train(t, 2);
    const size_t bytes = made.n * (t->type == DESCENT_F64 ? sizeof(double) : sizeof(float));
    if (memcmp(made.w, usual.w, bytes) != 0)
        fail_msg("'%s', '%s', group '%s': other weights", t->layers, t->optimizer,
                 t->group ? t->group : "");
    if (made.skipped != skipped || usual.skipped != skipped)
        fail_msg("'%s', %g: %d and %d steps skipped, not %d", t->optimizer, t->odd,
                 (int)made.skipped, (int)usual.skipped, (int)skipped);
    assert_int_equal(made.culprit, usual.culprit);
    assert_true(isnan(made.loss) ? isnan(usual.loss) : !(made.loss < usual.loss));
}

static const descent_type types[] = {DESCENT_F32, DESCENT_F64};
static const char mlp[] = "linear 40, tanh, linear 24, relu, linear";

static bool goes_around_another(const char *name)
{
    static const char *const wrapper[] = {"lookahead", "sam", "ema", "swa"};
    bool found = false;

    for (size_t i = 0; i < sizeof wrapper / sizeof *wrapper; i++)
        found = found || strcmp(name, wrapper[i]) == 0;
    return found;
}

static void every_rule_takes_the_same_steps(void **state)
{
    const descent_info *info;

    (void)state;
    for (size_t i = 0; (info = descent_optimizer_info(i)) != NULL; i++)
        for (int k = 0; k < 2; k++)
            if (!goes_around_another(info->name))
                compare(&(task){.type = types[k], .layers = mlp, .optimizer = info->name}, 0);
}

static void so_does_what_goes_around_a_rule(void **state)
{
    static const char *const spec[] = {
        "sgd lr=0.1 momentum=0.9 nesterov",
        "sgd lr=0.1 weight_decay=0.01",
        "sgd clip_value=0.01",
        "sgd lr=0.1 clip_norm=0.5",
        "adam lr=0.01 maximize",
        "adamw lr=0.01 zclip=2.5",
        "adam lr=0.01 state=bf16",
        "adam lr=0.01 state=8bit",
        "adamw lr=0.01 cautious",
        "adamw lr=0.01 stable",
        "sgd lr=0.1 centralize",
        "sgd lr=0.1 agc=0.01",
        "ema (sgd lr=0.1 momentum=0.9)",
        "lookahead (adam lr=0.01)",
        "swa (sgd lr=0.1 momentum=0.9)",
        "sam (sgd lr=0.1 momentum=0.9)",
        "sgd lr=(linear) clip_norm=(constant)",
    };

    (void)state;
    for (size_t i = 0; i < sizeof spec / sizeof *spec; i++)
        for (int k = 0; k < 2; k++)
            if (types[k] == DESCENT_F32 || !strstr(spec[i], "state="))
                compare(&(task){.type = types[k], .layers = mlp, .optimizer = spec[i]}, 0);
}

/* Segments of other settings, frozen ones, matrices before which and behind which nothing stands.
 */
static void so_do_networks_of_other_shapes(void **state)
{
    static const char *const layers[] = {
        "linear",
        "linear 1, linear 1, linear",
        "linear 40 bias=no, linear bias=no",
        "layer_norm, linear 16, relu, dropout 0.5, linear 16, softplus, linear",
        "linear 37, residual (linear 37, tanh), linear",
        "repeat 2 (linear 9, relu), linear",
    };
    static const char *const group[] = {NULL, "0.* frozen", "role=head lr=0.5x", "*.bias lr=2x"};

    (void)state;
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
        for (size_t k = 0; k < sizeof group / sizeof *group; k++)
            if (k == 0 || i == 1)
                compare(&(task){.type = types[i % 2],
                                .layers = layers[i],
                                .optimizer = "adam lr=0.01",
                                .group = group[k]},
                        0);
}

static void what_is_not_finite_is_skipped_and_named(void **state)
{
    static const double odd[] = {(double)INFINITY, -(double)INFINITY, (double)NAN, 3e30};
    static const char *const spec[] = {"sgd lr=0.1", "adam lr=0.01 clip_value=0.5"};

    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        for (int k = 0; k < 4; k++) {
            const bool clips = k >= 2, single = k % 2 == 0;
            const bool far = odd[i] > 1e29 && isfinite(odd[i]);
            compare(&(task){.type = types[k % 2],
                            .layers = "linear 40, relu, linear",
                            .optimizer = spec[k / 2],
                            .odd = odd[i]},
                    far && (clips || !single) ? 0 : 1);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_takes_the_same_steps),
        cmocka_unit_test(so_does_what_goes_around_a_rule),
        cmocka_unit_test(so_do_networks_of_other_shapes),
        cmocka_unit_test(what_is_not_finite_is_skipped_and_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
