/* counting.h - counts every malloc of the process; for one file of a program, before all others. */
#ifndef TESTS_UNIT_TRAIN_COUNTING_H
#define TESTS_UNIT_TRAIN_COUNTING_H

#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#  define SANITIZED 1
#elif defined(__has_feature)
#  if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
      __has_feature(thread_sanitizer)
#    define SANITIZED 1
#  endif
#endif

static volatile int counting, ours, onednns;

#if !defined(SANITIZED) && defined(__GLIBC__)
/* This program's malloc stands before the C library's for every library in the process: it must be
 * visible to them, though this is built with hidden symbols. */
#  pragma GCC visibility push(default)
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

/* seen by all libraries, although the build hides what it doesn't export */
#  define EVERYWHERE __attribute__((visibility("default")))

static void count(const void *caller)
{
    Dl_info info;

    if (!counting)
        return;
    if (dladdr(caller, &info) && info.dli_fname && strstr(info.dli_fname, "dnnl"))
        __atomic_fetch_add(&onednns, 1, __ATOMIC_RELAXED);
    else
        __atomic_fetch_add(&ours, 1, __ATOMIC_RELAXED);
}

EVERYWHERE void *malloc(size_t size)
{
    count(__builtin_return_address(0));
    return __libc_malloc(size);
}

EVERYWHERE void *calloc(size_t n, size_t size)
{
    count(__builtin_return_address(0));
    return __libc_calloc(n, size);
}

EVERYWHERE void *realloc(void *block, size_t size)
{
    count(__builtin_return_address(0));
    return __libc_realloc(block, size);
}

EVERYWHERE void *aligned_alloc(size_t alignment, size_t size)
{
    count(__builtin_return_address(0));
    return __libc_memalign(alignment, size);
}

EVERYWHERE int posix_memalign(void **block, size_t alignment, size_t size)
{
    count(__builtin_return_address(0));
    *block = __libc_memalign(alignment, size);
    return *block ? 0 : 12;
}
#  pragma GCC visibility pop
enum { COUNTED = 1 };
#else
enum { COUNTED = 0 };
#endif

#endif
