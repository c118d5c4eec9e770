/* heap.c - see heap.h. This program's malloc stands before the C library's for every library in the
 * process; under a sanitizer its own hooks tell. */
#include "heap.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static size_t alive, begin, most;

static void taken(size_t bytes)
{
    const size_t now = __atomic_add_fetch(&alive, bytes, __ATOMIC_RELAXED);

    if (now > most)
        most = now;
}

static void given(size_t bytes)
{
    __atomic_sub_fetch(&alive, bytes, __ATOMIC_RELAXED);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#  define SANITIZED 1
#elif defined(__has_feature)
#  if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
      __has_feature(thread_sanitizer)
#    define SANITIZED 1
#  endif
#endif

#ifdef SANITIZED
/* of the sanitizers' runtimes; GCC has no header for them */
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
                                              void (*on_free)(const volatile void *));
size_t __sanitizer_get_allocated_size(const volatile void *block);

static void on_malloc(const volatile void *block, size_t size)
{
    (void)block;
    taken(size);
}

static void on_free(const volatile void *block)
{
    if (block)
        given(__sanitizer_get_allocated_size(block));
}

static void count(void)
{
    static int counting;

    if (!counting)
        counting = __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
}
#else
/* seen by all libraries of the process, although the build hides what it doesn't export */
#  define EVERYWHERE __attribute__((visibility("default")))

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

static void *counted(void *block)
{
    if (block)
        taken(malloc_usable_size(block));
    return block;
}

EVERYWHERE void *malloc(size_t size)
{
    return counted(__libc_malloc(size));
}

EVERYWHERE void *calloc(size_t n, size_t size)
{
    return counted(__libc_calloc(n, size));
}

/* The old block and the new one live side by side for a moment. */
EVERYWHERE void *realloc(void *block, size_t size)
{
    const size_t before = block ? malloc_usable_size(block) : 0;
    void *grown = counted(__libc_realloc(block, size));

    if (grown)
        given(before);
    return grown;
}

EVERYWHERE void *aligned_alloc(size_t alignment, size_t size)
{
    return counted(__libc_memalign(alignment, size));
}

EVERYWHERE int posix_memalign(void **block, size_t alignment, size_t size)
{
    *block = counted(__libc_memalign(alignment, size));
    return *block ? 0 : 12;
}

EVERYWHERE void free(void *block)
{
    if (block)
        given(malloc_usable_size(block));
    __libc_free(block);
}

static void count(void)
{
}
#endif

void heap_begin(void)
{
    count();
    begin = most = alive;
}

size_t heap_most(void)
{
    return most > begin ? most - begin : 0;
}

size_t heap_now(void)
{
    return alive > begin ? alive - begin : 0;
}
