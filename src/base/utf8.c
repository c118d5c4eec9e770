/* utf8.c - see utf8.h. */
#include "base/utf8.h"

/* First bytes: how many follow, and which bits of this one count. */
static size_t length_of(unsigned char first, uint32_t *bits)
{
    static const struct form {
        unsigned char mask, mark;
    } forms[] = {{0x80, 0x00}, {0xE0, 0xC0}, {0xF0, 0xE0}, {0xF8, 0xF0}};

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if ((first & forms[i].mask) == forms[i].mark) {
            *bits = first & (unsigned char)~forms[i].mask;
            return i + 1;
        }
    return 0;
}

size_t dsc_utf8_decode(const char *bytes, size_t length, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000}; /* by length: not overlong */
    uint32_t value = 0;
    const size_t n = length_of((unsigned char)bytes[0], &value);

    if (n == 0 || n > length)
        return 0;
    for (size_t i = 1; i < n; i++) {
        const unsigned char byte = (unsigned char)bytes[i];
        if ((byte & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (byte & 0x3F);
    }
    if (value < least[n] || value >= DSC_UTF8_CODES || (value >= 0xD800 && value < 0xE000))
        return 0;
    *code = value;
    return n;
}

size_t dsc_utf8_encode(uint32_t code, char out[DSC_UTF8_SIZE])
{
    const size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char mark[] = {0, 0x00, 0xC0, 0xE0, 0xF0};

    for (size_t i = n - 1; i > 0; i--, code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)(mark[n] | code);
    out[n] = '\0';
    return n;
}
