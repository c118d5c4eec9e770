/* test_idx.c - MNIST's format: folders and single files, plain and compressed, whole and broken. */
#include "files.h"

#include "data/dataset.h"

#include <zlib.h>

enum { N_IMAGES = 3, PIXELS = 4, IMAGES = 16 + N_IMAGES * PIXELS, LABELS = 8 + N_IMAGES };

/* Three pictures of 2x2 with the labels 0 2 1. */
static const unsigned char images[IMAGES] = {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0,   2,   0,   0,
                                             0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 252, 253, 254, 255};
static const unsigned char labels[LABELS] = {0, 0, 8, 1, 0, 0, 0, 3, 0, 2, 1};

static void write_gz(const char *path, const void *bytes, size_t length)
{
    gzFile file = gzopen(path, "wb9");

    assert_non_null(file);
    assert_int_equal(gzwrite(file, bytes, (unsigned)length), length);
    assert_int_equal(gzclose(file), Z_OK);
}

static size_t read_bytes(const char *path, unsigned char *out, size_t size)
{
    FILE *stream = fopen(path, "rb");

    assert_non_null(stream);
    const size_t length = fread(out, 1, size, stream);
    fclose(stream);
    return length;
}

static void check_whole(descent_dataset *data, size_t n, size_t test)
{
    int shape[4];

    assert_int_equal(descent_dataset_count(data), n);
    assert_int_equal(descent_dataset_test_count(data), test);
    assert_int_equal(descent_dataset_task(data), DESCENT_CLASSIFICATION);
    assert_int_equal(descent_dataset_shape(data, shape), 3);
    assert_int_equal(shape[0], 1);
    assert_int_equal(shape[1], 2);
    assert_int_equal(shape[2], 2);
    assert_int_equal(descent_dataset_outputs(data), 3);
    assert_string_equal(descent_dataset_class(data, 2), "2");
    for (size_t i = 0; i < n; i++)
        assert_int_equal(descent_dataset_label(data, i), labels[8 + i % N_IMAGES]);
    for (size_t part = 0; part < n / N_IMAGES; part++)
        assert_memory_equal(bytes_of(data) + part * N_IMAGES * PIXELS, images + 16, IMAGES - 16);
    descent_dataset_free(data);
}

static void test_files(void **unused)
{
    (void)unused;
    write_bytes("my-images-idx3-ubyte", images, IMAGES);
    write_bytes("my-labels-idx1-ubyte", labels, LABELS);
    check_whole(open_good("my-images-idx3-ubyte"), 3, 0);
    check_whole(open_good("./my-images-idx3-ubyte"), 3, 0);
    write_gz("my-images.idx3-ubyte.gz", images, IMAGES);
    write_gz("my-labels.idx1-ubyte.gz", labels, LABELS);
    check_whole(open_good("my-images.idx3-ubyte.gz"), 3, 0);
    check_whole(open_good("my-images.idx3-ubyte.gz labels=my-labels-idx1-ubyte"), 3, 0);
    write_bytes("pictures", images, IMAGES); /* known by how it begins */
    check_whole(open_good("pictures labels=my-labels.idx1-ubyte.gz"), 3, 0);
}

/* A file of which the system can read nothing. */
static void test_unreadable(void **unused)
{
    (void)unused;
    assert_int_equal(symlink("/proc/self/mem", "mem-images-idx3-ubyte"), 0);
    open_bad("mem-images-idx3-ubyte", DESCENT_IO,
             "cannot read 'mem-images-idx3-ubyte': Input/output error");
}

static void test_folders(void **unused)
{
    char folder[20], path[100], slashed[24];

    (void)unused;
    for (int f = 0; f < 4; f++) {
        void (*const write)(const char *, const void *, size_t) = f % 2 ? write_gz : write_bytes;
        snprintf(folder, sizeof folder, "images-%d", f);
        assert_int_equal(mkdir(folder, 0777), 0);
        for (int test = 0; test < 2; test++)
            for (int label = 0; label < 2; label++) {
                snprintf(path, sizeof path, "%s/%s-%s%sidx%d-ubyte%s", folder,
                         test ? "t10k" : "train", label ? "labels" : "images", f < 2 ? "-" : ".",
                         label ? 1 : 3, f % 2 ? ".gz" : "");
                write(path, label ? labels : images, label ? LABELS : IMAGES);
            }
        check_whole(open_good(folder), 6, 3);
        snprintf(slashed, sizeof slashed, "%s/", folder);
        check_whole(open_good(slashed), 6, 3);
    }
    /* one file inside a folder whose own name has the word too */
    check_whole(open_good("images-0/train-images-idx3-ubyte"), 3, 0);
    /* a test part is not needed */
    unlink("images-0/t10k-images-idx3-ubyte");
    check_whole(open_good("images-0"), 3, 0);
    write_bytes("images-0/t10k-images-idx3-ubyte", images, IMAGES);
    unlink("images-0/t10k-labels-idx1-ubyte");
    open_bad("images-0", DESCENT_IO, "'images-0' has no t10k-labels-idx1-ubyte (or .gz)");
    unlink("images-0/train-labels-idx1-ubyte");
    open_bad("images-0", DESCENT_IO, "'images-0' has no train-labels-idx1-ubyte (or .gz)");
    assert_int_equal(mkdir("bare", 0777), 0);
    open_bad("bare idx", DESCENT_IO, "'bare' has no train-images-idx3-ubyte (or .gz)");
    open_bad("images-0/train-images-idx3-ubyte labels=images-1", DESCENT_IO,
             "'images-1' is a folder, expected a file");
    open_bad("images-1 labels=x", DESCENT_INVALID,
             "labels=FILE goes with one file of pictures, but 'images-1' is a folder");
}

/* A copy of a good file with a few bytes changed. */
static void write_changed(const char *path, const unsigned char *good, size_t length, size_t at,
                          const char *bytes, size_t n)
{
    unsigned char copy[64];

    memcpy(copy, good, length);
    memcpy(copy + at, bytes, n);
    write_bytes(path, copy, length);
}

static void test_broken_headers(void **unused)
{
    static const struct row {
        size_t at, n;
        const char *bytes, *message;
    } rows[] = {
        {2, 1, "\xd",
         "'b-images-idx3' is not an IDX file of pictures: its magic number is 3331, expected 2051"},
        {3, 1, "\1",
         "'b-images-idx3' is not an IDX file of pictures: its magic number is 2049, expected 2051"},
        {0, 4, "\x89PNG",
         "'b-images-idx3' is not an IDX file of pictures: its magic number is 2303741511, expected "
         "2051"},
        {4, 4, "\0\0\0\0", "'b-images-idx3' holds no examples: its header says 0"},
        {4, 4, "\0\0\0\4",
         "'b-images-idx3' ends too early: its header claims 16 bytes of content, found 12"},
        {4, 4, "\0\0\0\2",
         "'b-images-idx3' goes on after the 8 bytes of content that its header claims"},
        {4, 4, "\xff\xff\xff\xff",
         "'b-images-idx3' ends too early: its header claims 17179869180 bytes of content, found "
         "12"},
        {4, 12, "\xff\xff\xff\xff\0\0\x80\0\0\0\x80\0",
         "'b-images-idx3' ends too early: its header claims 4611686017353646080 bytes of content, "
         "found 12"},
        {8, 4, "\0\0\0\0", "'b-images-idx3': its header claims pictures of 0x2, which cannot be"},
        {8, 8, "\xff\xff\xff\xff\xff\xff\xff\xff",
         "'b-images-idx3': its header claims pictures of 4294967295x4294967295, which cannot be"},
        {8, 8, "\0\1\0\0\0\1\0\0",
         "'b-images-idx3': its header claims pictures of 65536x65536, which cannot be"},
    };

    (void)unused;
    write_bytes("b-labels-idx1", labels, LABELS);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_changed("b-images-idx3", images, IMAGES, rows[i].at, rows[i].bytes, rows[i].n);
        open_bad("b-images-idx3", DESCENT_SYNTAX, rows[i].message);
    }
}

static void test_broken_labels(void **unused)
{
    (void)unused;
    write_bytes("l-images-idx3", images, IMAGES);
    open_bad("l-images-idx3", DESCENT_IO, "cannot read 'l-labels-idx1': No such file or directory");
    write_bytes("l-labels-idx1", images, IMAGES);
    open_bad("l-images-idx3", DESCENT_SYNTAX,
             "'l-labels-idx1' is not an IDX file of labels: its magic number is 2051, expected "
             "2049");
    write_bytes("l-labels-idx1", "\0\0\x8\1\0\0\0\2\0\1", 10);
    open_bad("l-images-idx3", DESCENT_SHAPE,
             "'l-images-idx3' has 3 pictures, but 'l-labels-idx1' has 2 labels");
    write_bytes("l-labels-idx1", "\0\0\x8\1\0\0\0\3\5\5\5", 11);
    open_bad("l-images-idx3", DESCENT_INVALID,
             "'l-images-idx3' has one class only ('5'); classification needs two");
    open_bad("l-labels-idx1", DESCENT_INVALID,
             "the labels of 'l-labels-idx1' are not known; add labels=FILE");
    write_bytes("drawings.idx3", images, IMAGES);
    open_bad("drawings.idx3", DESCENT_INVALID,
             "the labels of 'drawings.idx3' are not known; add labels=FILE");
}

static void test_sizes_differ(void **unused)
{
    static const unsigned char tall[] = {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 9, 9};

    (void)unused;
    assert_int_equal(mkdir("differ", 0777), 0);
    write_bytes("differ/train-images-idx3-ubyte", images, IMAGES);
    write_bytes("differ/train-labels-idx1-ubyte", labels, LABELS);
    write_bytes("differ/t10k-images-idx3-ubyte", tall, sizeof tall);
    write_bytes("differ/t10k-labels-idx1-ubyte", "\0\0\x8\1\0\0\0\1\0", 9);
    open_bad("differ", DESCENT_SHAPE, "'differ': training pictures are 2x2, test pictures 2x1");
}

/* Pictures to predict need no labels. */
static void test_features_only(void **unused)
{
    static const char *const specs[] = {"alone-images-idx3", "alone.idx3"};

    (void)unused;
    for (size_t i = 0; i < 2; i++) {
        descent_dataset *data;
        write_bytes(specs[i], images, IMAGES);
        assert_int_equal(descent_dataset_open_features(&data, specs[i], NULL, NULL), DESCENT_OK);
        assert_int_equal(descent_dataset_count(data), 3);
        assert_int_equal(descent_dataset_outputs(data), 0);
        assert_int_equal(descent_dataset_label(data, 0), -1);
        descent_dataset_free(data);
    }
}

/* Cuts `path` at every length; none of the pieces may open. */
static void cut(const char *path, const unsigned char *bytes, size_t length, const char *spec)
{
    for (size_t n = 0; n < length; n++) {
        descent_dataset *data = (descent_dataset *)1;
        descent_error err = {0};
        write_bytes(path, bytes, n);
        assert_int_equal(descent_dataset_open(&data, spec, &err), DESCENT_SYNTAX);
        assert_null(data);
        if (!strstr(err.message, "ends too early"))
            fail_msg("%s cut to %zu bytes: %s", path, n, err.message);
    }
    write_bytes(path, bytes, length);
    descent_dataset_free(open_good(spec));
}

static void test_truncations(void **unused)
{
    unsigned char packed[200];

    (void)unused;
    write_bytes("t-images-idx3", images, IMAGES);
    write_bytes("t-labels-idx1", labels, LABELS);
    cut("t-images-idx3", images, IMAGES, "t-images-idx3");
    cut("t-labels-idx1", labels, LABELS, "t-images-idx3");
    write_gz("t-images-idx3.gz", images, IMAGES);
    write_gz("t-labels-idx1.gz", labels, LABELS);
    size_t length = read_bytes("t-images-idx3.gz", packed, sizeof packed);
    cut("t-images-idx3.gz", packed, length, "t-images-idx3.gz");
    length = read_bytes("t-labels-idx1.gz", packed, sizeof packed);
    cut("t-labels-idx1.gz", packed, length, "t-images-idx3.gz");
}

static void test_damaged_gz(void **unused)
{
    unsigned char packed[200];

    (void)unused;
    write_gz("d-images-idx3.gz", images, IMAGES);
    write_gz("d-labels-idx1.gz", labels, LABELS);
    const size_t length = read_bytes("d-images-idx3.gz", packed, sizeof packed);
    packed[length - 8] ^= 1; /* the checksum */
    write_bytes("d-images-idx3.gz", packed, length);
    open_bad("d-images-idx3.gz", DESCENT_SYNTAX,
             "'d-images-idx3.gz' is damaged: the compressed data is not valid");
    write_bytes("d-images-idx3.gz", packed, length - 9);
    open_bad("d-images-idx3.gz", DESCENT_SYNTAX,
             "'d-images-idx3.gz' ends too early: the compressed data is cut off");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),         cmocka_unit_test(test_folders),
        cmocka_unit_test(test_unreadable),    cmocka_unit_test(test_broken_headers),
        cmocka_unit_test(test_broken_labels), cmocka_unit_test(test_sizes_differ),
        cmocka_unit_test(test_features_only), cmocka_unit_test(test_truncations),
        cmocka_unit_test(test_damaged_gz),
    };

    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
