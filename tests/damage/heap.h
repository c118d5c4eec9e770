/* heap.h - how much memory a call takes, that of all libraries together. */
#ifndef TESTS_DAMAGE_HEAP_H
#define TESTS_DAMAGE_HEAP_H

#include <stddef.h>

/* From here on. */
void heap_begin(void);
/* The most bytes that were in use at once since then, beside those in use before. */
size_t heap_most(void);
/* Those in use now. */
size_t heap_now(void);

#endif
