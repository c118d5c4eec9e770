/* memory.c - see memory.h. */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#  include <sys/mman.h>
#  include <unistd.h>
#endif

enum {
    ALIGNMENT = 64,
    HUGE_PAGE = 1 << 21,   /* bytes */
    LARGE = 2 * HUGE_PAGE, /* blocks from this size on are made of huge pages */
    SEVERAL = 1 << 16      /* blocks from this size on ask for their pages together */
};

bool dsc_multiply(size_t a, size_t b, size_t *product)
{
    if (b != 0 && a > SIZE_MAX / b)
        return false;
    *product = a * b;
    return true;
}

size_t dsc_block_bytes(size_t wanted)
{
    if (wanted >= LARGE && wanted < SIZE_MAX / 2)
        return (wanted + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    /* aligned_alloc wants a multiple of the alignment, and zero bytes would be no block at all */
    return (wanted / ALIGNMENT + 1) * ALIGNMENT;
}

/* Vectors that are walked through from end to end, several at a time, spend much of their time on
 * looking up small pages. */
static void ask_for_huge_pages(void *block, size_t bytes)
{
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    madvise(block, bytes, MADV_HUGEPAGE); /* a wish; where it isn't granted nothing is lost */
#else
    (void)block, (void)bytes;
#endif
}

/* Every byte is about to be written. Pages that the system hands out one by one, each when it is
 * first touched, cost about twice as much. */
static void ask_for_pages(void *block, size_t bytes)
{
#if defined(__linux__) && defined(MADV_POPULATE_WRITE)
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), before = (uintptr_t)block % page;
    const size_t skip = before > 0 ? page - before : 0;

    if (bytes >= skip + page)
        madvise((char *)block + skip, (bytes - skip) / page * page, MADV_POPULATE_WRITE);
#else
    (void)block, (void)bytes;
#endif
}

void *dsc_alloc(size_t count, size_t size)
{
    if (size != 0 && count > (SIZE_MAX - (size_t)2 * ALIGNMENT) / size)
        return NULL;

    const size_t wanted = count * size, bytes = dsc_block_bytes(wanted);
    const bool large = bytes >= LARGE && bytes % HUGE_PAGE == 0;
    void *block = aligned_alloc(large ? HUGE_PAGE : ALIGNMENT, bytes);
    if (block && large)
        ask_for_huge_pages(block, bytes);
    if (block && bytes >= SEVERAL)
        ask_for_pages(block, bytes);
    if (block)
        memset(block, 0, bytes);
    return block;
}

void dsc_free(void *block)
{
    free(block);
}

char *dsc_copy_n(const char *text, size_t length)
{
    char *copy = dsc_alloc(length + 1, 1);

    if (copy)
        memcpy(copy, text, length);
    return copy;
}

char *dsc_copy(const char *text)
{
    return dsc_copy_n(text, strlen(text));
}

bool dsc_grow(void **block, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity)
        return true;

    const size_t doubled = *capacity > SIZE_MAX / 2 ? needed : 2 * *capacity;
    const size_t larger = doubled > needed ? doubled : needed;
    void *grown = dsc_alloc(larger, size);
    if (!grown)
        return false;
    if (*block)
        memcpy(grown, *block, *capacity * size);
    dsc_free(*block);
    *block = grown;
    *capacity = larger;
    return true;
}
