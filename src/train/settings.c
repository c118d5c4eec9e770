/* settings.c - from a recipe's words to checked numbers; what is open is chosen from the data. */
#include "train/recipe.h"

#include "base/number.h"
#include "data/dataset.h"
#include "data/tokens.h"
#include "kernel/shapes.h"
#include "layer/loss.h"

#include <stdio.h>
#include <string.h>

/* A value that the recipe left open, now visible in it. */
static descent_status by_default(descent_recipe *recipe, dsc_key key, const char *value,
                                 descent_error *err)
{
    if (recipe->setting[key].text)
        return DESCENT_OK;
    DSC_TRY(dsc_recipe_put(recipe, key, value, (dsc_place){0}, err));
    recipe->setting[key].by_default = true;
    return DESCENT_OK;
}

static descent_status by_default_number(descent_recipe *recipe, dsc_key key, int64_t value,
                                        descent_error *err)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)value);
    return by_default(recipe, key, text, err);
}

static descent_status read_integer(const descent_recipe *recipe, dsc_key key, int64_t min,
                                   int64_t max, const char *or_word, int64_t *value,
                                   descent_error *err)
{
    const char *text = recipe->setting[key].text;

    if (dsc_integer_read(text, strlen(text), value) && *value >= min && *value <= max)
        return DESCENT_OK;
    return dsc_fail_at(err, DESCENT_INVALID, dsc_recipe_place(recipe, key),
                       "%s = %s, must be %sa whole number from %lld to %lld",
                       descent_recipe_key(key)->name, text, or_word, (long long)min,
                       (long long)max);
}

descent_status dsc_settings_context(const descent_recipe *recipe, int64_t *context,
                                    descent_error *err)
{
    return read_integer(recipe, DSC_KEY_context, 1, DSC_MOST_CONTEXT, "", context, err);
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

static bool pictures(const descent_dataset *data)
{
    return data->shape.rank == 3 && data->shape.size[1] >= 8 && data->shape.size[2] >= 8;
}

/* The network for data that came without one: convolutions for pictures of 8x8 and more. Dropout
 * because small tables are learned by heart otherwise: over eight splits of diabetes it takes the
 * test rmse from 58.4 to 56.6. */
static const char *default_model(const descent_dataset *data)
{
    if (data->tokens)
        return "embedding 128, position, repeat 4 (residual (layer_norm, attention 4 causal), "
               "residual (layer_norm, linear 512, gelu tanh, linear 128)), layer_norm, linear";
    if (pictures(data))
        return "conv 16 3x3 pad=1, relu, conv 32 3x3 pad=1, relu, max_pool 2, flatten, "
               "dropout 0.25, linear 128, relu, linear";
    if (data->task == DESCENT_REGRESSION)
        return "linear 64, relu, dropout 0.5, linear";
    return "linear 64, relu, linear 64, relu, dropout 0.3, linear";
}

static const char *default_optimizer(const descent_dataset *data)
{
    if (data->tokens)
        return "adamw lr=0.001 beta2=0.99 weight_decay=0.1";
    return pictures(data) ? "adam lr=0.001" : "adam lr=0.003";
}

static const char *default_loss(const descent_dataset *data)
{
    return data->task == DESCENT_REGRESSION ? "mse" : "cross_entropy";
}

/* A whole number that will be checked later; -1 when it is none. */
static int64_t number_of(const descent_recipe *recipe, dsc_key key)
{
    const char *text = recipe->setting[key].text;
    int64_t value;

    return text && dsc_integer_read(text, strlen(text), &value) ? value : -1;
}

/* Text is measured in steps, 2,000 when nothing is said, of which the first rise to the full lr. */
static descent_status resolve_text(descent_recipe *recipe, const descent_dataset *data,
                                   descent_error *err)
{
    enum { STEPS = 2000, WARMUP = 100 };
    int64_t steps = number_of(recipe, DSC_KEY_steps);
    char schedule[64];

    if (!data->tokens)
        return DESCENT_OK;
    DSC_TRY(by_default_number(recipe, DSC_KEY_context, data->shape.size[0], err));
    DSC_TRY(by_default(recipe, DSC_KEY_test, "0.1", err));
    if (!recipe->setting[DSC_KEY_epochs].text)
        DSC_TRY(by_default_number(recipe, DSC_KEY_steps, steps = steps > 0 ? steps : STEPS, err));
    else if (steps < 0) /* about so many */
        steps = clamp(number_of(recipe, DSC_KEY_epochs), 1, STEPS) * (int64_t)data->count / 12;
    snprintf(schedule, sizeof schedule, "cosine warmup=%d floor=0.1",
             (int)clamp(steps / 10, 0, WARMUP));
    return by_default(recipe, DSC_KEY_schedule, schedule, err);
}

/* About 50,000 examples seen, so that small data is looked at often; of text what the steps take.
 */
static int64_t default_epochs(const dsc_settings *s, const descent_dataset *data, int64_t n)
{
    const int64_t window = clamp(s->batch * s->accumulate, 1, n), steps = (n + window - 1) / window;

    if (data->tokens && s->steps > 0)
        return clamp((s->steps + steps - 1) / steps, 1, 1000000000);
    return clamp(50000 / n, 5, 200);
}

static int64_t default_batch(const descent_dataset *data, int64_t n)
{
    if (data->tokens)
        return 12;
    return n >= 5000 ? 64 : 32;
}

/* Batch, epochs and shards, which need the number of training examples. */
static descent_status resolve_sizes(dsc_settings *s, descent_recipe *recipe,
                                    const descent_dataset *data, size_t n_train, descent_error *err)
{
    const int64_t n = (int64_t)n_train;
    int64_t number;

    DSC_TRY(by_default_number(recipe, DSC_KEY_batch, clamp(default_batch(data, n), 1, n), err));
    if (strcmp(recipe->setting[DSC_KEY_batch].text, "all") == 0)
        s->batch = n;
    else
        DSC_TRY(read_integer(recipe, DSC_KEY_batch, 1, n, "all or ", &s->batch, err));

    DSC_TRY(read_integer(recipe, DSC_KEY_accumulate, 1, 1000000, "", &number, err));
    s->accumulate = (int)number;

    DSC_TRY(by_default_number(recipe, DSC_KEY_epochs, default_epochs(s, data, n), err));
    DSC_TRY(read_integer(recipe, DSC_KEY_epochs, 1, 1000000000, "", &number, err));
    s->epochs = (int)number;

    if (strcmp(recipe->setting[DSC_KEY_shards].text, "auto") == 0) {
        s->shards = 0;
        return DESCENT_OK;
    }
    DSC_TRY(
        read_integer(recipe, DSC_KEY_shards, 1, clamp(s->batch, 1, 64), "auto or ", &number, err));
    s->shards = (int)number;
    return DESCENT_OK;
}

static descent_status read_yes_no(const descent_recipe *recipe, dsc_key key, bool *value,
                                  descent_error *err)
{
    const char *text = recipe->setting[key].text;

    *value = strcmp(text, "yes") == 0;
    if (*value || strcmp(text, "no") == 0)
        return DESCENT_OK;
    return dsc_fail_at(err, DESCENT_INVALID, dsc_recipe_place(recipe, key),
                       "%s = %s, must be yes or no", descent_recipe_key(key)->name, text);
}

static descent_status read_clean(dsc_settings *s, const descent_recipe *recipe, descent_error *err)
{
    static const char *const words[] = {"no", "twins", "labels", "both"};
    const char *text = recipe->setting[DSC_KEY_clean].text;
    unsigned chosen = 0;

    while (chosen < 4 && strcmp(words[chosen], text) != 0)
        chosen++;
    s->no_twins = chosen & 1u;
    s->no_doubtful_labels = chosen & 2u;
    if (chosen < 4)
        return DESCENT_OK;
    return dsc_fail_at(err, DESCENT_INVALID, dsc_recipe_place(recipe, DSC_KEY_clean),
                       "clean = %s, must be no, twins, labels or both", text);
}

static descent_status read_precision(dsc_settings *s, const descent_recipe *recipe,
                                     descent_error *err)
{
    const char *text = recipe->setting[DSC_KEY_precision].text;
    const dsc_place place = dsc_recipe_place(recipe, DSC_KEY_precision);

    s->bf16 = strcmp(text, "bf16") == 0;
    if (!s->bf16 && strcmp(text, "float32") != 0)
        return dsc_fail_at(err, DESCENT_INVALID, place, "precision = %s, must be float32 or bf16",
                           text);
    if (s->bf16 && !dsc_bf16_there())
        return dsc_fail_at(err, DESCENT_INVALID, place,
                           "precision = bf16 needs a processor with AVX512_BF16, this one does not "
                           "have it; leave it at float32");
    return DESCENT_OK;
}

/* The loss must fit what is to be predicted. */
static descent_status check_loss(const dsc_loss *loss, const descent_dataset *data, dsc_place place,
                                 descent_error *err)
{
    const char *name = loss->info.name;

    if (loss->target == DSC_LABELS && data->task == DESCENT_REGRESSION)
        return dsc_fail_at(err, DESCENT_INVALID, place,
                           "loss %s needs classes, but '%s' is a number to predict; use mse, or "
                           "add task=classification to the data",
                           name, data->target_name);
    if (loss->target == DSC_REALS && data->task == DESCENT_CLASSIFICATION)
        return dsc_fail_at(err, DESCENT_INVALID, place,
                           "loss %s needs numbers to predict, but '%s' has %d classes; use "
                           "cross_entropy",
                           name, data->target_name, data->outputs);
    return DESCENT_OK;
}

static descent_status read_loss(dsc_settings *s, const descent_recipe *recipe,
                                const descent_dataset *data, descent_error *err)
{
    const dsc_place place = dsc_recipe_place(recipe, DSC_KEY_loss);
    dsc_loss_choice choice;

    DSC_TRY(dsc_loss_read(&choice, s->loss, place, data->outputs, err));
    s->loss_kind = choice.kind;
    s->balanced = choice.balanced;
    dsc_loss_free(&choice);
    return check_loss(s->loss_kind, data, place, err);
}

static descent_status read_seed_and_test(dsc_settings *s, const descent_recipe *recipe,
                                         descent_error *err)
{
    const char *text = recipe->setting[DSC_KEY_test].text;
    int64_t number;

    DSC_TRY(read_integer(recipe, DSC_KEY_seed, 0, INT64_MAX, "", &number, err));
    s->seed = (uint64_t)number;
    if (!dsc_number_read(text, strlen(text), &s->test) || !(s->test > 0.0 && s->test < 1.0))
        return dsc_fail_at(err, DESCENT_INVALID, dsc_recipe_place(recipe, DSC_KEY_test),
                           "test = %s, must be a part between 0 and 1, such as 0.2", text);
    return DESCENT_OK;
}

descent_status dsc_settings_resolve(dsc_settings *settings, descent_recipe *recipe,
                                    const descent_dataset *data, size_t n_train, descent_error *err)
{
    dsc_settings s = {0};
    int64_t patience;

    DSC_TRY(by_default(recipe, DSC_KEY_data, data->name, err));
    DSC_TRY(by_default(recipe, DSC_KEY_model, default_model(data), err));
    DSC_TRY(by_default(recipe, DSC_KEY_loss, default_loss(data), err));
    DSC_TRY(by_default(recipe, DSC_KEY_optimizer, default_optimizer(data), err));
    DSC_TRY(resolve_text(recipe, data, err));
    for (int key = 0; key < DSC_KEY_COUNT; key++)
        if (*descent_recipe_key((size_t)key)->choices)
            DSC_TRY(
                by_default(recipe, (dsc_key)key, descent_recipe_key((size_t)key)->choices, err));

    s.data = recipe->setting[DSC_KEY_data].text;
    s.model = recipe->setting[DSC_KEY_model].text;
    s.loss = recipe->setting[DSC_KEY_loss].text;
    s.optimizer = recipe->setting[DSC_KEY_optimizer].text;
    s.schedule = recipe->setting[DSC_KEY_schedule].text;
    DSC_TRY(read_loss(&s, recipe, data, err));
    DSC_TRY(read_seed_and_test(&s, recipe, err));
    DSC_TRY(read_precision(&s, recipe, err));
    DSC_TRY(read_yes_no(recipe, DSC_KEY_standardize, &s.standardize, err));
    DSC_TRY(read_integer(recipe, DSC_KEY_patience, 0, 1000000, "", &patience, err));
    s.patience = (int)patience;
    DSC_TRY(read_yes_no(recipe, DSC_KEY_shuffle, &s.shuffles, err));
    DSC_TRY(read_clean(&s, recipe, err));
    if (recipe->setting[DSC_KEY_steps].text)
        DSC_TRY(read_integer(recipe, DSC_KEY_steps, 1, INT64_MAX / 2, "", &s.steps, err));
    if (n_train > 0)
        DSC_TRY(resolve_sizes(&s, recipe, data, n_train, err));
    *settings = s;
    return DESCENT_OK;
}
