/* generate.h - how a text goes on, from a model that was trained on one. */
#ifndef DESCENT_GENERATE_H
#define DESCENT_GENERATE_H

#include "descent/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct descent_generator descent_generator;

typedef struct descent_generate_options {
    const char *prompt; /* the text that goes on; NULL or "": a new line (if the model knows it) */
    double temperature; /* 1: as likely as the model says; below: nearer to the likeliest; 0: always
                         * the likeliest, nothing is drawn */
    int top_k;          /* draw among so many of the likeliest tokens only; 0: all */
    double top_p;       /* ... among the likeliest that together have this probability; 1: all */
    uint64_t seed;      /* another seed, another text */
    int recompute;      /* 1: everything anew for each token, as a check of the cache */
} descent_generate_options;

/* temperature 1, all tokens, seed 1. */
DESCENT_API descent_generate_options descent_generate_defaults(void);

/* A text in the making. Fails when the model was not trained on text, when an option is out of
 * range, and when the model does not know a character of the prompt (its place is in the error).
 * The model is borrowed and must not change. Nothing is allocated later. */
DESCENT_API descent_status descent_generator_create(descent_generator **out,
                                                    const descent_model *model,
                                                    const descent_generate_options *options,
                                                    descent_error *err);
DESCENT_API void descent_generator_free(descent_generator *generator); /* NULL is fine */

/* The next token as it stands in a text, NUL-terminated; returns its bytes. The same model, options
 * and number of calls give the same token on every machine. 0 when the model's logits are not
 * numbers (its weights are too large), and nothing can be drawn.
 *
 * Each costs one position: keys and values of the earlier ones are kept. A model sees no more
 * tokens than its window holds. When that is full, its older half is forgotten, and the newer half
 * is read again at the places where it stands then. */
DESCENT_API size_t descent_generator_next(descent_generator *generator, char text[8]);
/* What the model said of each token of its vocabulary before the last call chose one: logits. */
DESCENT_API const float *descent_generator_logits(const descent_generator *generator);

#ifdef __cplusplus
}
#endif
#endif
