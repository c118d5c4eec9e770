/* audit.h - a look at data before a training: scales, labels, examples that stand in both parts,
 * features that tell the label, and whether neighbours agree on it.
 *
 * A pure function of data, split, scaling and seed. Its cost is bounded: it reads about 1,000
 * training examples, and 100 of the test part where those have copies; twins are looked for among
 * up to 100,000. */
#ifndef DSC_DATA_AUDIT_H
#define DSC_DATA_AUDIT_H

#include "data/dataset.h"
#include "finding/case_data.h"

typedef struct dsc_audit_options {
    const descent_dataset *data; /* of text only chance_loss is known: done stays false */
    const dsc_split *split;
    const dsc_scaling *scaling; /* as in training; its n may be 0 */
    bool shuffles;
    size_t batch;     /* examples of a step */
    bool linear;      /* the network has no hidden layer: ask least squares as well */
    double additions; /* that it may take, beyond what costs nothing; 0: as many as it wants */
    uint64_t seed;
} dsc_audit_options;

/* Fails only when memory is short. */
descent_status dsc_audit_make(dsc_audit *out, const dsc_audit_options *options, descent_error *err);

/* --- between the files of the audit ------------------------------------------------------------
 */

enum { DSC_AUDIT_SAMPLE = 1000 };
enum { DSC_AUDIT_NOTHING = 4000000 }; /* additions that any training has time for */

/* Some training examples, feature by feature, as the network gets them. */
typedef struct dsc_audit_sample {
    const dsc_audit_options *o;
    size_t n, width;
    uint32_t *index; /* (n) ascending */
    float *x;        /* (width, n) */
} dsc_audit_sample;

/* x <- the examples of index. False: out of memory. */
bool dsc_audit_read(const dsc_audit_sample *sample);
/* Features as distances compare them, (*width, n), the caller's: of one scale, and fewer where
 * pixels beside each other say much the same. NULL: out of memory. */
float *dsc_audit_compared(const dsc_audit *out, const dsc_audit_sample *sample, size_t *width);
/* 64 characters: the feature's own name, or "feature 3". */
void dsc_audit_name(const descent_dataset *data, size_t feature, char out[DSC_NAME]);
/* A target as the loss sees it. */
double dsc_audit_target(const dsc_audit_options *o, size_t example, int output);

/* audit_features.c, audit_labels.c: what the names say. */
bool dsc_audit_features(dsc_audit *out, const dsc_audit_sample *sample);
bool dsc_audit_labels(dsc_audit *out, const dsc_audit_options *o);
/* Of text: chance_loss, and nothing else. */
bool dsc_audit_tokens(dsc_audit *out, const dsc_audit_options *o);
/* audit_order.c: batch_entropy. */
bool dsc_audit_order(dsc_audit *out, const dsc_audit_options *o);
/* audit_twins.c: equal examples. */
bool dsc_audit_twins(dsc_audit *out, const dsc_audit_options *o);
/* audit_single.c: the best single feature, its number to *best (width: there is none). */
bool dsc_audit_single(dsc_audit *out, const dsc_audit_sample *sample, size_t *best);
/* audit_condition.c: steepest, condition, line_loss. */
bool dsc_audit_condition(dsc_audit *out, const dsc_audit_sample *sample);
/* audit_neighbours.c: all of neighbours, but for rest_right, which it asks without feature `best`
 * when that one tells the label nearly alone. */
bool dsc_audit_neighbours(dsc_audit *out, const dsc_audit_sample *sample, size_t best);

/* audit_linear.c: linear_right, if wanted; line_right, where `condition` asks for it. */
bool dsc_audit_linear(dsc_audit *out, const dsc_audit_sample *sample);

/* --- audit_wide.c: labels in a wider neighbourhood
 * ------------------------------------------------
 */

struct dsc_neighbourhood;

typedef struct dsc_wide {
    const dsc_audit_sample *s;
    int count;   /* neighbours */
    int *labels; /* (outputs); NULL: numbers */
    size_t asked;
    double sum, squares, own; /* of the share of the leading label; of its own label */
} dsc_wide;

bool dsc_wide_create(dsc_wide *wide, const dsc_audit_sample *sample); /* false: out of memory */
void dsc_wide_free(dsc_wide *wide);
/* One example, after dsc_neighbourhood_find() measured the distances to it. */
void dsc_wide_see(dsc_wide *wide, const struct dsc_neighbourhood *hood, size_t self);
/* wide_..., kinship... */
void dsc_wide_tell(dsc_wide *wide, dsc_audit *out);

/* --- audit_copies.c: examples that are nearly another one ----------------------------------------
 */

enum { DSC_AUDIT_ASKED = 200 }; /* training examples whose neighbours are looked for, at most */

typedef struct dsc_copies {
    size_t asked;
    double near[DSC_AUDIT_ASKED];  /* distance of the nearest over that of the tenth */
    double ratio[DSC_AUDIT_ASKED]; /* of the fifth nearest over that of the tenth */
} dsc_copies;

/* One example of DSC_AUDIT_ASKED at most, after dsc_neighbourhood_find() found its nearest. */
void dsc_copies_see(dsc_copies *copies, const struct dsc_neighbourhood *hood, const size_t *place);
/* copies_...; looks at the test part only where training has copies. False: out of memory. */
bool dsc_copies_tell(dsc_copies *copies, const dsc_audit_sample *sample, dsc_audit *out);

#endif
