/* tables.c - damaged CSV files and texts. */
#include "damage.h"

#include "data/numbers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static descent_status read_table(const char *path, descent_error *err)
{
    descent_dataset *data;
    const descent_status status = descent_dataset_open(&data, path, err);

    for (size_t i = 0; status == DESCENT_OK && i < data->count; i++) {
        for (size_t f = 0; f < dsc_shape_count(data->shape); f++)
            assert_true(isfinite(dsc_feature(data, i, f)));
        if (data->task == DESCENT_CLASSIFICATION)
            assert_true(data->labels[i] >= 0 && data->labels[i] < data->outputs);
    }
    descent_dataset_free(data);
    return status;
}

enum { FIXED = 1 << 20, FACTOR = 160 };

static damage table(const char *path, const char *text)
{
    return (damage){.path = path,
                    .bytes = text,
                    .size = strlen(text),
                    .header = strlen(text),
                    .read = read_table,
                    .factor = FACTOR,
                    .fixed = FIXED};
}

static void csv(void **state)
{
    const damage plain = table("plain.csv", "a,b,class\n1,2.5,x\n-3e2,4,y\n0,0,x\n");
    const damage quoted =
        table("quoted.csv", "\"a \"\"1\"\"\";\"b\nb\";target\r\n1;2;3\r\n4;5;6\r\n");

    (void)state;
    assert_true(damage_all(&plain) > 100);
    assert_true(damage_all(&quoted) > 100);
}

/* As much memory as a table can ask for: columns with empty names, short rows, many classes. */
static void csv_memory(void **state)
{
    enum { SIZE = 400000 };
    static char text[SIZE + 64];
    damage d = table("large.csv", text);
    descent_error err;

    (void)state;
    memset(text, ',', SIZE);
    assert_int_equal(damage_one(&d, text, SIZE, &err), DESCENT_SYNTAX);
    memcpy(text + SIZE / 4, "\n", 1);
    for (size_t i = SIZE / 4 + 1; i + 1 < SIZE; i += 2)
        memcpy(text + i, "1,", 2);
    damage_one(&d, text, SIZE, &err);
    size_t at = (size_t)snprintf(text, SIZE, "a,b\n");
    for (int i = 0; at + 16 < SIZE; i++)
        at += (size_t)snprintf(text + at, SIZE - at, "%d,c%x\n", i % 10, i % 9000);
    assert_int_equal(damage_one(&d, text, at, &err), DESCENT_OK);
}

static descent_status read_text(const char *path, descent_error *err)
{
    descent_dataset *data;
    const descent_status status = descent_dataset_open(&data, path, err);

    descent_dataset_free(data);
    return status;
}

/* A table of all characters is there while a text is read. */
static void texts(void **state)
{
    static const char text[] = "\xEF\xBB\xBFna\xC3\xAFve \xE2\x82\xAC \xF0\x9F\x98\x80\nend";
    const damage d = {.path = "book.txt",
                      .bytes = text,
                      .size = sizeof text - 1,
                      .header = sizeof text - 1,
                      .read = read_text,
                      .factor = 16,
                      .fixed = 8 << 20};

    (void)state;
    assert_true(damage_all(&d) > 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(csv), cmocka_unit_test(csv_memory),
                                       cmocka_unit_test(texts)};

    return cmocka_run_group_tests_name("damaged tables and texts", tests, damage_enter,
                                       damage_leave);
}
