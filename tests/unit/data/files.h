/* files.h - a temporary folder to be in, with files written by the test. */
#ifndef TEST_DATA_FILES_H
#define TEST_DATA_FILES_H

#include "descent/data.h"

#include "data/dataset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Group setup: the test runs inside a new folder, so that messages hold short file names. */
static inline int enter_folder(void **state)
{
    static char folder[] = "/tmp/descent-test-XXXXXX";

    *state = mkdtemp(folder);
    return *state ? chdir(folder) : -1;
}

/* Group teardown: removes the folder with everything in it. */
static inline int leave_folder(void **state)
{
    char command[100];

    snprintf(command, sizeof command, "rm -r %s", (const char *)*state);
    return chdir("/") == 0 ? system(command) : -1;
}

static inline void write_bytes(const char *path, const void *bytes, size_t length)
{
    FILE *stream = fopen(path, "wb");

    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, length, stream), length);
    assert_int_equal(fclose(stream), 0);
}

static inline void write_text(const char *path, const char *text)
{
    write_bytes(path, text, strlen(text));
}

/* Features of data that are bytes, or floats. */
static inline const uint8_t *bytes_of(const descent_dataset *data)
{
    assert_int_equal(data->dtype, DSC_U8);
    return data->features;
}

static inline const float *floats_of(const descent_dataset *data)
{
    assert_int_equal(data->dtype, DSC_F32);
    return data->features;
}

static inline descent_dataset *open_good(const char *spec)
{
    descent_dataset *data;
    descent_error err = {0};

    if (descent_dataset_open(&data, spec, &err))
        fail_msg("'%s': %s:%d:%d: %s", spec, err.file, err.line, err.column, err.message);
    return data;
}

/* Opening must fail with exactly this message, and leave no data set behind. */
static inline void open_bad(const char *spec, descent_status status, const char *message)
{
    descent_dataset *data = (descent_dataset *)1;
    descent_error err = {0};

    assert_int_equal(descent_dataset_open(&data, spec, &err), status);
    assert_null(data);
    assert_string_equal(err.message, message);
}

#endif
