/* memory_sanitizer.c - only in a build under Clang's MemorySanitizer (see meson.build): what
 * functions of other libraries write, it cannot see, as they are not built for it. The linker's
 * --wrap sends calls to them here, and here is said what they wrote; all after that is checked.
 * What they allocate needs no word: MSAN_OPTIONS has poison_in_malloc=0 and poison_in_free=0, and
 * this program's own blocks are zero from the first (dsc_alloc). */
#include <jansson.h>
#include <lapacke.h>
#include <png.h>
#include <sanitizer/msan_interface.h>
#include <sys/stat.h>

/* also for the command, which finds them in the shared library */
#pragma GCC visibility push(default)

/* The C library's: Clang before 15 knows them by names that they had before glibc 2.33. Meson has
 * files of any size, for which their names end in 64. */
#define STAT(name, first)                    \
  int __real_##name(first, struct stat *s);  \
  int __wrap_##name(first, struct stat *s);  \
  int __wrap_##name(first, struct stat *s)   \
  {                                          \
    const int status = __real_##name(at, s); \
    if (status == 0)                         \
      __msan_unpoison(s, sizeof *s);         \
    return status;                           \
  }
STAT(stat64, const char *at)
STAT(lstat64, const char *at)
STAT(fstat64, int at)

/* What these libraries keep on their stack lies where functions of ours have left variables that
 * nobody set, and goes on from there into strings and numbers that they give. So the stack beneath
 * the call counts as set, and what they do inside isn't checked. */
static __attribute__((noinline)) void clear_stack(void)
{
    enum { DEEP = 1 << 17 };
    char beneath[DEEP];

    __msan_unpoison(beneath, sizeof beneath);
    __asm__ volatile("" : : "r"(beneath) : "memory");
}

static void numbers(const double *x, lapack_int n)
{
    __msan_unpoison(x, (size_t)n * sizeof *x);
}

/* `written` tells what came to lie in arrays of the caller, which may be on a stack. */
#define WRAP(type, name, parameters, arguments, written) \
  type __real_##name parameters;                         \
  type __wrap_##name parameters;                         \
  type __wrap_##name parameters                          \
  {                                                      \
    clear_stack();                                       \
    __msan_scoped_disable_interceptor_checks();          \
    const type result = __real_##name arguments;         \
    __msan_scoped_enable_interceptor_checks();           \
    written;                                             \
    return result;                                       \
  }
typedef json_t *json_pointer;
typedef char *char_pointer;
WRAP(json_pointer, json_loads, (const char *text, size_t flags, json_error_t *e), (text, flags, e),
     __msan_unpoison(e, e ? sizeof *e : 0))
WRAP(json_pointer, json_loadb, (const char *text, size_t n, size_t flags, json_error_t *e),
     (text, n, flags, e), __msan_unpoison(e, e ? sizeof *e : 0))
WRAP(char_pointer, json_dumps, (const json_t *json, size_t flags), (json, flags), (void)0)
WRAP(int, json_dumpf, (const json_t *json, FILE *to, size_t flags), (json, to, flags), (void)0)
WRAP(int, json_dump_callback,
     (const json_t *json, json_dump_callback_t to, void *user, size_t flags),
     (json, to, user, flags), (void)0)
WRAP(json_pointer, json_real, (double x), (x), (void)0)
WRAP(int, png_image_begin_read_from_memory, (png_imagep image, png_const_voidp from, size_t n),
     (image, from, n), __msan_unpoison(image, sizeof *image))
WRAP(int, png_image_finish_read,
     (png_imagep image, png_const_colorp background, void *to, png_int_32 stride, void *map),
     (image, background, to, stride, map), __msan_unpoison(image, sizeof *image))
WRAP(int, png_image_write_to_file,
     (png_imagep image, const char *path, int narrow, const void *from, png_int_32 stride,
      const void *map),
     (image, path, narrow, from, stride, map), (void)0)
WRAP(lapack_int, LAPACKE_dsyevd_work,
     (int layout, char job, char part, lapack_int n, double *a, lapack_int lda, double *w,
      double *work, lapack_int lwork, lapack_int *iwork, lapack_int liwork),
     (layout, job, part, n, a, lda, w, work, lwork, iwork, liwork), numbers(w, n))
WRAP(lapack_int, LAPACKE_dgeqrf_work,
     (int layout, lapack_int m, lapack_int n, double *a, lapack_int lda, double *tau, double *work,
      lapack_int lwork),
     (layout, m, n, a, lda, tau, work, lwork), numbers(tau, n))
WRAP(lapack_int, LAPACKE_dorgqr_work,
     (int layout, lapack_int m, lapack_int n, lapack_int k, double *a, lapack_int lda,
      const double *tau, double *work, lapack_int lwork),
     (layout, m, n, k, a, lda, tau, work, lwork), (void)0)
WRAP(lapack_int, LAPACKE_dsteqr_work,
     (int layout, char job, lapack_int n, double *d, double *e, double *z, lapack_int ldz,
      double *work),
     (layout, job, n, d, e, z, ldz, work), numbers(z, n *ldz))
