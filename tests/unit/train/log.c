/* log.c - a run's log read back: whole lines only, and what was told twice once. */
#include "train/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char folder[] = "unit-log", path[] = "unit-log/log.jsonl";

static json_t *read_back(const char *text)
{
    json_t *events;
    descent_error err = {0};

    mkdir(folder, 0777);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    if (dsc_log_read(&events, folder, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    remove(path);
    rmdir(folder);
    return events;
}

/* "start steps@10 ...": kinds and steps. */
static void check(const char *text, const char *expected)
{
    json_t *events = read_back(text);
    char found[400] = "";

    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *event = json_array_get(events, i), *step = json_object_get(event, "step");
        const size_t length = strlen(found);
        snprintf(found + length, sizeof found - length, "%s%s@%d", i > 0 ? " " : "",
                 json_string_value(json_object_get(event, "event")), (int)json_integer_value(step));
    }
    assert_string_equal(found, expected);
    json_decref(events);
}

#define EVENT(kind, step) "{\"event\":\"" kind "\",\"step\":" step "}\n"

static void whole_lines_are_read(void **state)
{
    (void)state;
    check("", "");
    check(EVENT("start", "0") EVENT("steps", "10") "\nno json\n" EVENT("epoch", "10"),
          "start@0 steps@10 epoch@10");
    check(EVENT("start", "0") "{\"event\":\"steps\",\"st", "start@0");
}

static void a_missing_log_is_said(void **state)
{
    descent_error err;
    json_t *events;

    (void)state;
    assert_int_equal(dsc_log_read(&events, "no-such-run", &err), DESCENT_IO);
    assert_null(events);
    assert_string_equal(err.message,
                        "cannot read 'no-such-run/log.jsonl': No such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_lines_are_read),
        cmocka_unit_test(a_missing_log_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
