/* log.h - the run log: FOLDER/log.jsonl, one JSON object an event. */
#ifndef DSC_TRAIN_LOG_H
#define DSC_TRAIN_LOG_H

#include "descent/train.h"

#include "base/error.h"

#include <jansson.h>

typedef struct dsc_log dsc_log;

/* Opens the log of a run folder; `more` appends to what is there. A NULL folder gives a log that
 * writes nothing. */
descent_status dsc_log_open(dsc_log **out, const char *folder, bool more, descent_error *err);
void dsc_log_free(dsc_log *log); /* NULL is fine */

/* Writes one line: {"event": EVENT, KEY: VALUE, ...}. Numbers that are NaN or infinite become
 * null, whole ones are written without a point. Failures are kept for dsc_log_status. */
typedef struct dsc_log_field {
    const char *key;
    const char *text; /* what of these is not NULL is the value, else `number` */
    const double *list;
    const char *const *texts;
    const struct dsc_log_field *object;
    size_t n; /* of list, texts or object */
    double number;
} dsc_log_field;

void dsc_log_event(dsc_log *log, const char *event, const dsc_log_field *field, size_t n);
descent_status dsc_log_status(const dsc_log *log, descent_error *err);

/* The events of FOLDER/log.jsonl in order, as an array; release it with json_decref(). Lines that
 * are no JSON, such as one that was cut off, are left out, and what a resumed training told again
 * stands there once. */
descent_status dsc_log_read(json_t **out, const char *folder, descent_error *err);
/* Whether an event of it is of that kind: "start", "snapshot", ... */
bool dsc_event_is(const json_t *event, const char *kind);

#endif
