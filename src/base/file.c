/* file.c - whole files in and out; see file.h. */
#include "base/file.h"

#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char TEMPORARY[] = ".tmp-"; /* and the number of the process */

descent_status dsc_cannot(descent_error *err, const char *verb, const char *path, int reason)
{
    return dsc_fail(err, reason == ENOMEM ? DESCENT_NOMEM : DESCENT_IO, "cannot %s '%s': %s", verb,
                    path, strerror(reason));
}

static descent_status read_stream(FILE *stream, const char *path, size_t limit, char **bytes,
                                  size_t *length, descent_error *err)
{
    void *block = NULL;
    size_t capacity = 0, used = 0;

    for (;;) {
        if (!dsc_grow(&block, &capacity, used + 65536 + 1, 1)) {
            dsc_free(block);
            return dsc_fail(err, DESCENT_NOMEM, "out of memory reading '%s'", path);
        }
        const size_t got = fread((char *)block + used, 1, capacity - used - 1, stream);
        used += got;
        if (got == 0)
            break;
        if (used > limit) {
            dsc_free(block);
            return dsc_fail(err, DESCENT_IO, "'%s' has more than %zu bytes", path, limit);
        }
    }
    if (ferror(stream)) {
        const int reason = errno;
        dsc_free(block);
        return dsc_cannot(err, "read", path, reason);
    }
    *bytes = block;
    (*bytes)[used] = '\0';
    *length = used;
    return DESCENT_OK;
}

descent_status dsc_file_read(const char *path, size_t limit, char **bytes, size_t *length,
                             descent_error *err)
{
    *bytes = NULL;
    *length = 0;
    if (dsc_folder_exists(path))
        return dsc_fail(err, DESCENT_IO, "'%s' is a folder, expected a file", path);
    FILE *stream = fopen(path, "rb");
    if (!stream)
        return dsc_cannot(err, "read", path, errno);
    const descent_status status = read_stream(stream, path, limit, bytes, length, err);
    fclose(stream);
    return status;
}

static bool is_special(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

descent_status dsc_writer_open(dsc_writer *writer, const char *path, descent_error *err)
{
    *writer = (dsc_writer){0};
    if (strlen(path) >= sizeof writer->path)
        return dsc_fail(err, DESCENT_IO, "cannot write '%s': the name is too long", path);
    if (dsc_folder_exists(path))
        return dsc_fail(err, DESCENT_IO, "cannot write '%s': it is a folder", path);
    if (is_special(path))
        return dsc_fail(err, DESCENT_IO, "cannot write '%s': it is a device or pipe, not a file",
                        path);
    snprintf(writer->path, sizeof writer->path, "%s", path);
    snprintf(writer->temporary, sizeof writer->temporary, "%s%s%ld", path, TEMPORARY,
             (long)getpid());
    writer->stream = fopen(writer->temporary, "wb");
    return writer->stream ? DESCENT_OK : dsc_cannot(err, "write", path, errno);
}

static void remember_failure(dsc_writer *writer)
{
    if (!writer->failed)
        writer->reason = errno;
    writer->failed = true;
}

void dsc_writer_write(dsc_writer *writer, const void *bytes, size_t length)
{
    if (length > 0 && fwrite(bytes, 1, length, writer->stream) != length)
        remember_failure(writer);
}

void dsc_writer_print(dsc_writer *writer, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    if (vfprintf(writer->stream, fmt, args) < 0)
        remember_failure(writer);
    va_end(args);
}

void dsc_folder_sync(const char *path)
{
    const int folder = open(path, O_RDONLY);

    if (folder >= 0) {
        fsync(folder);
        close(folder);
    }
}

/* A rename is only safe from a power cut once its folder is on disk too. */
static void sync_folder_of(const char *path)
{
    char copy[512];

    snprintf(copy, sizeof copy, "%s", path);
    dsc_folder_sync(dirname(copy));
}

descent_status dsc_writer_commit(dsc_writer *writer, descent_error *err)
{
    FILE *stream = writer->stream;

    errno = 0;
    bool ok = !writer->failed && fflush(stream) == 0 && fsync(fileno(stream)) == 0;
    int reason = writer->failed ? writer->reason : errno;
    writer->stream = NULL;
    if (fclose(stream) != 0 && ok) {
        ok = false;
        reason = errno;
    }
    if (ok && rename(writer->temporary, writer->path) != 0) {
        ok = false;
        reason = errno;
    }
    if (!ok) {
        unlink(writer->temporary);
        return dsc_cannot(err, "write", writer->path, reason ? reason : EIO);
    }
    sync_folder_of(writer->path);
    return DESCENT_OK;
}

void dsc_writer_cancel(dsc_writer *writer)
{
    if (!writer->stream)
        return;
    fclose(writer->stream);
    unlink(writer->temporary);
    writer->stream = NULL;
}

descent_status dsc_folder_make(const char *path, descent_error *err)
{
    char part[512];
    const size_t length = strlen(path);

    if (length == 0 || length >= sizeof part)
        return dsc_fail(err, DESCENT_IO, "cannot make the folder '%s': not a usable name", path);
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0777) == 0)
            sync_folder_of(part);
        else if (errno != EEXIST)
            return dsc_cannot(err, "make the folder", part, errno);
    }
    if (!dsc_folder_exists(path))
        return dsc_fail(err, DESCENT_IO, "cannot make the folder '%s': a file has that name", path);
    return DESCENT_OK;
}

void dsc_folder_sweep(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;

    while (folder && (entry = readdir(folder)) != NULL) {
        const char *tail = strstr(entry->d_name, TEMPORARY);
        if (tail &&
            strspn(tail + strlen(TEMPORARY), "0123456789") == strlen(tail) - strlen(TEMPORARY))
            unlinkat(dirfd(folder), entry->d_name, 0);
    }
    if (folder)
        closedir(folder);
}

bool dsc_file_exists(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && !S_ISDIR(info.st_mode);
}

bool dsc_folder_exists(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}
