/* runlog.h - what a run has told: log.jsonl, and what a clock said meanwhile, timing.jsonl. */
#ifndef CLI_RUNLOG_H
#define CLI_RUNLOG_H

#include "command.h"

typedef struct cli_log {
    char path[600];
    json_t *line; /* an array of its objects, with what the clock said in them */
    size_t timed; /* up to which line the clock was read */
} cli_log;

/* Points of a curve over the steps. */
typedef struct cli_points {
    double *step, *value;
    size_t n;
} cli_points;

enum { CLI_MAX_NAMES = 100 };

/* Reads RUN/log.jsonl, or the file RUN itself; an exit status, after complaining. Close also after
 * a failure. */
int cli_log_open(cli_log *log, const char *run);
void cli_log_close(cli_log *log);
/* What its "steps" and "epoch" lines have numbers for; how many names. */
size_t cli_log_names(const cli_log *log, const char *name[CLI_MAX_NAMES]);
/* The names of the layers in the order of lists; NULL: the run had no instruments. */
const json_t *cli_log_layers(const cli_log *log);
/* All finite values of a name, or (layer >= 0) of one layer's; free() step and value. */
cli_points cli_log_points(const cli_log *log, const char *name, int layer);

#endif
