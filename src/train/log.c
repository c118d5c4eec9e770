/* log.c - the run log, through jansson. */
#include "train/log.h"

#include "base/append.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Whoever reads along waits no longer for lines that come often; others go out at once. */
static const double FLUSH_SECONDS = 0.2;

struct dsc_log {
    dsc_append *events, *clock; /* NULL: nothing is written */
    double flushed;             /* seconds, at the last time that lines went out */
    bool failed;
    descent_error failure; /* when failed: why, the last time */
    bool lost;             /* a line had no room in memory */
};

static descent_status open_files(dsc_log *log, const char *folder, descent_error *err)
{
    char path[512];

    snprintf(path, sizeof path, "%s/log.jsonl", folder);
    DSC_TRY(dsc_append_open(&log->events, path, err));
    snprintf(path, sizeof path, "%s/timing.jsonl", folder);
    return dsc_append_open(&log->clock, path, err);
}

descent_status dsc_log_open(dsc_log **out, const char *folder, descent_error *err)
{
    *out = NULL;
    dsc_log *log = dsc_alloc(1, sizeof *log);
    if (!log)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the run log");
    const descent_status status = folder ? open_files(log, folder, err) : DESCENT_OK;
    if (status == DESCENT_OK)
        *out = log;
    else
        dsc_log_free(log);
    return status;
}

void dsc_log_free(dsc_log *log)
{
    if (!log)
        return;
    dsc_append_free(log->events);
    dsc_append_free(log->clock);
    dsc_free(log);
}

descent_status dsc_log_begin(dsc_log *log, descent_error *err)
{
    if (!log->events)
        return DESCENT_OK;
    dsc_append_restart(log->events);
    return dsc_append_cut(log->clock, 0, err);
}

descent_status dsc_log_cut(dsc_log *log, int64_t bytes, descent_error *err)
{
    return dsc_append_cut(log->events, bytes, err);
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

static bool add_line(dsc_append *file, const char *event, const dsc_log_field *field, size_t n)
{
    json_t *object = json_object();
    dsc_json_set(&object, "event", json_string(event));
    add_fields(&object, field, n);
    char *text = dsc_json_text(object); /* all of it before any of it is written */
    const bool good = text && dsc_append_line(file, text, strlen(text));
    dsc_free(text);
    json_decref(object);
    return good;
}

static void flush(dsc_log *log, double now)
{
    descent_error *failure = &log->failure;

    log->failed = dsc_append_write(log->events, failure) != DESCENT_OK ||
                  dsc_append_write(log->clock, failure) != DESCENT_OK;
    log->flushed = now;
}

void dsc_log_event(dsc_log *log, const char *event, const dsc_log_field *field, size_t n)
{
    if (!log->events)
        return;

    const bool often = strcmp(event, "steps") == 0 || strcmp(event, "histogram") == 0;
    const double now = dsc_seconds();
    if (!add_line(log->events, event, field, n))
        log->lost = true;
    if (!often || now - log->flushed > FLUSH_SECONDS)
        flush(log, now);
}

void dsc_log_clock(dsc_log *log, const char *event, const dsc_log_field *field, size_t n)
{
    if (log->clock && !add_line(log->clock, event, field, n))
        log->lost = true;
}

descent_status dsc_log_status(const dsc_log *log, descent_error *err)
{
    if (log->lost)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a line of the run log");
    if (log->failed)
        return dsc_fail(err, DESCENT_IO, "%s", log->failure.message);
    return DESCENT_OK;
}

descent_status dsc_log_sync(dsc_log *log, int64_t *bytes, descent_error *err)
{
    *bytes = 0;
    if (log->lost)
        return dsc_log_status(log, err);
    if (!log->events)
        return DESCENT_OK;
    DSC_TRY(dsc_append_sync(log->events, bytes, err));
    DSC_TRY(dsc_append_write(log->clock, err));
    log->failed = false;
    return DESCENT_OK;
}
