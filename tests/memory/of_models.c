/* of_models.c - without enough memory: networks, their files, what they say, a text that goes on.
 */
#include "deny.h"
#include "scenario.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char picture_network[] =
    "conv 4 3x3 pad=1, batch_norm, relu, max_pool 2, residual (conv 4 3x3 pad=1, gelu), "
    "avg_pool 2, flatten, dropout 0.2, repeat 2 (linear 8, tanh), linear";
static const char text_network[] =
    "embedding 8, position, residual (layer_norm, attention 2 causal), layer_norm, linear";

static descent_status make(descent_model **out, const char *layers, descent_error *err)
{
    descent_model_options o = {
        .layers = layers, .loss = "cross_entropy", .rank = 3, .shape = {1, 8, 8}, .outputs = 10};

    return descent_model_create(out, &o, err);
}

static descent_status create(scenario_sum *sum, descent_error *err)
{
    descent_model *model;
    const descent_status status = make(&model, picture_network, err);

    if (status == DESCENT_OK)
        sum_model(sum, model);
    else if (model)
        complain("failed, and there is a model");
    descent_model_free(model);
    return status;
}

static descent_status create_recurrent(scenario_sum *sum, descent_error *err)
{
    descent_model *model;
    descent_model_options o = {.layers = "embedding 6, gru 5, lstm 5, rnn 5, linear",
                               .loss = "cross_entropy",
                               .rank = 1,
                               .shape = {7},
                               .vocabulary = 9,
                               .outputs = 9};
    const descent_status status = descent_model_create(&model, &o, err);

    if (status == DESCENT_OK)
        sum_model(sum, model);
    descent_model_free(model);
    return status;
}

static descent_status gradient(scenario_sum *sum, descent_error *err)
{
    static float x[5][64], g[4000];
    static const int32_t label[5] = {1, 2, 3, 4, 5};
    descent_model *model;

    const descent_status status = make(&model, picture_network, err);
    if (status != DESCENT_OK)
        return status;
    double loss = descent_model_gradient(model, x, label, 2, g);
    if (loss == loss)
        loss = descent_model_gradient(model, x, label, 5, g);
    if (loss == loss) {
        sum_number(sum, loss);
        sum_bytes(sum, g, descent_model_size(model) * sizeof *g);
    } else { /* as its comment says; and with memory it goes on */
        deny_off();
        const double again = descent_model_gradient(model, x, label, 5, g);
        if (again != again)
            complain("stays without a gradient");
        err->status = DESCENT_NOMEM;
        strcpy(err->message, "the loss is NaN: out of memory");
    }
    descent_model_free(model);
    return loss == loss ? DESCENT_OK : DESCENT_NOMEM;
}

/* oneDNN gets no memory within products either: plain C makes them, right to the last digits. */
static descent_status products(scenario_sum *sum, descent_error *err)
{
    enum { N = 40, WIDE = 70 };
    static float x[N][64], g[64 * WIDE + WIDE * WIDE + WIDE * 10 + 2 * WIDE + 10];
    static int32_t label[N];
    descent_model *model;

    for (int i = 0; i < N; i++) {
        label[i] = i % 10;
        for (int k = 0; k < 64; k++)
            x[i][k] = (float)((i * 37 + k * 11) % 101) / 100;
    }
    const descent_status status =
        make(&model, "flatten, linear 70, tanh, linear 70, tanh, linear", err);
    if (status != DESCENT_OK)
        return status;
    deny_products(1);
    const double loss = descent_model_gradient(model, x, label, N, g);
    deny_products(0);
    double square = 0;
    for (size_t i = 0; i < descent_model_size(model); i++)
        square += (double)g[i] * (double)g[i];
    descent_model_free(model);
    if (loss != loss) {
        err->status = DESCENT_NOMEM;
        strcpy(err->message, "the loss is NaN: out of memory");
        return DESCENT_NOMEM;
    }
    sum_number(sum, (double)lround(1e4 * loss));
    sum_number(sum, (double)lround(1e4 * square));
    return DESCENT_OK;
}

/* --- files ------------------------------------------------------------------------------------ */

static void keep_a_model(void)
{
    descent_model *model;

    if (make(&model, "flatten, linear 4, relu, linear", NULL) != DESCENT_OK ||
        descent_model_save(model, "kept.safetensors", NULL) != DESCENT_OK)
        complain("can't write a model");
    descent_model_free(model);
}

static void a_model_is_kept(bool success)
{
    descent_model *model;
    descent_error err;

    no_temporary_files(".");
    if (descent_model_load(&model, "kept.safetensors", &err) != DESCENT_OK)
        complain("the old file is broken: %s", err.message);
    else if (!success && descent_model_size(model) != 64 * 4 + 4 + 4 * 10 + 10)
        complain("the file is the new one, but it failed");
    descent_model_free(model);
}

static descent_status save(scenario_sum *sum, descent_error *err)
{
    descent_model *model;
    descent_status status = make(&model, picture_network, err);

    if (status == DESCENT_OK)
        status = descent_model_save(model, "kept.safetensors", err);
    if (status == DESCENT_OK)
        sum_file(sum, "kept.safetensors");
    descent_model_free(model);
    return status;
}

static descent_status load(scenario_sum *sum, descent_error *err)
{
    descent_model *model;
    const descent_status status = descent_model_load(&model, "run/model.safetensors", err);

    if (status == DESCENT_OK) {
        sum_model(sum, model);
        for (int i = 0; i < 3; i++)
            sum_text(sum, descent_model_class(model, i));
        for (int i = 0; i < 4; i++)
            sum_text(sum, descent_model_feature(model, i));
        sum_text(sum, descent_model_target(model));
        sum_text(sum, descent_model_note(model, "recipe.data"));
        sum_text(sum, descent_model_note(model, "step"));
    } else if (model) {
        complain("failed, and there is a model");
    }
    descent_model_free(model);
    return status;
}

static void make_a_run(void)
{
    descent_train_options o = descent_train_defaults();
    descent_recipe *recipe;
    descent_model *model = NULL;
    descent_error err;
    static bool made;

    if (made)
        return;
    made = true;
    o.folder = "run";
    o.threads = 1;
    if (make_recipe(&recipe, &err, "data", "iris", "model", "linear 4, relu, linear", "epochs", "2",
                    NULL) != DESCENT_OK ||
        descent_train(&model, recipe, NULL, &o, NULL, &err) != DESCENT_OK)
        complain("can't train: %s", err.message);
    descent_model_free(model);
    descent_recipe_free(recipe);
}

static descent_status use(scenario_sum *sum, descent_error *err)
{
    descent_dataset *data = NULL;
    descent_model *model;
    descent_score score;
    static float out[150 * 3];

    descent_status status = descent_model_load(&model, "run/model.safetensors", err);
    if (status == DESCENT_OK)
        status = descent_dataset_open(&data, "iris", err);
    if (status == DESCENT_OK)
        status = descent_model_predict(model, data, out, err);
    if (status == DESCENT_OK)
        status = descent_model_evaluate(model, data, &score, err);
    if (status == DESCENT_OK) {
        sum_bytes(sum, out, sizeof out);
        sum_number(sum, score.loss);
        sum_number(sum, score.accuracy);
    }
    descent_dataset_free(data);
    descent_model_free(model);
    return status;
}

/* --- text ---------------------------------------------------------------------------------------
 */

static void make_a_text_run(void)
{
    descent_train_options o = descent_train_defaults();
    descent_recipe *recipe;
    descent_model *model = NULL;
    descent_error err;
    static bool made;

    if (made)
        return;
    made = true;
    o.folder = "text-run";
    o.threads = 1;
    if (make_recipe(&recipe, &err, "data", "words.txt", "model", text_network, "context", "16",
                    "steps", "3", NULL) != DESCENT_OK ||
        descent_train(&model, recipe, NULL, &o, NULL, &err) != DESCENT_OK)
        complain("can't train: %s", err.message);
    descent_model_free(model);
    descent_recipe_free(recipe);
}

static descent_status generate(scenario_sum *sum, descent_error *err)
{
    descent_generate_options o = descent_generate_defaults();
    descent_generator *generator = NULL;
    descent_model *model;
    char token[8];

    o.prompt = "the cat";
    o.top_k = 5;
    descent_status status = descent_model_load(&model, "text-run/model.safetensors", err);
    if (status == DESCENT_OK)
        status = descent_generator_create(&generator, model, &o, err);
    for (int i = 0; status == DESCENT_OK && i < 30; i++) {
        descent_generator_next(generator, token);
        sum_text(sum, token);
    }
    descent_generator_free(generator);
    descent_model_free(model);
    return status;
}

static descent_status evaluate_text(scenario_sum *sum, descent_error *err)
{
    descent_dataset *data = NULL;
    descent_model *model;
    descent_score score;

    descent_status status = descent_model_load(&model, "text-run/model.safetensors", err);
    if (status == DESCENT_OK)
        status = descent_dataset_open(&data, "words.txt", err);
    if (status == DESCENT_OK)
        status = descent_model_evaluate(model, data, &score, err);
    if (status == DESCENT_OK)
        sum_number(sum, score.loss);
    descent_dataset_free(data);
    descent_model_free(model);
    return status;
}

const scenario scenarios_of_models[] = {
    {.name = "create a model", .run = create, .tries = 150},
    {.name = "create a recurrent model", .run = create_recurrent, .tries = 150},
    {.name = "gradient", .run = gradient, .tries = 150},
    {.name = "products", .run = products},
    {.name = "save", .run = save, .before = keep_a_model, .after = a_model_is_kept, .tries = 150},
    {.name = "load", .run = load, .before = make_a_run},
    {.name = "predict and evaluate", .run = use, .before = make_a_run, .tries = 150},
    {.name = "generate", .run = generate, .before = make_a_text_run, .tries = 150},
    {.name = "evaluate on text", .run = evaluate_text, .before = make_a_text_run},
    {.name = NULL},
};
