/* logs.c - damaged logs, as the library reads them and as the command does. */
#include "damage.h"

#include "runlog.h"
#include "train/log.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* JSON in memory takes more room than in the file: "{}," is an object of some hundred bytes. */
enum { FACTOR = 96, FIXED = 1 << 20 };

static descent_status read_events(const char *path, descent_error *err)
{
    json_t *events;
    const descent_status status = dsc_log_read(&events, ".", err);

    (void)path;
    if (status == DESCENT_OK)
        assert_true(json_is_array(events));
    json_decref(events);
    return status;
}

/* The command's, which would print. */
static char sentence[512];

int cli_complain(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(sentence, sizeof sentence, fmt, args);
    va_end(args);
    return EXIT_USAGE;
}

static descent_status read_as_command(const char *path, descent_error *err)
{
    const char *name[CLI_MAX_NAMES];
    cli_log log;
    const int status = cli_log_open(&log, path);

    if (status == EXIT_DONE) {
        const size_t n = cli_log_names(&log, name);
        for (size_t i = 0; i < n; i++) {
            cli_points points = cli_log_points(&log, name[i], -1);
            assert_true(points.n <= json_array_size(log.line));
            free(points.step);
            free(points.value);
        }
    } else {
        err->status = DESCENT_SYNTAX;
        snprintf(err->message, sizeof err->message, "%s", sentence);
    }
    cli_log_close(&log);
    return status == EXIT_DONE ? DESCENT_OK : DESCENT_SYNTAX;
}

static const char text[] =
    "{\"event\":\"start\",\"step\":0,\"layers\":[\"0.weight\"]}\n"
    "{\"event\":\"steps\",\"step\":2,\"loss\":0.5,\"layers\":{\"grad_norm\":[1]}}\n"
    "{\"event\":\"resume\",\"step\":1}\n{\"event\":\"result\",\"steps\":2}\n";

static damage log_file(descent_status (*read)(const char *, descent_error *))
{
    return (damage){.path = "log.jsonl",
                    .bytes = text,
                    .size = sizeof text - 1,
                    .header = sizeof text - 1,
                    .read = read,
                    .factor = FACTOR,
                    .fixed = FIXED};
}

/* The library takes the lines that are whole: a run may have been killed while one was written. */
static void events(void **state)
{
    const damage d = log_file(read_events);

    (void)state;
    assert_int_equal(damage_all(&d), 0);
}

/* The command names a line that is none. */
static void lines(void **state)
{
    const damage d = log_file(read_as_command);

    (void)state;
    assert_true(damage_all(&d) > 200);
}

static void memory(void **state)
{
    static const char *const piece[] = {"{}\n", "[],", "{},", "1,", "{\"a\":[", "\"\","};
    enum { SIZE = 300000 };
    char *bytes = malloc(SIZE + 16);
    const damage d[] = {log_file(read_events), log_file(read_as_command)};
    descent_error err;

    (void)state;
    assert_non_null(bytes);
    for (size_t p = 0; p < sizeof piece / sizeof *piece; p++) {
        size_t at = 0;
        if (p > 0)
            at = (size_t)snprintf(bytes, SIZE, "{\"a\":[");
        for (; at < SIZE; at += strlen(piece[p]))
            memcpy(bytes + at, piece[p], strlen(piece[p]));
        if (p > 0)
            memcpy(bytes + at - 1, p == 4 ? "\n" : "]}\n", p == 4 ? 1 : 3);
        at += p > 0 && p != 4 ? 2 : 0;
        for (size_t reader = 0; reader < 2; reader++)
            damage_one(&d[reader], bytes, at, &err);
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(events), cmocka_unit_test(lines),
                                       cmocka_unit_test(memory)};

    return cmocka_run_group_tests_name("damaged logs", tests, damage_enter, damage_leave);
}
