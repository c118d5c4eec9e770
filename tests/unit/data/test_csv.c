/* test_csv.c - readable CSV files: dialects, headers, targets, classes. */
#include "files.h"

#include "data/dataset.h"

/* Features of (rows, columns) as expected. */
static void expect(const descent_dataset *data, size_t rows, int columns, const float *x)
{
    int shape[4];

    assert_int_equal(descent_dataset_count(data), rows);
    assert_int_equal(descent_dataset_shape(data, shape), 1);
    assert_int_equal(shape[0], columns);
    for (size_t i = 0; i < rows * (size_t)columns; i++)
        assert_float_equal(floats_of(data)[i], x[i], 0);
}

static void test_plain(void **unused)
{
    write_text("plain.csv", "a,b,price\n1,-2.5,10\n3e2,.5,20.25\n");
    descent_dataset *data = open_good("plain.csv");

    (void)unused;
    expect(data, 2, 2, (const float[]){1, -2.5f, 300, 0.5f});
    assert_int_equal(descent_dataset_task(data), DESCENT_REGRESSION);
    assert_int_equal(descent_dataset_outputs(data), 1);
    assert_string_equal(descent_dataset_name(data), "plain.csv");
    assert_string_equal(descent_dataset_target(data), "price");
    assert_string_equal(descent_dataset_feature(data, 0), "a");
    assert_string_equal(descent_dataset_feature(data, 1), "b");
    assert_null(descent_dataset_feature(data, 2));
    assert_null(descent_dataset_feature(data, -1));
    assert_null(descent_dataset_class(data, 0));
    assert_int_equal(descent_dataset_label(data, 0), -1);
    assert_float_equal(data->targets[0], 10, 0);
    assert_float_equal(data->targets[1], 20.25, 0);
    assert_int_equal(descent_dataset_test_count(data), 0);
    assert_int_equal(descent_dataset_bytes(data), 6 * sizeof(float));
    descent_dataset_free(data);
}

/* By name, by number, and those that never change; a column of words may be among them. */
static void test_ignore(void **unused)
{
    static const float b_d[] = {2, 4, 6, 7}, b[] = {2, 6};
    static const struct {
        const char *options;
        int columns;
    } rows[] = {
        {"ignore=name+c", 2},          {"ignore=1+3", 2},          {"ignore=c+name+c", 2},
        {"ignore=constant+name", 2},   {"ignore=1+constant+d", 1}, {"target=y ignore=name+-3+4", 1},
        {"target=5 ignore=name+c", 2},
    };

    (void)unused;
    write_text("ignore.csv", "name,b,c,d,y\nx,2,5,4,1\nz,6,5,7,3\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char spec[80];
        snprintf(spec, sizeof spec, "ignore.csv %s", rows[i].options);
        descent_dataset *data = open_good(spec);
        expect(data, 2, rows[i].columns, rows[i].columns == 2 ? b_d : b);
        assert_string_equal(descent_dataset_feature(data, 0), "b");
        assert_null(descent_dataset_feature(data, rows[i].columns));
        assert_float_equal(data->targets[1], 3, 0);
        descent_dataset_free(data);
    }
}

/* One table, many ways to write it down. */
static void test_dialects(void **unused)
{
    static const struct row {
        const char *text, *options;
    } rows[] = {
        {"a,b,y\n1,2,3\n4,5,6\n", ""},
        {"a,b,y\n1,2,3\n4,5,6", ""},
        {"a,b,y\r\n1,2,3\r\n4,5,6\r\n", ""},
        {"a,b,y\r1,2,3\r4,5,6", ""},
        {"\xef\xbb\xbf"
         "a,b,y\n1,2,3\n4,5,6\n",
         ""},
        {"\n\na,b,y\n\n1,2,3\n   \n4,5,6\n\n  ", ""},
        {"  a , b , y \n 1 , 2 ,\t3\n4, 5,6\n", ""},
        {"\"a\",\"b\",\"y\"\n\"1\",2,\"3\" \n 4,\"5\",6\n", ""},
        {"a;b;y\n1;2;3\n4;5;6\n", ""},
        {"a\tb\ty\n1\t2\t3\n4\t5\t6\n", ""},
        {"a|b|y\n1|2|3\n4|5|6\n", ""},
        {"a b y\n1  2 3\n  4 5   6  \n", ""},
        {"a b y\n1\t2 3\n4 \t 5 6\n", ""},
        {"\"a\" \"b\"   \"y\"\n\"1\" \"2\" 3\n4 5 6\n", ""},
        {"a:b:y\n1:2:3\n4:5:6\n", "separator=:"},
        {"a;b;y\n1;2;3\n4;5;6\n", "separator=\";\""},
        {"a,b,y\n1,2,3\n4,5,6\n", "separator=comma"},
        {"a,b,y\n1,2,3\n4,5,6\n", "header=yes target=y task=regression"},
        {"a,label,b\n1,3,2\n4,6,5\n", "task=regression"},
        {"Target,a,b\n3,1,2\n6,4,5\n", ""},
        {"a,b,other\n1,2,3\n4,5,6\n", ""},
        {"1,2,3\n4,5,6\n", ""},
        {"7,8,9\n1,2,3\n4,5,6\n", "header=yes"},
        {"3,1,2\n6,4,5\n", "target=1"},
        {"3,1,2\n6,4,5\n", "target=-3"},
        {"1,3,2\n4,6,5\n", "target=2"},
        {"1,2,3\n4,5,6\n", "target=last"},
        {"1,2,3\n4,5,6\n", "target=-1"},
        {"1,3,2\n4,6,5\n", "target=\"column 2\""},
        {"2,1,y\n3,1,2\n6,4,5\n", "header=yes target=2"}, /* a column's name goes first */
        {"a,\"b, or\nnot \"\"c\"\"\",y\n1,2,3\n4,5,6\n", ""},
    };
    char spec[100];

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_text("dialect.csv", rows[i].text);
        snprintf(spec, sizeof spec, "dialect.csv %s", rows[i].options);
        descent_dataset *data = open_good(spec);
        expect(data, 2, 2, (const float[]){1, 2, 4, 5});
        assert_float_equal(data->targets[0], 3, 0);
        assert_float_equal(data->targets[1], 6, 0);
        descent_dataset_free(data);
    }
}

static void test_quoted_names(void **unused)
{
    write_text("quoted.csv", "\"a, \"\"b\"\"\",\"two\nlines\",\"\",y\n1,2,3,\"no, \"\"maybe\"\"\"\n"
                             "4,5,6,yes\n");
    descent_dataset *data = open_good("quoted.csv");

    (void)unused;
    assert_string_equal(descent_dataset_feature(data, 0), "a, \"b\"");
    assert_string_equal(descent_dataset_feature(data, 1), "two\nlines");
    assert_string_equal(descent_dataset_feature(data, 2), "column 3");
    assert_string_equal(descent_dataset_class(data, 0), "no, \"maybe\"");
    descent_dataset_free(data);
}

static void test_classes(void **unused)
{
    write_text("animals.csv", "x,species\n1,zebra\n2,ant\n3,cat\n4,ant\n5,zebra\n6,ant\n");
    descent_dataset *data = open_good("animals.csv");
    static const int32_t labels[] = {2, 0, 1, 0, 2, 0};

    (void)unused;
    assert_int_equal(descent_dataset_task(data), DESCENT_CLASSIFICATION);
    assert_int_equal(descent_dataset_outputs(data), 3);
    assert_string_equal(descent_dataset_class(data, 0), "ant");
    assert_string_equal(descent_dataset_class(data, 1), "cat");
    assert_string_equal(descent_dataset_class(data, 2), "zebra");
    assert_null(descent_dataset_class(data, 3));
    assert_null(descent_dataset_class(data, -1));
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(descent_dataset_label(data, i), labels[i]);
    assert_int_equal(descent_dataset_label(data, 6), -1);
    assert_int_equal(descent_dataset_class_count(data, 0), 3);
    assert_int_equal(descent_dataset_class_count(data, 1), 1);
    assert_int_equal(descent_dataset_class_count(data, 3), 0);
    assert_int_equal(descent_dataset_bytes(data), 6 * (sizeof(float) + sizeof(int32_t)));
    descent_dataset_free(data);
}

/* Numbers as classes come by value, words after them. */
static void test_class_order(void **unused)
{
    static const char *const names[] = {"-1", "2", "10", "Z", "a", "ab"};
    write_text("order.csv", "x,y\n0,ab\n1,10\n2,a\n3,2\n4,Z\n5,-1\n");
    descent_dataset *data = open_good("order.csv task=classification");

    (void)unused;
    assert_int_equal(descent_dataset_outputs(data), 6);
    for (int i = 0; i < 6; i++)
        assert_string_equal(descent_dataset_class(data, i), names[i]);
    assert_int_equal(descent_dataset_label(data, 0), 5);
    assert_int_equal(descent_dataset_label(data, 5), 0);
    descent_dataset_free(data);
}

/* Numbers are regression unless classes are asked for; half words are classes. */
static void test_task(void **unused)
{
    (void)unused;
    write_text("task.csv", "x,label\n1,0\n2,1\n3,0\n");
    descent_dataset *data = open_good("task.csv");
    assert_int_equal(descent_dataset_task(data), DESCENT_REGRESSION);
    descent_dataset_free(data);
    data = open_good("task.csv task=classification");
    assert_int_equal(descent_dataset_task(data), DESCENT_CLASSIFICATION);
    assert_string_equal(descent_dataset_class(data, 1), "1");
    descent_dataset_free(data);
    write_text("task.csv", "x,label\n1,3\n2,more\n");
    data = open_good("task.csv");
    assert_int_equal(descent_dataset_task(data), DESCENT_CLASSIFICATION);
    descent_dataset_free(data);
}

static void test_summary(void **unused)
{
    write_text("summary.csv", "a,b,y\n1,7,0\n2,7,0\n3,7,0\n6,7,1\n");
    descent_dataset *data = open_good("summary.csv");

    (void)unused;
    const descent_feature_summary a = descent_dataset_summary(data, 0);
    assert_float_equal(a.min, 1, 0);
    assert_float_equal(a.max, 6, 0);
    assert_float_equal(a.mean, 3, 0);
    assert_float_equal(a.deviation, 1.8708286933869707, 1e-15); /* sqrt(14 / 4) */
    assert_float_equal(descent_dataset_summary(data, 1).deviation, 0, 0);
    assert_true(descent_dataset_summary(data, 2).mean != descent_dataset_summary(data, 2).mean);
    descent_dataset_free(data);
}

/* The fast reader of short numbers must give the bits of strtod. */
static void test_numbers(void **unused)
{
    static const char *const numbers[] = {"0",
                                          "-0",
                                          "0.1",
                                          "123456789012345",
                                          "0.000000000000001",
                                          "-3.14159",
                                          "1e-3",
                                          "+7",
                                          "1.",
                                          ".25",
                                          "16777217",
                                          "1e-45",
                                          "3.4e38",
                                          "0.30000001192092896",
                                          "5.1234567",
                                          "1E5",
                                          "-1.5e+10",
                                          "999999999999999.5"};
    char text[100];

    (void)unused;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        snprintf(text, sizeof text, "a,y\n%s,1\n", numbers[i]);
        write_text("numbers.csv", text);
        descent_dataset *data = open_good("numbers.csv");
        const float expected = (float)strtod(numbers[i], NULL);
        assert_memory_equal(&floats_of(data)[0], &expected, sizeof expected);
        descent_dataset_free(data);
    }
}

/* Every truncation of a small file either reads as what is left or is a clear error. */
static void test_truncations(void **unused)
{
    static const char whole[] = "a,\"b\"\"\",class\r\n1.5,\"2\",\"x\ny\"\r\n-3,4e1,z\r\n";
    size_t opened = 0;

    (void)unused;
    for (size_t length = 0; length < sizeof whole; length++) {
        descent_dataset *data;
        descent_error err = {0};
        write_bytes("short.csv", whole, length);
        if (descent_dataset_open(&data, "short.csv", &err) == DESCENT_OK) {
            opened++;
            assert_int_equal(descent_dataset_count(data), 2);
            assert_int_equal(descent_dataset_outputs(data), 2);
            descent_dataset_free(data);
        } else {
            assert_null(data);
            assert_true(strlen(err.message) > 10);
        }
    }
    assert_int_equal(opened, 3); /* whole, without \n, without \r\n */
}

/* Rows beyond what the reader sets aside at first, and more classes than a handful. */
static void test_large(void **unused)
{
    enum { N = 20000, CLASSES = 5000 };
    FILE *stream = fopen("large.csv", "wb");

    (void)unused;
    assert_non_null(stream);
    for (int i = 0; i < N; i++)
        fprintf(stream, "%d,c%d\n", i, i * 7 % CLASSES);
    fclose(stream);
    descent_dataset *data = open_good("large.csv");
    assert_int_equal(descent_dataset_count(data), N);
    assert_int_equal(descent_dataset_outputs(data), CLASSES);
    for (int i = 0; i < N; i++) {
        char name[16];
        snprintf(name, sizeof name, "c%d", i * 7 % CLASSES);
        assert_float_equal(floats_of(data)[i], i, 0);
        assert_string_equal(descent_dataset_class(data, descent_dataset_label(data, (size_t)i)),
                            name);
    }
    descent_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),    cmocka_unit_test(test_ignore),
        cmocka_unit_test(test_dialects), cmocka_unit_test(test_quoted_names),
        cmocka_unit_test(test_classes),  cmocka_unit_test(test_class_order),
        cmocka_unit_test(test_task),     cmocka_unit_test(test_summary),
        cmocka_unit_test(test_numbers),  cmocka_unit_test(test_truncations),
        cmocka_unit_test(test_large),
    };

    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
