/* run.h - the parts of the page about a training, as JSON. */
#ifndef DSC_REPORT_RUN_H
#define DSC_REPORT_RUN_H

#include "data/dataset.h"
#include "model/model.h"

#include <jansson.h>

/* What the trained model says of the test part. */
typedef struct dsc_tested {
    const descent_dataset *data;
    const descent_model *model;
    dsc_split split;
    size_t width;        /* outputs of one example */
    const float *output; /* (split.n_test, width): probabilities, or values in the data's own units
                          */
} dsc_tested;

/* Every function gives a new reference: null where there is nothing to show; NULL without memory.
 */

/* --- run_test.c ------------------------------------------------------------------------------- */

/* Classes by predictions: {"classes": [...], "counts": [[...]]}, true ones down. */
json_t *dsc_run_confusion(const dsc_tested *tested);
/* The test examples with the largest error, worst first. */
json_t *dsc_run_worst(const dsc_tested *tested);
/* Regression: {"target": [...], "predicted": [...]} of the first output. */
json_t *dsc_run_fitted(const dsc_tested *tested);

/* --- run_ground.c ----------------------------------------------------------------------------- */

/* Examples of two features: what the model says of every point around them, and what it said at the
 * steps whose weights lie in FOLDER/snapshots/, by the events of the log. */
json_t *dsc_run_boundary(const dsc_tested *tested, const char *folder, const json_t *log);
/* Weights of a first layer that looks at small pictures, one picture a filter. */
json_t *dsc_run_filters(const descent_model *model);

#endif
