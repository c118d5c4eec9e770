/* damage.c - see damage.h. */
#define _GNU_SOURCE /* mkdtemp, nftw */
#include "damage.h"

#include "heap.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void damage_write(const char *path, const void *bytes, size_t size)
{
    FILE *stream = fopen(path, "wb");

    assert_non_null(stream);
    assert_int_equal(size > 0 ? fwrite(bytes, 1, size, stream) : 0, size);
    assert_int_equal(fclose(stream), 0);
}

static void judge(descent_status status, const descent_error *err)
{
    if (status == DESCENT_OK)
        return;
    assert_true(status > 0 && status < DESCENT_STATUS_COUNT);
    assert_true(status != DESCENT_NOMEM); /* no size that a file claims was believed */
    assert_int_equal(err->status, status);
    assert_true(strlen(err->message) > 10);
    for (const char *c = err->message; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            fail_msg("not printable: '%s'", err->message);
}

descent_status damage_one(const damage *d, const void *bytes, size_t size, descent_error *err)
{
    damage_write(d->path, bytes, size);
    memset(err, 0, sizeof *err);
    heap_begin();
    const descent_status status = d->read(d->path, err);
    if (heap_most() > d->factor * size + d->fixed)
        fail_msg("%s: %zu bytes of memory for a file of %zu, promised are %zu", d->path,
                 heap_most(), size, d->factor * size + d->fixed);
    judge(status, err);
    return status;
}

size_t damage_all(const damage *d)
{
    uint8_t *copy = malloc(d->size);
    descent_error err;
    size_t refused = 0;

    assert_non_null(copy);
    if (damage_one(d, d->bytes, d->size, &err) != DESCENT_OK)
        fail_msg("%s, whole: %s", d->path, err.message);
    for (size_t n = 0; n < d->size; n++)
        refused += damage_one(d, d->bytes, n, &err) != DESCENT_OK;
    memcpy(copy, d->bytes, d->size);
    for (size_t bit = 0; bit < d->header * 8; bit++) {
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
        refused += damage_one(d, copy, d->size, &err) != DESCENT_OK;
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    free(copy);
    return refused;
}

static char folder[] = "/tmp/descent-damage-XXXXXX";

int damage_enter(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info, (void)kind, (void)walk;
    return remove(path);
}

int damage_leave(void **state)
{
    (void)state;
    return chdir("/") == 0 ? nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS) : -1;
}
