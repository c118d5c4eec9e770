/* log.c - the run log, through jansson. */
#include "train/log.h"

#include "base/memory.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct dsc_log {
    FILE *stream; /* NULL: nothing is written */
    char path[512];
    int failure; /* errno of the first failed write */
};

descent_status dsc_log_open(dsc_log **out, const char *folder, bool more, descent_error *err)
{
    *out = NULL;
    dsc_log *log = dsc_alloc(1, sizeof *log);
    if (!log)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the run log");
    if (folder) {
        snprintf(log->path, sizeof log->path, "%s/log.jsonl", folder);
        log->stream = fopen(log->path, more ? "a" : "w");
        if (!log->stream) {
            const int reason = errno;
            dsc_free(log);
            return dsc_fail(err, DESCENT_IO, "cannot write '%s/log.jsonl': %s", folder,
                            strerror(reason));
        }
    }
    *out = log;
    return DESCENT_OK;
}

void dsc_log_free(dsc_log *log)
{
    if (!log)
        return;
    if (log->stream)
        fclose(log->stream);
    dsc_free(log);
}

static json_t *field_json(const dsc_log_field *field)
{
    if (field->text)
        return json_string(field->text);
    if (!isfinite(field->number))
        return json_null();
    if (field->number == floor(field->number) && fabs(field->number) < 0x1p53)
        return json_integer((json_int_t)field->number);
    return json_real(field->number);
}

void dsc_log_event(dsc_log *log, const char *event, const dsc_log_field *field, size_t n)
{
    if (!log->stream || log->failure)
        return;

    json_t *object = json_object();
    int bad = json_object_set_new(object, "event", json_string(event));
    for (size_t i = 0; i < n; i++)
        bad |= json_object_set_new(object, field[i].key, field_json(&field[i]));
    errno = 0;
    if (bad || json_dumpf(object, log->stream, JSON_COMPACT | JSON_REAL_PRECISION(17)) != 0 ||
        fputc('\n', log->stream) == EOF || fflush(log->stream) != 0)
        log->failure = errno ? errno : ENOMEM;
    json_decref(object);
}

descent_status dsc_log_status(const dsc_log *log, descent_error *err)
{
    if (log->failure)
        return dsc_fail(err, DESCENT_IO, "cannot write '%s': %s", log->path,
                        strerror(log->failure));
    return DESCENT_OK;
}
