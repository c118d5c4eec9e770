/* utf8.h - characters of a text as numbers (Unicode code points), and back. */
#ifndef DSC_BASE_UTF8_H
#define DSC_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DSC_UTF8_CODES = 0x110000, DSC_UTF8_SIZE = 5 }; /* how many codes; bytes of one, and NUL */

/* The character at the start of bytes[0..length), length >= 1. Returns how many bytes it takes, or
 * 0 when they are no UTF-8: cut off, overlong, a surrogate or beyond U+10FFFF (RFC 3629). */
size_t dsc_utf8_decode(const char *bytes, size_t length, uint32_t *code);
/* Writes a valid code, NUL-terminated, and returns how many bytes it takes. */
size_t dsc_utf8_encode(uint32_t code, char out[DSC_UTF8_SIZE]);

#endif
