/* console.c - the terminal: is there one, how wide, and Ctrl-C. */
#include "command.h"

#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The one thing a signal handler may write to. */
static volatile sig_atomic_t interrupted;

bool cli_is_terminal(FILE *stream)
{
    const char *term = getenv("TERM");

    return isatty(fileno(stream)) && !(term && strcmp(term, "dumb") == 0);
}

int cli_width(void)
{
    struct winsize size;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
        return size.ws_col;
    return 80;
}

bool cli_has_unicode(void)
{
    setlocale(LC_CTYPE, "");
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

void cli_settle_libraries(char **argv)
{
    if (getenv("GOMP_SPINCOUNT") || getenv("OMP_WAIT_POLICY"))
        return;
    setenv("GOMP_SPINCOUNT", "3000", 1);
    setenv("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1", 0); /* where it says something, it stays */
    execv("/proc/self/exe", argv); /* comes back only if that is not there: then slower, no worse */
}

static void on_signal(int signal)
{
    (void)signal;
    interrupted = 1;
}

/* oneDNN's compiled kernels use the stack pointer for buffers on the heap. What a signal puts on
 * the stack would then overwrite the heap below them, so the handler gets a stack of its own. The
 * system hands signals of the process to its first thread, which is this one. */
static void give_handlers_a_stack(void)
{
    static char room[1 << 16]; /* a frame with all registers of AVX-512 has 4 KB, with AMX 12 */
    const stack_t stack = {.ss_sp = room, .ss_size = sizeof room};

    sigaltstack(&stack, NULL);
}

void cli_catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    give_handlers_a_stack();
    /* the default action comes back: a second Ctrl-C ends the program at once */
    action.sa_flags = SA_RESTART | SA_ONSTACK | (int)SA_RESETHAND;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool cli_interrupted(void)
{
    return interrupted != 0;
}
