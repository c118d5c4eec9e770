/* view.c - fuzz: the HTTP requests of `descent view`. The bytes are what a browser sends; what
 * comes back is read. A daemon without a socket of its own answers, with the handler and the
 * settings of the command, over two runs of which one has a damaged log. */
#define _GNU_SOURCE /* memmem */
#include "fuzz.h"

#include "view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char log_text[] =
    "{\"event\":\"start\",\"data\":\"digits\",\"model\":\"linear\",\"batch\":64}\n"
    "{\"event\":\"epoch\",\"step\":20,\"epoch\":1,\"train_loss\":0.5}\n"
    "{\"event\":\"result\",\"steps\":20,\"stop\":\"steps\"}\n";
static const char damaged[] = "{\"event\":\"start\"}\n\0\xff{[\n\n{\"event\":";

static void make_runs(void)
{
    char path[128];

    for (const char *const *name = (const char *const[]){"one", "two~2", NULL}; *name; name++) {
        snprintf(path, sizeof path, "%s/%s", fuzz_folder(), *name);
        fuzz_require(mkdir(path, 0700) == 0);
    }
    fuzz_file(0, "one/log.jsonl", log_text, sizeof log_text - 1);
    fuzz_file(0, "one/recipe.ini", "data = digits\n", 14);
    fuzz_file(0, "one/report.html", "<p>", 3);
    fuzz_file(0, "two~2/log.jsonl", damaged, sizeof damaged - 1);
    fuzz_file(0, "secret", "SECRET", 6);
}

/* Lets the daemon work until it has nothing more to say; true if "SECRET" was among it. */
static bool talk(struct MHD_Daemon *daemon, view_server *server, int browser)
{
    enum { ROUNDS = 12 };
    char piece[1 << 16];
    bool told = false;

    for (int round = 0, quiet = 0; round < ROUNDS && quiet < 3; round++) {
        MHD_run(daemon);
        const ssize_t n = recv(browser, piece, sizeof piece, MSG_DONTWAIT);
        if (n == 0)
            break;
        quiet = n > 0 ? 0 : quiet + 1;
        told = told || (n > 0 && memmem(piece, (size_t)n, "SECRET", 6));
        if (n > 0 && round == 0)
            fuzz_require(n >= 8 && memcmp(piece, "HTTP/1.", 7) == 0);
        view_streams_wake(server->streams);
    }
    return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { MEMORY = 1 << 15, MOST = 1 << 14 };
    static view_server server;
    static char page[] = "<!doctype html>";
    static const char *roots[1];
    int pair[2];

    if (size > MOST) /* must go into the socket at once */
        return 0;
    if (!server.page) {
        make_runs();
        roots[0] = fuzz_folder();
        server =
            (view_server){.runs = {.root = roots, .n_roots = 1}, .page = page, .loopback = true};
        view_runs_find(&server.runs);
        fuzz_require(server.runs.n == 2);
    }
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_NO_LISTEN_SOCKET | MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
        view_answer, &server, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY, MHD_OPTION_END);
    fuzz_require(daemon != NULL);
    fuzz_require(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    fuzz_require(send(pair[0], data, size, 0) == (ssize_t)size);
    shutdown(pair[0], SHUT_WR);
    fuzz_require(MHD_add_connection(daemon, pair[1], NULL, 0) == MHD_YES);
    const bool told = talk(daemon, &server, pair[0]);
    view_streams_end(server.streams);
    MHD_stop_daemon(daemon);
    close(pair[0]);
    fuzz_require(!told && server.streams == NULL && server.runs.n == 2);
    return 0;
}
