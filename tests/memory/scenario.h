/* scenario.h - something a program does with the library, to be done without enough memory. */
#ifndef TESTS_MEMORY_SCENARIO_H
#define TESTS_MEMORY_SCENARIO_H

#include "descent/descent.h"

#include <stdbool.h>

/* A check sum of what a scenario came to; the same every time it succeeds. */
typedef struct scenario_sum {
    uint64_t value;
} scenario_sum;

void sum_bytes(scenario_sum *sum, const void *bytes, size_t n);
void sum_number(scenario_sum *sum, double x);
void sum_text(scenario_sum *sum, const char *text);
void sum_file(scenario_sum *sum, const char *path); /* nothing when it isn't there */
void sum_model(scenario_sum *sum, descent_model *model);

typedef struct scenario {
    const char *name;
    /* frees all it made, also on failure; DESCENT_OK only when it did everything */
    descent_status (*run)(scenario_sum *sum, descent_error *err);
    void (*before)(void);        /* each time, with memory; or NULL */
    void (*after)(bool success); /* each time, with memory: what lies on disk is whole; or NULL */
    int tries, most; /* at most so many n of the quick test, and of --all; 0: all there are */
} scenario;

/* By list: ends with a name that is NULL. */
extern const scenario scenarios_of_data[], scenarios_of_models[], scenarios_of_optimizers[],
    scenarios_of_trainings[], scenarios_of_reports[], scenarios_of_studies[];

/* Makes the files that scenarios read, in the current folder. */
void make_files(void);

/* Trains into the folder "reference", once. */
void make_reference(void);

/* --- checks of what lies on disk; a failure is told and counted ----------------------------------
 */

void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void write_text(const char *path, const char *text);
void remove_tree(const char *path);
void no_temporary_files(const char *folder);
/* Every line is whole, and has all the keys that one of its kind has in `whole`. */
void log_is_whole(const char *path, const char *whole);

/* A recipe from "key", "value", ..., NULL. */
descent_status make_recipe(descent_recipe **out, descent_error *err, ...);

#endif
