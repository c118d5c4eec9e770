/* test_cifar.c - the binary versions of CIFAR-10 and CIFAR-100, whole and broken. */
#include "files.h"

#include "data/dataset.h"

#include <zlib.h>

enum { PIXELS = 3 * 32 * 32, MOST = 4 };

/* Byte p of picture i. */
static uint8_t pixel(size_t i, size_t p)
{
    return (uint8_t)(i * 31 + p * 7 + p / 1024);
}

/* `n` records of `labels` bytes of labels and a picture, the first of which is number `first`. */
static size_t make_records(uint8_t *out, size_t n, int labels, size_t first,
                           const uint8_t (*label)[2])
{
    size_t used = 0;

    for (size_t i = 0; i < n; i++) {
        for (int l = 0; l < labels; l++)
            out[used++] = label[i][l];
        for (size_t p = 0; p < PIXELS; p++)
            out[used++] = pixel(first + i, p);
    }
    return used;
}

static void write_records(const char *path, size_t n, int labels, size_t first,
                          const uint8_t (*label)[2])
{
    static uint8_t bytes[MOST * (2 + PIXELS)];

    write_bytes(path, bytes, make_records(bytes, n, labels, first, label));
}

/* CIFAR-10 of 5 x 2 pictures and 1 for testing. */
static void write_10(const char *folder)
{
    static const uint8_t label[][2] = {{3}, {9}};
    char path[100];

    assert_int_equal(mkdir(folder, 0777), 0);
    for (size_t batch = 1; batch <= 5; batch++) {
        snprintf(path, sizeof path, "%s/data_batch_%zu.bin", folder, batch);
        write_records(path, 2, 1, 2 * (batch - 1), label);
    }
    snprintf(path, sizeof path, "%s/test_batch.bin", folder);
    write_records(path, 1, 1, 10, label);
}

static void test_10(void **unused)
{
    (void)unused;
    write_10("ten");
    descent_dataset *data = open_good("ten/");
    assert_int_equal(descent_dataset_count(data), 11);
    assert_int_equal(descent_dataset_test_count(data), 1);
    assert_int_equal(descent_dataset_outputs(data), 10);
    assert_int_equal(data->shape.rank, 3);
    assert_int_equal(data->shape.size[0], 3);
    assert_int_equal(data->shape.size[1], 32);
    assert_string_equal(descent_dataset_class(data, 9), "9");
    for (size_t i = 0; i < 11; i++) {
        assert_int_equal(descent_dataset_label(data, i), i == 10 || i % 2 == 0 ? 3 : 9);
        for (size_t p = 0; p < PIXELS; p++)
            assert_int_equal(bytes_of(data)[i * PIXELS + p], pixel(i, p));
    }
    descent_dataset_free(data);

    write_text("ten/batches.meta.txt", "airplane\nautomobile\nbird\ncat\ndeer\r\ndog\nfrog\nhorse\n"
                                       "ship\ntruck\n\n");
    data = open_good("ten flip shift=4");
    assert_string_equal(descent_dataset_class(data, 0), "airplane");
    assert_string_equal(descent_dataset_class(data, 4), "deer");
    assert_string_equal(descent_dataset_class(data, 9), "truck");
    descent_dataset_free(data);
    open_bad("ten labels=coarse", DESCENT_INVALID,
             "labels=fine or coarse goes with CIFAR-100, but 'ten' holds CIFAR-10");
}

static void test_100(void **unused)
{
    static const uint8_t label[][2] = {{19, 99}, {0, 5}, {7, 0}};
    char names[1000] = "";

    (void)unused;
    assert_int_equal(mkdir("hundred", 0777), 0);
    write_records("hundred/train.bin", 3, 2, 0, label);
    write_records("hundred/test.bin", 2, 2, 3, label);
    for (int i = 0; i < 100; i++)
        snprintf(names + strlen(names), sizeof names - strlen(names), "fine%d\n", i);
    write_text("hundred/fine_label_names.txt", names);
    descent_dataset *data = open_good("hundred");
    assert_int_equal(descent_dataset_count(data), 5);
    assert_int_equal(descent_dataset_test_count(data), 2);
    assert_int_equal(descent_dataset_outputs(data), 100);
    assert_int_equal(descent_dataset_label(data, 0), 99);
    assert_string_equal(descent_dataset_class(data, 99), "fine99");
    assert_int_equal(bytes_of(data)[4 * PIXELS + 5], pixel(4, 5));
    descent_dataset_free(data);
    data = open_good("hundred labels=coarse");
    assert_int_equal(descent_dataset_outputs(data), 20);
    assert_int_equal(descent_dataset_label(data, 0), 19);
    assert_string_equal(descent_dataset_class(data, 19), "19"); /* its names are not there */
    descent_dataset_free(data);
    write_text("hundred/coarse_label_names.txt", "fish\nflowers\n");
    open_bad("hundred labels=coarse", DESCENT_SYNTAX,
             "'hundred/coarse_label_names.txt' names 2 classes, expected 20");
    unlink("hundred/fine_label_names.txt");
    unlink("hundred/coarse_label_names.txt");
    open_bad("hundred", DESCENT_UNKNOWN,
             "'hundred' holds no data that descent knows; expected a CSV file, a .txt or .npy "
             "file, or a "
             "folder of IDX files such as train-images-idx3-ubyte, of CIFAR's .bin files, of "
             "x_train.npy and y_train.npy, or of one folder of PNG, PPM or PGM pictures for each "
             "class");
}

static void test_compressed(void **unused)
{
    static const uint8_t label[][2] = {{1}, {2}};
    static uint8_t bytes[MOST * (2 + PIXELS)];
    const size_t length = make_records(bytes, 2, 1, 4, label);

    (void)unused;
    write_10("packed");
    unlink("packed/data_batch_3.bin");
    gzFile file = gzopen("packed/data_batch_3.bin.gz", "wb");
    assert_int_equal(gzwrite(file, bytes, (unsigned)length), length);
    assert_int_equal(gzclose(file), Z_OK);
    descent_dataset *data = open_good("packed");
    assert_int_equal(descent_dataset_count(data), 11);
    assert_int_equal(descent_dataset_label(data, 5), 2);
    descent_dataset_free(data);
}

static void test_broken(void **unused)
{
    static const uint8_t wrong[][2] = {{3}, {10}}, one[][2] = {{3}, {3}};
    static uint8_t bytes[MOST * (2 + PIXELS)];
    const size_t length = make_records(bytes, 2, 1, 0, one);
    char path[100];

    (void)unused;
    write_10("broken");
    write_text("broken/batches.meta.txt", "airplane\n");
    open_bad("broken", DESCENT_SYNTAX, "'broken/batches.meta.txt' names 1 classes, expected 10");
    unlink("broken/batches.meta.txt");
    write_bytes("broken/data_batch_2.bin", bytes, length - 1);
    open_bad("broken", DESCENT_SYNTAX,
             "'broken/data_batch_2.bin' ends too early: picture 2 has "
             "3072 bytes, expected 3073");
    write_bytes("broken/data_batch_2.bin", bytes, length / 2 + 1);
    open_bad("broken", DESCENT_SYNTAX,
             "'broken/data_batch_2.bin' ends too early: picture 2 has 1 "
             "bytes, expected 3073");
    write_records("broken/data_batch_2.bin", 2, 1, 0, wrong);
    open_bad("broken", DESCENT_SYNTAX,
             "'broken/data_batch_2.bin': the label of picture 2 is 10, "
             "expected 0 to 9");
    write_bytes("broken/data_batch_2.bin", "", 0);
    open_bad("broken", DESCENT_SYNTAX,
             "'broken/data_batch_2.bin' is empty, expected pictures of "
             "3073 bytes");
    unlink("broken/data_batch_2.bin");
    open_bad("broken", DESCENT_IO, "'broken' has no data_batch_2.bin (or .gz)");
    for (int batch = 1; batch <= 5; batch++) {
        snprintf(path, sizeof path, "broken/data_batch_%d.bin", batch);
        write_bytes(path, bytes, length);
    }
    open_bad("broken", DESCENT_INVALID,
             "'broken' has one class only ('3'); classification needs two");
    unlink("broken/test_batch.bin");
    write_10("no-test");
    unlink("no-test/test_batch.bin");
    descent_dataset *data = open_good("no-test");
    assert_int_equal(descent_dataset_test_count(data), 0);
    descent_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_10),
        cmocka_unit_test(test_100),
        cmocka_unit_test(test_compressed),
        cmocka_unit_test(test_broken),
    };

    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
