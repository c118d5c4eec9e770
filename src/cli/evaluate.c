/* evaluate.c - descent evaluate: how good a model is on data with a target. */
#include "command.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { JSON, N_OPTIONS };
enum { MOST_CLASSES = 20 }; /* that a confusion matrix shows */

static const cli_option options[N_OPTIONS] = {
    [JSON] = {"json", NULL, "one JSON object on standard output"},
};

/* *out (model classes, model classes): true class, predicted class. NULL: there are no classes, or
 * more than can be shown. An exit status, after complaining. */
static int confusion(size_t **out, descent_model *model, const descent_dataset *data)
{
    const int classes = descent_model_outputs(model);
    const size_t n = descent_dataset_count(data), width = (size_t)classes;
    descent_error err;

    *out = NULL;
    if (descent_model_task(model) != DESCENT_CLASSIFICATION || classes > MOST_CLASSES ||
        descent_model_vocabulary(model) > 0)
        return EXIT_DONE;
    float *p = cli_need(n, width * sizeof *p);
    if (descent_model_predict(model, data, p, &err)) {
        free(p);
        return cli_fail(&err);
    }
    size_t *counts = *out = cli_need(width * width, sizeof *counts);
    for (size_t i = 0; i < n; i++) {
        const char *name = descent_dataset_class(data, descent_dataset_label(data, i));
        size_t truth = 0, best = 0;
        for (int c = 0; c < classes; c++) {
            const char *known = descent_model_class(model, c);
            if (name && known && strcmp(name, known) == 0)
                truth = (size_t)c;
            best = p[i * width + (size_t)c] > p[i * width + best] ? (size_t)c : best;
        }
        if (!isnan(p[i * width + best])) /* else none was predicted */
            counts[truth * width + best]++;
    }
    free(p);
    return EXIT_DONE;
}

static void print_confusion(const descent_model *model, const size_t *counts)
{
    const int classes = descent_model_outputs(model);
    int width = 5, left = 6;

    for (int c = 0; c < classes; c++) {
        const char *name = descent_model_class(model, c);
        const int length = name ? (int)strlen(name) : 0;
        left = length > left && length <= 20 ? length : left;
    }
    if (classes <= 8)
        width = left > 5 && left < 12 ? left : 5;
    printf("\n%-*s   predicted\n%-*s  ", left, "", left, "true");
    for (int c = 0; c < classes; c++)
        printf(" %*.*s", width, width, descent_model_class(model, c));
    putchar('\n');
    for (int t = 0; t < classes; t++) {
        printf("%-*.*s  ", left, left, descent_model_class(model, t));
        for (int c = 0; c < classes; c++) {
            const size_t count = counts[t * classes + c];
            if (count > 0)
                printf(" %*zu", width, count);
            else
                printf(" %*s", width, ".");
        }
        putchar('\n');
    }
}

static void print_json(const descent_score *score, const size_t *counts, int classes, bool text)
{
    json_t *line = json_pack("{s:s, s:I, s:o, s:o, s:o}", "event", "evaluation", "count",
                             (json_int_t)score->count, "loss", cli_number(score->loss), "accuracy",
                             cli_number(score->accuracy), "rmse", cli_number(score->rmse));

    if (text) {
        json_object_set_new(line, "bits_per_token", cli_number(score->loss / log(2)));
        json_object_set_new(line, "perplexity", cli_number(exp(score->loss)));
    }
    if (counts) {
        json_t *rows = json_array();
        for (int t = 0; t < classes; t++) {
            json_t *row = json_array();
            for (int c = 0; c < classes; c++)
                json_array_append_new(row, json_integer((json_int_t)counts[t * classes + c]));
            json_array_append_new(rows, row);
        }
        json_object_set_new(line, "confusion", rows);
    }
    cli_json_line(line);
}

static void print_text(const descent_score *score, const descent_dataset *data)
{
    const char *unit = descent_dataset_unit(data);
    char count[32], text[80], loss[32];

    printf("%s %ss of %s: loss %s, %s, %.2f %% right\n", descent_count_text(score->count, count),
           unit, descent_dataset_name(data), cli_loss(score->loss, loss),
           cli_text_loss(score->loss, unit, text), 100 * score->accuracy);
}

static int evaluate(descent_model *model, const descent_dataset *data, bool as_json)
{
    descent_score score;
    descent_error err;
    char count[32], loss[32];

    if (descent_model_evaluate(model, data, &score, &err))
        return cli_fail(&err);
    size_t *counts;
    if (confusion(&counts, model, data))
        return EXIT_USAGE;
    if (as_json) {
        print_json(&score, counts, descent_model_outputs(model),
                   descent_dataset_unit(data) != NULL);
    } else if (descent_dataset_unit(data)) {
        print_text(&score, data);
    } else {
        printf("%s examples of %s: loss %s", descent_count_text(score.count, count),
               descent_dataset_name(data), cli_loss(score.loss, loss));
        if (isfinite(score.accuracy))
            printf(", accuracy %.2f %%\n", 100 * score.accuracy);
        else
            printf(", rmse %s\n", cli_loss(score.rmse, loss));
        if (counts)
            print_confusion(model, counts);
    }
    free(counts);
    if (isfinite(score.loss))
        return EXIT_DONE;
    cli_complain("the loss is not finite: features, targets or weights are too large");
    return EXIT_RAN_BADLY;
}

static int run(const cli_args *args)
{
    descent_model *model = NULL;
    descent_dataset *data = NULL;
    descent_error err;
    int status;

    if (descent_model_load(&model, args->word[0], &err) ||
        descent_dataset_open(&data, args->word[1], &err))
        status = cli_fail(&err);
    else
        status = evaluate(model, data, args->value[JSON] != NULL);
    descent_dataset_free(data);
    descent_model_free(model);
    return status;
}

const cli_command cli_command_evaluate = {
    .name = "evaluate",
    .summary = "measures a trained model on data with a target",
    .usage = "MODEL DATA [--json]",
    .about = "All examples count, also those the model was trained on: the honest score on unseen\n"
             "examples is the one `descent train` ends with.\n\n"
             "  descent evaluate runs/iris-1/model.safetensors iris",
    .options = options,
    .n_options = N_OPTIONS,
    .min_words = 2,
    .max_words = 2,
    .run = run,
};
