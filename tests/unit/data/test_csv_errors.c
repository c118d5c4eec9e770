/* test_csv_errors.c - every fault in a CSV file: the whole message, and its place. */
#include "files.h"

typedef struct row {
    const char *text, *options;
    int line, column;
    const char *message;
} row;

static const row rows[] = {
    /* shape of the table */
    {"", "", 0, 0, "'x.csv' is empty, expected comma-separated values"},
    {"\n \r\n\n", "", 0, 0, "'x.csv' is empty, expected comma-separated values"},
    {"\xef\xbb\xbf", "", 0, 0, "'x.csv' is empty, expected comma-separated values"},
    {"a,b,c\n", "", 0, 0, "'x.csv' has a header but no rows"},
    {"1,2,3\n", "header=yes", 0, 0, "'x.csv' has a header but no rows"},
    {"y\n1\n2\n", "", 1, 1, "this table has one column only, expected features beside the target"},
    {"a,b,c,d,e\n1,2,3,4,5\n1,2,3,4\n", "", 3, 7, "row has 4 fields, the header has 5"},
    {"a,b\n1,2\n1,2,3\n", "", 3, 5, "row has 3 fields, the header has 2"},
    {"1,2\n1,2\n\n7\n", "", 4, 1, "row has 1 field, the first row has 2"},
    {"a,b\n\"1\n\",2\n7\n", "", 2, 1,
     "column 1 (\"a\"): '1?' is not a number; features must be numbers"},
    {"a,b\n\"1\",2\n7\n", "", 3, 1, "row has 1 field, the header has 2"},
    {"a,b\n1,\"2\n3,4\n", "", 2, 3, "this quote is never closed"},
    {"a,b\n1,\"2\"x\n", "", 2, 6,
     "found 'x' after a closing quote, expected ',' or the end of the line"},
    /* columns to leave out */
    {"a,b,y\n1,2,3\n4,5,6\n", "ignore=c", 1, 14, "'x.csv' has no column 'c'; it has a, b, y"},
    {"a,b,y\n1,2,3\n4,5,6\n", "ignore=y", 1, 14, "ignore = y would leave out the target"},
    {"a,b,y\n1,2,3\n4,5,6\n", "ignore=a+b", 1, 14, "ignore = a+b leaves no feature of 'x.csv'"},
    {"a,b,y\n1,2,3\n1,2,6\n", "ignore=constant", 0, 0,
     "no feature of 'x.csv ignore=constant' ever changes: none would be left"},
    /* numbers */
    {"sepal,petal,y\n1,2,3\n4,n/a,6\n", "", 3, 3, "column 2 (\"petal\"): 'n/a' is not a number"},
    {"sepal,petal,y\n4,n/a,6\n", "", 2, 3, "column 2 (\"petal\"): 'n/a' is not a number"},
    {"1,2,3\n4,5,6\n  7,  8x ,9\n", "", 3, 7, "column 2: '8x' is not a number"},
    {"1,x,3\n4,5,6\n", "", 1, 3,
     "column 2: 'x' is not a number; if this row holds names, add header=yes"},
    {"1,x,3\n4,5,6\n", "header=no", 1, 3,
     "column 2: 'x' is not a number; features must be numbers"},
    {"a,b,y\n1,,3\n", "", 2, 3, "column 2 (\"b\") is empty, expected a number"},
    {"a,b,y\n1,\"\",3\n", "", 2, 3, "column 2 (\"b\") is empty, expected a number"},
    {"a,b,y\n1,2,3\n1,nan,3\n", "", 3, 3, "column 2 (\"b\"): 'nan' is not a finite number"},
    {"a,b,y\n1,NaN,3\n", "", 2, 3, "column 2 (\"b\"): 'NaN' is not a finite number"},
    {"a,b,y\n-Inf,2,3\n", "", 2, 1, "column 1 (\"a\"): '-Inf' is not a finite number"},
    {"a,b,y\n1,+infinity,3\n", "", 2, 3, "column 2 (\"b\"): '+infinity' is not a finite number"},
    {"a,b,y\n1,1e39,3\n", "", 2, 3, "column 2 (\"b\"): '1e39' is not a finite number"},
    {"a,b,y\n1,1e,3\n", "", 2, 3,
     "column 2 (\"b\"): '1e' is not a number; features must be numbers"},
    {"a,color,b,shape,size,y\n1,red,2,round,big,3\n", "", 2, 3,
     "column 2 (\"color\"): 'red' is not a number; features must be numbers, also in "
     "column 4 (\"shape\"), column 5 (\"size\")"},
    {"a,b,y\n1,2,3\n1,0123456789012345678901234567890123456789012345678901234567890123x,3\n", "", 3,
     3,
     "column 2 (\"b\"): '012345678901234567890123456789012345678901234567890123456789' is not a "
     "number"},
    /* targets */
    {"a,y\n1,\n", "", 2, 3, "column 2 (\"y\") is empty, expected a value to predict"},
    {"a,y\n1,cat\n2,NaN\n", "", 3, 3, "column 2 (\"y\") is nan, expected a value to predict"},
    {"a,y\n1,inf\n", "", 2, 3, "column 2 (\"y\"): 'inf' is not a finite number"},
    {"a,y\n1,2\n2,?\n3,4\n", "", 3, 3,
     "column 2 (\"y\"): '?' is not a number; if the target is classes, add task=classification"},
    {"a,y\n1,cat\n2,dog\n", "task=regression", 2, 3, "column 2 (\"y\"): 'cat' is not a number"},
    {"x,y\n1,a\n2,a\n", "", 0, 0, "'x.csv' has one class only ('a'); classification needs two"},
    {"x,y\n1,7\n2,7\n", "task=classification", 0, 0,
     "'x.csv task=classification' has one class only ('7'); classification needs two"},
    /* options; their places are in the string that was typed */
    {"sepal,petal,species\n1,2,a\n", "target=specie", 1, 14,
     "'x.csv' has no column 'specie'; it has sepal, petal, species; did you mean 'species'?"},
    {"a,b,c,d,e,f,g,h,i,j\n1,2,3,4,5,6,7,8,9,0\n", "target=price", 1, 14,
     "'x.csv' has no column 'price'; it has a, b, c, d, e, f, g, h and 2 more"},
    {"1,2,3\n", "target=4", 1, 14, "'x.csv' has no column '4'; it has 3 columns without names"},
    {"1,2,3\n", "target=-4", 1, 14, "'x.csv' has no column '-4'; it has 3 columns without names"},
    {"1,2,3\n", "target=0", 1, 14, "'x.csv' has no column '0'; it has 3 columns without names"},
    {"1,2,3\n", "traget=1", 1, 7,
     "csv has no parameter 'traget'; it has target, header, task, separator, ignore; did you "
     "mean 'target'?"},
    {"1,2,3\n", "header=maybe", 1, 14, "csv: header = 'maybe', must be one of auto|yes|no"},
    {"1,2,3\n", "separator=ab", 1, 17,
     "csv: separator = 'ab', must be auto, comma, semicolon, tab, space or one character that is "
     "no part of a number"},
    {"1,2,3\n", "separator=-", 1, 17,
     "csv: separator = '-', must be auto, comma, semicolon, tab, space or one character that is "
     "no part of a number"},
};

static void test_messages(void **unused)
{
    char spec[100];

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const row *r = &rows[i];
        descent_dataset *data = (descent_dataset *)1;
        descent_error err = {0};
        write_text("x.csv", r->text);
        snprintf(spec, sizeof spec, "x.csv%s%s", *r->options ? " " : "", r->options);
        assert_int_not_equal(descent_dataset_open(&data, spec, &err), DESCENT_OK);
        assert_null(data);
        assert_string_equal(err.message, r->message);
        if (err.line != r->line || err.column != r->column)
            fail_msg("row %zu: the place is %d:%d, expected %d:%d (%s)", i, err.line, err.column,
                     r->line, r->column, err.message);
        if (r->line > 0 && strstr(r->message, "column ") == r->message)
            assert_string_equal(err.file, "x.csv");
    }
}

/* The caret of a program's message stands under the fault. */
static void test_excerpt(void **unused)
{
    descent_dataset *data;
    descent_error err = {0};

    (void)unused;
    write_text("x.csv", "a,b,y\r\n\"1\",\"2\",3\r\n\"4\",oops,6\r\n7,8,9\r\n");
    assert_int_equal(descent_dataset_open(&data, "x.csv", &err), DESCENT_SYNTAX);
    assert_string_equal(err.excerpt, "\"4\",oops,6");
    assert_memory_equal(err.excerpt + err.column - 1, "oops", 4);
    /* and with an early row that shows its fault only at the end of the file */
    write_text("x.csv", "a,y\n1,2\n2,no\n3,4\n4,5\n");
    assert_int_equal(descent_dataset_open(&data, "x.csv", &err), DESCENT_SYNTAX);
    assert_string_equal(err.excerpt, "2,no");
}

static void test_binary(void **unused)
{
    (void)unused;
    write_bytes("x.csv", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
    open_bad("x.csv", DESCENT_SYNTAX,
             "'x.csv' is not a text file (it has NUL bytes), expected comma-separated values");
}

static void test_too_many_classes(void **unused)
{
    FILE *stream = fopen("x.csv", "wb");

    (void)unused;
    assert_non_null(stream);
    for (int i = 0; i <= 10000; i++)
        fprintf(stream, "%d,n%d\n", i, i);
    fclose(stream);
    open_bad("x.csv", DESCENT_INVALID,
             "'n10000' is class 10001, at most 10000 can be told apart; is this the right target?");
}

static void test_missing_file(void **unused)
{
    (void)unused;
    open_bad("none.csv", DESCENT_IO, "cannot read 'none.csv': No such file or directory");
    open_bad("no/such/folder/", DESCENT_IO,
             "cannot read 'no/such/folder/': No such file or directory");
    open_bad(".", DESCENT_UNKNOWN,
             "'.' holds no data that descent knows; expected a CSV file, a .txt or .npy file, or a "
             "folder of IDX files such as train-images-idx3-ubyte, of CIFAR's .bin files, of "
             "x_train.npy and y_train.npy, or of one folder of PNG, PPM or PGM pictures for each "
             "class");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages),     cmocka_unit_test(test_excerpt),
        cmocka_unit_test(test_binary),       cmocka_unit_test(test_too_many_classes),
        cmocka_unit_test(test_missing_file),
    };

    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
