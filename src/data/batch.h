/* batch.h - the variants of gathering a batch, augmented or not, one for each precision and
 * instruction set. */
#ifndef DSC_DATA_BATCH_H
#define DSC_DATA_BATCH_H

#include "data/dataset.h"

typedef void (*dsc_gather)(const descent_dataset *data, const dsc_scaling *scaling,
                           const uint32_t *index, size_t n, void *x, void *y);

/* out <- example `index` as the view shows it, scaled. */
typedef void (*dsc_view_show)(const descent_dataset *data, const dsc_augment *augment,
                              const dsc_view *view, const dsc_scaling *scaling, uint32_t index,
                              void *out);

#endif
