/* landscape.h - the inside of descent_landscape; see descent/landscape.h. */
#ifndef DSC_CURVATURE_LANDSCAPE_H
#define DSC_CURVATURE_LANDSCAPE_H

#include "descent/landscape.h"

#include "curvature/mean_loss.h"
#include "train/recipe.h"

struct descent_landscape {
    descent_landscape_options o;
    char folder[512];
    descent_model *model;
    descent_recipe *recipe;
    descent_dataset *data;
    dsc_split split;
    size_t n;            /* examples in use: the first of split.train, which is shuffled */
    dsc_mean_loss *mean; /* in float, for losses */
    double *w;           /* (n_w) the model's weights */
    descent_snapshot *snapshot;
    size_t n_snapshots, snapshot_capacity;
};

/* Tells the caller how far it is; true: it wants to stop. */
bool dsc_landscape_stops(const descent_landscape *land, size_t done, size_t all);

/* to[i] <- from[i] */
void dsc_widen(double *to, const float *from, size_t n);

/* --- directions.c ----------------------------------------------------------------------------- */

/* d (n_w) <- random direction `number`, filter-normalised. */
void dsc_direction_random(const descent_landscape *land, int number, double *d);

/* --- path.c ----------------------------------------------------------------------------------- */

/* Reads from the log which snapshots there are. */
descent_status dsc_path_find(descent_landscape *land, descent_error *err);
/* The model of a snapshot; fails when it is not the run's. */
descent_status dsc_path_load(const descent_landscape *land, size_t index, descent_model **out,
                             descent_error *err);
/* Two models of the same layers and shapes? `what` and `path` are for the message. */
descent_status dsc_same_layers(const descent_landscape *land, const descent_model *other,
                               const char *path, descent_error *err);

/* A path on the plane of its two principal components. */
typedef struct dsc_path {
    double *d[2];         /* (n_w) unit vectors */
    double *x, *y, *loss; /* (n_snapshots + 1), the last being the model */
    double explained[2];
} dsc_path;

/* Fills *path but for the losses. To be freed with dsc_path_free(), also after a failure. */
descent_status dsc_path_project(const descent_landscape *land, dsc_path *path, descent_error *err);
void dsc_path_free(dsc_path *path);

#endif
