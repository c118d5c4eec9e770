/* bus.c - a data file that is mapped was cut short, or its disk failed, under a running command.
 *
 * The system then ends the process with SIGBUS, wherever it was. All that is left to do is to say
 * why: what is on disk is whole. */
#include "command.h"

#include <signal.h>
#include <unistd.h>

static void on_bus_error(int signal)
{
    static const char words[] =
        "\ndescent: a file that is mapped (see map in docs/data.md) was cut short while it was "
        "read, or its disk failed; the last checkpoint is whole: descent train --resume FOLDER\n";

    (void)signal;
    if (write(STDERR_FILENO, words, sizeof words - 1) < 0)
        _exit(EXIT_USAGE);
    _exit(EXIT_USAGE);
}

void cli_tell_bus_errors(void)
{
    struct sigaction action = {.sa_handler = on_bus_error};

    sigemptyset(&action.sa_mask);
    (void)sigaction(SIGBUS, &action, NULL);
}
