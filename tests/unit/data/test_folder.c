/* test_folder.c - folders of PNG, PPM and PGM files, whole and broken. */
#include "files.h"

#include "data/dataset.h"

#include <png.h>

/* A colour picture of 2x3 as PPM; its red, green and blue planes are these. */
static const char ppm[] = "P6 3 2 255\nabcdefghijklmnopqr";
static const char planes[] = "adgjmpbehknqcfilor";
static const char pgm[] = "P5\n# a comment\n3 # and another\n2\n255\nabcdef";

static void make(const char *folder)
{
    assert_int_equal(mkdir(folder, 0777), 0);
}

/* sizeof counts the NUL, which is no pixel. */
#define WRITE(path, text) write_bytes(path, text, sizeof text - 1)

static void write_png(const char *path, unsigned format, unsigned width, const void *pixels)
{
    png_image image = {.version = PNG_IMAGE_VERSION, .width = width, .height = 2, .format = format};

    assert_true(png_image_write_to_file(&image, path, 0, pixels, 0, NULL));
}

static void test_classes(void **unused)
{
    static const char *const names[] = {"2", "10", "cat", "dog"};

    (void)unused;
    make("zoo");
    for (size_t c = 4; c-- > 0;) {
        char path[40];
        snprintf(path, sizeof path, "zoo/%s", names[c]);
        make(path);
        snprintf(path, sizeof path, "zoo/%s/1.ppm", names[c]);
        WRITE(path, ppm);
    }
    WRITE("zoo/dog/2.PPM", "P6 3 2 255\n111111222222333333");
    WRITE("zoo/dog/notes.txt", "not read");
    WRITE("zoo/dog/.hidden.ppm", "not read");
    make("zoo/empty");
    descent_dataset *data = open_good("zoo");
    assert_int_equal(descent_dataset_count(data), 5);
    assert_int_equal(descent_dataset_test_count(data), 0);
    assert_int_equal(descent_dataset_outputs(data), 4);
    assert_int_equal(data->shape.size[0], 3);
    assert_int_equal(data->shape.size[1], 2);
    assert_int_equal(data->shape.size[2], 3);
    for (int c = 0; c < 4; c++) {
        assert_string_equal(descent_dataset_class(data, c), names[c]);
        assert_int_equal(descent_dataset_label(data, (size_t)c), c);
        assert_memory_equal(bytes_of(data) + 18 * c, planes, 18);
    }
    assert_int_equal(descent_dataset_label(data, 4), 3);
    assert_memory_equal(bytes_of(data) + 18 * 4, "112233112233112233", 18);
    descent_dataset_free(data);
    data = open_good("zoo/ shift=1 flip");
    assert_true(data->augment.on);
    descent_dataset_free(data);
}

static void test_parts(void **unused)
{
    (void)unused;
    make("parts");
    make("parts/train");
    make("parts/train/a");
    make("parts/train/b");
    make("parts/test");
    make("parts/test/b");
    WRITE("parts/train/a/1.pgm", pgm);
    WRITE("parts/train/b/1.pgm", "P5 3 2 51 \0\1\2\3\x32\x33"); /* stretched to 255 */
    WRITE("parts/test/b/1.pgm", pgm);
    descent_dataset *data = open_good("parts");
    assert_int_equal(descent_dataset_count(data), 3);
    assert_int_equal(descent_dataset_test_count(data), 1);
    assert_int_equal(descent_dataset_label(data, 2), 1);
    assert_int_equal(data->shape.size[0], 1);
    assert_memory_equal(bytes_of(data), "abcdef", 6);
    assert_memory_equal(bytes_of(data) + 6, "\0\5\xa\xf\xfa\xff", 6);
    descent_dataset_free(data);
    make("parts/test/c");
    WRITE("parts/test/c/1.pgm", pgm);
    open_bad("parts", DESCENT_INVALID, "'parts/test' has a class 'c', but 'parts/train' has none");
}

static void test_png(void **unused)
{
    static const uint8_t grey[] = {1, 2, 3, 4, 5, 6}, colour[] = "abcdefghijklmnopqr";
    static const uint8_t alpha[] =
        "abc\377def\377ghi\377jkl\377mno\377pqr"; /* and one see-through */

    (void)unused;
    make("png");
    make("png/a");
    make("png/b");
    write_png("png/a/1.png", PNG_FORMAT_RGB, 3, colour);
    write_png("png/b/1.png", PNG_FORMAT_RGBA, 3, alpha);
    descent_dataset *data = open_good("png");
    assert_int_equal(descent_dataset_count(data), 2);
    assert_memory_equal(bytes_of(data), planes, 18);
    assert_memory_equal(bytes_of(data) + 18, "adgjm\0behkn\0cfilo\0", 18);
    descent_dataset_free(data);
    write_png("png/b/1.png", PNG_FORMAT_GRAY, 3, grey);
    open_bad("png", DESCENT_SHAPE,
             "'png/b/1.png' is grey of 2x3 (height x width), 'png/a/1.png' is colour of 2x3; all "
             "pictures must be alike");
    open_bad("png//", DESCENT_SHAPE,
             "'png/b/1.png' is grey of 2x3 (height x width), 'png/a/1.png' is colour of 2x3; all "
             "pictures must be alike");
    write_png("png/b/1.png", PNG_FORMAT_RGB, 2, colour);
    open_bad("png", DESCENT_SHAPE,
             "'png/b/1.png' is colour of 2x2 (height x width), 'png/a/1.png' is colour of 2x3; all "
             "pictures must be alike");
    write_png("png/a/1.png", PNG_FORMAT_GRAY, 3, grey);
    write_png("png/b/1.png", PNG_FORMAT_GRAY, 3, grey);
    data = open_good("png");
    assert_int_equal(data->shape.size[0], 1);
    assert_memory_equal(bytes_of(data), grey, 6);
    descent_dataset_free(data);
}

/* No beginning of a PNG file opens, and no byte of it may be changed so that something breaks. */
static void test_damaged_png(void **unused)
{
    static const uint8_t colour[] = "abcdefghijklmnopqr";
    char bytes[4096];

    (void)unused;
    make("damaged");
    make("damaged/a");
    make("damaged/b");
    write_png("damaged/b/1.png", PNG_FORMAT_RGB, 3, colour);
    FILE *stream = fopen("damaged/b/1.png", "rb");
    assert_non_null(stream);
    const size_t length = fread(bytes, 1, sizeof bytes, stream);
    fclose(stream);
    write_bytes("damaged/a/1.png", bytes, length);
    descent_dataset_free(open_good("damaged"));
    for (size_t n = 0; n + 12 < length; n++) { /* the end chunk itself is not missed */
        descent_dataset *data;
        write_bytes("damaged/b/1.png", bytes, n);
        assert_int_equal(descent_dataset_open(&data, "damaged", NULL), DESCENT_SYNTAX);
        assert_null(data);
    }
    for (size_t at = 0; at < length; at++) {
        descent_dataset *data;
        bytes[at] ^= 0x11;
        write_bytes("damaged/b/1.png", bytes, length);
        bytes[at] ^= 0x11;
        descent_dataset_open(&data, "damaged", NULL);
        descent_dataset_free(data);
    }
}

static void test_damaged_pnm(void **unused)
{
    static const struct row {
        const char *bytes;
        size_t length;
        const char *message;
    } rows[] = {
#define ROW(text, message) {text, sizeof text - 1, message}
        ROW("", "'bad/b/1.ppm' is no picture that descent reads; expected PNG, or PPM or PGM in "
                "binary (P6, P5)"),
        ROW("P3 1 1 255 0 0 0", "'bad/b/1.ppm' is no picture that descent reads; expected PNG, or "
                                "PPM or PGM in binary (P6, P5)"),
        ROW("P6 ", "'bad/b/1.ppm' is damaged: its header has no width"),
        ROW("P6 3 -2 255\n", "'bad/b/1.ppm' is damaged: its header has no height"),
        ROW("P6 3 2 # 255\n", "'bad/b/1.ppm' is damaged: its header has no largest value"),
        ROW("P6 3 2 65535\n",
            "'bad/b/1.ppm': its largest value is 65535, expected 1 to 255 (one byte a number)"),
        ROW("P6 3 2 0\n",
            "'bad/b/1.ppm': its largest value is 0, expected 1 to 255 (one byte a number)"),
        ROW("P6 0 2 255\n",
            "'bad/b/1.ppm' claims to be 2 pixels high and 0 wide, expected 1 to 16384"),
        ROW("P6 3 99999999999999999999999 255\n",
            "'bad/b/1.ppm' claims to be 9999999999 pixels high and 3 wide, expected 1 to 16384"),
        ROW("P6 3 2 255\nabcdefghijklmnopq",
            "'bad/b/1.ppm': its header claims 18 bytes of pixels, found 17"),
        ROW("P6 3 2 255\nabcdefghijklmnopqrs",
            "'bad/b/1.ppm': its header claims 18 bytes of pixels, found 19"),
        ROW("P6 3 2 255", "'bad/b/1.ppm': its header claims 18 bytes of pixels, found 0"),
        ROW("P6 16000 16000 255\n",
            "'bad/b/1.ppm': its header claims 768000000 bytes of pixels, found 0"),
#undef ROW
    };

    (void)unused;
    make("bad");
    make("bad/a");
    make("bad/b");
    WRITE("bad/a/1.ppm", ppm);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_bytes("bad/b/1.ppm", rows[i].bytes, rows[i].length);
        open_bad("bad", DESCENT_SYNTAX, rows[i].message);
    }
    unlink("bad/b/1.ppm");
    open_bad("bad", DESCENT_INVALID, "'bad' has one class only ('a'); classification needs two");
}

/* Pictures to predict lie in one folder. */
static void test_features_only(void **unused)
{
    descent_dataset *data;

    (void)unused;
    make("new");
    WRITE("new/b.ppm", ppm);
    WRITE("new/a.ppm", "P6 3 2 255\n111111222222333333");
    assert_int_equal(descent_dataset_open_features(&data, "new", NULL, NULL), DESCENT_OK);
    assert_int_equal(descent_dataset_count(data), 2);
    assert_int_equal(descent_dataset_outputs(data), 0);
    assert_int_equal(descent_dataset_label(data, 0), -1);
    assert_memory_equal(bytes_of(data) + 18, planes, 18);
    descent_dataset_free(data);
    open_bad("new/", DESCENT_INVALID,
             "the pictures in 'new' lie in no folders of classes, such as new/cat/1.png");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classes),     cmocka_unit_test(test_parts),
        cmocka_unit_test(test_png),         cmocka_unit_test(test_damaged_png),
        cmocka_unit_test(test_damaged_pnm), cmocka_unit_test(test_features_only),
    };

    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
