/* test_text.c - text as tokens: vocabulary, windows, the two parts, and what is refused. */
#include "files.h"

#include "data/dataset.h"
#include "data/tokens.h"

/* Token i of the text as it was written. */
static void check_token(const descent_dataset *data, size_t i, const char *expected)
{
    char text[8];

    descent_dataset_token(data, dsc_tokens_at(data->tokens, i), text);
    assert_string_equal(text, expected);
}

static void test_characters(void **unused)
{
    (void)unused;
    write_text("small.txt", "\xEF\xBB\xBF"
                            "b\xC3\xA9\nab");
    descent_dataset *data = open_good("small.txt context=2");
    int shape[4];

    assert_int_equal(descent_dataset_tokens(data), 5);
    assert_string_equal(descent_dataset_unit(data), "character");
    assert_int_equal(descent_dataset_outputs(data), 4); /* newline, a, b, e with accent */
    assert_int_equal(descent_dataset_shape(data, shape), 1);
    assert_int_equal(shape[0], 2);
    assert_int_equal(descent_dataset_count(data), 2);
    assert_int_equal(descent_dataset_bytes(data), 5);
    assert_string_equal(descent_dataset_target(data), "next character");
    check_token(data, 0, "b");
    check_token(data, 1, "\xC3\xA9");
    check_token(data, 2, "\n");
    assert_int_equal(dsc_tokens_at(data->tokens, 2), 0);
    assert_int_equal(dsc_tokens_at(data->tokens, 1), 3);
    descent_dataset_free(data);

    data = open_good("small.txt context=2 level=byte");
    assert_int_equal(descent_dataset_tokens(data), 9);
    assert_string_equal(descent_dataset_unit(data), "byte");
    check_token(data, 0, "\xEF");
    descent_dataset_free(data);
}

/* Another name is taken for text when it says so. */
static void test_format_by_name(void **unused)
{
    (void)unused;
    write_text("book.md", "one two");
    write_text("table.txt", "x,y\n1,2\n2,3\n3,5\n");
    descent_dataset *data = open_good("book.md text context=3");
    assert_int_equal(descent_dataset_tokens(data), 7);
    descent_dataset_free(data);
    data = open_good("table.txt csv target=y");
    assert_int_equal(descent_dataset_tokens(data), 0);
    assert_null(descent_dataset_unit(data));
    assert_int_equal(descent_dataset_count(data), 3);
    descent_dataset_free(data);
}

/* More than 256 and more than 65,536 different characters take 2 and 4 bytes each. */
static void test_widths(void **unused)
{
    static const int sizes[] = {256, 257, 65536, 65537};
    static const int bytes[] = {1, 2, 2, 4};

    (void)unused;
    for (int i = 0; i < 4; i++) {
        FILE *stream = fopen("wide.txt", "wb");
        char text[DSC_UTF8_SIZE];
        for (int c = 0; c < sizes[i]; c++)
            fwrite(text, 1, dsc_utf8_encode((uint32_t)(0x10000 + c), text), stream);
        assert_int_equal(fclose(stream), 0);
        descent_dataset *data = open_good("wide.txt");
        assert_int_equal(data->tokens->width, bytes[i]);
        for (int c = 0; c < sizes[i]; c++)
            assert_int_equal(dsc_tokens_at(data->tokens, (size_t)c), c);
        descent_dataset_free(data);
    }
}

static void test_gather(void **unused)
{
    static const uint32_t index[] = {0, 4};
    static const int32_t x_expected[] = {0, 1, 2, 4, 5, 0};
    static const int32_t y_expected[] = {1, 2, 3, 5, DSC_NO_LABEL, DSC_NO_LABEL};
    int32_t x[6], y[6];

    (void)unused;
    write_text("letters.txt", "abcdef");
    descent_dataset *data = open_good("letters.txt context=3");
    dsc_batch_gather(data, NULL, DESCENT_F32, index, 2, x, y);
    assert_memory_equal(x, x_expected, sizeof x);
    assert_memory_equal(y, y_expected, sizeof y);
    dsc_batch_gather(data, NULL, DESCENT_F64, index, 2, NULL, y);
    assert_memory_equal(y, y_expected, sizeof y);
    descent_dataset_free(data);
}

/* Of every length and context: the test part's labels are each token of it but the first, once;
 * the training windows of an epoch don't overlap and stay outside, whatever the phase. */
static void test_split_of_text(void **unused)
{
    (void)unused;
    for (int length = 40; length < 90; length++)
        for (int context = 1; context <= 12; context++) {
            char spec[40];
            FILE *stream = fopen("length.txt", "wb");
            for (int i = 0; i < length; i++)
                fputc('a' + i % 3, stream);
            assert_int_equal(fclose(stream), 0);
            snprintf(spec, sizeof spec, "length.txt context=%d", context);
            descent_dataset *data = open_good(spec);
            dsc_split split;
            assert_int_equal(dsc_split_make(&split, data, 0.2, 1, NULL), DESCENT_OK);
            const size_t test = (size_t)((double)length * 0.2 + 0.5);
            const size_t first = (size_t)length - test, width = (size_t)context;
            int32_t y[16];
            size_t labels = 0;
            for (size_t i = 0; i < split.n_test; i++) {
                assert_int_equal(split.test[i], first + i * width);
                dsc_batch_gather(data, NULL, DESCENT_F32, &split.test[i], 1, NULL, y);
                for (size_t t = 0; t < width; t++)
                    labels += y[t] != DSC_NO_LABEL;
            }
            assert_int_equal(labels, test - 1);
            for (size_t i = 0; i < split.n_train; i++)
                assert_int_equal(split.train[i], i * width);
            /* moved as far as an epoch may move it, the last label still trains */
            assert_true(split.train[split.n_train - 1] + (width - 1) + width < first);
            dsc_split_free(&split);
            descent_dataset_free(data);
        }
}

/* Every window moves by itself, a pure function of the epoch, and over many epochs to all places.
 */
static void test_shift(void **unused)
{
    int seen[8] = {0}, alike = 0;

    (void)unused;
    write_text("letters.txt", "abcdefghijklmnopqrstuvwxyz");
    descent_dataset *data = open_good("letters.txt context=8");
    for (uint64_t epoch = 0; epoch < 200; epoch++) {
        uint32_t index[] = {0, 8}, again[] = {0, 8};
        dsc_tokens_shift(data, 1, epoch, index, 2);
        dsc_tokens_shift(data, 1, epoch, again, 2);
        assert_memory_equal(index, again, sizeof index);
        assert_in_range(index[0], 0, 7);
        assert_in_range(index[1], 8, 15);
        alike += index[1] == index[0] + 8;
        seen[index[0]]++;
    }
    for (int i = 0; i < 8; i++)
        assert_in_range(seen[i], 10, 45);
    assert_in_range(alike, 10, 45);
    descent_dataset_free(data);
}

static void test_recode(void **unused)
{
    descent_error err = {0};
    dsc_tokens *tokens;

    (void)unused;
    write_text("model.txt", "abc\n");
    write_text("other.txt", "ca\nab");
    write_text("strange.txt", "ab\nax");
    descent_dataset *model = open_good("model.txt context=1");
    descent_dataset *other = open_good("other.txt context=1");
    descent_dataset *strange = open_good("strange.txt context=1");
    descent_dataset *bytes = open_good("other.txt context=1 level=byte");
    const dsc_vocabulary *known = &model->tokens->vocabulary;

    assert_int_equal(dsc_tokens_recode(&tokens, other->tokens, known, &err), DESCENT_OK);
    assert_int_equal(dsc_tokens_at(tokens, 0), 3);
    assert_int_equal(dsc_tokens_at(tokens, 2), 0);
    dsc_tokens_free(tokens);
    assert_int_equal(dsc_tokens_recode(&tokens, strange->tokens, known, &err), DESCENT_INVALID);
    assert_null(tokens);
    assert_string_equal(err.message, "the model does not know 'x': the text it was trained on has "
                                     "no such character");
    assert_string_equal(err.file, "strange.txt");
    assert_int_equal(err.line, 2);
    assert_int_equal(err.column, 2);
    assert_int_equal(dsc_tokens_recode(&tokens, bytes->tokens, known, &err), DESCENT_INVALID);
    assert_string_equal(err.message, "the model reads characters, but 'other.txt' was opened as "
                                     "bytes; add level=character");
    descent_dataset_free(model);
    descent_dataset_free(other);
    descent_dataset_free(strange);
    descent_dataset_free(bytes);
}

static void test_refused(void **unused)
{
    descent_error err = {0};
    descent_dataset *data;
    dsc_split split;

    (void)unused;
    write_text("empty.txt", "");
    open_bad("empty.txt", DESCENT_SYNTAX, "'empty.txt' is empty, expected text");
    write_text("same.txt", "aaaaaaa");
    open_bad("same.txt", DESCENT_INVALID,
             "'same.txt' holds one character only, again and again; there is nothing to learn");
    write_bytes("nul.txt", "ab\0c", 4);
    open_bad("nul.txt", DESCENT_SYNTAX,
             "'nul.txt' is not a text file (it has NUL bytes); add level=byte to take it byte by "
             "byte");
    write_text("latin.txt", "one\ncaf\xE9 two");
    open_bad("latin.txt", DESCENT_SYNTAX,
             "byte 0xE9 is no UTF-8 text here; add level=byte to take the file byte by byte");
    assert_int_equal(descent_dataset_open(&data, "latin.txt", &err), DESCENT_SYNTAX);
    assert_int_equal(err.line, 2);
    assert_int_equal(err.column, 4);
    open_bad("same.txt context=0", DESCENT_INVALID,
             "text: context = 0, must be a whole number between 1 and 1048576");
    open_bad("same.txt contxt=9", DESCENT_UNKNOWN,
             "text has no parameter 'contxt'; it has context, level; did you mean 'context'?");
    write_text("short.txt", "to be or not to be");
    data = open_good("short.txt context=16");
    assert_int_equal(dsc_split_make(&split, data, 0.1, 1, &err), DESCENT_INVALID);
    assert_null(split.train);
    assert_string_equal(err.message, "'short.txt context=16' has 18 characters, too few to train "
                                     "on windows of 16 and to hold out a part of 0.1 for testing");
    descent_dataset_free(data);
}

/* What a model does not know is shown so that it can be seen. */
static void test_unknown_codes(void **unused)
{
    static const struct row {
        bool bytes;
        uint32_t code;
        const char *message;
    } rows[] = {
        {false, 'q',
         "the model does not know 'q': the text it was trained on has no such character"},
        {false, 0x1F600,
         "the model does not know '\xF0\x9F\x98\x80': the text it was trained on has no such "
         "character"},
        {false, '\n',
         "the model does not know U+000A: the text it was trained on has no such character"},
        {false, 0x85,
         "the model does not know U+0085: the text it was trained on has no such character"},
        {true, 0xFE,
         "the model does not know byte 0xFE: the text it was trained on has no such byte"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const dsc_vocabulary v = {.bytes = rows[i].bytes};
        descent_error err = {0};
        assert_int_equal(dsc_vocabulary_unknown(&v, rows[i].code, (dsc_place){.file = ""}, &err),
                         DESCENT_INVALID);
        assert_string_equal(err.message, rows[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_characters),    cmocka_unit_test(test_format_by_name),
        cmocka_unit_test(test_widths),        cmocka_unit_test(test_gather),
        cmocka_unit_test(test_split_of_text), cmocka_unit_test(test_shift),
        cmocka_unit_test(test_recode),        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_unknown_codes),
    };

    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
