/* need.c - what files of the command ask of it for memory, in programs that are not the command. */
#include "command.h"

#include <stdlib.h>
#include <string.h>

void cli_out_of_memory(void)
{
    abort();
}

void *cli_need(size_t count, size_t size)
{
    void *block = calloc(count + 1, size + 1);

    if (!block)
        cli_out_of_memory();
    return block;
}

char *cli_need_copy(const char *text)
{
    return strcpy(cli_need(strlen(text), 1), text);
}
