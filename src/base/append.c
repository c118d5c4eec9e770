/* append.c - a file that grows by whole lines; see append.h. */
#include "base/append.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct dsc_append {
    int fd;
    char *path;
    int64_t written; /* bytes of whole lines in the file */
    bool restarts;   /* with the next write; lines of before are still in it */
    dsc_strbuf waiting;
};

/* A file system without locks leaves it to people. */
static bool is_taken(int fd)
{
    return flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

static descent_status open_file(dsc_append *file, const char *path, descent_error *err)
{
    struct stat info;

    file->path = dsc_copy(path);
    if (!file->path)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for '%s'", path);
    file->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file->fd < 0 || fstat(file->fd, &info) != 0)
        return dsc_cannot(err, "write", path, errno);
    if (is_taken(file->fd))
        return dsc_fail(err, DESCENT_IO, "'%s' is being written by another process", path);
    file->written = info.st_size;
    return DESCENT_OK;
}

descent_status dsc_append_open(dsc_append **out, const char *path, descent_error *err)
{
    dsc_append *file = dsc_alloc(1, sizeof *file);

    *out = NULL;
    if (!file)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for '%s'", path);
    file->fd = -1;
    const descent_status status = open_file(file, path, err);
    if (status == DESCENT_OK)
        *out = file;
    else
        dsc_append_free(file);
    return status;
}

void dsc_append_free(dsc_append *file)
{
    if (!file)
        return;
    if (file->fd >= 0) {
        (void)dsc_append_write(file, NULL); /* who wants to know has asked before */
        close(file->fd);
    }
    dsc_strbuf_free(&file->waiting);
    dsc_free(file->path);
    dsc_free(file);
}

descent_status dsc_append_cut(dsc_append *file, int64_t bytes, descent_error *err)
{
    if (file->written < bytes)
        return dsc_fail(err, DESCENT_INVALID, "'%s' has %lld bytes, expected at least %lld",
                        file->path, (long long)file->written, (long long)bytes);
    if (ftruncate(file->fd, bytes) != 0)
        return dsc_cannot(err, "write", file->path, errno);
    file->written = bytes;
    return DESCENT_OK;
}

void dsc_append_restart(dsc_append *file)
{
    file->restarts = true;
}

/* The same bytes are kept, since a power cut between cutting them and writing them again would take
 * them for good. */
static descent_status restart(dsc_append *file, descent_error *err)
{
    const size_t length = file->waiting.length;
    char *old = dsc_alloc(length, 1);

    if (!old)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for '%s'", file->path);
    const bool same = pread(file->fd, old, length, 0) == (ssize_t)length &&
                      memcmp(old, file->waiting.text, length) == 0;
    dsc_free(old);
    DSC_TRY(dsc_append_cut(file, same ? (int64_t)length : 0, err));
    if (same)
        file->waiting.length = 0;
    file->restarts = false;
    return DESCENT_OK;
}

bool dsc_append_line(dsc_append *file, const char *text, size_t length)
{
    dsc_strbuf *w = &file->waiting;
    const size_t before = w->length;

    dsc_strbuf_add_n(w, text, length);
    dsc_strbuf_add_n(w, "\n", 1);
    if (!w->failed)
        return true;
    w->failed = false;
    w->length = before;
    if (w->text)
        w->text[before] = '\0';
    return false;
}

/* At the end of what is whole: a piece that was cut short is written over. */
static bool write_all(const dsc_append *file)
{
    for (size_t done = 0; done < file->waiting.length;) {
        const ssize_t n = pwrite(file->fd, file->waiting.text + done, file->waiting.length - done,
                                 (off_t)file->written + (off_t)done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

descent_status dsc_append_write(dsc_append *file, descent_error *err)
{
    if (file->waiting.length == 0)
        return DESCENT_OK;
    if (file->restarts)
        DSC_TRY(restart(file, err));
    errno = 0;
    if (!write_all(file)) {
        const int reason = errno ? errno : ENOSPC;
        /* no half line stays; where even that fails, the next write covers it */
        const int cut = ftruncate(file->fd, (off_t)file->written);
        (void)cut;
        return dsc_cannot(err, "write", file->path, reason);
    }
    file->written += (int64_t)file->waiting.length;
    file->waiting.length = 0;
    return DESCENT_OK;
}

descent_status dsc_append_sync(dsc_append *file, int64_t *bytes, descent_error *err)
{
    *bytes = 0;
    DSC_TRY(dsc_append_write(file, err));
    if (fsync(file->fd) != 0)
        return dsc_cannot(err, "write", file->path, errno);
    *bytes = file->written;
    return DESCENT_OK;
}
