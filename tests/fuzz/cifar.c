/* cifar.c - fuzz: CIFAR-100's folder. Up to the first byte 0xff: its file of class names; the rest
 * are the records. */
#include "fuzz.h"

#include "descent/data.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size > 0 ? memchr(data, 0xff, size) : NULL;
    const size_t names = end ? (size_t)(end - data) : 0, body = end ? names + 1 : 0;
    descent_error err = {0};
    descent_dataset *set;

    fuzz_file(0, "coarse_label_names.txt", data, names);
    fuzz_file(1, "train.bin", data + body, size - body);
    char spec[192], *to = spec;
    for (const char *from = fuzz_folder(); *from; from++)
        *to++ = *from;
    memcpy(to, " labels=coarse", sizeof " labels=coarse");
    if (fuzz_judge(descent_dataset_open_features(&set, spec, NULL, &err), &err)) {
        const size_t n = descent_dataset_count(set);
        fuzz_require(n == (size - body) / 3074 && descent_dataset_outputs(set) == 20);
        for (size_t i = 0; i < n; i++)
            fuzz_require(descent_dataset_label(set, i) >= 0 && descent_dataset_label(set, i) < 20);
        fuzz_require(descent_dataset_class(set, 19) != NULL);
    }
    descent_dataset_free(set);
    return 0;
}
