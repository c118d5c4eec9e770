/* run_log.c - the log of a training, read back. */
#include "report/run.h"

#include "base/file.h"
#include "base/memory.h"

#include <stdio.h>
#include <string.h>

enum { MOST_BYTES = 1 << 28 };

json_t *dsc_run_log(const char *folder, descent_error *err)
{
    char path[512], *text;
    size_t length;

    snprintf(path, sizeof path, "%s/log.jsonl", folder);
    if (dsc_file_read(path, MOST_BYTES, &text, &length, err) != DESCENT_OK)
        return NULL;
    json_t *events = json_array();
    for (char *line = text; *line;) {
        const size_t n = strcspn(line, "\n");
        json_t *event = json_loadb(line, n, 0, NULL);
        if (event)
            json_array_append_new(events, event);
        line += n + (line[n] == '\n');
    }
    dsc_free(text);
    if (!events)
        dsc_report(err, DESCENT_NOMEM, "out of memory for '%s'", path);
    return events;
}
