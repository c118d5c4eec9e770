/* base.h - version, statuses, error messages, and what a registry says about its entries. */
#ifndef DESCENT_BASE_H
#define DESCENT_BASE_H

#include <stddef.h>
#include <stdint.h>

#define DESCENT_VERSION_MAJOR 0
#define DESCENT_VERSION_MINOR 1
#define DESCENT_VERSION_PATCH 0

#if defined(__GNUC__)
#  define DESCENT_API __attribute__((visibility("default")))
#else
#  define DESCENT_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* One row per status: name, meaning. The enum and descent_status_text() both come from here. */
#define DESCENT_STATUS_LIST(X)                              \
  X(OK, "success")                                          \
  X(INVALID, "an argument is outside its documented range") \
  X(UNKNOWN, "nothing is registered under that name")       \
  X(SHAPE, "shapes do not fit together")                    \
  X(SYNTAX, "an input text or file is malformed")           \
  X(IO, "the operating system refused to read or write")    \
  X(NOMEM, "out of memory")                                 \
  X(BACKEND, "a kernel library reported a failure")

typedef enum descent_status {
#define X(name, meaning) DESCENT_##name,
    DESCENT_STATUS_LIST(X)
#undef X
        DESCENT_STATUS_COUNT /* not a status */
} descent_status;

/* What went wrong, in words. Lives in the caller; the library never allocates one. Every function
 * that can fail takes one last and accepts NULL. Left untouched on success. */
typedef struct descent_error {
    descent_status status;
    int line, column;  /* 1-based position in `file`; 0 when no text is involved */
    char file[256];    /* a file, or the flag or argument that held the text; "" when none */
    char excerpt[160]; /* the line at fault as it was typed, for a caret under `column`; or "" */
    char message[512]; /* one sentence: what was found, what was expected */
} descent_error;

/* The running library's version, such as "0.1.0". */
DESCENT_API const char *descent_version(void);
/* The meaning of a status, static text. */
DESCENT_API const char *descent_status_text(descent_status status);

/* The shortest decimal that reads back to x, as Python prints it: "4.0", "0.1", "1e-05", "inf",
 * "nan". Returns `out`. */
DESCENT_API char *descent_number_text(double x, char out[32]);

/* "101,770". Returns `out`. */
DESCENT_API char *descent_count_text(size_t n, char out[32]);

/* The word among n that `word` was probably meant to be, or NULL when none is near. */
DESCENT_API const char *descent_nearest(const char *word, const char *const *words, size_t n);

/* The element type of vectors: float or double. */
typedef enum descent_type { DESCENT_F32, DESCENT_F64 } descent_type;

/* What may stand as the value of a parameter. */
typedef enum descent_kind {
    DESCENT_NUMBER,  /* 0.001, 1e-3, inf */
    DESCENT_INTEGER, /* 64 */
    DESCENT_SIZE,    /* 3 or 3x3: height and width */
    DESCENT_FLAG,    /* yes or no; the bare name means yes */
    DESCENT_CHOICE,  /* one word of `choices`; its number in that list is the value */
    DESCENT_TEXT,    /* any word; no bounds */
    DESCENT_LAYERS   /* a list of layers in parentheses, or none; no bounds */
} descent_kind;

/* One parameter of an optimizer, schedule, layer, loss or data set. */
typedef struct descent_param {
    const char *name;         /* the one name used by API, recipe, command line and page */
    double initial, min, max; /* bounds are inclusive; an initial NaN means "must be given" */
    const char *help;         /* one line, lower case, no full stop */
    descent_kind kind;
    const char *choices; /* DESCENT_CHOICE: "mean|sum|none"; DESCENT_TEXT: the default, or NULL */
} descent_param;

/* What a registry says about one entry. All strings are static; all but name and summary may be
 * NULL. `advice` says when to use it. The first n_positional parameters may be typed without their
 * names, in order. */
typedef struct descent_info {
    const char *name, *summary, *formula, *reference, *advice;
    const descent_param *params;
    int n_params, n_positional;
} descent_info;

#ifdef __cplusplus
}
#endif
#endif
