/* tokens.h - text as numbers: one sequence of tokens, of which examples are windows.
 *
 * A token is a character (a Unicode code point) or a byte; its number is its place in the
 * vocabulary, which is sorted. An example's index is where its window begins. Its features are
 * `context` tokens, its labels the same window one further on: after each token the next. */
#ifndef DSC_DATA_TOKENS_H
#define DSC_DATA_TOKENS_H

#include "base/error.h"
#include "base/utf8.h"

typedef struct descent_dataset descent_dataset;
struct dsc_split;

typedef struct dsc_vocabulary {
    bool bytes;     /* codes are bytes; else Unicode code points */
    int count;      /* 0: none */
    uint32_t *code; /* (count), ascending */
} dsc_vocabulary;

void dsc_vocabulary_free(dsc_vocabulary *vocabulary);
descent_status dsc_vocabulary_copy(dsc_vocabulary *to, const dsc_vocabulary *from,
                                   descent_error *err);
/* The token of a code; -1: unknown. */
int32_t dsc_vocabulary_find(const dsc_vocabulary *vocabulary, uint32_t code);
/* "character" or "byte". */
const char *dsc_vocabulary_unit(const dsc_vocabulary *vocabulary);
/* A token as a text has it; NUL-terminated, returns how many bytes. */
size_t dsc_vocabulary_text(const dsc_vocabulary *vocabulary, int32_t token,
                           char out[DSC_UTF8_SIZE]);
/* A code for messages: 'e', U+000A or byte 0x0A. Returns out. */
char *dsc_vocabulary_shown(const dsc_vocabulary *vocabulary, uint32_t code, char out[16]);
/* Fails at a code that a model's vocabulary lacks. */
descent_status dsc_vocabulary_unknown(const dsc_vocabulary *vocabulary, uint32_t code,
                                      dsc_place place, descent_error *err);
/* The code at the start of bytes[0..length), length >= 1; how many bytes it takes, 0: no UTF-8. */
size_t dsc_vocabulary_next(const dsc_vocabulary *vocabulary, const char *bytes, size_t length,
                           uint32_t *code);

typedef struct dsc_tokens {
    dsc_vocabulary vocabulary;
    void *token; /* (count) numbers of `width` bytes each: 1, 2 or 4 */
    int width;
    size_t count;
    char path[512]; /* for messages */
} dsc_tokens;

/* The longest window. */
enum { DSC_MOST_CONTEXT = 1 << 20 };
/* Cuts the text into other windows. */
void dsc_tokens_set_context(descent_dataset *data, int context);

/* The label of what is not to be predicted: past the end of the text. */
enum { DSC_NO_LABEL = -100 };

void dsc_tokens_free(dsc_tokens *tokens); /* NULL is fine */
int32_t dsc_tokens_at(const dsc_tokens *tokens, size_t index);
void dsc_tokens_set(dsc_tokens *tokens, size_t index, int32_t token);
/* Makes room for `count` tokens of a vocabulary of this size; fails for 2^32 and more. */
descent_status dsc_tokens_reserve(dsc_tokens *tokens, size_t count, int vocabulary,
                                  descent_error *err);

/* A copy of the text with the numbers of another vocabulary; fails at the first token that is not
 * in there and names its line and column. */
descent_status dsc_tokens_recode(dsc_tokens **out, const dsc_tokens *tokens,
                                 const dsc_vocabulary *vocabulary, descent_error *err);

/* How many windows one behind the other score every token of `count` but the first once. */
size_t dsc_tokens_windows(size_t count, int context);

/* The last part of the text tests: its windows stand one behind the other, and the last may go
 * beyond the end (DSC_NO_LABEL). What is before trains: windows one behind the other too, each of
 * which dsc_tokens_shift() moves in every epoch. No window reaches from one part into the other. */
descent_status dsc_tokens_split(struct dsc_split *split, const descent_dataset *data,
                                double fraction, descent_error *err);
/* Moves window i of an epoch, index[i], by 0 to context - 1 tokens, a pure function of (seed,
 * epoch, i). So an epoch sees all parts of the text alike, the training every start, and a text of
 * lines that are all as long is not seen in step with them. */
void dsc_tokens_shift(const descent_dataset *data, uint64_t seed, uint64_t epoch, uint32_t *index,
                      size_t n);

/* x and y (n, context) of windows that begin at index[0..n); either may be NULL. */
void dsc_tokens_gather(const descent_dataset *data, const uint32_t *index, size_t n, int32_t *x,
                       int32_t *y);

#endif
