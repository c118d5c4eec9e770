/* log_read.c - the log of a run, read back. */
#include "train/log.h"

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"

#include <stdio.h>
#include <string.h>

enum { MOST_BYTES = 1 << 30 };

static bool is_kind(const json_t *event, const char *kind)
{
    const char *found = json_string_value(json_object_get(event, "event"));

    return found && strcmp(found, kind) == 0;
}

/* A training that goes on from a checkpoint tells again what came after it; and a snapshot is of
 * the moment before its next step, so that of the checkpoint's step comes again as well. */
static void drop_after(json_t *events, double step)
{
    for (size_t i = json_array_size(events); i-- > 0;) {
        const json_t *event = json_array_get(events, i);
        const double at = json_number_value(json_object_get(event, "step"));
        if (at > step || (at >= step && is_kind(event, "snapshot")))
            json_array_remove(events, i);
    }
}

/* A line that is no JSON, such as half of one, is passed over; *events is NULL without memory. */
static void take_line(json_t **events, const char *line, size_t length)
{
    dsc_json_fault problem = {0};
    json_t *event = dsc_json_read(line, length, &problem);
    const json_t *step = json_object_get(event, "step");

    if (is_kind(event, "resume") && step)
        drop_after(*events, json_number_value(step));
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
