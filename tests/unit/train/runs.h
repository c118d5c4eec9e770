/* runs.h - what tests of whole trainings share. */
#ifndef TESTS_UNIT_TRAIN_RUNS_H
#define TESTS_UNIT_TRAIN_RUNS_H

#include "descent/descent.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Sets alternating keys and values, ended by NULL. */
static inline void set_keys(descent_recipe *recipe, const char *const *word)
{
    for (; word[0]; word += 2) {
        char flag[40];
        descent_error err = {0};
        snprintf(flag, sizeof flag, "--%s", word[0]);
        if (descent_recipe_set(recipe, word[0], word[1], flag, &err) != DESCENT_OK)
            fail_msg("%s", err.message);
    }
}

#define RECIPE(...) recipe_of((const char *const[]){__VA_ARGS__, NULL})

static inline descent_recipe *recipe_of(const char *const *word)
{
    descent_recipe *recipe;

    assert_int_equal(descent_recipe_create(&recipe, NULL), DESCENT_OK);
    set_keys(recipe, word);
    return recipe;
}

static inline descent_model *run_on(descent_recipe *recipe, const descent_dataset *data,
                                    descent_train_options options, descent_train_result *result)
{
    descent_model *model;
    descent_error err = {0};

    if (descent_train(&model, recipe, data, &options, result, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    return model;
}

static inline descent_model *run(descent_recipe *recipe, descent_train_options options,
                                 descent_train_result *result)
{
    return run_on(recipe, NULL, options, result);
}

static inline void assert_same_weights(descent_model *a, descent_model *b)
{
    assert_int_equal(descent_model_size(a), descent_model_size(b));
    assert_memory_equal(descent_model_weights(a), descent_model_weights(b),
                        descent_model_size(a) * sizeof(float));
}

/* The largest difference between two models' weights. */
static inline double distance(descent_model *a, descent_model *b)
{
    double largest = 0;

    assert_int_equal(descent_model_size(a), descent_model_size(b));
    for (size_t i = 0; i < descent_model_size(a); i++) {
        const double d =
            fabs((double)descent_model_weights(a)[i] - (double)descent_model_weights(b)[i]);
        largest = d > largest ? d : largest;
    }
    return largest;
}

/* Whether a rule of that name is built. */
static inline bool has_rule(const char *name)
{
    const descent_info *info;

    for (size_t i = 0; (info = descent_optimizer_info(i)) != NULL; i++)
        if (strcmp(info->name, name) == 0)
            return true;
    return false;
}

/* The message of a recipe that can't be trained. */
static inline void assert_refused(descent_recipe *recipe, descent_error *err)
{
    descent_model *model;

    *err = (descent_error){0};
    assert_int_not_equal(descent_train(&model, recipe, NULL, NULL, NULL, err), DESCENT_OK);
    assert_null(model);
}

#endif
