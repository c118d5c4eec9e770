/* runlog.c - reads log.jsonl of a run: one JSON object a line. */
#include "runlog.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Keys of a line that only say where it stands. */
static bool is_place(const char *key)
{
    return strcmp(key, "step") == 0 || strcmp(key, "first") == 0 || strcmp(key, "epoch") == 0;
}

static bool is_event(const json_t *line, const char *event)
{
    const char *found = json_string_value(json_object_get(line, "event"));

    return found && strcmp(found, event) == 0;
}

static double step_of(const json_t *line)
{
    return json_number_value(json_object_get(line, "step"));
}

typedef int take_line(cli_log *log, json_t *line, const char *path, int number);

static int add_line(cli_log *log, json_t *line, const char *path, int number)
{
    if (!json_is_object(line))
        return cli_complain("%s:%d: not a line of a run's log, expected a JSON object such as "
                            "{\"event\":\"steps\",...}",
                            path, number);
    json_array_append(log->line, line);
    return EXIT_DONE;
}

/* What the clock said of an event of the log. Both tell in the same order; a run that was resumed
 * tells some again, and the search for them begins anew. */
static int add_time(cli_log *log, json_t *line, const char *path, int number)
{
    json_t *seconds = json_object_get(line, "seconds");
    const char *event = json_string_value(json_object_get(line, "event"));
    const double step = step_of(line);

    (void)path, (void)number;
    if (!event || !seconds)
        return EXIT_DONE;
    if (strcmp(event, "resume") == 0)
        log->timed = 0;
    for (size_t i = log->timed; i < json_array_size(log->line); i++) {
        json_t *told = json_array_get(log->line, i);
        if (step_of(told) > step) /* it was cut off, and not told again yet */
            break;
        if (!is_event(told, event) || (step_of(told) < step && strcmp(event, "result") != 0))
            continue;
        json_object_set(told, "seconds", seconds);
        json_object_set(told, "samples_per_second", json_object_get(line, "samples_per_second"));
        log->timed = i + 1;
        break;
    }
    return EXIT_DONE;
}

static int read_lines(cli_log *log, const char *path, FILE *file, take_line *take)
{
    char *text = NULL;
    size_t capacity = 0;
    ssize_t length;
    int number = 0, status = EXIT_DONE;

    while (status == EXIT_DONE && (length = getline(&text, &capacity, file)) > 0) {
        number++;
        if (text[length - 1] != '\n') /* a training is writing it just now */
            continue;
        json_t *line = json_loadb(text, (size_t)length, 0, NULL);
        status = take(log, line, path, number);
        json_decref(line);
    }
    if (status == EXIT_DONE && !feof(file))
        status = cli_complain("cannot read '%s': %s", path, strerror(errno));
    free(text);
    return status;
}

/* A run can do without it. */
static void read_timing(cli_log *log, const char *run)
{
    char path[600];

    snprintf(path, sizeof path, "%s/timing.jsonl", run);
    FILE *file = fopen(path, "r");
    if (!file)
        return;
    read_lines(log, path, file, add_time);
    fclose(file);
}

int cli_log_open(cli_log *log, const char *run)
{
    struct stat info;
    const bool is_folder = stat(run, &info) == 0 && S_ISDIR(info.st_mode);

    *log = (cli_log){.line = json_array()};
    snprintf(log->path, sizeof log->path, is_folder ? "%s/log.jsonl" : "%s", run);
    FILE *file = fopen(log->path, "r");
    if (!file)
        return cli_complain("cannot read '%s': %s; a run is a folder that descent train has "
                            "written, such as runs/digits-1",
                            log->path, strerror(errno));
    const int status = read_lines(log, log->path, file, add_line);
    fclose(file);
    if (is_folder && status == EXIT_DONE)
        read_timing(log, run);
    return status;
}

void cli_log_close(cli_log *log)
{
    json_decref(log->line);
}

size_t cli_log_names(const cli_log *log, const char *name[CLI_MAX_NAMES])
{
    size_t n = 0, index, at;
    json_t *line, *value;
    const char *key;

    json_array_foreach(log->line, index, line)
    {
        if (!is_event(line, "steps") && !is_event(line, "epoch"))
            continue;
        json_object_foreach(line, key, value)
        {
            for (at = 0; at < n && strcmp(name[at], key) != 0; at++)
                ;
            if (at == n && n < CLI_MAX_NAMES && json_is_number(value) && !is_place(key))
                name[n++] = key;
        }
        value = json_object_get(line, "layers");
        const char *layered;
        json_t *list;
        json_object_foreach(value, layered, list)
        {
            for (at = 0; at < n && strcmp(name[at], layered) != 0; at++)
                ;
            if (at == n && n < CLI_MAX_NAMES)
                name[n++] = layered;
        }
    }
    return n;
}

const json_t *cli_log_layers(const cli_log *log)
{
    const json_t *names = NULL;
    size_t index;
    json_t *line;

    json_array_foreach(log->line, index,
                       line) if (is_event(line, "start") || is_event(line, "resume")) names =
        json_object_get(line, "layers") ? json_object_get(line, "layers") : names;
    return json_array_size(names) > 0 ? names : NULL;
}

/* The number of that name in a line, or NULL. */
static const json_t *value_of(const json_t *line, const char *name, int layer)
{
    if (!is_event(line, "steps") && !is_event(line, "epoch"))
        return NULL;
    if (layer < 0)
        return json_object_get(line, name);
    return json_array_get(json_object_get(json_object_get(line, "layers"), name), (size_t)layer);
}

cli_points cli_log_points(const cli_log *log, const char *name, int layer)
{
    const size_t most = json_array_size(log->line) + 1;
    cli_points p = {.step = cli_need(most, sizeof *p.step),
                    .value = cli_need(most, sizeof *p.value)};
    bool in_steps = false;
    size_t index;
    json_t *line;

    /* lr and the like are in both kinds of lines: the finer one counts */
    json_array_foreach(log->line, index, line) in_steps |=
        is_event(line, "steps") && value_of(line, name, layer) != NULL;
    json_array_foreach(log->line, index, line)
    {
        const json_t *value = value_of(line, name, layer);
        if (!json_is_number(value) || (in_steps && !is_event(line, "steps")))
            continue;
        p.step[p.n] = step_of(line);
        p.value[p.n++] = json_number_value(value);
    }
    return p;
}
