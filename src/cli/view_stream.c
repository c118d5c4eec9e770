/* view_stream.c - server-sent events: the lines of a log, those that are there and those that come.
 *
 *     id: OFFSET           where the next line begins; a browser that comes back names it
 *     data: LINE
 *
 * A stream that has nothing to say is suspended; view_streams_wake() resumes it. */
#include "view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    PIECE = 1 << 16,
    LONGEST = 1 << 24, /* bytes of a line; a longer one is left out */
    QUIET = 15         /* seconds until a sign of life */
};

struct view_stream {
    view_stream *next, **owner; /* in the list of all */
    struct MHD_Connection *connection;
    int log;
    unsigned long long offset; /* of the first byte that is not sent */
    char *text;                /* made, and not yet taken */
    size_t length, taken;
    time_t last; /* when it said something */
    bool suspended;
    bool skips; /* what comes next belongs to a line that is left out */
};

/* Makes text of the next line of the log; false when there is no whole one. */
static bool next_line(view_stream *s)
{
    char *piece = malloc(PIECE), *grown = piece;
    size_t size = PIECE, have = 0;
    const char *end = NULL;

    while (grown && !end) { /* lines may be longer than a piece */
        const ssize_t n = pread(s->log, grown + have, size - have, (off_t)(s->offset + have));
        if (n <= 0)
            break;
        end = memchr(grown + have, '\n', (size_t)n);
        have += (size_t)n;
        if (end ? s->skips : have >= LONGEST) {
            s->offset += end ? (size_t)(end - grown) + 1 : have;
            s->skips = !end;
            end = NULL;
            have = 0;
        }
        if (end || have < size)
            continue;
        size *= 2;
        char *more = realloc(grown, size);
        if (!more)
            break;
        grown = more;
    }
    if (end) {
        const size_t length = (size_t)(end - grown);
        s->text = malloc(length + 64);
        if (s->text) {
            s->offset += length + 1;
            s->length = (size_t)snprintf(s->text, length + 64, "id: %llu\ndata: %.*s\n\n",
                                         s->offset, (int)length, grown);
        }
    }
    free(grown);
    return end && s->text;
}

static bool make_text(view_stream *s)
{
    struct stat info;

    s->taken = s->length = 0;
    free(s->text);
    s->text = NULL;
    if (fstat(s->log, &info) == 0 && (unsigned long long)info.st_size < s->offset) {
        s->offset = 0; /* the log began anew */
        s->skips = false;
    }
    if (next_line(s))
        return true;
    if (time(NULL) - s->last < QUIET)
        return false;
    s->text = strdup(": still here\n\n");
    s->length = s->text ? strlen(s->text) : 0;
    return s->text != NULL;
}

static ssize_t read_stream(void *cls, uint64_t position, char *buffer, size_t most)
{
    view_stream *s = cls;

    (void)position;
    if (s->taken == s->length && !make_text(s)) {
        s->suspended = true;
        MHD_suspend_connection(s->connection);
        return 0;
    }
    const size_t left = s->length - s->taken, n = left < most ? left : most;
    memcpy(buffer, s->text + s->taken, n);
    s->taken += n;
    s->last = time(NULL);
    return (ssize_t)n;
}

static void close_stream(void *cls)
{
    view_stream *s = cls;

    *s->owner = s->next;
    if (s->next)
        s->next->owner = s->owner;
    close(s->log);
    free(s->text);
    free(s);
}

struct MHD_Response *view_stream_open(view_stream **streams, struct MHD_Connection *connection,
                                      const view_run *run, unsigned long long from)
{
    view_stream *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    s->log = view_open(run, "log.jsonl");
    s->connection = connection;
    s->offset = from;
    s->last = time(NULL);
    struct MHD_Response *response =
        s->log < 0 ? NULL
                   : MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1 << 14, read_stream, s,
                                                       close_stream);
    if (!response) {
        if (s->log >= 0)
            close(s->log);
        free(s);
        return NULL;
    }
    s->next = *streams;
    s->owner = streams;
    if (s->next)
        s->next->owner = &s->next;
    *streams = s;
    return response;
}

void view_streams_wake(view_stream *streams)
{
    const time_t now = time(NULL);

    for (view_stream *s = streams; s; s = s->next) {
        struct stat info;
        const bool more =
            fstat(s->log, &info) == 0 && (unsigned long long)info.st_size != s->offset;
        if (!s->suspended || (!more && now - s->last < QUIET))
            continue;
        s->suspended = false;
        MHD_resume_connection(s->connection);
    }
}

void view_streams_end(view_stream *streams)
{
    for (view_stream *s = streams; s; s = s->next)
        if (s->suspended) {
            s->suspended = false;
            MHD_resume_connection(s->connection);
        }
}
