/* log.h - the run log: FOLDER/log.jsonl, one JSON object an event, of everything that is the same
 * whenever the same training is run; and FOLDER/timing.jsonl, what a clock said meanwhile.
 *
 * A training that goes on from a checkpoint cuts log.jsonl to what it held then and tells the rest
 * again, so that no byte shows that it ever stopped. timing.jsonl only grows. */
#ifndef DSC_TRAIN_LOG_H
#define DSC_TRAIN_LOG_H

#include "descent/train.h"

#include "base/error.h"

#include <jansson.h>

typedef struct dsc_log dsc_log;

/* Opens the log of a run folder, keeps what is in it, and keeps other trainings from it. A NULL
 * folder gives a log that writes nothing. */
descent_status dsc_log_open(dsc_log **out, const char *folder, descent_error *err);
void dsc_log_free(dsc_log *log); /* NULL is fine */
/* Empties it, but for a first line that comes again; or keeps the first bytes of log.jsonl, as
 * dsc_log_sync() told them. */
descent_status dsc_log_begin(dsc_log *log, descent_error *err);
descent_status dsc_log_cut(dsc_log *log, int64_t bytes, descent_error *err);

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
/* The same into timing.jsonl. */
void dsc_log_clock(dsc_log *log, const char *event, const dsc_log_field *field, size_t n);
/* Whether all could be written the last time; what could not (DESCENT_IO) waits. */
descent_status dsc_log_status(const dsc_log *log, descent_error *err);
/* Writes all that waits; log.jsonl is on disk then, *bytes long. */
descent_status dsc_log_sync(dsc_log *log, int64_t *bytes, descent_error *err);

/* The events of FOLDER/log.jsonl in order, as an array; release it with json_decref(). Lines that
 * are no JSON, such as one that was cut off, are left out. */
descent_status dsc_log_read(json_t **out, const char *folder, descent_error *err);
/* Its first line, with which a run begins; to be released as well. */
descent_status dsc_log_read_start(json_t **out, const char *folder, descent_error *err);
/* Whether an event of it is of that kind: "start", "snapshot", ... */
bool dsc_event_is(const json_t *event, const char *kind);

#endif
