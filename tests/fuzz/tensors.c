/* tensors.c - fuzz: safetensors files (see files.h). All that a header promises is there. */
#include "files.h"

#include "model/tensors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_tensors(0, "file.safetensors", data, size);
    descent_error err = {0};
    dsc_tensors file;
    unsigned sum = 0;

    if (fuzz_judge(dsc_tensors_read(&file, path, &err), &err)) {
        for (size_t i = 0; i < file.n_tensors; i++) {
            const dsc_tensor *t = &file.tensor[i];
            const size_t bytes = dsc_tensor_count(t) * (t->type == DESCENT_F64 ? 8 : 4);
            for (size_t b = 0; b < bytes; b++)
                sum += ((const uint8_t *)t->data)[b];
            fuzz_require(bytes <= size && sum <= 255 * bytes * (i + 1) + sum);
            fuzz_require(dsc_tensors_find(&file, t->name) != NULL);
        }
        for (size_t i = 0; i < file.n_notes; i++)
            fuzz_require(dsc_tensors_note(&file, file.note[i].key) != NULL);
    }
    dsc_tensors_free(&file);
    return 0;
}
