/* sample.h - one token out of what a model says of all of them. */
#ifndef DSC_MODEL_SAMPLE_H
#define DSC_MODEL_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct dsc_candidate {
    double weight; /* proportional to its probability */
    float logit;
    int32_t token;
} dsc_candidate;

typedef struct dsc_sampling {
    double temperature; /* 0: the likeliest */
    int top_k;          /* 0: all */
    double top_p;       /* 1: all */
} dsc_sampling;

/* A token of `n`; `uniform` in [0, 1) decides. With temperature 0, and when no logit is finite,
 * the likeliest, of several the first. `scratch` has room for n. */
int32_t dsc_sample(const dsc_sampling *sampling, const float *logits, int n, double uniform,
                   dsc_candidate *scratch);

#endif
