/* view_stream.c - server-sent events: the lines of a log, those that are there and those that come.
 *
 *     id: OFFSET           where the next line begins; a browser that comes back names it
 *     data: LINE
 *
 *     event: timing        a line of timing.jsonl: what a clock said of an event of the log
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

typedef struct source {
    int fd;                    /* -1: there is no such file */
    unsigned long long offset; /* of the first byte that is not sent */
    bool skips;                /* what comes next belongs to a line that is left out */
} source;

struct view_stream {
    view_stream *next, **owner; /* in the list of all */
    struct MHD_Connection *connection;
    source log, timing;
    char *text; /* made, and not yet taken */
    size_t length, taken;
    time_t last; /* when it said something */
    bool suspended;
};

/* A log that is shorter than it was, or whose lines lie elsewhere, began anew. */
static void find_place(source *from)
{
    struct stat info;
    const bool is_cut =
        fstat(from->fd, &info) == 0 && (unsigned long long)info.st_size < from->offset;
    if (is_cut || (!from->skips && !view_begins_line(from->fd, from->offset)))
        *from = (source){.fd = from->fd};
}

/* Bytes from the first that was not sent, at least to the end of its line; *whole: how many of them
 * are whole lines, 0 when there is none. To be freed; NULL: no memory. */
static char *read_piece(source *from, size_t *whole)
{
    char *piece = malloc(PIECE);
    size_t size = PIECE, have = 0;

    *whole = 0;
    while (piece && *whole == 0) { /* lines may be longer than a piece */
        const ssize_t n = pread(from->fd, piece + have, size - have, (off_t)(from->offset + have));
        if (n <= 0)
            break;
        const size_t before = have;
        have += (size_t)n;
        if (from->skips) {
            const char *end = memchr(piece, '\n', have);
            from->offset += end ? (size_t)(end - piece) + 1 : have;
            from->skips = !end;
            have = 0;
            continue;
        }
        for (*whole = have; *whole > before && piece[*whole - 1] != '\n';)
            --*whole;
        *whole = *whole > before ? *whole : 0;
        if (*whole == 0 && have >= LONGEST) {
            from->offset += have;
            from->skips = true;
            have = 0;
        }
        if (*whole > 0 || have < size)
            continue;
        size *= 2;
        char *more = realloc(piece, size);
        if (!more)
            break;
        piece = more;
    }
    return piece;
}

/* Makes text of the lines of a piece. */
static void put_lines(view_stream *s, source *from, const char *piece, size_t whole)
{
    enum { AROUND = 40 }; /* most bytes that are put around a line */
    size_t lines = 0;

    for (size_t i = 0; i < whole; i++)
        lines += piece[i] == '\n';
    s->text = malloc(whole + lines * AROUND + 1);
    for (const char *line = piece; s->text && line < piece + whole;) {
        const char *end = memchr(line, '\n', (size_t)(piece + whole - line));
        const size_t length = (size_t)(end - line);
        from->offset += length + 1;
        if (from == &s->log)
            s->length += (size_t)sprintf(s->text + s->length, "id: %llu\n", from->offset);
        else
            s->length += (size_t)sprintf(s->text + s->length, "event: timing\n");
        s->length += (size_t)sprintf(s->text + s->length, "data: %.*s\n\n", (int)length, line);
        line = end + 1;
    }
}

/* Makes text of the next lines of a file; false when there is no whole one. */
static bool next_lines(view_stream *s, source *from)
{
    size_t whole;
    char *piece = read_piece(from, &whole);

    if (piece && whole > 0)
        put_lines(s, from, piece, whole);
    free(piece);
    return s->text != NULL;
}

static bool make_text(view_stream *s)
{
    s->taken = s->length = 0;
    free(s->text);
    s->text = NULL;
    find_place(&s->log);
    if (next_lines(s, &s->log) || (s->timing.fd >= 0 && next_lines(s, &s->timing)))
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
    close(s->log.fd);
    if (s->timing.fd >= 0)
        close(s->timing.fd);
    free(s->text);
    free(s);
}

struct MHD_Response *view_stream_open(view_stream **streams, struct MHD_Connection *connection,
                                      const view_run *run, unsigned long long from)
{
    view_stream *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    s->log = (source){.fd = view_open(run, "log.jsonl"), .offset = from};
    s->timing = (source){.fd = view_open(run, "timing.jsonl")};
    s->connection = connection;
    s->last = time(NULL);
    struct MHD_Response *response =
        s->log.fd < 0 ? NULL
                      : MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1 << 14, read_stream, s,
                                                          close_stream);
    if (!response) {
        if (s->log.fd >= 0)
            close(s->log.fd);
        if (s->timing.fd >= 0)
            close(s->timing.fd);
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

static bool has_more(const source *from)
{
    struct stat info;

    return from->fd >= 0 && fstat(from->fd, &info) == 0 &&
           (unsigned long long)info.st_size != from->offset;
}

void view_streams_wake(view_stream *streams)
{
    const time_t now = time(NULL);

    for (view_stream *s = streams; s; s = s->next) {
        if (!s->suspended || (!has_more(&s->log) && !has_more(&s->timing) && now - s->last < QUIET))
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
