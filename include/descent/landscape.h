/* landscape.h - the loss around the weights that a training found. */
#ifndef DESCENT_LANDSCAPE_H
#define DESCENT_LANDSCAPE_H

#include "descent/curvature.h"
#include "descent/train.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A run, opened to look around: its model, recipe and data, and examples of its training part. */
typedef struct descent_landscape descent_landscape;

typedef struct descent_landscape_options {
    size_t examples; /* that the loss is a mean over, drawn with the seed; 0: 1,000; at most all */
    uint64_t seed;   /* of the examples, random directions, and the search for eigenvalues */
    int threads;     /* 0: one for every core; the result does not depend on it */
    descent_watch watch; /* or NULL; what it ends keeps what was measured so far */
    void *user;
} descent_landscape_options;

DESCENT_API descent_landscape_options descent_landscape_defaults(void);

/* Opens the run in `folder` (model.safetensors, recipe.ini), and the data that its recipe names. */
DESCENT_API descent_status descent_landscape_open(descent_landscape **out, const char *folder,
                                                  const descent_landscape_options *options,
                                                  descent_error *err);
DESCENT_API void descent_landscape_free(descent_landscape *land); /* NULL is fine */

DESCENT_API const descent_model *descent_landscape_model(const descent_landscape *land);
DESCENT_API const descent_recipe *descent_landscape_recipe(const descent_landscape *land);
DESCENT_API const descent_dataset *descent_landscape_data(const descent_landscape *land);
DESCENT_API size_t descent_landscape_examples(const descent_landscape *land); /* in use */

/* Weights that the training kept on its way (`descent train --snapshots`), in order of their steps.
 */
typedef struct descent_snapshot {
    int64_t step;
    double lr; /* in force at that step */
} descent_snapshot;

DESCENT_API size_t descent_landscape_snapshots(const descent_landscape *land);
/* NULL out of range. */
DESCENT_API const descent_snapshot *descent_landscape_snapshot(const descent_landscape *land,
                                                               size_t index);

/* --- a plane through the weights ------------------------------------------------------------- */

typedef enum descent_directions {
    DESCENT_DIRECTIONS_RANDOM, /* normal numbers, each filter as long as that of the weights; biases
                                * and gains of norms stay where they are: Li et al. 2018 */
    DESCENT_DIRECTIONS_PCA     /* the first two principal components of snapshots minus weights */
} descent_directions;

/* The loss at w + x d1 + y d2. */
typedef struct descent_landscape_map {
    size_t side;   /* points along x and along y */
    double *x, *y; /* (side) */
    double *loss;  /* (side, side): loss[j * side + i] is that at x[i], y[j]; NaN: not measured */
    double centre; /* at the weights themselves, x = y = 0 */
    size_t n_path; /* PCA: snapshots, and the weights at the end; else 0 */
    double *path_x, *path_y; /* where they fall on the plane */
    double *path_loss;       /* of the snapshots themselves, which lie beside the plane */
    double explained[2];     /* PCA: part of the squared lengths along each direction; else NaN */
    int interrupted;
} descent_landscape_map;

/* Fills *out; free it with descent_landscape_map_free(). grid: points along each side, 2 to 201,
 * odd so that one is the weights themselves. span: random directions: x and y go from -span to
 * span, 1 being as far away as the weights are long; PCA: 1 shows the path with a margin of a tenth
 * at either side, 2 twice as much. Fails for PCA when there are fewer than two snapshots that
 * differ from the weights. */
DESCENT_API descent_status descent_landscape_plane(descent_landscape *land,
                                                   descent_directions directions, size_t grid,
                                                   double span, descent_landscape_map *out,
                                                   descent_error *err);
DESCENT_API void descent_landscape_map_free(descent_landscape_map *map);

/* --- a line between two models --------------------------------------------------------------- */

/* The loss at (1 - t) w + t w_other, t from 0 to 1, batch_norm's statistics moving along. */
typedef struct descent_landscape_line {
    size_t n;
    double *t, *loss;  /* (n) */
    double barrier;    /* the most that the loss rises above the straight line between its ends
                        * (Frankle et al. 2020); 0: nowhere */
    double barrier_at; /* its t */
    double distance;   /* between the two weight vectors */
    int interrupted;
} descent_landscape_line;

/* n points, 2 to 10,001, to the model of another run of the same layers; free *out with
 * descent_landscape_line_free(). */
DESCENT_API descent_status descent_landscape_between(descent_landscape *land,
                                                     const char *other_folder, size_t n,
                                                     descent_landscape_line *out,
                                                     descent_error *err);
DESCENT_API void descent_landscape_line_free(descent_landscape_line *line);

/* --- curvature ------------------------------------------------------------------------------- */

/* The largest and smallest eigenvalues of the Hessian of the mean loss, in double, `count` at
 * either end: at snapshot number `snapshot`, or at the run's model (-1). */
DESCENT_API descent_status descent_landscape_spectrum(descent_landscape *land, int64_t snapshot,
                                                      size_t count, descent_spectrum *out,
                                                      descent_error *err);

#ifdef __cplusplus
}
#endif
#endif
