/* model.h - the inside of descent_model, for the training loop; see descent/model.h. */
#ifndef DSC_MODEL_MODEL_H
#define DSC_MODEL_MODEL_H

#include "descent/model.h"

#include "base/spec.h"
#include "data/dataset.h"
#include "data/tokens.h"
#include "layer/layer.h"
#include "layer/loss.h"
#include "model/tensors.h"

/* --- networks --------------------------------------------------------------------------------- */

/* A network in one precision: the graph and the nodes that matter. */
typedef struct dsc_network {
    dsc_graph *graph;
    dsc_id x, target, output, loss; /* output: logits or predictions before any softmax */
} dsc_network;

/* The lines of a model drawing while it is made. */
typedef struct dsc_drawing {
    descent_layer_line *line;
    size_t n, capacity;
} dsc_drawing;

void dsc_drawing_free(dsc_drawing *drawing);
/* Adds a line for `text` (copied), its output node and the parameters among nodes from `first` on;
 * false when out of memory. `at` >= 0 replaces that line's shape and count instead. */
bool dsc_drawing_add(dsc_drawing *drawing, const dsc_graph *graph, const char *text, int depth,
                     dsc_id output, size_t first, size_t *line);

/* Builds the graph of options->layers in the given precision for max_rows rows a run; origin is
 * where the layers were typed. `drawing`, if not NULL, receives the lines. */
descent_status dsc_network_build(dsc_network *out, const descent_model_options *options,
                                 descent_type type, int max_rows, dsc_backend backend,
                                 dsc_place origin, dsc_drawing *drawing, descent_error *err);
/* The same layers and weights for a text that grows by a token a pass, without loss and target: x
 * is (rows, 1), the output (rows, 1, outputs), and dsc_pass.past says how many tokens came before,
 * below options->shape[0]. A run remembers their keys and values until a pass with the same or a
 * smaller `past` writes over them; runs are made without gradients. Needs options->vocabulary, and
 * fails with attention that is not causal. */
descent_status dsc_network_build_reader(dsc_network *out, const descent_model_options *options,
                                        descent_type type, int max_rows, dsc_backend backend,
                                        descent_error *err);
/* True when an example is one row of numbers in all ops, as in a perceptron: no pictures of several
 * channels, no sequences. Such ops share their work among threads by their outputs. */
bool dsc_network_is_flat(const dsc_network *network);
/* Labels of one example: 1, or one for every token of a text. */
size_t dsc_network_labels(const dsc_network *network);
void dsc_network_free(dsc_network *network);
/* Tells the network what zeros look like when its examples are scaled: see dsc_graph_background. */
descent_status dsc_network_expect(const dsc_network *network, const dsc_scaling *scaling,
                                  descent_error *err);

/* --- models ----------------------------------------------------------------------------------- */

struct descent_model {
    descent_model_options options; /* strings are owned copies */
    dsc_loss_choice loss;
    dsc_backend backend;
    dsc_network network; /* float, for predict_rows rows a run; layout of w and b */
    int predict_rows;    /* at most DSC_PREDICT_ROWS; fewer where an example is large */
    float *w, *b;        /* parameters and buffers */
    size_t n_w, n_b;
    dsc_drawing drawing;
    descent_segment *segment;
    size_t n_segments;
    dsc_scaling scaling;
    char **class_name, **feature_name; /* or NULL */
    size_t n_features;
    char *target_name;         /* or NULL */
    dsc_vocabulary vocabulary; /* of text; count 0: numbers, or nobody said what they stand for */
    dsc_note *note;
    size_t n_notes, note_capacity;
    dsc_network gradient_network; /* sized for the largest n asked for */
    dsc_run *gradient_run;
    int gradient_rows;
    const float *gradient_g; /* where gradient_run writes */
    int64_t gradient_steps;
};

enum { DSC_PREDICT_ROWS = 256 };

/* descent_model_create() with the place where options->layers was typed, and the kernels to use.
 * Fails before any weights are allocated when these and the statistics are more than `most`
 * numbers, as a file claims that does not hold them; SIZE_MAX: as many as there are. */
descent_status dsc_model_create_at(descent_model **out, const descent_model_options *options,
                                   dsc_backend backend, dsc_place origin, size_t most,
                                   descent_error *err);
/* Takes class, feature and target names from the data, and a copy of the scaling. */
descent_status dsc_model_describe(descent_model *model, const descent_dataset *data,
                                  const dsc_scaling *scaling, descent_error *err);
/* What dsc_tensors files say of a vocabulary: its text to be freed, NULL when out of memory; and
 * back, where it must have `count` tokens. A file without one leaves it empty. */
char *dsc_vocabulary_note(const dsc_vocabulary *vocabulary);
descent_status dsc_vocabulary_read(dsc_vocabulary *vocabulary, const dsc_tensors *file,
                                   const char *path, int count, descent_error *err);
/* Adds or replaces a metadata entry; both texts are copied. */
descent_status dsc_model_note(descent_model *model, const char *key, const char *text,
                              descent_error *err);

/* Some examples of a data set (index NULL: all n), as the model should see them. */
typedef struct dsc_examples {
    const descent_dataset *data;
    const uint32_t *index;
    size_t n;
    const int32_t *class_map; /* the data's class numbers in the model's; NULL: the same */
} dsc_examples;

/* Runs that stay from one call to the next, as making them takes as long as some hundred examples;
 * zeros at first. */
typedef struct dsc_forward_runs {
    dsc_run **run; /* (n) */
    int n;
} dsc_forward_runs;

void dsc_forward_runs_free(dsc_forward_runs *runs);

/* What forward passes over examples give; a field that is NULL is not wanted. */
typedef struct dsc_forward {
    float *output;        /* (n, outputs), raw: logits, or scaled values */
    descent_score *score; /* needs a target in the data */
    float *loss;          /* (n): of each example, the mean over its outputs or places; the same */
    dsc_watch watch;      /* sees the value of every op; only with one thread */
    void *watcher;
    dsc_forward_runs *runs; /* always of the same model; NULL: they are made for this call alone */
} dsc_forward;

/* Runs the network over examples on `threads` threads; the result does not depend on how many. */
descent_status dsc_model_forward(const descent_model *model, const dsc_examples *examples,
                                 int threads, const dsc_forward *out, descent_error *err);
/* Raw outputs of n examples as people want them: probabilities, or values in the data's own units.
 */
void dsc_model_finish(const descent_model *model, float *out, size_t n);

/* Writes model, notes, and more tensors and notes (the optimizer's state, for checkpoints). */
descent_status dsc_model_write(const descent_model *model, const char *path,
                               const dsc_tensor *extra, size_t n_extra, const dsc_note *extra_note,
                               size_t n_extra_notes, descent_error *err);
/* Copies parameters and buffers of a file (a checkpoint) into a model of the same layers; fails
 * when one is missing or has another shape. `path` is for messages. */
descent_status dsc_model_restore(descent_model *model, const dsc_tensors *file, const char *path,
                                 descent_error *err);

#endif
