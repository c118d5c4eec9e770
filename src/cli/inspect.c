/* inspect.c - descent inspect: what is in a file, or a built-in data set. */
#include "command.h"

#include <stdlib.h>
#include <string.h>

enum { JSON, N_OPTIONS };

static const cli_option options[N_OPTIONS] = {
    [JSON] = {"json", NULL, "one JSON object on standard output"},
};

static bool ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);

    return n > m && strcmp(text + n - m, end) == 0;
}

static json_t *shape_json(int rank, const int *shape)
{
    json_t *list = json_array();

    for (int i = 0; i < rank; i++)
        json_array_append_new(list, json_integer(shape[i]));
    return list;
}

static void model_json(const descent_model *model)
{
    json_t *segments = json_array();
    int shape[4];

    const int rank = descent_model_shape(model, shape);
    for (size_t i = 0; i < descent_model_segments(model); i++) {
        const descent_segment *s = descent_model_segment(model, i);
        json_array_append_new(segments, json_pack("{s:s, s:s, s:o}", "name", s->name, "role",
                                                  s->role, "shape", shape_json(s->rank, s->shape)));
    }
    cli_json_line(json_pack("{s:s, s:s, s:s, s:o, s:i, s:I, s:i, s:o}", "event", "model", "layers",
                            descent_model_layers(model), "loss", descent_model_loss(model), "shape",
                            shape_json(rank, shape), "outputs", descent_model_outputs(model),
                            "parameters", (json_int_t)descent_model_size(model), "vocabulary",
                            descent_model_vocabulary(model), "segments", segments));
}

/* The characters that a model of text knows. */
static void vocabulary_text(const descent_model *model)
{
    enum { MOST = 200 };
    const int n = descent_model_vocabulary(model);
    char text[8], shown[16], unit[16];

    snprintf(unit, sizeof unit, "%ss", descent_model_unit(model));
    printf("%-10s", unit);
    for (int i = 0; i < n && i < MOST; i++) {
        const size_t bytes = descent_model_token(model, i, text);
        printf(" %s", cli_token_shown(text, bytes, shown));
    }
    printf(n > MOST ? " ... and %d more\n" : "\n", n - MOST);
}

static void model_text(const descent_model *model, const char *path)
{
    char text[64], name[48];

    printf("%s is a model\n", path);
    cli_print_model(stdout, model);
    printf("loss       %s\npredicts   %s", descent_model_loss(model), descent_model_target(model));
    for (int i = 0; i < descent_model_outputs(model) && descent_model_class(model, i); i++)
        printf("%s%s", i ? ", " : ": ", descent_model_class(model, i));
    putchar('\n');
    if (descent_model_unit(model))
        vocabulary_text(model);
    for (size_t i = 0; i < descent_model_segments(model); i++) {
        const descent_segment *s = descent_model_segment(model, i);
        printf("%-10s %-16s %-10s %s\n", i ? "" : "weights", s->name, s->role,
               cli_shape_text(s->rank, s->shape, text));
    }
    for (size_t i = 0; descent_recipe_key(i); i++) {
        snprintf(name, sizeof name, "recipe.%s", descent_recipe_key(i)->name);
        const char *value = descent_model_note(model, name);
        if (value)
            printf("%-10s %s\n", descent_recipe_key(i)->name, value);
    }
    if (descent_model_note(model, "step"))
        printf("trained    %s steps\n", descent_model_note(model, "step"));
}

static int inspect_model(const char *path, bool as_json)
{
    descent_model *model;
    descent_error err;

    if (descent_model_load(&model, path, &err))
        return cli_fail(&err);
    if (as_json)
        model_json(model);
    else
        model_text(model, path);
    descent_model_free(model);
    return EXIT_DONE;
}

static int n_features(const descent_dataset *data)
{
    int shape[4], n = 1;
    const int rank = descent_dataset_shape(data, shape);

    for (int i = 0; i < rank; i++)
        n *= shape[i];
    return n;
}

static void data_json(const descent_dataset *data)
{
    json_t *classes = json_object();
    int shape[4];

    const int rank = descent_dataset_shape(data, shape);
    for (int i = 0; i < descent_dataset_outputs(data) && descent_dataset_class(data, i); i++)
        json_object_set_new(classes, descent_dataset_class(data, i),
                            json_integer((json_int_t)descent_dataset_class_count(data, i)));
    cli_json_line(json_pack("{s:s, s:s, s:I, s:I, s:I, s:o, s:s, s:o, s:I}", "event", "data",
                            "name", descent_dataset_name(data), "count",
                            (json_int_t)descent_dataset_count(data), "test_count",
                            (json_int_t)descent_dataset_test_count(data), "tokens",
                            (json_int_t)descent_dataset_tokens(data), "shape",
                            shape_json(rank, shape), "target", descent_dataset_target(data),
                            "classes", classes, "bytes", (json_int_t)descent_dataset_bytes(data)));
}

/* What a text is made of. */
static void tokens_text(const descent_dataset *data)
{
    enum { MOST = 200 };
    const int n = descent_dataset_outputs(data);
    char text[8], shown[16];

    printf("%-10s", "vocabulary");
    for (int i = 0; i < n && i < MOST; i++) {
        const size_t bytes = descent_dataset_token(data, i, text);
        printf(" %s", cli_token_shown(text, bytes, shown));
    }
    printf(n > MOST ? " ... and %d more\n" : "\n", n - MOST);
}

static void data_text(const descent_dataset *data)
{
    enum { MOST = 40 };
    const int features = n_features(data);
    char count[32];

    cli_print_data(stdout, data);
    printf("memory     %s bytes\n", descent_count_text(descent_dataset_bytes(data), count));
    if (descent_dataset_unit(data))
        tokens_text(data);
    if (descent_dataset_feature(data, 0))
        printf("\n%-20s %10s %10s %10s %10s\n", "feature", "min", "max", "mean", "deviation");
    for (int i = 0; i < features && i < MOST && descent_dataset_feature(data, i); i++) {
        const descent_feature_summary s = descent_dataset_summary(data, i);
        printf("%-20s %10.4g %10.4g %10.4g %10.4g\n", descent_dataset_feature(data, i), s.min,
               s.max, s.mean, s.deviation);
    }
    if (descent_dataset_feature(data, 0) && features > MOST)
        printf("... and %d more\n", features - MOST);
    if (descent_dataset_class(data, 0))
        printf("\n%-20s %10s\n", "class", "examples");
    for (int i = 0; i < descent_dataset_outputs(data) && descent_dataset_class(data, i); i++)
        printf("%-20s %10zu\n", descent_dataset_class(data, i),
               descent_dataset_class_count(data, i));
}

static int inspect_data(const char *spec, bool as_json)
{
    descent_dataset *data;
    descent_error err;

    if (descent_dataset_open(&data, spec, &err))
        return cli_fail(&err);
    if (as_json)
        data_json(data);
    else
        data_text(data);
    descent_dataset_free(data);
    return EXIT_DONE;
}

static int inspect_recipe(const char *path, bool as_json)
{
    descent_recipe *recipe = NULL;
    descent_error err;
    int status = EXIT_DONE;

    if (descent_recipe_create(&recipe, &err) || descent_recipe_read(recipe, path, &err)) {
        status = cli_fail(&err);
    } else {
        json_t *line = json_pack("{s:s}", "event", "recipe");
        for (size_t i = 0; descent_recipe_key(i); i++) {
            const descent_param *key = descent_recipe_key(i);
            const char *value = descent_recipe_get(recipe, key->name);
            json_object_set_new(line, key->name, value ? json_string(value) : json_null());
            if (!as_json)
                printf("%-12s %s%s\n", key->name,
                       value                           ? value
                       : key->choices && *key->choices ? key->choices
                                                       : "-",
                       value                           ? ""
                       : key->choices && *key->choices ? " (default)"
                                                       : " (open)");
        }
        if (as_json)
            cli_json_line(line);
        else
            json_decref(line);
    }
    descent_recipe_free(recipe);
    return status;
}

static int run(const cli_args *args)
{
    const bool as_json = args->value[JSON] != NULL;

    if (ends_with(args->word[0], ".safetensors"))
        return inspect_model(args->word[0], as_json);
    if (ends_with(args->word[0], ".ini") || ends_with(args->word[0], ".recipe"))
        return inspect_recipe(args->word[0], as_json);
    return inspect_data(args->word[0], as_json);
}

const cli_command cli_command_inspect = {
    .name = "inspect",
    .summary = "tells what is in a model, a data set or a recipe",
    .usage = "FILE [--json]",
    .about = "  descent inspect runs/digits-1/model.safetensors\n  descent inspect iris\n"
             "  descent inspect \"flowers.csv target=species\"\n  descent inspect recipe.ini",
    .options = options,
    .n_options = N_OPTIONS,
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
