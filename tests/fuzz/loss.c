/* loss.c - fuzz: losses as text. The first byte is the number of outputs. */
#include "fuzz.h"

#include "layer/loss.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    descent_error err = {0};
    dsc_loss_choice loss;

    if (size < 1)
        return 0;
    char *text = fuzz_text(data + 1, size - 1);
    const dsc_place place = {.file = "loss", .line_text = text};
    const int outputs = 1 + data[0] % 8;
    if (fuzz_judge(dsc_loss_read(&loss, text, place, outputs, &err), &err)) {
        fuzz_require(loss.kind != NULL);
        fuzz_require(loss.n_weights == 0 || loss.n_weights == outputs);
        for (int i = 0; i < loss.n_weights; i++)
            fuzz_require(isfinite(loss.weight[i]) && loss.weight[i] >= 0);
    }
    dsc_loss_free(&loss);
    free(text);
    return 0;
}
