/* data.h - data sets: open a file, name a built-in set, or wrap your own arrays. */
#ifndef DESCENT_DATA_H
#define DESCENT_DATA_H

#include "descent/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct descent_dataset descent_dataset;

/* What is predicted. */
typedef enum descent_task { DESCENT_CLASSIFICATION, DESCENT_REGRESSION } descent_task;

/* Built-in data sets and file formats, in the order of `descent list datasets`. */
DESCENT_API const descent_info *descent_dataset_info(size_t index);
/* What every set of pictures takes beside its own options: shift, flip, rotate, ... change the
 * training pictures at random. */
DESCENT_API const descent_info *descent_dataset_common(void);

/* Opens data from a string: a built-in name or a path, then options:
 * "digits", "spiral noise=0.1", "iris.csv target=species", "mnist/", "x.npy target=y.npy". Every
 * value is checked here. On failure *out is NULL. Free with descent_dataset_free(). */
DESCENT_API descent_status descent_dataset_open(descent_dataset **out, const char *spec,
                                                descent_error *err);

/* The same for predicting: a target may be missing. When `target` (a model's, or NULL) is the name
 * of a column of a CSV, that column is taken as the target and all others as features. */
DESCENT_API descent_status descent_dataset_open_features(descent_dataset **out, const char *spec,
                                                         const char *target, descent_error *err);

/* Wraps the caller's arrays, which must outlive the data set: x is (n, shape...), row-major.
 * Labels run from 0 to classes - 1; NULL: there are none, the data is only to be predicted. */
DESCENT_API descent_status descent_dataset_wrap_classes(descent_dataset **out, const float *x,
                                                        size_t n, int rank, const int *shape,
                                                        const int32_t *labels, int classes,
                                                        descent_error *err);
/* The same for regression: y is (n, targets), or NULL. */
DESCENT_API descent_status descent_dataset_wrap_targets(descent_dataset **out, const float *x,
                                                        size_t n, int rank, const int *shape,
                                                        const float *y, int targets,
                                                        descent_error *err);
DESCENT_API void descent_dataset_free(descent_dataset *data); /* NULL is fine */

DESCENT_API const char *descent_dataset_name(const descent_dataset *data); /* "digits" */
DESCENT_API size_t descent_dataset_count(const descent_dataset *data);     /* examples */
/* Examples of the test part that came with the data (MNIST: 10,000); 0 when there is none. They
 * are the last ones. */
DESCENT_API size_t descent_dataset_test_count(const descent_dataset *data);
DESCENT_API descent_task descent_dataset_task(const descent_dataset *data);
/* The shape of one example: writes up to 4 sizes and returns how many; {1, 28, 28} are channels,
 * height and width of a picture, {4} four numbers. */
DESCENT_API int descent_dataset_shape(const descent_dataset *data, int shape[4]);
/* Classes, or numbers to predict per example; 0 when the data was opened without a target. */
DESCENT_API int descent_dataset_outputs(const descent_dataset *data);
/* "setosa"; NULL when index is out of range or the task is regression. */
DESCENT_API const char *descent_dataset_class(const descent_dataset *data, int index);
/* "petal_length"; NULL when the features have no names (pictures). */
DESCENT_API const char *descent_dataset_feature(const descent_dataset *data, int index);
/* "species"; the name of the target column, or "target". */
DESCENT_API const char *descent_dataset_target(const descent_dataset *data);
/* The class of one example; -1 when out of range, for regression or without a target. */
DESCENT_API int32_t descent_dataset_label(const descent_dataset *data, size_t index);
/* How many examples belong to class `index`. */
DESCENT_API size_t descent_dataset_class_count(const descent_dataset *data, int index);
/* Smallest, largest, mean and standard deviation of one feature over all examples; over
 * DESCENT_SPREAD of them where the features are mapped. */
typedef struct descent_feature_summary {
    double min, max, mean, deviation;
} descent_feature_summary;
DESCENT_API descent_feature_summary descent_dataset_summary(const descent_dataset *data, int index);
/* Text: its length in tokens, which are characters or bytes; 0 for other data. */
DESCENT_API size_t descent_dataset_tokens(const descent_dataset *data);
/* What a token of the text is: "character" or "byte"; NULL for other data. Its vocabulary has
 * descent_dataset_outputs() of them, and an example is a window of descent_dataset_shape(). */
DESCENT_API const char *descent_dataset_unit(const descent_dataset *data);
/* Token `index` of the vocabulary as it stands in the text, NUL-terminated; returns its bytes, 0
 * out of range. */
DESCENT_API size_t descent_dataset_token(const descent_dataset *data, int index, char text[8]);
/* Statistics of features that are mapped, such as what they are standardized by, are taken of so
 * many examples, evenly spread. */
enum { DESCENT_SPREAD = 16384 };
/* Bytes of features that stay in their file, which is mapped: they are read when they are wanted,
 * and the system lets go of them when it needs the memory. 0 when all is in memory. A mapped file
 * must not be cut short while the data set is open. */
DESCENT_API size_t descent_dataset_mapped(const descent_dataset *data);
/* Bytes the examples take in memory beside those (MNIST: one per pixel). */
DESCENT_API size_t descent_dataset_bytes(const descent_dataset *data);

#ifdef __cplusplus
}
#endif
#endif
