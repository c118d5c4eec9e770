/* replay.c - runs a fuzz target over every file of the folders given, without libFuzzer: replay
 * FOLDER... Exits with 1 when there is no file at all. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int named(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int replay(const char *folder)
{
    struct dirent **entry;
    char path[1024];
    const int n = scandir(folder, &entry, named, alphasort);

    for (int i = 0; i < n; i++) {
        size_t size;
        snprintf(path, sizeof path, "%s/%s", folder, entry[i]->d_name);
        free(entry[i]);
        uint8_t *bytes = fuzz_read(path, &size);
        /* a block of just this size, so that a sanitizer sees every byte that is read too far */
        uint8_t *exact = size > 0 ? malloc(size) : NULL;
        fuzz_require(exact || size == 0);
        if (exact)
            memcpy(exact, bytes, size);
        LLVMFuzzerTestOneInput(exact, size);
        free(exact);
        free(bytes);
    }
    if (n >= 0)
        free(entry);
    return n > 0 ? n : 0;
}

int main(int argc, char **argv)
{
    int files = 0;

    for (int i = 1; i < argc; i++)
        files += replay(argv[i]);
    printf("%d files\n", files);
    return files > 0 ? 0 : 1;
}
