/* model_file.c - fuzz: models from files (see files.h). A model that opens is saved and opened
 * again, with the same weights, and asked for one small gradient. */
#include "files.h"

#include "descent/model.h"

#include <stdio.h>

static void ask(descent_model *model)
{
    enum { MOST = 4096 };
    static float x[MOST], g[MOST];
    int32_t labels[64] = {0};
    float targets[64] = {0};
    int shape[4];
    size_t n = 1;

    const int rank = descent_model_shape(model, shape);
    for (int i = 0; i < rank; i++)
        n *= (size_t)shape[i];
    const size_t places = descent_model_vocabulary(model) > 0 ? n : 1;
    if (n > MOST || descent_model_size(model) > MOST || descent_model_outputs(model) > 64 ||
        places > 64)
        return;
    const void *y = descent_model_task(model) == DESCENT_CLASSIFICATION ? (const void *)labels
                                                                        : (const void *)targets;
    descent_model_gradient(model, x, y, 1, g);
}

static void save_and_open(descent_model *model)
{
    const char *path = fuzz_file(1, "again.safetensors", "", 0);
    const size_t n = descent_model_size(model);
    descent_error err = {0};
    descent_model *again;

    fuzz_require(fuzz_judge(descent_model_save(model, path, &err), &err));
    if (!fuzz_judge(descent_model_load(&again, path, &err), &err))
        fuzz_fail("what was saved opens", err.message, __FILE__, __LINE__);
    fuzz_require(descent_model_size(again) == n);
    fuzz_require(
        memcmp(descent_model_weights(again), descent_model_weights(model), n * sizeof(float)) == 0);
    descent_model_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_tensors(0, "model.safetensors", data, size);
    descent_error err = {0};
    descent_model *model;

    fuzz_guard_alarm();
    if (fuzz_judge(descent_model_load(&model, path, &err), &err)) {
        save_and_open(model);
        ask(model);
    } else {
        fuzz_require(model == NULL);
    }
    descent_model_free(model);
    return 0;
}
