/* model.h - networks: built once from a line of text; then all weights are one vector. */
#ifndef DESCENT_MODEL_H
#define DESCENT_MODEL_H

#include "descent/data.h"
#include "descent/optimizer.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct descent_model descent_model;

/* Registered layers and losses, in the order of `descent list layers`. NULL past the end. */
DESCENT_API const descent_info *descent_layer_info(size_t index);
DESCENT_API const descent_info *descent_loss_info(size_t index);

typedef struct descent_model_options {
    const char *layers; /* "conv 32 3x3, relu, flatten, linear"; required */
    const char *loss;   /* "cross_entropy", "huber delta=0.5"; required */
    int rank, shape[4]; /* of one example; {1, 28, 28} or {4} */
    int outputs;        /* classes or targets; the last `linear` without a size takes it */
    uint64_t seed;      /* of the initial weights */
    int vocabulary;     /* > 0: an example is shape[0] tokens, numbers from 0 to vocabulary - 1, and
                         * the model says what comes next after each; 0: it is numbers */
} descent_model_options;

/* Builds the network and initializes its weights. Everything that can go wrong goes wrong here:
 * unknown layers, shapes that do not fit; the error carries the place in `layers`. */
DESCENT_API descent_status descent_model_create(descent_model **out,
                                                const descent_model_options *options,
                                                descent_error *err);
/* Reads a model that descent_model_save() or a training wrote (safetensors). */
DESCENT_API descent_status descent_model_load(descent_model **out, const char *path,
                                              descent_error *err);
/* Writes it whole or not at all: to a temporary name first, synced, then renamed. */
DESCENT_API descent_status descent_model_save(const descent_model *model, const char *path,
                                              descent_error *err);
DESCENT_API void descent_model_free(descent_model *model); /* NULL is fine */

/* --- looking inside ------------------------------------------------------------------------- */

/* One line of the model drawing. */
typedef struct descent_layer_line {
    const char *text;   /* "conv 32 3x3 pad=1", as typed */
    int depth;          /* nesting in residual (...) and repeat (...) */
    int rank, shape[4]; /* of its output for one example */
    size_t parameters;
} descent_layer_line;

/* All weights, one vector of descent_model_size() floats, valid until the model is freed. */
DESCENT_API float *descent_model_weights(descent_model *model);
DESCENT_API size_t descent_model_size(const descent_model *model);
DESCENT_API size_t descent_model_segments(const descent_model *model); /* how many */
DESCENT_API const descent_segment *descent_model_segment(const descent_model *model, size_t index);
DESCENT_API size_t descent_model_lines(const descent_model *model);
DESCENT_API const descent_layer_line *descent_model_line(const descent_model *model, size_t index);
DESCENT_API const char *descent_model_layers(const descent_model *model); /* the model string */
DESCENT_API const char *descent_model_loss(const descent_model *model);
DESCENT_API int descent_model_shape(const descent_model *model, int shape[4]); /* of one example */
DESCENT_API int descent_model_outputs(const descent_model *model);
DESCENT_API descent_task descent_model_task(const descent_model *model);
DESCENT_API const char *descent_model_class(const descent_model *model, int index);
DESCENT_API const char *descent_model_feature(const descent_model *model, int index);
DESCENT_API const char *descent_model_target(const descent_model *model);
/* Models of text: how many tokens they know (0: the input is numbers), what a token is ("character"
 * or "byte"; NULL: the model was not trained on a text) and token `index` as it stands in a text,
 * NUL-terminated; the last returns its bytes, 0 out of range. */
DESCENT_API int descent_model_vocabulary(const descent_model *model);
DESCENT_API const char *descent_model_unit(const descent_model *model);
DESCENT_API size_t descent_model_token(const descent_model *model, int index, char text[8]);
/* A metadata entry saved with the model, such as "recipe" or "step"; NULL when there is none. */
DESCENT_API const char *descent_model_note(const descent_model *model, const char *key);

/* --- using ---------------------------------------------------------------------------------- */

/* Mean loss over n examples, and its gradient: g has descent_model_size() elements. x is
 * (n, shape...) floats as the network sees them (already scaled), or int32_t tokens; y holds n
 * labels (int32_t) for classification, (n, shape...) of them for tokens, or (n, targets) floats.
 * For programs that drive their own optimizer; the first call for a larger n than before allocates,
 * others do not. NaN when out of memory. */
DESCENT_API double descent_model_gradient(descent_model *model, const void *x, const void *y,
                                          size_t n, float *g);

/* Predictions for every example of a data set of the right shape, after the scaling that was
 * stored with the model: (count, outputs) probabilities or target values in the data's own
 * units. `out` is the caller's. Models of text are asked with descent_generator_create(). */
DESCENT_API descent_status descent_model_predict(descent_model *model, const descent_dataset *data,
                                                 float *out, descent_error *err);

/* What a training's model said of its test part when that was scored last. */
typedef struct descent_tested {
    size_t n;
    const uint32_t *index; /* (n): which examples of the data */
    const float *output;   /* (n, outputs), as descent_model_predict() gives them */
} descent_tested;

/* How good the predictions are. */
typedef struct descent_score {
    size_t count;    /* examples; of text the tokens that were predicted */
    double loss;     /* mean over these */
    double accuracy; /* classification; else NaN */
    double rmse;     /* regression, in the data's own units; else NaN */
} descent_score;

/* Scores the model on a data set; its class names and features must match the model's. */
DESCENT_API descent_status descent_model_evaluate(descent_model *model, const descent_dataset *data,
                                                  descent_score *score, descent_error *err);

#ifdef __cplusplus
}
#endif
#endif
