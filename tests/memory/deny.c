/* deny.c - see deny.h. In a program it stands before the C library's malloc for every library of
 * the process; preloaded into another program, it is told by the environment what to do:
 *
 *     DENY_AT=n      the n-th allocation fails        DENY_REST=1      and all after it
 *     DENY_COUNT=F   writes into the file F how many there were when the program ends
 *
 * Left out, because they end the program when they get nothing, and nobody who uses them can do
 * anything about it: OpenMP's runtime (libgomp: "out of memory allocating"), C++'s (an exception
 * that nobody catches; oneDNN's small objects), the dynamic loader and what starts threads. What
 * oneDNN asks for itself, to pack the operands of a product, fails where a test says so: the
 * product is then made in plain C, which rounds in another order. */
#define _GNU_SOURCE /* dl_iterate_phdr, backtrace */
#include "deny.h"

#include <errno.h>
#include <execinfo.h>
#include <link.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#  define HAS_OWN_MALLOC 1
#elif defined(__has_feature)
#  if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
      __has_feature(thread_sanitizer)
#    define HAS_OWN_MALLOC 1
#  endif
#endif

#if defined(__GLIBC__) && !defined(HAS_OWN_MALLOC)

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

/* --- who asks --------------------------------------------------------------------------------- */

typedef enum kind { UNKNOWN, COUNTED, ONEDNN, LEFT_OUT } kind;

typedef struct question {
    uintptr_t address;
    kind of;
} question;

static kind kind_of(const char *library)
{
    static const char *const list[] = {"libgomp",  "libomp.",    "libstdc++",
                                       "ld-linux", "libpthread", "libgcc_s"};

    for (size_t i = 0; library && i < sizeof list / sizeof *list; i++)
        if (strstr(library, list[i]))
            return LEFT_OUT;
    return library && strstr(library, "libdnnl") ? ONEDNN : COUNTED;
}

static int look(struct dl_phdr_info *info, size_t size, void *user)
{
    question *q = user;

    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type == PT_LOAD &&
            q->address - (info->dlpi_addr + part->p_vaddr) < part->p_memsz) {
            q->of = kind_of(info->dlpi_name);
            return 1;
        }
    }
    return 0;
}

static kind who(const void *caller)
{
    enum { KNOWN = 4096 };
    static question known[KNOWN];
    question q = {.address = (uintptr_t)caller, .of = COUNTED};
    question *place = &known[(q.address >> 1) % KNOWN];

    lock();
    const question found = *place;
    unlock();
    if (found.address == q.address && found.of != UNKNOWN)
        return found.of;
    dl_iterate_phdr(look, &q);
    lock();
    *place = q;
    unlock();
    return q.of;
}

static bool counts(const void *caller)
{
    const kind of = who(caller);

    return of == COUNTED || (of == ONEDNN && state.products);
}

/* --- blocks ----------------------------------------------------------------------------------- */

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

static void *give(size_t alignment, size_t size, const void *caller)
{
    const bool counted = watching && counts(caller);
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
    *h = (head){.whole = whole, .size = size, .caller = caller};
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

#else

int deny_works(void)
{
    return 0;
}

void deny_at(long n)
{
    (void)n;
}

void deny_rest(long n)
{
    (void)n;
}

void deny_products(int denied)
{
    (void)denied;
}

long deny_off(void)
{
    return 0;
}

long deny_blocks(void)
{
    return 0;
}

size_t deny_bytes(void)
{
    return 0;
}

long deny_moment(void)
{
    return 0;
}

void deny_tell(FILE *out, long moment)
{
    (void)out, (void)moment;
}

#endif
