/* predict.c - descent predict: what a model says about every example of a data set, as CSV. */
#include "command.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OUT, JSON, N_OPTIONS };

static const cli_option options[N_OPTIONS] = {
    [OUT] = {"o", "FILE", "write the predictions there (default: standard output)"},
    [JSON] = {"json", NULL, "JSON Lines instead of CSV"},
};

/* A CSV field; quoted when it must be. */
static void put_field(FILE *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (const char *c = text; *c; c++)
        fprintf(out, *c == '"' ? "\"\"" : "%c", *c);
    fputc('"', out);
}

static const char *class_name(const descent_model *model, int index, char number[16])
{
    const char *name = descent_model_class(model, index);

    snprintf(number, 16, "%d", index);
    return name ? name : number;
}

static int best_of(const float *p, int n)
{
    int best = 0;

    for (int i = 1; i < n; i++)
        best = p[i] > p[best] ? i : best;
    return best;
}

static void put_header(FILE *out, const descent_model *model)
{
    const int outputs = descent_model_outputs(model);
    char name[160], number[16];

    put_field(out, descent_model_target(model));
    for (int i = descent_model_task(model) == DESCENT_REGRESSION; i < outputs; i++) {
        if (descent_model_task(model) == DESCENT_REGRESSION)
            snprintf(name, sizeof name, "%s_%d", descent_model_target(model), i + 1);
        else
            snprintf(name, sizeof name, "p_%s", class_name(model, i, number));
        fputc(',', out);
        put_field(out, name);
    }
    fputc('\n', out);
}

static void put_row(FILE *out, const descent_model *model, const float *p)
{
    const int outputs = descent_model_outputs(model);
    const bool classes = descent_model_task(model) == DESCENT_CLASSIFICATION;
    char number[16];

    if (classes)
        put_field(out, class_name(model, best_of(p, outputs), number));
    for (int i = 0; i < outputs; i++) {
        fputs(classes || i > 0 ? "," : "", out);
        if (isnan(p[i])) /* whose sign differs between processors */
            fputs("nan", out);
        else
            fprintf(out, "%.7g", (double)p[i]);
    }
    fputc('\n', out);
}

static json_t *json_row(const descent_model *model, const float *p)
{
    const int outputs = descent_model_outputs(model);
    json_t *row = json_pack("{s:s}", "event", "prediction"), *values = json_array();
    char number[16];

    if (descent_model_task(model) == DESCENT_CLASSIFICATION)
        json_object_set_new(row, "class",
                            json_string(class_name(model, best_of(p, outputs), number)));
    for (int i = 0; i < outputs; i++)
        json_array_append_new(values, cli_number((double)p[i]));
    json_object_set_new(
        row, descent_model_task(model) == DESCENT_CLASSIFICATION ? "probabilities" : "values",
        values);
    return row;
}

static void put_all(FILE *out, const descent_model *model, const float *p, size_t n, bool as_json)
{
    const size_t outputs = (size_t)descent_model_outputs(model);

    if (!as_json)
        put_header(out, model);
    for (size_t i = 0; i < n; i++, p += outputs) {
        if (!as_json) {
            put_row(out, model, p);
            continue;
        }
        json_t *row = json_row(model, p);
        json_dumpf(row, out, JSON_COMPACT | JSON_REAL_PRECISION(9));
        fputc('\n', out);
        json_decref(row);
    }
}

/* To a temporary name first: a full disk leaves no half file behind. */
static int write_file(const char *path, const descent_model *model, const float *p, size_t n,
                      bool as_json)
{
    char temporary[600];
    struct stat info;

    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
        return cli_complain("cannot write '%s': it is not a regular file", path);
    snprintf(temporary, sizeof temporary, "%s.tmp-%ld", path, (long)getpid());
    FILE *out = fopen(temporary, "w");
    if (!out)
        return cli_complain("cannot write '%s': %s", path, strerror(errno));
    cli_unfinished(temporary);
    put_all(out, model, p, n, as_json);
    errno = 0;
    const bool failed = ferror(out) || fflush(out) != 0 || fsync(fileno(out)) != 0;
    const int reason = errno;
    if (fclose(out) != 0 || failed || rename(temporary, path) != 0) {
        unlink(temporary);
        cli_unfinished(NULL);
        return cli_complain("cannot write '%s': %s", path, strerror(reason ? reason : errno));
    }
    cli_unfinished(NULL);
    fprintf(stderr, "%zu predictions written to %s\n", n, path);
    return EXIT_DONE;
}

/* Numbers so large that a float cannot hold what comes of them have no prediction. */
static int complain_of_odd(const descent_model *model, const float *p, size_t n)
{
    const size_t outputs = (size_t)descent_model_outputs(model);
    size_t odd = 0;

    for (size_t i = 0; i < n; i++) {
        bool finite = true;
        for (size_t j = 0; j < outputs; j++)
            finite = finite && isfinite(p[i * outputs + j]);
        odd += !finite;
    }
    if (odd == 0)
        return EXIT_DONE;
    cli_complain("%zu of %zu predictions are not finite: features or weights are too large", odd,
                 n);
    return EXIT_RAN_BADLY;
}

static int predict(descent_model *model, const descent_dataset *data, const cli_args *args)
{
    const size_t n = descent_dataset_count(data);
    const bool as_json = args->value[JSON] != NULL;
    descent_error err;
    int status = EXIT_DONE;

    float *p = cli_need(n, (size_t)descent_model_outputs(model) * sizeof *p);
    if (descent_model_predict(model, data, p, &err))
        status = cli_fail(&err);
    else if (args->value[OUT])
        status = write_file(args->value[OUT], model, p, n, as_json);
    else
        put_all(stdout, model, p, n, as_json);
    if (status == EXIT_DONE)
        status = complain_of_odd(model, p, n);
    free(p);
    return status;
}

static int run(const cli_args *args)
{
    descent_model *model = NULL;
    descent_dataset *data = NULL;
    descent_error err;
    int status;

    if (descent_model_load(&model, args->word[0], &err) ||
        descent_dataset_open_features(&data, args->word[1], descent_model_target(model), &err))
        status = cli_fail(&err);
    else
        status = predict(model, data, args);
    descent_dataset_free(data);
    descent_model_free(model);
    return status;
}

const cli_command cli_command_predict = {
    .name = "predict",
    .summary = "applies a trained model to data",
    .usage = "MODEL DATA [-o FILE] [--json]",
    .about =
        "Writes a line for every example: the predicted class and the probability of each class,\n"
        "or the predicted number in the data's own units. The data may lack the target.\n\n"
        "  descent predict runs/digits-1/model.safetensors digits -o predictions.csv",
    .options = options,
    .n_options = N_OPTIONS,
    .min_words = 2,
    .max_words = 2,
    .run = run,
};
