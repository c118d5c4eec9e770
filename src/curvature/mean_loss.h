/* mean_loss.h - the mean loss of a network over fixed examples as a function of its parameters, and
 * its gradient, on any number of threads with the same bits.
 *
 * The network runs as it does when it predicts: nothing is dropped, batch_norm uses the statistics
 * in b. Examples are cut into chunks; chunk c belongs to lane c mod lanes, and lanes run in
 * parallel. Losses add up in order of the chunks, gradients in order of the lanes, always in
 * double. */
#ifndef DSC_CURVATURE_MEAN_LOSS_H
#define DSC_CURVATURE_MEAN_LOSS_H

#include "data/dataset.h"
#include "model/model.h"

typedef struct dsc_mean_loss dsc_mean_loss;

/* index[0..n): examples of `data`, which must fit the model. `type`: float is fast, double exact;
 * gradients need double. What is borrowed must outlive the object, the index need not. */
descent_status dsc_mean_loss_create(dsc_mean_loss **out, const descent_model *model,
                                    const descent_dataset *data, const uint32_t *index, size_t n,
                                    descent_type type, bool gradients, int threads,
                                    descent_error *err);
void dsc_mean_loss_free(dsc_mean_loss *mean); /* NULL is fine */

/* The loss at parameters w (n_w doubles) and statistics b (n_b; NULL: the model's own). Allocates
 * nothing. */
double dsc_mean_loss_at(dsc_mean_loss *mean, const double *w, const double *b);
/* The same with its gradient, for whom descent_objective fits; `user` is the dsc_mean_loss. */
double dsc_mean_loss_gradient(size_t n, const double *w, double *g, void *user);

#endif
