/* files.h - files that runs have written, compared byte by byte. */
#ifndef TESTS_UNIT_TRAIN_FILES_H
#define TESTS_UNIT_TRAIN_FILES_H

#include "runs.h"

#include "base/file.h"
#include "base/memory.h"

static inline char *read_whole(const char *path, size_t *length)
{
    descent_error err;
    char *text;

    if (dsc_file_read(path, SIZE_MAX / 2, &text, length, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    return text;
}

static inline void assert_same_file(const char *one, const char *two)
{
    size_t n, m;
    char *a = read_whole(one, &n), *b = read_whole(two, &m);

    if (n == 0 || n != m || memcmp(a, b, n) != 0)
        fail_msg("'%s' (%zu bytes) and '%s' (%zu bytes) differ", one, n, two, m);
    dsc_free(a);
    dsc_free(b);
}

static inline void assert_same_file_in(const char *folder, const char *other, const char *name)
{
    char one[200], two[200];

    snprintf(one, sizeof one, "%s/%s", folder, name);
    snprintf(two, sizeof two, "%s/%s", other, name);
    assert_same_file(one, two);
}

static inline bool is_there(const char *path)
{
    return dsc_file_exists(path);
}

static inline void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

#endif
