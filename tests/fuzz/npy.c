/* npy.c - fuzz: NumPy's files. The first byte chooses the task; the rest is a file of features and,
 * from the second "\x93NUMPY" on, one of targets. Mapped, it holds what it does when it is read. */
#include "fuzz.h"

#include "data/numbers.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char magic[] = "\x93NUMPY";

/* Bytes before the file of targets. */
static size_t features_end(const uint8_t *file, size_t size)
{
    const size_t n = sizeof magic - 1;

    for (size_t i = 1; i + n <= size; i++)
        if (memcmp(file + i, magic, n) == 0)
            return i;
    return size;
}

static descent_dataset *take(const char *task, const char *map)
{
    char spec[80];
    descent_error err = {0};
    descent_dataset *set;

    snprintf(spec, sizeof spec, "x.npy target=y.npy task=%s map=%s", task, map);
    if (!fuzz_judge(descent_dataset_open(&set, spec, &err), &err))
        fuzz_require(set == NULL);
    return set;
}

static void agree(const descent_dataset *read, const descent_dataset *mapped)
{
    const size_t n = descent_dataset_count(read), width = dsc_shape_count(read->shape);

    fuzz_require(n > 0 && dsc_shape_valid(read->shape) && descent_dataset_outputs(read) > 0);
    fuzz_require(n == descent_dataset_count(mapped) && width == dsc_shape_count(mapped->shape));
    for (size_t i = 0; i < n; i++) {
        fuzz_require(descent_dataset_label(read, i) < descent_dataset_outputs(read));
        fuzz_require(descent_dataset_label(read, i) == descent_dataset_label(mapped, i));
        for (size_t j = 0; j < width; j++)
            fuzz_require(dsc_number_at(read->dtype, dsc_row(read, i), j) ==
                         dsc_number_at(mapped->dtype, dsc_row(mapped, i), j));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const task[] = {"auto", "classification", "regression"};
    static bool ready;

    if (size < 1)
        return 0;
    const size_t end = features_end(data + 1, size - 1);
    fuzz_file(0, "x.npy", data + 1, end);
    fuzz_file(1, "y.npy", data + 1 + end, size - 1 - end);
    ready = ready || chdir(fuzz_folder()) == 0;
    fuzz_require(ready);
    descent_dataset *read = take(task[data[0] % 3], "no"), *mapped = take(task[data[0] % 3], "yes");
    fuzz_require(read || !mapped); /* numbers that lie at an odd place can only be read */
    if (mapped)
        agree(read, mapped);
    descent_dataset_free(read);
    descent_dataset_free(mapped);
    return 0;
}
