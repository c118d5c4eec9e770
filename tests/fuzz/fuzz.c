/* fuzz.c - see fuzz.h. */
#define _GNU_SOURCE /* nftw, mkdtemp */
#include "fuzz.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Noreturn void fuzz_fail(const char *condition, const char *detail, const char *file, int line)
{
    fprintf(stderr, "%s:%d: does not hold: %s%s%s\n", file, line, condition, detail ? ": " : "",
            detail ? detail : "");
    abort();
}

bool fuzz_judge_at(descent_status status, const descent_error *err, const char *file, int line)
{
    bool printable = true;

    if (status == DESCENT_OK)
        return true;
    for (const char *c = err->message; *c; c++)
        printable = printable && (unsigned char)*c >= ' ' && *c != 0x7f;
    if (status < 0 || status >= DESCENT_STATUS_COUNT || err->status != status)
        fuzz_fail("the error has the status that was returned", err->message, file, line);
    if (!err->message[0] || !printable)
        fuzz_fail("the message is one line of printable text", err->message, file, line);
    return false;
}

void fuzz_guard_alarm(void)
{
    struct sigaction action;

    if (sigaction(SIGALRM, NULL, &action) != 0 || action.sa_flags & SA_ONSTACK)
        return;
    static char room[1 << 18];
    const stack_t stack = {.ss_sp = room, .ss_size = sizeof room};
    action.sa_flags |= SA_ONSTACK;
    fuzz_require(sigaltstack(&stack, NULL) == 0 && sigaction(SIGALRM, &action, NULL) == 0);
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info, (void)kind, (void)walk;
    return remove(path);
}

static char folder[64];

static void remove_folder(void)
{
    nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

const char *fuzz_folder(void)
{
    if (folder[0])
        return folder;
    snprintf(folder, sizeof folder, "/dev/shm/descent-fuzz-XXXXXX");
    if (!mkdtemp(folder)) {
        snprintf(folder, sizeof folder, "/tmp/descent-fuzz-XXXXXX");
        fuzz_require(mkdtemp(folder) != NULL);
    }
    atexit(remove_folder);
    return folder;
}

const char *fuzz_file(int slot, const char *name, const void *bytes, size_t size)
{
    enum { SLOTS = 8 };
    static char path[SLOTS][192];

    fuzz_require(slot >= 0 && slot < SLOTS);
    snprintf(path[slot], sizeof *path, "%s/%s", fuzz_folder(), name);
    FILE *stream = fopen(path[slot], "wb");
    fuzz_require(stream && (size == 0 || fwrite(bytes, 1, size, stream) == size));
    fuzz_require(fclose(stream) == 0);
    return path[slot];
}

uint8_t *fuzz_read(const char *path, size_t *size)
{
    FILE *stream = fopen(path, "rb");

    fuzz_require(stream && fseek(stream, 0, SEEK_END) == 0);
    const long length = ftell(stream);
    fuzz_require(length >= 0 && fseek(stream, 0, SEEK_SET) == 0);
    uint8_t *bytes = malloc((size_t)length + 1);
    fuzz_require(bytes && fread(bytes, 1, (size_t)length, stream) == (size_t)length);
    fclose(stream);
    *size = (size_t)length;
    return bytes;
}

char *fuzz_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    fuzz_require(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

char *fuzz_line(char *text, char **rest)
{
    const size_t length = strcspn(text, "\n");

    *rest = text + length + (text[length] == '\n');
    text[length] = '\0';
    return text;
}
