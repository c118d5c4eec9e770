/* train_network.c - build and train a network on arrays of this program: points in or out of a
 * ring. */
#include "descent/descent.h"

#include <math.h>
#include <stdio.h>

enum { N = 600 };

int main(void)
{
    static float x[N][2];
    static int32_t label[N];
    const int shape[1] = {2};
    descent_dataset *data = NULL;
    descent_recipe *recipe = NULL;
    descent_model *model = NULL;
    descent_train_result result;
    descent_error err;

    for (int i = 0; i < N; i++) { /* a grid of points; the ring has radius 0.5 to 0.8 */
        x[i][0] = (float)(i % 25) / 12 - 1;
        x[i][1] = (float)(i / 25) / 12 - 1;
        const float radius = sqrtf(x[i][0] * x[i][0] + x[i][1] * x[i][1]);
        label[i] = radius > 0.5f && radius < 0.8f;
    }
    if (descent_dataset_wrap_classes(&data, x[0], N, 1, shape, label, 2, &err) ||
        descent_recipe_create(&recipe, &err) ||
        descent_recipe_set(recipe, "model", "linear 32, relu, linear 32, relu, linear", NULL,
                           &err) ||
        descent_recipe_set(recipe, "optimizer", "adam lr=0.01", NULL, &err) ||
        descent_train(&model, recipe, data, NULL, &result, &err))
        fprintf(stderr, "%s\n", err.message);
    else
        printf("%s: %.1f %% of %zu test points right\n", result.sentence,
               100 * result.test_accuracy, result.test_count);
    const int failed = model == NULL;
    descent_model_free(model);
    descent_recipe_free(recipe);
    descent_dataset_free(data);
    return failed;
}
