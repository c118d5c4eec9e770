/* runlog.c - reads log.jsonl of a run: one JSON object a line. */
#include "command.h"

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

/* A run that goes on from a checkpoint tells again what came after it: the old lines go. */
static void drop_after(json_t *lines, double step)
{
    for (size_t i = json_array_size(lines); i-- > 0;)
        if (step_of(json_array_get(lines, i)) > step)
            json_array_remove(lines, i);
}

static int add_line(cli_log *log, const char *text, size_t length, int number)
{
    json_error_t fault;
    json_t *line = json_loadb(text, length, 0, &fault);

    if (!json_is_object(line)) {
        json_decref(line);
        return cli_complain("%s:%d: not a line of a run's log, expected a JSON object such as "
                            "{\"event\":\"steps\",...}",
                            log->path, number);
    }
    if (is_event(line, "resume") && json_object_get(line, "step"))
        drop_after(log->line, step_of(line));
    json_array_append_new(log->line, line);
    return EXIT_DONE;
}

static int read_lines(cli_log *log, FILE *file)
{
    char *text = NULL;
    size_t capacity = 0;
    ssize_t length;
    int number = 0, status = EXIT_DONE;

    while (status == EXIT_DONE && (length = getline(&text, &capacity, file)) > 0) {
        number++;
        if (text[length - 1] == '\n') /* else a training is writing it just now */
            status = add_line(log, text, (size_t)length, number);
    }
    if (status == EXIT_DONE && !feof(file))
        status = cli_complain("cannot read '%s': %s", log->path, strerror(errno));
    free(text);
    return status;
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
    const int status = read_lines(log, file);
    fclose(file);
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
