/* deny.h - a malloc that counts what lives, and gives nothing at one moment that a test chooses. */
#ifndef TESTS_MEMORY_DENY_H
#define TESTS_MEMORY_DENY_H

#include <stddef.h>
#include <stdio.h>

/* Under a sanitizer, which has its own malloc, and without glibc nothing is counted or denied. */
int deny_works(void);

/* Allocations count from here on, and number n of them fails (0: none); deny_rest(n): number n and
 * all after it. Those of libraries that end the program when they get nothing are left out, see
 * deny.c. */
void deny_at(long n);
void deny_rest(long n);
/* Those that oneDNN asks for within a product: left out (the default), or denied like others. */
void deny_products(int denied);
/* None fails any more; returns how many there were since. */
long deny_off(void);

/* Blocks that live now, and their bytes; those of the libraries that are left out don't count. */
long deny_blocks(void);
size_t deny_bytes(void);

/* A moment: blocks that came after it are told by deny_tell(), with whose code asked for them. */
long deny_moment(void);
void deny_tell(FILE *out, long moment);

#endif
