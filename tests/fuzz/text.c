/* text.c - fuzz: plain text as tokens. The first byte chooses characters (even) or bytes (odd) and
 * the context; the rest is the file. */
#include "fuzz.h"

#include "data/dataset.h"
#include "data/tokens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What was read is the file: its tokens written out again give the same bytes. */
static void write_back(const descent_dataset *set, const uint8_t *file, size_t size)
{
    char text[8];
    size_t at = 0;

    for (size_t i = 0; i < set->tokens->count; i++) {
        const size_t n = descent_dataset_token(set, dsc_tokens_at(set->tokens, i), text);
        fuzz_require(n > 0 && n <= size - at && memcmp(file + at, text, n) == 0);
        at += n;
    }
    fuzz_require(at == size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { WINDOWS = 3 };
    char spec[256];
    descent_dataset *set;
    descent_error err = {0};

    if (size < 1)
        return 0;
    const bool bytes = data[0] % 2;
    const int context = 1 + data[0] / 2 % 16;
    const char *path = fuzz_file(0, "book", ++data, --size);
    snprintf(spec, sizeof spec, "%s text level=%s context=%d", path, bytes ? "byte" : "character",
             context);
    if (fuzz_judge(descent_dataset_open(&set, spec, &err), &err)) {
        const bool mark = !bytes && size >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0;
        uint32_t index[WINDOWS] = {0};
        int32_t x[WINDOWS * 16], y[WINDOWS * 16];
        write_back(set, data + (mark ? 3 : 0), size - (mark ? 3 : 0));
        index[1] = (uint32_t)(set->tokens->count - 1);
        index[2] = (uint32_t)(set->tokens->count / 2);
        dsc_tokens_gather(set, index, WINDOWS, x, y);
    }
    descent_dataset_free(set);
    return 0;
}
