/* starve.c - every allocation of a scenario fails in turn. Each time: an error with one sentence or
 * the right result; nothing stays in memory; what lies on disk is whole.
 *
 *     starve [--all] [SCENARIO...]     --all: every one also where there are many
 *     starve --at=N SCENARIO           number N alone; DENY_TRACE=1 shows who asks for it */
#include "deny.h"
#include "scenario.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static long failures;
static const char *now_name = "";
static long now_n;

void complain(const char *fmt, ...)
{
    va_list args;

    failures++;
    fprintf(stderr, "%s, allocation %ld: ", now_name, now_n);
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fputc('\n', stderr);
}

static void check_error(descent_status status, const descent_error *err)
{
    const size_t length = strlen(err->message);

    if (status != DESCENT_NOMEM)
        complain("status '%s': %s", descent_status_text(status), err->message);
    else if (err->status != status)
        complain("the error says '%s'", descent_status_text(err->status));
    if (length < 10 || err->message[length - 1] == '.' || strchr(err->message, '\n'))
        complain("no sentence: '%s'", err->message);
}

/* Once without the n-th allocation (0: with all); returns how many there were. */
static long try(const scenario *s, long n, bool rest, uint64_t *sum)
{
    scenario_sum made = {0};
    descent_error err = {0};

    now_n = n;
    if (s->before)
        s->before();
    const long blocks = deny_blocks(), moment = deny_moment();
    if (rest)
        deny_rest(n);
    else
        deny_at(n);
    const descent_status status = s->run(&made, &err);
    const long seen = deny_off();
    if (deny_blocks() != blocks && *sum != 0) {
        complain("%ld blocks are still there; %s", deny_blocks() - blocks,
                 status ? err.message : "no error");
        deny_tell(stderr, moment);
    }
    if (status != DESCENT_OK)
        check_error(status, &err);
    else if (*sum == 0)
        *sum = made.value;
    else if (made.value != *sum)
        complain("another result, and no error");
    if (n == 0 && status != DESCENT_OK)
        complain("fails with memory: %s", err.message);
    if (s->after)
        s->after(status == DESCENT_OK);
    return seen;
}

/* One allocation alone, for a debugger or DENY_TRACE=1. */
static void starve_at(const scenario *s, long n)
{
    uint64_t sum = 0;

    now_name = s->name;
    try(s, 0, false, &sum);
    try(s, 0, false, &sum);
    try(s, n, false, &sum);
}

static void starve(const scenario *s, bool all)
{
    const clock_t begin = clock();
    uint64_t sum = 0;
    long tried = 0;

    now_name = s->name;
    try(s, 0, false,
        &sum); /* libraries keep what they make at first use; leaks count from then on */
    const long seen = try(s, 0, false, &sum);
    const long tries = all ? s->most : s->tries;
    const long every = tries == 0 ? 1 : (seen + tries - 1) / tries;
    for (long n = 1; n <= seen; n += every) {
        try(s, n, false, &sum);
        try(s, n, true, &sum);
        tried += 2;
    }
    try(s, seen + 1000000, false, &sum); /* the counter and what is counted are sound */
    if (seen == 0)
        complain("nothing was allocated");
    printf("%-28s %6ld allocations, %6ld tries, %6.2f s\n", s->name, seen, tried,
           (double)(clock() - begin) / CLOCKS_PER_SEC);
    fflush(stdout);
}

static bool is_wanted(const char *name, int argc, char **argv)
{
    bool named = false;

    for (int i = 1; i < argc; i++) {
        named = named || argv[i][0] != '-';
        if (strcmp(argv[i], name) == 0)
            return true;
    }
    return !named;
}

int main(int argc, char **argv)
{
    const scenario *const lists[] = {scenarios_of_data,       scenarios_of_models,
                                     scenarios_of_optimizers, scenarios_of_trainings,
                                     scenarios_of_reports,    scenarios_of_studies};
    char folder[] = "starve-XXXXXX";
    bool all = false;
    long at = 0;
    int run = 0;

    if (!deny_works()) {
        puts("skipped: malloc can't be replaced here");
        return 77;
    }
    for (int i = 1; i < argc; i++) {
        all = all || strcmp(argv[i], "--all") == 0;
        if (strncmp(argv[i], "--at=", 5) == 0)
            at = strtol(argv[i] + 5, NULL, 10);
    }
    if (!mkdtemp(folder) || chdir(folder) != 0) {
        perror(folder);
        return 1;
    }
    make_files();
    for (size_t list = 0; list < sizeof lists / sizeof *lists; list++)
        for (const scenario *s = lists[list]; s->name; s++)
            if (is_wanted(s->name, argc, argv)) {
                if (at > 0)
                    starve_at(s, at);
                else
                    starve(s, all);
                run++;
            }
    if (chdir("..") == 0)
        remove_tree(folder);
    printf("%d scenarios, %ld failures\n", run, failures);
    return failures > 0 || run == 0;
}
