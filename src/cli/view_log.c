/* view_log.c - a log as it is, in whole lines.
 *
 * A training that is gone on with cuts its log back to its last checkpoint. An answer that promised
 * the bytes of before could then not be kept; so its length is not told before, and it ends behind
 * the last line that is there. */
#include "view.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1 << 16 };

typedef struct reader {
    int fd;
    uint64_t end; /* of the log when it was asked for; what is written meanwhile is not sent */
    bool inside;  /* of a line that is longer than a piece: it is sent in part */
} reader;

bool view_begins_line(int fd, uint64_t at)
{
    char before = '\n';

    return at == 0 || (pread(fd, &before, 1, (off_t)at - 1) == 1 && before == '\n');
}

static ssize_t read_lines(void *cls, uint64_t at, char *buffer, size_t most)
{
    reader *r = cls;
    const size_t left = r->end > at ? (size_t)(r->end - at) : 0, wanted = left < most ? left : most;

    if (!r->inside && !view_begins_line(r->fd, at)) /* the log was cut, and has grown again */
        return MHD_CONTENT_READER_END_OF_STREAM;
    const ssize_t n = pread(r->fd, buffer, wanted, (off_t)at);
    if (n <= 0)
        return r->inside ? MHD_CONTENT_READER_END_WITH_ERROR : MHD_CONTENT_READER_END_OF_STREAM;
    size_t whole = (size_t)n;
    while (whole > 0 && buffer[whole - 1] != '\n')
        whole--;
    if (whole == 0 && (size_t)n == left && !r->inside) /* it is still being written */
        return MHD_CONTENT_READER_END_OF_STREAM;
    r->inside = whole == 0;
    return r->inside ? n : (ssize_t)whole;
}

static void close_log(void *cls)
{
    reader *r = cls;

    close(r->fd);
    free(r);
}

struct MHD_Response *view_log(int fd)
{
    struct stat info;
    reader *r = malloc(sizeof *r);

    if (!r || fstat(fd, &info) != 0) {
        close(fd);
        free(r);
        return NULL;
    }
    *r = (reader){.fd = fd, .end = (uint64_t)info.st_size};
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE, read_lines, r, close_log);
    if (!response)
        close_log(r);
    return response;
}
