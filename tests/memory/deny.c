/* deny.c - see deny.h. In a program it stands before the C library's malloc for every library of
 * the process; preloaded into another program, it is told by the environment what to do:
 *
 *     DENY_AT=n      the n-th allocation fails        DENY_REST=1      and all after it
 *     DENY_COUNT=F   writes into the file F how many there were when the program ends
 *
 * Libraries that end the program when they get nothing are left out: caller.c. What oneDNN asks for
 * itself, to pack the operands of a product, fails where a test says so: the product is then made
 * in plain C, which rounds in another order. */
#define _GNU_SOURCE /* dladdr, backtrace */
#include "deny.h"

#include "caller.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(CAN_DENY)

/* for the libraries of the process too, though this is built with hidden symbols */
#  pragma GCC visibility push(default)

void *__libc_malloc(size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

/* Stands before every block; 64 bytes, so that blocks keep the alignment that is asked for. */
typedef struct head {
    struct head *before, *after; /* of those that count */
    void *whole;
    size_t size;
    const void *caller;
    long moment; /* 0: doesn't count */
    uint64_t pad[2];
} head;

static struct {
    volatile char lock;
    head *last;
    long blocks, moment, seen, at;
    size_t bytes;
    bool rest, trace, products;
} state;

static void lock(void)
{
    while (__atomic_test_and_set(&state.lock, __ATOMIC_ACQUIRE))
        ;
}

static void unlock(void)
{
    __atomic_clear(&state.lock, __ATOMIC_RELEASE);
}

static bool counts(const void *address)
{
    const caller of = caller_of(address);

    return of == CALLER_COUNTED || (of == CALLER_ONEDNN && state.products);
}

static volatile bool watching; /* from the first deny_moment() or deny_at() on */
static void show_moment(void)
{
    void *frame[40];
    const int n = backtrace(frame, 40);

    backtrace_symbols_fd(frame + 3, n - 3, STDERR_FILENO);
}

/* Whether this allocation is the one that fails. */
static bool is_denied(void)
{
    bool denied = false;

    lock();
    if (state.at != 0) {
        state.seen++;
        denied = state.seen == state.at || (state.rest && state.at > 0 && state.seen > state.at);
    }
    unlock();
    if (denied && state.trace) {
        state.trace = false;
        show_moment();
    }
    return denied;
}

static void *give(size_t alignment, size_t size, const void *who)
{
    const bool counted = watching && counts(who);
    const size_t room = alignment > sizeof(head) ? alignment : sizeof(head);

    if (size > SIZE_MAX / 2 || (counted && is_denied())) {
        errno = ENOMEM;
        return NULL;
    }
    char *whole = alignment <= 16 ? __libc_malloc(room + size) : __libc_memalign(room, room + size);
    if (!whole) {
        errno = ENOMEM;
        return NULL;
    }
    head *h = (head *)(void *)(whole + room) - 1;
    *h = (head){.whole = whole, .size = size, .caller = who};
    if (counted) {
        lock();
        h->moment = ++state.moment;
        h->before = state.last;
        if (state.last)
            state.last->after = h;
        state.last = h;
        state.blocks++;
        state.bytes += size;
        unlock();
    }
    return whole + room;
}

static void take(void *block)
{
    if (!block)
        return;
    head *h = (head *)block - 1;
    if (h->moment) {
        lock();
        if (h->before)
            h->before->after = h->after;
        if (h->after)
            h->after->before = h->before;
        else
            state.last = h->before;
        state.blocks--;
        state.bytes -= h->size;
        unlock();
    }
    __libc_free(h->whole);
}

void *malloc(size_t size)
{
    return give(16, size, __builtin_return_address(0));
}

void free(void *block)
{
    const int before = errno;

    take(block);
    errno = before;
}

void *calloc(size_t n, size_t size)
{
    size_t bytes = SIZE_MAX;

    if (size != 0 && n > SIZE_MAX / size)
        return NULL;
    bytes = n * size;
    void *block = give(16, bytes, __builtin_return_address(0));
    return block ? memset(block, 0, bytes) : NULL;
}

void *realloc(void *block, size_t size)
{
    if (block && size == 0) {
        take(block);
        return NULL;
    }
    void *grown = give(16, size, __builtin_return_address(0));
    if (grown && block) {
        const size_t had = ((head *)block - 1)->size;
        memcpy(grown, block, had < size ? had : size);
        take(block);
    }
    return grown;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return give(alignment, size, __builtin_return_address(0));
}

void *memalign(size_t alignment, size_t size)
{
    return give(alignment, size, __builtin_return_address(0));
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    void *given = give(alignment, size, __builtin_return_address(0));

    if (given)
        *block = given;
    return given ? 0 : ENOMEM;
}

#  pragma GCC visibility pop

/* --- for tests -------------------------------------------------------------------------------- */

int deny_works(void)
{
    return 1;
}

static void begin(long n, bool rest)
{
    watching = true;
    lock();
    state.seen = 0;
    state.rest = rest;
    state.at = n > 0 ? n : -1;
    unlock();
}

void deny_at(long n)
{
    begin(n, false);
}

void deny_rest(long n)
{
    begin(n, true);
}

void deny_products(int denied)
{
    state.products = denied;
}

long deny_off(void)
{
    lock();
    const long seen = state.seen;
    state.at = 0;
    unlock();
    return seen;
}

long deny_blocks(void)
{
    return state.blocks;
}

size_t deny_bytes(void)
{
    return state.bytes;
}

long deny_moment(void)
{
    watching = true;
    return state.moment;
}

void deny_tell(FILE *out, long moment)
{
    for (const head *h = state.last; h && h->moment > moment; h = h->before) {
        Dl_info info = {0};
        dladdr(h->caller, &info);
        fprintf(out, "    %zu bytes, asked for at %s+0x%zx (%s)\n", h->size,
                info.dli_fname ? info.dli_fname : "?",
                (size_t)((uintptr_t)h->caller - (uintptr_t)info.dli_fbase),
                info.dli_sname ? info.dli_sname : "static");
    }
}

static void write_count(void)
{
    const char *path = getenv("DENY_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;

    if (file) {
        fprintf(file, "%ld\n", state.seen);
        fclose(file);
    }
}

__attribute__((constructor)) static void start(void)
{
    const char *at = getenv("DENY_AT");
    void *frame[2];

    if (getenv("DENY_TRACE") && backtrace(frame, 2) > 0) /* loads what it needs */
        state.trace = true;
    if (!at)
        return;
    begin(strtol(at, NULL, 10), getenv("DENY_REST") != NULL);
    if (getenv("DENY_COUNT"))
        atexit(write_count);
}

#endif
