/* damage.h - a small valid file, cut off at every byte and with every bit of its header turned:
 * what reads it must say what is wrong in one line of printable text, or read it right, and must
 * not take more memory than is promised for a file of that size. */
#ifndef TESTS_DAMAGE_DAMAGE_H
#define TESTS_DAMAGE_DAMAGE_H

#include "descent/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct damage {
    const char *path; /* where the file is written, in the folder of the test */
    const void *bytes;
    size_t size, header; /* bits of the first `header` bytes are turned */
    /* reads it, looks whether all that it got is right, and lets go of it */
    descent_status (*read)(const char *path, descent_error *err);
    size_t factor, fixed; /* the memory it may take: factor * size + fixed bytes */
} damage;

/* The whole file is read; then every file cut off before its end; then those with one bit turned.
 * Fails the test that calls. Returns how many of the damaged files were refused. */
size_t damage_all(const damage *d);
/* One file of other bytes, under the same limit. */
descent_status damage_one(const damage *d, const void *bytes, size_t size, descent_error *err);

void damage_write(const char *path, const void *bytes, size_t size);

/* Group setup and teardown: the test runs inside a new folder. */
int damage_enter(void **state);
int damage_leave(void **state);

#endif
