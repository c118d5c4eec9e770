/* create_free.c - every object of the library, made and freed many times: neither blocks nor bytes
 * grow, and freeing nothing is fine.
 *
 *     create_free               10,000 times for most, fewer where once takes milliseconds
 *     create_free CYCLES all    as often for all
 *     create_free CYCLES NAME   as often for one, such as "page" */
#include "deny.h"
#include "objects.h"

#include "descent/descent.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "create-XXXXXX";

static void free_nothing(void)
{
    descent_recipe_free(NULL);
    descent_dataset_free(NULL);
    descent_model_free(NULL);
    descent_optimizer_free(NULL);
    descent_schedule_free(NULL);
    descent_expression_free(NULL);
    descent_generator_free(NULL);
    descent_report_text_free(NULL);
    descent_check_free(NULL);
    descent_lr_free(NULL);
    descent_comparison_free(NULL);
    descent_landscape_free(NULL);
}

/* What objects are made from: a run, and a model of text. */
static void prepare(void)
{
    descent_train_options o = descent_train_defaults();
    descent_recipe *recipe = small_recipe();
    descent_model *model;
    descent_error err;
    FILE *file = fopen("x.csv", "w");

    fputs("x,kind\n1,a\n2,b\n", file);
    fclose(file);
    file = fopen("words.txt", "w");
    for (int i = 0; i < 60; i++)
        fputs("abab aab\n", file);
    fclose(file);
    o.threads = 1;
    o.folder = "run";
    must(descent_train(&model, recipe, NULL, &o, NULL, &err), &err);
    descent_model_free(model);
    descent_recipe_free(recipe);
    must(descent_recipe_create(&recipe, &err), &err);
    must(descent_recipe_set(recipe, "data", "words.txt", NULL, &err), &err);
    must(descent_recipe_set(recipe, "model", "embedding 4, gru 4, linear", NULL, &err), &err);
    must(descent_recipe_set(recipe, "context", "8", NULL, &err), &err);
    must(descent_recipe_set(recipe, "steps", "1", NULL, &err), &err);
    o.folder = NULL;
    must(descent_train(&text_model, recipe, NULL, &o, NULL, &err), &err);
    descent_recipe_free(recipe);
}

/* Once so that what libraries keep after their first use is there, then n times. */
static void make_often(size_t i, int n)
{
    objects[i].make();
    const long blocks = deny_blocks(), moment = deny_moment();
    const size_t bytes = deny_bytes();

    for (int k = 0; k < n; k++)
        objects[i].make();
    if (deny_blocks() != blocks || deny_bytes() != bytes) {
        fprintf(stderr, "%s: %ld blocks more\n", objects[i].name, deny_blocks() - blocks);
        deny_tell(stderr, moment);
        object_failures++;
    }
    printf("%-20s %6d times\n", objects[i].name, n);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    const char *which = argc > 2 ? argv[2] : NULL;
    const bool all = which && strcmp(which, "all") == 0;
    int kinds = 0;
    const int cycles = argc > 1 ? atoi(argv[1]) : 10000;
    char remove[64];

    if (!deny_works()) {
        puts("skipped: malloc can't be replaced here");
        return 77;
    }
    if (!mkdtemp(folder) || chdir(folder) != 0)
        return 1;
    prepare();
    free_nothing();
    for (size_t i = 0; i < objects_count; i++) {
        const int share = which ? 1 : objects[i].share;
        if (which && !all && strcmp(which, objects[i].name) != 0)
            continue;
        make_often(i, (cycles + share - 1) / share);
        kinds++;
    }
    if (kinds == 0) {
        fprintf(stderr, "no object is called \"%s\"\n", which);
        object_failures++;
    }
    descent_model_free(text_model);
    snprintf(remove, sizeof remove, "rm -rf %s", folder);
    object_failures += chdir("..") != 0 || system(remove) != 0;
    printf("%d failures\n", object_failures);
    return object_failures > 0;
}
