/* need.c - memory that the command cannot do without: where there is none it ends with a sentence.
 *
 * jansson asks here as well. Most of what builds JSON never looks whether a value got its memory,
 * and jansson's reader aborts when it gets none in the middle of a text; like this, what is printed
 * or written is whole. The library keeps no file open under its temporary name while it makes JSON,
 * and the command tells here of its own. */
#include "command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char unfinished[600];

void cli_unfinished(const char *path)
{
    snprintf(unfinished, sizeof unfinished, "%s", path ? path : "");
}

/* Other threads may be at work: nothing of theirs is released. */
void cli_out_of_memory(void)
{
    fflush(stdout);
    if (unfinished[0])
        unlink(unfinished);
    if (!cli_has_complained()) /* else the sentence about what failed first is there */
        cli_complain("out of memory");
    _Exit(EXIT_USAGE);
}

void *cli_need(size_t count, size_t size)
{
    void *block = calloc(count > 0 ? count : 1, size > 0 ? size : 1);

    if (!block)
        cli_out_of_memory();
    return block;
}

char *cli_need_copy(const char *text)
{
    const size_t size = strlen(text) + 1;

    return memcpy(cli_need(size, 1), text, size);
}

static void *need_bytes(size_t size)
{
    void *block = malloc(size);

    if (!block)
        cli_out_of_memory();
    return block;
}

void cli_need_for_json(void)
{
    json_set_alloc_funcs(need_bytes, free);
}
