/* dataset.h - what one format or built-in set provides, and what training reads. */
#ifndef DSC_DATA_DATASET_H
#define DSC_DATA_DATASET_H

#include "descent/data.h"

#include "base/level.h"
#include "base/map.h"
#include "base/param.h"
#include "base/shape.h"
#include "base/spec.h"
#include "data/augment.h"

/* What the numbers of the features are; numbers.h knows how to read them. */
typedef enum dsc_dtype {
    DSC_U8, /* pictures, mostly: all numbers have one scale */
    DSC_I16,
    DSC_I32,
    DSC_I64,
    DSC_F16,
    DSC_F32,
    DSC_F64
} dsc_dtype;

/* Examples: features of one type, row-major (count, shape...), in memory or in a file that is
 * mapped; labels or targets in memory. Features are read through numbers.h. */
struct descent_dataset {
    char name[1024]; /* as typed: "iris.csv target=species" */
    descent_task task;
    size_t count, test_count;  /* the last test_count examples are the test part that came along */
    dsc_shape shape;           /* of one example; three sizes are a picture */
    int outputs;               /* classes, or targets per example; 0: no target */
    dsc_dtype dtype;           /* of the features */
    const void *features;      /* of all examples, but for those that lie elsewhere: */
    const void *test_features; /* of the test part, if it was a file of its own; or NULL */
    dsc_map map[2];            /* the files of features and test_features that are mapped */
    const int32_t *labels;     /* classification: (count) */
    const float *targets;      /* regression: (count, outputs) */
    char **class_name;         /* (outputs) for classification, else NULL */
    char **feature_name;       /* or NULL */
    char target_name[128];
    struct dsc_tokens *tokens; /* text: see data/tokens.h; then there are no arrays. Or NULL */
    bool owned;                /* free the arrays that are in memory */
    dsc_augment augment;
};

/* A format or a built-in set. A built-in one is chosen by name, a format by `matches`. */
typedef struct dsc_source {
    descent_info info;
    bool built_in;
    bool pictures; /* examples are channels, height, width: takes the options of augment.h */
    /* formats: does this path look like mine? (name, magic, folder contents) */
    bool (*matches)(const char *path);
    /* Fills *data (zeroed before, but with features_only target_name may hold the name that a
     * target would have); on failure the caller frees what was set. features_only: a
     * missing target is fine. */
    descent_status (*open)(descent_dataset *data, const dsc_spec *spec, const dsc_value *values,
                           bool features_only, descent_error *err);
} dsc_source;

/* NULL past the end. */
const dsc_source *dsc_source_at(size_t index);

/* descent_dataset_open() with the place where the string was typed. */
descent_status dsc_dataset_open_at(descent_dataset **out, const char *spec, dsc_place origin,
                                   bool features_only, const char *target, descent_error *err);

/* Fails for 2^32 examples and more: their indices have 32 bits. */
descent_status dsc_dataset_check_count(const char *name, size_t count, descent_error *err);

/* mark.c - a text that tells this data set from others: how many examples it has, and a checksum of
 * some that are spread over all of it. */
enum { DSC_MARK_SIZE = 48 };
descent_status dsc_dataset_mark(const descent_dataset *data, char out[DSC_MARK_SIZE],
                                descent_error *err);

/* Frees the features of a data set that owns them (it holds others instead). */
void dsc_dataset_drop_features(descent_dataset *data);

/* --- parts: which examples train and which test ----------------------------------------------- */

typedef struct dsc_split {
    uint32_t *train, *test; /* indexes of examples, ascending */
    size_t n_train, n_test;
} dsc_split;

/* The part that came with the data, or else a random `fraction` (of each class for
 * classification, so that every class with at least two examples is in both; a class with one
 * example trains), a pure function of the seed. Fails when nothing is left on one side, when a
 * class of the test part has no example to train on, and when only one class has any. */
descent_status dsc_split_make(dsc_split *split, const descent_dataset *data, double fraction,
                              uint64_t seed, descent_error *err);
/* Puts a fifth of the training part in the place of the test part, which is left out. */
descent_status dsc_split_hold_out(dsc_split *split, const descent_dataset *data,
                                  descent_error *err);
/* clean.c: leaves examples out. twins: of those with equal features one is kept, in training if any
 * is there. labels: those of training whose neighbours mostly have another label, or whose target
 * is far off that of its neighbours (Wilson 1972). Text is left as it is. Fails when memory is
 * short, and when nothing is left on one side. */
descent_status dsc_split_clean(dsc_split *split, const descent_dataset *data, bool twins,
                               bool labels, descent_error *err);
void dsc_split_free(dsc_split *split);

/* --- scaling: (x - shift) * scale, fitted on the training part only --------------------------- */

typedef struct dsc_scaling {
    size_t n; /* numbers in shift and scale: one per feature, or 1 for pictures; 0: none */
    float *shift, *scale; /* of the features: mean and 1 / deviation; constant ones have scale 1 */
    size_t n_targets;     /* regression: targets are scaled too */
    float *target_shift, *target_scale;
} dsc_scaling;

/* Features that are mapped are fitted on DESCENT_SPREAD examples of the part, evenly spread. */
descent_status dsc_scaling_fit(dsc_scaling *scaling, const descent_dataset *data,
                               const uint32_t *index, size_t n, descent_error *err);
void dsc_scaling_free(dsc_scaling *scaling);
/* x[0..n) <- what features of zero become, to the last bit: most numbers of pictures on black
 * ground and of one-hot or padded columns. x is of `type`. */
void dsc_scaling_zeros(const dsc_scaling *scaling, descent_type type, size_t n, void *x);

/* --- batches ---------------------------------------------------------------------------------- */

/* Labels of one example: 1, or for text one a token of the window. */
size_t dsc_dataset_positions(const descent_dataset *data);
/* The index of example i of all: i itself, but for text where its window begins. */
uint32_t dsc_dataset_index(const descent_dataset *data, size_t i);

/* Copies examples index[0..n) into x (n, shape...) and y ((n) labels or (n, outputs) numbers;
 * NULL: not wanted), scaled; x and numeric y are of `type`. scaling may be NULL. Of text both are
 * tokens, int32_t (n, context). Allocates nothing. */
void dsc_batch_gather(const descent_dataset *data, const dsc_scaling *scaling, descent_type type,
                      const uint32_t *index, size_t n, void *x, void *y);

/* The smallest and largest number of all, which augmentation counts in; data of other shapes than
 * pictures fail. Does nothing when no option is on. */
descent_status dsc_augment_fit(dsc_augment *augment, const descent_dataset *data,
                               descent_error *err);
/* How the pictures of one epoch are changed. */
typedef struct dsc_augmenting {
    const dsc_augment *augment;
    uint64_t seed, epoch;
} dsc_augmenting;

/* dsc_batch_gather() with every picture changed. */
void dsc_batch_gather_augmented(const descent_dataset *data, const dsc_augmenting *how,
                                const dsc_scaling *scaling, descent_type type,
                                const uint32_t *index, size_t n, void *x, void *y);

#endif
