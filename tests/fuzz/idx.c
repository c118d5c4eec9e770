/* idx.c - fuzz: MNIST's format. The first byte says how many sizes are expected (odd: 3, pictures;
 * even: 1, labels), the rest is the file, plain or compressed. */
#include "fuzz.h"

#include "base/memory.h"
#include "data/idx.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { ROOM = 64 };
    descent_error err = {0};
    dsc_idx idx;

    if (size < 1)
        return 0;
    const int rank = data[0] % 2 ? 3 : 1;
    const char *path = fuzz_file(0, "idx", data + 1, size - 1);
    const size_t promised = dsc_idx_content(path, rank);
    if (fuzz_judge(dsc_idx_read(&idx, path, rank, ROOM, &err), &err)) {
        const size_t n = idx.count * dsc_shape_count(idx.shape);
        fuzz_require(n > 0 && n == promised);
        memset(idx.bytes, 1, n + ROOM); /* all of it is there */
    } else {
        fuzz_require(idx.bytes == NULL);
    }
    dsc_free(idx.bytes);
    return 0;
}
