/* model.c - fuzz: models as text. The first byte chooses what an example is; then a line with the
 * loss; the rest are the layers. What can be built is run forward and backward once. */
#include "fuzz.h"

#include "descent/model.h"

#include <stdlib.h>
#include <string.h>

static const descent_model_options examples[] = {
    {.rank = 1, .shape = {4}, .outputs = 3},
    {.rank = 3, .shape = {2, 8, 8}, .outputs = 2},
    {.rank = 3, .shape = {1, 3, 5}, .outputs = 1},
    {.rank = 2, .shape = {6, 4}, .outputs = 3},
    {.rank = 1, .shape = {5}, .outputs = 7, .vocabulary = 7},
    {.rank = 4, .shape = {2, 3, 2, 3}, .outputs = 36},
};

static void run_once(descent_model *model)
{
    enum { MOST = 1 << 16 };
    static float x[128], g[MOST], targets[64];
    static int32_t tokens[128], labels[64];
    const bool text = descent_model_vocabulary(model) > 0;
    const bool classes = descent_model_task(model) == DESCENT_CLASSIFICATION;

    if (descent_model_size(model) > MOST)
        return;
    for (size_t i = 0; i < sizeof x / sizeof *x; i++) {
        x[i] = (float)(i % 5) - 2.0f;
        tokens[i] = (int32_t)(i % 7);
    }
    descent_model_gradient(model, text ? (const void *)tokens : (const void *)x,
                           classes ? (const void *)labels : (const void *)targets, 1, g);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text, *layers;
    descent_error err = {0};
    descent_model *model;

    fuzz_guard_alarm();
    if (size < 1)
        return 0;
    descent_model_options o = examples[data[0] % (sizeof examples / sizeof *examples)];
    text = fuzz_text(data + 1, size - 1);
    o.loss = fuzz_line(text, &layers);
    o.layers = layers;
    o.seed = 1;
    if (fuzz_judge(descent_model_create(&model, &o, &err), &err))
        run_once(model);
    else
        fuzz_require(model == NULL);
    descent_model_free(model);
    free(text);
    return 0;
}
