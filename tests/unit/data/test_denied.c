/* test_denied.c - files that the system will not map, or not tell the length of. */
#include "npy_file.h"

#include "data/idx.h"
#include "data/npy.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>

static bool deny_map, deny_length;

/* In the place of the C library's, for this program. */
void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset)
{
    if (deny_map) {
        errno = ENODEV;
        return MAP_FAILED;
    }
    union {
        long number;
        void *at;
    } u = {syscall(SYS_mmap, at, length, protection, flags, fd, offset)};
    return u.at;
}

int fstat(int fd, struct stat *info)
{
    if (deny_length) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fstat, fd, info);
}

static void write_pictures(void)
{
    static const unsigned char x[] = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2};
    static const unsigned char y[] = {0, 0, 8, 1, 0, 0, 0, 2, 0, 1};

    write_bytes("my-images-idx3-ubyte", x, sizeof x);
    write_bytes("my-labels-idx1-ubyte", y, sizeof y);
}

static void write_arrays(void)
{
    static const uint8_t x[] = {1, 2}, y[] = {0, 1};

    write_npy("x.npy", "|u1", "(2, 1)", x, sizeof x);
    write_npy("y.npy", "|u1", "(2,)", y, sizeof y);
}

static void test_no_map(void **unused)
{
    (void)unused;
    write_pictures();
    write_arrays();
    deny_map = true;
    open_bad("my-images-idx3-ubyte map=yes", DESCENT_IO,
             "cannot map 'my-images-idx3-ubyte': No such device");
    open_bad("x.npy target=y.npy map=yes", DESCENT_IO, "cannot map 'x.npy': No such device");
    deny_map = false;
    descent_dataset_free(open_good("my-images-idx3-ubyte map=yes"));
    descent_dataset_free(open_good("x.npy target=y.npy map=yes"));
}

static void test_no_length(void **unused)
{
    const uint8_t *rows;
    descent_error err = {0};
    dsc_idx idx;

    (void)unused;
    write_pictures();
    write_arrays();
    deny_length = true;
    open_bad("x.npy target=y.npy", DESCENT_IO, "cannot read 'x.npy': Input/output error");
    assert_int_equal(dsc_idx_map(&idx, &rows, "my-images-idx3-ubyte", &err), DESCENT_IO);
    deny_length = false;
    assert_string_equal(err.message, "cannot read 'my-images-idx3-ubyte': Input/output error");
}

/* What is no regular file has no length to compare with what its header claims. */
static void test_no_regular_file(void **unused)
{
    descent_error err = {0};
    dsc_npy npy;

    (void)unused;
    assert_int_equal(dsc_npy_open(&npy, "/dev/null", &err), DESCENT_IO);
    dsc_npy_close(&npy);
    assert_string_equal(err.message, "cannot read '/dev/null': it is no regular file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_map),
        cmocka_unit_test(test_no_length),
        cmocka_unit_test(test_no_regular_file),
    };

    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
