/* interrupts.c - a signal leaves the memory alone whose address the stack pointer has just then:
 * oneDNN's kernels point it to buffers on the heap. */
#define _GNU_SOURCE
#include "command.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

enum { ROOM = 1 << 16, SLACK = 256 };

static char room[ROOM];
static ucontext_t caller, kernel;
static int which;

static void work(void)
{
    raise(which);
    swapcontext(&kernel, &caller);
}

/* How many bytes of a stack in `room` are used by raising a signal on it. */
static int depth_of(int signal)
{
    int untouched = 0;

    which = signal;
    memset(room, 0x5a, sizeof room);
    getcontext(&kernel);
    kernel.uc_stack.ss_sp = room;
    kernel.uc_stack.ss_size = sizeof room;
    makecontext(&kernel, work, 0);
    swapcontext(&caller, &kernel);
    while (untouched < ROOM && room[untouched] == 0x5a)
        untouched++;
    return ROOM - untouched;
}

int main(void)
{
    signal(SIGUSR1, SIG_IGN);
    depth_of(SIGUSR1); /* what the dynamic linker has to look up is known now */
    const int ignored = depth_of(SIGUSR1);
    cli_catch_interrupts();
    const int caught = depth_of(SIGINT);
    printf("interrupted: %d; bytes of the stack used without a handler %d, with one %d\n",
           cli_interrupted(), ignored, caught);
    return cli_interrupted() && caught <= ignored + SLACK ? EXIT_SUCCESS : EXIT_FAILURE;
}
