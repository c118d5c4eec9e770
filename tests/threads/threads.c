/* threads.c - four threads use the library at the same time, each on objects of its own, mistakes
 * among them: everything comes out as on one thread, byte for byte. */
#include "descent/descent.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { N_THREADS = 4, N_ROUNDS = 3 };

typedef struct job {
    char folder[64];
    int threads; /* of one training */
    uint64_t sum;
    int failures;
} job;

static void add_bytes(job *j, const void *bytes, size_t n)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < n; i++)
        j->sum = (j->sum ^ at[i]) * 1099511628211u;
}

static void add_file(job *j, const char *name)
{
    char path[128], piece[4096];
    size_t n;

    snprintf(path, sizeof path, "%s/%s", j->folder, name);
    FILE *file = fopen(path, "rb");
    while (file && (n = fread(piece, 1, sizeof piece, file)) > 0)
        add_bytes(j, piece, n);
    j->failures += file == NULL;
    if (file)
        fclose(file);
}

/* Counts what should have worked and did not. */
static bool good(job *j, descent_status status, const descent_error *err)
{
    if (status == DESCENT_OK)
        return true;
    fprintf(stderr, "%s: %s\n", j->folder, err->message);
    j->failures++;
    return false;
}

static void train(job *j)
{
    static const char *const settings[][2] = {
        {"data", "digits"},
        {"model", "conv 4 3x3 pad=1, relu, max_pool 2, dropout 0.1, linear 16, relu, linear"},
        {"optimizer", "ema (adamw clip_norm=1)"},
        {"steps", "40"},
        {"augment", "shift=1"}};
    descent_train_options o = descent_train_defaults();
    descent_recipe *recipe;
    descent_model *model;
    descent_error err;

    o.folder = j->folder;
    o.threads = j->threads;
    o.instruments = "standard";
    if (!good(j, descent_recipe_create(&recipe, &err), &err))
        return;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        good(j, descent_recipe_set(recipe, settings[i][0], settings[i][1], NULL, &err), &err);
    if (good(j, descent_train(&model, recipe, NULL, &o, NULL, &err), &err))
        descent_model_free(model);
    descent_recipe_free(recipe);
    add_file(j, "model.safetensors");
    add_file(j, "recipe.ini");
}

static void predict(job *j)
{
    char path[128], copy[128];
    descent_dataset *data = NULL;
    descent_model *model = NULL;
    descent_error err;

    snprintf(path, sizeof path, "%s/model.safetensors", j->folder);
    snprintf(copy, sizeof copy, "%s/copy.safetensors", j->folder);
    if (good(j, descent_model_load(&model, path, &err), &err) &&
        good(j, descent_dataset_open(&data, "digits", &err), &err)) {
        const size_t n = descent_dataset_count(data) * (size_t)descent_model_outputs(model);
        float *out = malloc(n * sizeof *out);
        if (good(j, descent_model_predict(model, data, out, &err), &err))
            add_bytes(j, out, n * sizeof *out);
        free(out);
        good(j, descent_model_save(model, copy, &err), &err);
        add_file(j, "copy.safetensors");
        if (descent_report_available()) /* says when, so that its bytes differ */
            good(j, descent_report_run(j->folder, data, model, NULL, &err), &err);
    }
    descent_dataset_free(data);
    descent_model_free(model);
}

static void minimize(job *j)
{
    static const char *const rule[] = {"lbfgs", "cg", "adam lr=0.1", "sgd lr=0.001 momentum=0.9"};
    descent_expression *f;
    descent_error err;

    if (!good(j, descent_expression_parse(&f, "(1-x)^2 + 100*(y-x^2)^2", &err), &err))
        return;
    for (int i = 0; i < 4; i++) {
        descent_minimize_options o = descent_minimize_defaults();
        descent_minimum minimum;
        double w[2] = {-1.2, 1};
        o.optimizer = rule[i];
        o.schedule = "cosine warmup=5";
        o.user = f;
        if (good(j, descent_minimize(descent_expression_evaluate, w, 2, &o, &minimum, &err),
                 &err)) {
            add_bytes(j, w, sizeof w);
            add_bytes(j, minimum.sentence, strlen(minimum.sentence));
        }
    }
    descent_expression_free(f);
}

static void write_page(job *j)
{
    char *text = NULL;
    descent_error err;

    if (!descent_report_available())
        return;
    if (good(j,
             descent_report_text(&text, "{\"kind\":\"compare\",\"title\":\"t\",\"pictures\":[]}",
                                 &err),
             &err))
        add_bytes(j, text, strlen(text));
    descent_report_text_free(text);
}

/* Mistakes: their messages are the thread's own. */
static void fail(job *j)
{
    descent_optimizer *optimizer;
    descent_dataset *data;
    descent_model *model;
    descent_error err;

    j->failures += descent_dataset_open(&data, "nowhere/at all.csv", &err) == DESCENT_OK;
    add_bytes(j, err.message, strlen(err.message));
    j->failures += descent_model_load(&model, "/", &err) == DESCENT_OK;
    add_bytes(j, err.message, strlen(err.message));
    j->failures +=
        descent_optimizer_create(&optimizer, "adom lr=1", 4, DESCENT_F32, &err) == DESCENT_OK;
    add_bytes(j, err.message, strlen(err.message));
}

static void measure(job *j)
{
    descent_check_options o = descent_check_defaults();
    descent_check *check = NULL;
    descent_recipe *recipe;
    descent_error err;

    o.threads = j->threads;
    o.lr_steps = 20;
    if (!good(j, descent_recipe_create(&recipe, &err), &err))
        return;
    good(j, descent_recipe_set(recipe, "data", "iris", NULL, &err), &err);
    if (good(j, descent_check_run(&check, recipe, NULL, &o, &err), &err))
        for (size_t i = 0; descent_check_layer_at(check, i); i++)
            add_bytes(j, &descent_check_layer_at(check, i)->deviation, sizeof(double));
    descent_check_free(check);
    descent_recipe_free(recipe);
}

/* All jobs, each thread beginning with another one. */
static void *work(void *user)
{
    static void (*const jobs[])(job *) = {train, predict, minimize, write_page, fail, measure};
    enum { N = sizeof jobs / sizeof *jobs };
    job *j = user;
    uint64_t sums[N];
    const int first = j->folder[strlen(j->folder) - 1] % N;

    train(j); /* a model for the others */
    for (int i = 0; i < N; i++) {
        const int which = (first + i) % N;
        j->sum = 14695981039346656037u;
        jobs[which](j);
        sums[which] = j->sum;
    }
    j->sum = 14695981039346656037u;
    add_bytes(j, sums, sizeof sums);
    return NULL;
}

static void begin(job *j, int number, int threads)
{
    *j = (job){.threads = threads};
    snprintf(j->folder, sizeof j->folder, "run-%d", number);
}

static int run_together(uint64_t expected, int threads)
{
    pthread_t thread[N_THREADS];
    job jobs[N_THREADS];
    int failures = 0;

    for (int i = 0; i < N_THREADS; i++) {
        begin(&jobs[i], i, threads);
        if (pthread_create(&thread[i], NULL, work, &jobs[i]) != 0)
            return 1;
    }
    for (int i = 0; i < N_THREADS; i++) {
        pthread_join(thread[i], NULL);
        failures += jobs[i].failures + (jobs[i].sum != expected);
        if (jobs[i].sum != expected)
            fprintf(stderr, "%s: another result than on one thread\n", jobs[i].folder);
    }
    return failures;
}

int main(void)
{
    char folder[] = "threads-XXXXXX";
    job alone;

    if (!mkdtemp(folder) || chdir(folder) != 0)
        return 1;
    begin(&alone, 0, 1);
    work(&alone);
    int failures = alone.failures;
    for (int round = 0; round < N_ROUNDS; round++)
        failures += run_together(alone.sum, 1 + round % 2);
    if (chdir("..") == 0 && failures == 0) {
        char remove[64];
        snprintf(remove, sizeof remove, "rm -rf %s", folder);
        failures += system(remove) != 0;
    }
    printf("%d threads, %d rounds, %d failures\n", N_THREADS, N_ROUNDS, failures);
    return failures > 0;
}
