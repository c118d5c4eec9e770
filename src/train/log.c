/* log.c - the run log, through jansson. */
#include "train/log.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Whoever reads along waits no longer for lines that come often; others go out at once. */
static const double FLUSH_SECONDS = 0.2;

struct dsc_log {
    FILE *stream; /* NULL: nothing is written */
    char path[512];
    double flushed; /* seconds, at the last time that lines went out */
    int failure;    /* errno of the first failed write */
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
            return dsc_cannot(err, "write", log->path, reason);
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

static json_t *number_json(double x)
{
    if (!isfinite(x))
        return json_null();
    if (x == floor(x) && fabs(x) < 0x1p53)
        return json_integer((json_int_t)x);
    return json_real(x);
}

static json_t *list_json(const dsc_log_field *field)
{
    json_t *list = json_array();

    for (size_t i = 0; i < field->n; i++)
        dsc_json_add(&list,
                     field->list ? number_json(field->list[i]) : json_string(field->texts[i]));
    return list;
}

static json_t *field_json(const dsc_log_field *field);

static void add_fields(json_t **object, const dsc_log_field *field, size_t n)
{
    for (size_t i = 0; i < n; i++)
        dsc_json_set(object, field[i].key, field_json(&field[i]));
}

static json_t *field_json(const dsc_log_field *field)
{
    if (field->text)
        return json_string(field->text);
    if (field->list || field->texts)
        return list_json(field);
    if (!field->object)
        return number_json(field->number);
    json_t *object = json_object();
    add_fields(&object, field->object, field->n);
    return object;
}

void dsc_log_event(dsc_log *log, const char *event, const dsc_log_field *field, size_t n)
{
    if (!log->stream || log->failure)
        return;

    const bool often = strcmp(event, "steps") == 0 || strcmp(event, "histogram") == 0;
    json_t *object = json_object();
    dsc_json_set(&object, "event", json_string(event));
    add_fields(&object, field, n);
    char *text = dsc_json_text(object); /* all of it before any of it is written */
    errno = 0;
    const double now = dsc_seconds();
    const bool out = !often || now - log->flushed > FLUSH_SECONDS;
    if (!text)
        log->failure = ENOMEM;
    else if (fputs(text, log->stream) == EOF || fputc('\n', log->stream) == EOF ||
             (out && fflush(log->stream) != 0))
        log->failure = errno ? errno : EIO;
    log->flushed = out ? now : log->flushed;
    dsc_free(text);
    json_decref(object);
}

descent_status dsc_log_status(const dsc_log *log, descent_error *err)
{
    if (log->failure)
        return dsc_cannot(err, "write", log->path, log->failure);
    return DESCENT_OK;
}
