/* view_serve.c - what is answered to which request:
 *
 *     /                     the page
 *     /runs                 all runs, as JSON
 *     /runs/NAME/log        log.jsonl so far
 *     /runs/NAME/timing     timing.jsonl so far
 *     /runs/NAME/events     the same, line by line as it grows (server-sent events)
 *     /runs/NAME/report     report.html
 *     /runs/NAME/recipe     recipe.ini
 *
 * Nothing else is there: a name is looked up among the runs, never made into a path. */
#include "view.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static enum MHD_Result queue(struct MHD_Connection *connection, unsigned status,
                             struct MHD_Response *response, const char *type)
{
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
    MHD_add_response_header(response, "Content-Security-Policy", "frame-ancestors 'none'");
    const enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status,
                              const char *sentence)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        strlen(sentence), (void *)(uintptr_t)sentence, MHD_RESPMEM_MUST_COPY);

    if (response && status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    return queue(connection, status, response, "text/plain; charset=utf-8");
}

static enum MHD_Result send_file(struct MHD_Connection *connection, const view_run *run,
                                 const char *file, const char *type)
{
    const int fd = view_open(run, file);
    struct stat info;

    if (fd < 0 || fstat(fd, &info) != 0) {
        if (fd >= 0)
            close(fd);
        return refuse(connection, MHD_HTTP_NOT_FOUND, "this run has no such file\n");
    }
    /* closes fd in the end; what is written meanwhile is not sent */
    struct MHD_Response *response = MHD_create_response_from_fd64((uint64_t)info.st_size, fd);
    if (!response)
        close(fd);
    return queue(connection, MHD_HTTP_OK, response, type);
}

static enum MHD_Result send_log(struct MHD_Connection *connection, const view_run *run,
                                const char *file)
{
    const int fd = view_open(run, file);

    if (fd < 0)
        return refuse(connection, MHD_HTTP_NOT_FOUND, "this run has no such file\n");
    return queue(connection, MHD_HTTP_OK, view_log(fd), "application/x-ndjson");
}

static enum MHD_Result send_page(const view_server *server, struct MHD_Connection *connection)
{
    return queue(
        connection, MHD_HTTP_OK,
        MHD_create_response_from_buffer(strlen(server->page), server->page, MHD_RESPMEM_PERSISTENT),
        "text/html; charset=utf-8");
}

static enum MHD_Result send_runs(view_server *server, struct MHD_Connection *connection)
{
    view_runs_find(&server->runs);
    json_t *list = view_runs_json(&server->runs);
    char *text = list ? json_dumps(list, JSON_COMPACT) : NULL;

    json_decref(list);
    if (!text)
        return refuse(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "out of memory\n");
    return queue(connection, MHD_HTTP_OK,
                 MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE),
                 "application/json");
}

/* From the line behind the last one that the browser saw. */
static enum MHD_Result send_events(view_server *server, struct MHD_Connection *connection,
                                   const view_run *run)
{
    const char *last = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Last-Event-ID");
    const unsigned long long from = last ? strtoull(last, NULL, 10) : 0;
    struct MHD_Response *response =
        view_stream_open(&server->streams, connection, run, from < INT64_MAX ? from : 0);

    if (!response)
        return refuse(connection, MHD_HTTP_NOT_FOUND, "this run has no log\n");
    return queue(connection, MHD_HTTP_OK, response, "text/event-stream");
}

static enum MHD_Result send_of_run(view_server *server, struct MHD_Connection *connection,
                                   const char *path)
{
    const char *what = strrchr(path, '/');
    const view_run *run = what ? view_runs_named(&server->runs, path, (size_t)(what - path)) : NULL;

    if (!run)
        return refuse(connection, MHD_HTTP_NOT_FOUND, "there is no such run\n");
    if (strcmp(what, "/events") == 0)
        return send_events(server, connection, run);
    if (strcmp(what, "/log") == 0)
        return send_log(connection, run, "log.jsonl");
    if (strcmp(what, "/timing") == 0)
        return send_log(connection, run, "timing.jsonl");
    if (strcmp(what, "/report") == 0)
        return send_file(connection, run, "report.html", "text/html; charset=utf-8");
    if (strcmp(what, "/recipe") == 0)
        return send_file(connection, run, "recipe.ini", "text/plain; charset=utf-8");
    return refuse(connection, MHD_HTTP_NOT_FOUND, "there is no such page\n");
}

/* A page of somebody else may lead its own name to this machine's address (DNS rebinding). Only who
 * asks for this machine by a name of its own is answered. */
static bool asks_for_us(const view_server *server, struct MHD_Connection *connection)
{
    static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};
    const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");

    if (!server->loopback)
        return true;
    for (size_t i = 0; host && i < sizeof names / sizeof *names; i++) {
        const size_t length = strlen(names[i]);
        if (strncasecmp(host, names[i], length) == 0 &&
            (host[length] == '\0' || host[length] == ':'))
            return true;
    }
    return false;
}

enum MHD_Result view_answer(void *cls, struct MHD_Connection *connection, const char *url,
                            const char *method, const char *version, const char *upload,
                            size_t *upload_size, void **state)
{
    static const int begun = 1; /* only its address is used */
    view_server *server = cls;

    (void)version, (void)upload;
    if (!*state) { /* the headers are there; the answer comes at the second call */
        *state = (void *)(uintptr_t)&begun;
        return MHD_YES;
    }
    *upload_size = 0;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    if (!asks_for_us(server, connection))
        return refuse(connection, MHD_HTTP_FORBIDDEN, "this is not the machine that was asked\n");
    if (strcmp(url, "/") == 0)
        return send_page(server, connection);
    if (strcmp(url, "/runs") == 0)
        return send_runs(server, connection);
    if (strncmp(url, "/runs/", 6) == 0)
        return send_of_run(server, connection, url + 6);
    return refuse(connection, MHD_HTTP_NOT_FOUND, "there is no such page\n");
}
