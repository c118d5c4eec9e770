/* run_folder.c - where a run is written. */
#include "command.h"

#include <string.h>
#include <sys/stat.h>

void cli_choose_folder(const char *data, char out[512])
{
    char name[64];
    size_t length = strcspn(data, " "), begin = 0;
    struct stat info;

    while (length > 1 && data[length - 1] == '/')
        length--;
    for (size_t i = 0; i < length; i++)
        if ((data[i] == '/' || data[i] == '"') && i + 1 < length)
            begin = i + 1;
    snprintf(name, sizeof name, "%.*s", (int)(length - begin), data + begin);
    name[strcspn(name, ".\"")] = '\0';
    for (int n = 1; n < 100000; n++) {
        snprintf(out, 512, "runs/%s-%d", *name ? name : "run", n);
        if (stat(out, &info) != 0)
            return;
    }
}

/* Another run is nothing to write over by a typing mistake. */
int cli_take_folder(const char *folder, char out[512])
{
    char path[600];
    struct stat info;

    snprintf(out, 512, "%s", folder);
    snprintf(path, sizeof path, "%s/recipe.ini", folder);
    if (stat(path, &info) != 0)
        return EXIT_DONE;
    return cli_complain("--out: there is a run in '%s' already; go on with it by --resume %s, "
                        "remove it, or name another folder",
                        folder, folder);
}
