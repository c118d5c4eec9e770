/* train.c - complete small trainings, step by step, in double: losses, weights after the first step
 * and at the end, and the score on the whole data set. The network comes from the file's layer
 * list through the same model builder, trainer and optimizers as `descent train`. */
#include "golden.h"

#include "optim/optim.h"
#include "schedule/schedule.h"
#include "train/trainer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One case, unpacked. */
typedef struct training {
    const json_t *root;
    char layers[1024];
    descent_model_options options;
    double *x, *w, *b;
    int32_t *labels; /* classification, or */
    double *targets; /* regression */
    size_t n, width; /* examples, numbers in each */
    size_t n_w, n_b;
    uint32_t *all; /* 0, 1, ..., n - 1 */
    dsc_network network;
    descent_optimizer *optimizer;
    dsc_trainer *trainer;
} training;

static void release(training *t)
{
    dsc_trainer_free(t->trainer);
    descent_optimizer_free(t->optimizer);
    dsc_network_free(&t->network);
    free(t->x);
    free(t->w);
    free(t->b);
    free(t->labels);
    free(t->targets);
    free(t->all);
}

/* "fc1: linear 4->16" to "linear 16"; false when the layer is not built. */
static bool translate(const char *text, char *out, size_t size)
{
    const char *colon = strstr(text, ": "), *word = colon ? colon + 2 : text;
    int in, units, height, width, pad = 0;

    if (sscanf(word, "linear %d->%d", &in, &units) == 2)
        return snprintf(out, size, "linear %d", units) > 0;
    if (sscanf(word, "conv2d %d->%d, %dx%d, padding %d", &in, &units, &height, &width, &pad) >= 4)
        return snprintf(out, size, "conv %d %dx%d pad=%d", units, height, width, pad) > 0;
    if (sscanf(word, "max_pool2d %d", &height) == 1)
        return snprintf(out, size, "max_pool %d", height) > 0;
    if (sscanf(word, "avg_pool2d %d", &height) == 1)
        return snprintf(out, size, "avg_pool %d", height) > 0;
    static const char *const same[] = {"flatten", "relu", "tanh", "sigmoid", "gelu"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (strncmp(word, same[i], strlen(same[i])) == 0)
            return snprintf(out, size, "%s", same[i]) > 0;
    return false;
}

static golden_outcome read_layers(training *t, golden_note *note)
{
    const json_t *layers = json_object_get(json_object_get(t->root, "model"), "layers");
    const json_t *layer;
    size_t i;

    json_array_foreach(layers, i, layer)
    {
        char text[128];
        if (!translate(json_string_value(layer), text, sizeof text))
            return golden_say(note, GOLDEN_SKIPPED, "layer '%s' is not built",
                              json_string_value(layer));
        const size_t used = strlen(t->layers);
        snprintf(t->layers + used, sizeof t->layers - used, "%s%s", i ? ", " : "", text);
    }
    if (json_is_number(json_object_get(t->root, "clip_grad_norm")))
        return golden_say(note, GOLDEN_SKIPPED, "clip_grad_norm is not built");
    return GOLDEN_PASSED;
}

static void read_data(training *t)
{
    const json_t *set = json_object_get(t->root, "dataset");
    const json_t *shape = json_object_get(set, "x_shape");
    size_t count;
    double *y = golden_array(json_object_get(set, "y"), &count);

    t->x = golden_array(json_object_get(set, "x"), &t->width);
    t->n = (size_t)json_integer_value(json_array_get(shape, 0));
    t->width /= t->n;
    t->options.rank = (int)json_array_size(shape) - 1;
    for (int i = 0; i < t->options.rank && i < 4; i++)
        t->options.shape[i] = (int)json_integer_value(json_array_get(shape, (size_t)i + 1));
    t->all = calloc(t->n, sizeof *t->all);
    for (size_t i = 0; i < t->n; i++)
        t->all[i] = (uint32_t)i;
    if (strncmp(golden_string(t->root, "loss"), "cross_entropy", 13) == 0) {
        t->labels = calloc(count, sizeof *t->labels);
        for (size_t i = 0; i < count; i++)
            t->labels[i] = (int32_t)y[i];
        t->options.loss = "cross_entropy";
        free(y);
    } else {
        t->targets = y;
        t->options.loss = "mse";
        t->options.outputs = (int)(count / t->n);
    }
}

/* All tensors of a list one after another. */
static double *join(const json_t *list, size_t *n)
{
    double *all = NULL;
    const json_t *tensor;
    size_t i;

    *n = 0;
    json_array_foreach(list, i, tensor)
    {
        size_t count;
        double *part = golden_array(json_object_get(tensor, "data"), &count);
        double *longer = realloc(all, (*n + count) * sizeof *all);
        if (part && longer)
            memcpy(longer + *n, part, count * sizeof *part);
        all = longer;
        *n += count;
        free(part);
    }
    return all;
}

/* The last tensor is the last layer's bias: one number a class or target. */
static int outputs_of(const json_t *init)
{
    const json_t *last = json_array_get(init, json_array_size(init) - 1);

    return (int)json_integer_value(json_array_get(json_object_get(last, "shape"), 0));
}

static void fill(const void *user, int64_t step, const uint32_t *index, size_t n, void *x, void *y)
{
    const training *t = user;
    const size_t targets = (size_t)t->options.outputs;

    (void)step;
    for (size_t i = 0; i < n; i++) {
        if (x)
            memcpy((double *)x + i * t->width, t->x + index[i] * t->width,
                   t->width * sizeof(double));
        if (y && t->labels)
            ((int32_t *)y)[i] = t->labels[index[i]];
        else if (y)
            memcpy((double *)y + i * targets, t->targets + index[i] * targets,
                   targets * sizeof(double));
    }
}

static golden_outcome build(training *t, golden_note *note)
{
    char spec[512];
    descent_error err = {0};
    const json_t *optimizer = json_object_get(t->root, "optimizer");

    if (!golden_optimizer_spec(golden_string(optimizer, "implementation"),
                               json_object_get(optimizer, "hyper"), spec, sizeof spec))
        return golden_say(note, GOLDEN_SKIPPED, "optimizer %s is not built",
                          golden_string(optimizer, "implementation"));
    t->w = join(json_object_get(t->root, "init"), &t->n_w);
    t->options.layers = t->layers;
    t->options.outputs = outputs_of(json_object_get(t->root, "init"));
    if (dsc_network_build(&t->network, &t->options, DESCENT_F64, (int)t->n, DSC_BACKEND_AUTO,
                          (dsc_place){0}, NULL, &err))
        return golden_say(note, GOLDEN_FAILED, "%s", err.message);
    t->n_b = dsc_graph_buffers(t->network.graph);
    t->b = calloc(t->n_b + 1, sizeof *t->b);
    if (dsc_graph_parameters(t->network.graph) != t->n_w)
        return golden_say(note, GOLDEN_FAILED, "the network has %zu parameters, the file %zu",
                          dsc_graph_parameters(t->network.graph), t->n_w);
    dsc_graph_initialize(t->network.graph, 0, NULL, t->b);
    if (descent_optimizer_create(&t->optimizer, spec, t->n_w, DESCENT_F64, &err) ||
        dsc_trainer_create(&t->trainer,
                           &(dsc_trainer_options){.network = &t->network,
                                                  .optimizer = t->optimizer,
                                                  .w = t->w,
                                                  .b = t->b,
                                                  .shards = 1,
                                                  .threads = 1,
                                                  .fill = fill,
                                                  .fill_user = t},
                           &err))
        return golden_say(note, GOLDEN_FAILED, "%s", err.message);
    return GOLDEN_PASSED;
}

static bool same_tensors(const training *t, const char *key, golden_note *note)
{
    size_t n;
    double *expected = join(json_object_get(t->root, key), &n);
    const bool same = n == t->n_w && golden_close(t->root, key, t->w, expected, n, note);

    free(expected);
    return same;
}

/* The learning rates of the file, and (where the schedule is built) that ours gives the same. */
static golden_outcome check_schedule(const training *t, size_t steps, golden_note *note)
{
    const json_t *schedule = json_object_get(t->root, "schedule");
    const double base = descent_optimizer_get(t->optimizer, "lr");
    descent_schedule *ours = NULL;
    char spec[GOLDEN_SPEC_SIZE];
    golden_outcome outcome = GOLDEN_PASSED;

    if (!json_is_object(schedule))
        return outcome;
    if (!golden_schedule_spec(golden_string(schedule, "class"), schedule,
                              (golden_frame){.base = base, .steps = (double)steps}, spec,
                              sizeof spec, note))
        return GOLDEN_SKIPPED;
    if (descent_schedule_create(&ours, spec, (int64_t)steps, NULL))
        return golden_say(note, GOLDEN_FAILED, "schedule '%.200s' was refused", spec);
    for (size_t k = 0; k < steps && outcome == GOLDEN_PASSED; k++) {
        const double got = base * descent_schedule_factor(ours, (int64_t)k);
        const double expected =
            json_number_value(json_array_get(json_object_get(t->root, "lr"), k));
        if (!golden_close(t->root, "lr", &got, &expected, 1, note))
            outcome = GOLDEN_FAILED;
    }
    descent_schedule_free(ours);
    return outcome;
}

static golden_outcome run_steps(training *t, golden_note *note)
{
    const json_t *batches = json_object_get(t->root, "batches"), *batch;
    size_t k;

    const golden_outcome schedule = check_schedule(t, json_array_size(batches), note);
    if (schedule != GOLDEN_PASSED)
        return schedule;
    json_array_foreach(batches, k, batch)
    {
        size_t n;
        double *rows = golden_array(batch, &n);
        uint32_t *index = calloc(n, sizeof *index);
        for (size_t i = 0; i < n; i++)
            index[i] = (uint32_t)rows[i];
        const double lr = json_number_value(json_array_get(json_object_get(t->root, "lr"), k));
        const double loss =
            json_number_value(json_array_get(json_object_get(t->root, "losses"), k));
        descent_optimizer_set(t->optimizer, "lr", lr, NULL);
        const dsc_step_result step = dsc_trainer_step(t->trainer, index, n, (int64_t)k);
        free(rows);
        free(index);
        if (!golden_close(t->root, "loss", &step.loss, &loss, 1, note) ||
            (k == 0 && !same_tensors(t, "after_step_1", note)))
            return GOLDEN_FAILED;
    }
    return same_tensors(t, "final", note) ? GOLDEN_PASSED : GOLDEN_FAILED;
}

/* Loss and hits on all examples: one more step, whose loss is that of the final weights. */
static golden_outcome check_score(training *t, golden_note *note)
{
    const double expected = golden_get(t->root, "final_loss_all", (double)NAN);
    const json_t *correct = json_object_get(t->root, "final_correct");
    const dsc_step_result all = dsc_trainer_step(t->trainer, t->all, t->n, 0);

    if (!golden_close(t->root, "final_loss_all", &all.loss, &expected, 1, note))
        return GOLDEN_FAILED;
    if (json_is_integer(correct) && (size_t)json_integer_value(correct) != all.hits)
        return golden_say(note, GOLDEN_FAILED, "%zu correct, expected %lld", all.hits,
                          (long long)json_integer_value(correct));
    return GOLDEN_PASSED;
}

golden_outcome golden_train(const json_t *root, golden_note *note)
{
    training t = {.root = root};

    golden_outcome outcome = read_layers(&t, note);
    if (outcome == GOLDEN_PASSED) {
        read_data(&t);
        outcome = build(&t, note);
    }
    if (outcome == GOLDEN_PASSED)
        outcome = run_steps(&t, note);
    if (outcome == GOLDEN_PASSED)
        outcome = check_score(&t, note);
    release(&t);
    return outcome;
}
