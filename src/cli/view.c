/* view.c - descent view: run folders in a browser, also those that are still being trained. */
#include "view.h"
#include "command.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PORT, HOST, NO_OPEN, N_OPTIONS };

static const cli_option options[N_OPTIONS] = {
    [PORT] = {"port", "N", "port to listen on (default: 8800, or the next that is free)"},
    [HOST] = {"host", "ADDRESS", "address to listen on (default: 127.0.0.1, this machine only)"},
    [NO_OPEN] = {"no-open", NULL, "open no browser"},
};

enum {
    FIRST_PORT = 8800,
    PORTS = 100, /* that are tried */
    CONNECTIONS = 200,
    MEMORY = 1 << 15, /* bytes for the headers of a request and what is sent */
    SLOW = 20,        /* seconds that somebody may keep us waiting */
    MOMENT = 250      /* milliseconds between looks at the logs */
};

static int is_folder(const char *path)
{
    struct stat info;

    if (stat(path, &info) != 0)
        return cli_complain("view: cannot open '%s': %s", path, strerror(errno));
    return S_ISDIR(info.st_mode) ? EXIT_DONE
                                 : cli_complain("view: '%s' is no folder of a run", path);
}

/* The runs to serve: those named, or all in runs/. */
static int read_roots(const cli_args *args, view_runs *runs)
{
    static const char *const usual[] = {"runs"};
    struct stat info;

    runs->root = args->n_words > 0 ? args->word : usual;
    runs->n_roots = args->n_words > 0 ? args->n_words : 1;
    for (int i = 0; i < args->n_words; i++)
        if (is_folder(args->word[i]))
            return EXIT_USAGE;
    if (args->n_words == 0 && stat("runs", &info) != 0)
        return cli_complain("view: there is no folder 'runs' here; train something first, or name "
                            "the folder of a run");
    return EXIT_DONE;
}

/* `port`: 0 for the first that is free. */
static int read_address(const cli_args *args, view_server *server, struct sockaddr_in *address,
                        int64_t *port)
{
    const char *host = args->value[HOST] ? args->value[HOST] : "127.0.0.1";

    *address = (struct sockaddr_in){.sin_family = AF_INET};
    *port = 0;
    if (cli_read_whole("--port", args->value[PORT], 1, 65535, port))
        return EXIT_USAGE;
    if (inet_pton(AF_INET, host, &address->sin_addr) != 1)
        return cli_complain("--host = %s, must be an address such as 127.0.0.1, or 0.0.0.0 for "
                            "everybody who can reach this machine",
                            host);
    server->host = host;
    server->loopback = ntohl(address->sin_addr.s_addr) >> 24 == 127;
    return EXIT_DONE;
}

static struct MHD_Daemon *listen_on(view_server *server, struct sockaddr_in *address, unsigned port)
{
    address->sin_port = htons((uint16_t)port);
    server->port = port;
    return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, (uint16_t)port, NULL, NULL,
                            view_answer, server, MHD_OPTION_SOCK_ADDR, address,
                            MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY,
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SLOW, MHD_OPTION_END);
}

static int begin(view_server *server, struct sockaddr_in address, int64_t port,
                 struct MHD_Daemon **daemon)
{
    *daemon = port > 0 ? listen_on(server, &address, (unsigned)port) : NULL;
    for (unsigned n = 0; port == 0 && !*daemon && n < PORTS; n++)
        *daemon = listen_on(server, &address, FIRST_PORT + n);
    if (*daemon)
        return EXIT_DONE;
    if (port > 0)
        return cli_complain("view: cannot listen on %s port %lld: %s", server->host,
                            (long long)port, strerror(errno));
    return cli_complain("view: cannot listen on %s, ports %d to %d: %s", server->host, FIRST_PORT,
                        FIRST_PORT + PORTS - 1, strerror(errno));
}

/* A desktop has a program that opens addresses; elsewhere the printed line is all. */
static void open_browser(const char *address)
{
    if (!getenv("DISPLAY") && !getenv("WAYLAND_DISPLAY"))
        return;
    const pid_t child = fork();
    if (child != 0)
        return;
    if (freopen("/dev/null", "w", stdout) && freopen("/dev/null", "w", stderr))
        execlp("xdg-open", "xdg-open", address, (char *)NULL);
    _exit(127);
}

static void say_address(const cli_args *args, const view_server *server)
{
    char address[128];

    snprintf(address, sizeof address, "http://%s:%u/", server->host, server->port);
    printf("%zu run%s at %s\nCtrl-C ends it.\n", server->runs.n, server->runs.n == 1 ? "" : "s",
           address);
    if (!server->loopback)
        fputs("Everybody who can reach this machine can read these runs.\n", stdout);
    fflush(stdout);
    if (!args->value[NO_OPEN] && cli_is_terminal(stdout))
        open_browser(address);
}

static char *make_page(void)
{
    char *page = NULL;
    descent_error err;

    if (descent_report_text(&page, "{\"kind\":\"view\",\"title\":\"Runs\"}", &err))
        cli_fail(&err);
    return page;
}

static int run(const cli_args *args)
{
    view_server server = {0};
    struct MHD_Daemon *daemon;
    struct sockaddr_in address;
    int64_t port;

    if (read_roots(args, &server.runs) || read_address(args, &server, &address, &port))
        return EXIT_USAGE;
    server.page = make_page();
    if (!server.page || begin(&server, address, port, &daemon)) {
        descent_report_text_free(server.page);
        return EXIT_USAGE;
    }
    cli_catch_interrupts();
    view_runs_find(&server.runs);
    say_address(args, &server);
    while (!cli_interrupted()) {
        MHD_run_wait(daemon, MOMENT);
        view_streams_wake(server.streams);
    }
    view_streams_end(server.streams);
    MHD_stop_daemon(daemon);
    view_runs_free(&server.runs);
    descent_report_text_free(server.page);
    return cli_finish(EXIT_DONE);
}

const cli_command cli_command_view = {
    .name = "view",
    .summary = "shows runs in a browser, also while they are trained",
    .usage = "[RUN...]",
    .about =
        "  descent view                      all runs in runs/\n"
        "  descent view runs/digits-3        one run\n"
        "  descent view runs /data/runs      runs of several folders\n\n"
        "Prints the address and serves a page with the list of runs and their curves over each\n"
        "other; a run that is being trained grows on it. Only programs on this machine are\n"
        "answered, unless --host says otherwise, and nothing but the files of runs is given out.",
    .options = options,
    .n_options = N_OPTIONS,
    .max_words = CLI_MAX_WORDS,
    .run = run,
};
