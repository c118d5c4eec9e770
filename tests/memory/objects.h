/* objects.h - what create_free.c makes and frees. */
#ifndef TESTS_MEMORY_OBJECTS_H
#define TESTS_MEMORY_OBJECTS_H

#include "descent/descent.h"

typedef struct object {
    const char *name;
    void (*make)(void);
    int share; /* of the cycles: 1 in so many */
} object;

extern const object objects[];
extern const size_t objects_count;
extern int object_failures;       /* what should have worked and did not */
extern descent_model *text_model; /* that texts go on from; made by the caller, as is "run" */

void must(descent_status status, const descent_error *err);
descent_recipe *small_recipe(void);

#endif
