/* golden.h - one file a kind of golden case; main.c finds the cases and counts. */
#ifndef GOLDEN_H
#define GOLDEN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum golden_outcome { GOLDEN_PASSED, GOLDEN_FAILED, GOLDEN_SKIPPED } golden_outcome;

/* What a checker says about one case: why it failed or was skipped. */
typedef struct golden_note {
    char text[256];
} golden_note;

/* Checks one case. `root` is the parsed file. */
golden_outcome golden_optim(const json_t *root, golden_note *note);
golden_outcome golden_schedule(const json_t *root, golden_note *note);
golden_outcome golden_layer(const json_t *root, golden_note *note);
golden_outcome golden_function(const json_t *root, golden_note *note);
golden_outcome golden_bowl(const json_t *root, golden_note *note);
golden_outcome golden_train(const json_t *root, golden_note *note);
golden_outcome golden_util(const json_t *root, golden_note *note);

/* Writes the note and returns the outcome: return golden_say(note, GOLDEN_FAILED, "...", ...). */
golden_outcome golden_say(golden_note *note, golden_outcome outcome, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Numbers, with the conventions of golden/README.md. */
double golden_number(const json_t *value); /* a number, "inf", true or false */
double golden_get(const json_t *object, const char *key, double otherwise); /* null: otherwise */
const char *golden_string(const json_t *object, const char *key); /* "" when there is none */
bool golden_is_f32(const json_t *root);
/* A flat array as doubles (free() it); *n elements. */
double *golden_array(const json_t *array, size_t *n);
/* |got - expected| <= atol + rtol |expected| with the tolerance of `holder` ("tol" in it). A NaN
 * never passes. On failure writes the first bad element into the note. */
bool golden_close(const json_t *holder, const char *what, const double *got, const double *expected,
                  size_t n, golden_note *note);

/* All tensors of a list, one after another (free() it): arrays, or objects that hold one as `key`;
 * *n elements. */
double *golden_join(const json_t *list, const char *key, size_t *n);

/* An objective of a case: "quadratic", "rosenbrock" or "logcosh_quartic". */
typedef struct golden_objective {
    int type;
    double *a, *b; /* quadratic: A (n, n) and b (n) */
    size_t n;
} golden_objective;

bool golden_objective_read(golden_objective *f, const json_t *objective, size_t n);
void golden_objective_free(golden_objective *f);
/* f(x), and its gradient into g unless that is NULL. */
double golden_objective_value(const golden_objective *f, const double *x, double *g);

/* Our optimizer string for an implementation ("torch.optim.SGD" or just "sgd") with its
 * hyperparameters; false when the rule or one of its settings is not built, and then `out` says
 * which. */
bool golden_optimizer_spec(const char *implementation, const json_t *hyper, char *out, size_t size);

/* Our schedule string for a class of PyTorch or a formula. False when there is none, and then the
 * note says why. */
enum { GOLDEN_SPEC_SIZE = 4096 };
typedef struct golden_frame {
    double base, steps; /* what the factor multiplies; length of the run */
    bool later;         /* not the first part of a sequence */
} golden_frame;
bool golden_schedule_spec(const char *class, const json_t *hyper, golden_frame frame, char *out,
                          size_t size, golden_note *note);

#endif
