/* memory.h - the only place that allocates. Sizes are checked, blocks are 64-byte aligned. */
#ifndef DSC_BASE_MEMORY_H
#define DSC_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed block of count * size bytes, or NULL (also when the product overflows). */
void *dsc_alloc(size_t count, size_t size);
/* Bytes that dsc_alloc() takes for so many: blocks are rounded up, large ones to huge pages. */
size_t dsc_block_bytes(size_t wanted);
void dsc_free(void *block); /* NULL is fine */

/* A copy of a string, or of its first `length` bytes, NUL-terminated; or NULL. */
char *dsc_copy(const char *text);
char *dsc_copy_n(const char *text, size_t length);

/* Makes *block (capacity *capacity elements of `size` bytes) hold at least `needed` elements, at
 * least doubling; new elements are zero. False: out of memory, and nothing has changed. */
bool dsc_grow(void **block, size_t *capacity, size_t needed, size_t size);

/* *product = a * b, false when it overflows. */
bool dsc_multiply(size_t a, size_t b, size_t *product);

#endif
