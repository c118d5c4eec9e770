/* locale.c - a program that has set a locale of decimal commas gets what others get: recipes,
 * strings and files have points, and so have sentences, whose numbers people type again.
 *
 *     locale NAME     such as de_DE.UTF-8; LOCPATH says where it lies */
#include "descent/descent.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void add(char *all, size_t room, const char *text)
{
    const size_t used = strlen(all);

    snprintf(all + used, room - used, "%s\n", text ? text : "-");
}

static void train(char *all, size_t room)
{
    descent_train_options o = descent_train_defaults();
    descent_train_result result;
    descent_recipe *recipe;
    descent_model *model = NULL;
    descent_error err = {0};
    char number[32];

    o.threads = 1;
    o.folder = "run";
    descent_recipe_create(&recipe, &err);
    descent_recipe_set(recipe, "data", "spiral noise=0.25", NULL, &err);
    descent_recipe_set(recipe, "model", "linear 8, dropout 0.9, linear", NULL, &err);
    descent_recipe_set(recipe, "optimizer", "sgd lr=8.5", NULL, &err);
    descent_recipe_set(recipe, "test", "0.35", NULL, &err);
    descent_recipe_set(recipe, "epochs", "6", NULL, &err);
    if (descent_train(&model, recipe, NULL, &o, &result, &err) != DESCENT_OK)
        add(all, room, err.message);
    add(all, room, descent_number_text(result.test_loss, number));
    for (const descent_finding *f = result.finding; model && f->name; f++) {
        add(all, room, f->evidence);
        add(all, room, f->remedy);
        add(all, room, f->flags);
        if (f->flags[0] && descent_recipe_set_flags(recipe, f->flags, &err) != DESCENT_OK)
            add(all, room, err.message);
    }
    descent_model_free(model);
    if (descent_model_load(&model, "run/model.safetensors", &err) != DESCENT_OK)
        add(all, room, err.message);
    add(all, room, model ? descent_model_note(model, "recipe.test") : NULL);
    descent_model_free(model);
    descent_recipe_free(recipe);
}

static void search(char *all, size_t room)
{
    descent_lr_options o = descent_lr_defaults();
    descent_lr_search *search = NULL;
    descent_recipe *recipe;
    descent_error err = {0};
    char number[32];

    o.threads = o.seeds = 1;
    o.steps = 30;
    o.probes = 0;
    descent_recipe_create(&recipe, &err);
    descent_recipe_set(recipe, "data", "iris", NULL, &err);
    if (descent_lr_find(&search, recipe, NULL, &o, &err) != DESCENT_OK)
        add(all, room, err.message);
    else
        add(all, room, descent_number_text(descent_lr_suggest(search).lr, number));
    descent_lr_free(search);
    descent_recipe_free(recipe);
}

static void minimize(char *all, size_t room)
{
    descent_minimize_options o = descent_minimize_defaults();
    descent_minimum minimum;
    descent_expression *f;
    descent_error err = {0};
    double w[1] = {5.5};

    if (descent_expression_parse(&f, "1.5*x^2 + 0.25", &err) != DESCENT_OK)
        add(all, room, err.message);
    o.user = f;
    o.optimizer = "sgd lr=0.75";
    descent_minimize(descent_expression_evaluate, w, 1, &o, &minimum, &err);
    add(all, room, minimum.sentence);
    descent_expression_free(f);
}

static void open_data(char *all, size_t room)
{
    descent_dataset *data = NULL;
    descent_error err = {0};
    char number[32];
    FILE *file = fopen("x.csv", "w");

    fputs("x,y\n1.5,2.25\n0.5,1e-1\n3.75,0.125\n", file);
    fclose(file);
    if (descent_dataset_open(&data, "x.csv target=y", &err) != DESCENT_OK)
        add(all, room, err.message);
    else
        add(all, room, descent_number_text(descent_dataset_summary(data, 0).mean, number));
    descent_dataset_free(data);
}

static void do_all(char *all, size_t room)
{
    *all = '\0';
    train(all, room);
    search(all, room);
    minimize(all, room);
    open_data(all, room);
}

int main(int argc, char **argv)
{
    static char plain[20000], there[20000];
    char folder[] = "locale-XXXXXX", text[16];

    if (argc < 2 || !mkdtemp(folder) || chdir(folder) != 0)
        return 1;
    do_all(plain, sizeof plain);
    if (!setlocale(LC_ALL, argv[1]) || (snprintf(text, sizeof text, "%.1f", 0.5), text[1] != ',')) {
        printf("skipped: there is no locale %s with a comma\n", argv[1]);
        return 77;
    }
    do_all(there, sizeof there);
    if (strcmp(plain, there) != 0)
        printf("with points:\n%s\nin %s:\n%s", plain, argv[1], there);
    return strcmp(plain, there) != 0;
}
