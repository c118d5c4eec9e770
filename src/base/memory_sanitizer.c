/* memory_sanitizer.c - only in a build under Clang's MemorySanitizer (see meson.build): what
 * functions outside write, it cannot see, as they are not built for it. The linker's --wrap sends
 * calls to them here, and here is said what they wrote, so that everything after is checked. */
#include <sanitizer/msan_interface.h>
#include <sys/stat.h>

int __real_stat64(const char *path, struct stat *s);
int __wrap_stat64(const char *path, struct stat *s);
int __real_lstat64(const char *path, struct stat *s);
int __wrap_lstat64(const char *path, struct stat *s);
int __real_fstat64(int file, struct stat *s);
int __wrap_fstat64(int file, struct stat *s);

/* The C library's: Clang before 15 knows them by names that they had before glibc 2.33. Meson has
 * files of any size, for which their names end in 64. */
static int known(int status, const struct stat *s)
{
    if (status == 0)
        __msan_unpoison(s, sizeof *s);
    return status;
}

int __wrap_stat64(const char *path, struct stat *s)
{
    return known(__real_stat64(path, s), s);
}

int __wrap_lstat64(const char *path, struct stat *s)
{
    return known(__real_lstat64(path, s), s);
}

int __wrap_fstat64(int file, struct stat *s)
{
    return known(__real_fstat64(file, s), s);
}
