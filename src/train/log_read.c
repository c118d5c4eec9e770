/* log_read.c - the log of a run, read back. */
#include "train/log.h"

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/strbuf.h"

#include <stdio.h>
#include <string.h>

enum { MOST_BYTES = 1 << 30 };

bool dsc_event_is(const json_t *event, const char *kind)
{
    const char *found = json_string_value(json_object_get(event, "event"));

    return found && strcmp(found, kind) == 0;
}

/* A line that is no JSON, such as half of one, is passed over; *events is NULL without memory. */
static void take_line(json_t **events, const char *line, size_t length)
{
    dsc_json_fault problem = {0};
    json_t *event = dsc_json_read(line, length, &problem);

    if (event || !problem.reason)
        dsc_json_add(events, event);
}

descent_status dsc_log_read(json_t **out, const char *folder, descent_error *err)
{
    char path[600], *text;
    size_t length;

    *out = NULL;
    snprintf(path, sizeof path, "%s/log.jsonl", folder);
    DSC_TRY(dsc_file_read(path, MOST_BYTES, &text, &length, err));
    json_t *events = json_array();
    for (const char *line = text; events && *line;) {
        const size_t n = strcspn(line, "\n");
        take_line(&events, line, n);
        line += n + (line[n] == '\n');
    }
    dsc_free(text);
    if (!events)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for '%s'", path);
    *out = events;
    return DESCENT_OK;
}

/* Up to the first newline; all of a file without one. */
static void read_line(FILE *file, dsc_strbuf *line)
{
    char piece[4096];

    while (fgets(piece, sizeof piece, file)) {
        dsc_strbuf_add(line, piece);
        if (strchr(piece, '\n'))
            return;
    }
}

descent_status dsc_log_read_start(json_t **out, const char *folder, descent_error *err)
{
    char path[600];
    dsc_strbuf line = {.text = NULL};
    dsc_json_fault fault = {.reason = "it is empty"};

    snprintf(path, sizeof path, "%s/log.jsonl", folder);
    FILE *file = fopen(path, "rb");
    if (file) {
        read_line(file, &line);
        fclose(file);
    }
    if (line.text)
        *out = dsc_json_read(line.text, line.length, &fault);
    else
        *out = NULL;
    const bool no_memory = line.failed || (!*out && !fault.reason);
    dsc_strbuf_free(&line);
    if (dsc_event_is(*out, "start"))
        return DESCENT_OK;
    json_decref(*out);
    *out = NULL;
    if (no_memory)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for '%s'", path);
    return dsc_fail(err, DESCENT_SYNTAX, "'%s' does not begin with a line of kind \"start\"", path);
}
