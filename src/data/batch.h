/* batch.h - the variants of gathering a batch, one for each precision and instruction set. */
#ifndef DSC_DATA_BATCH_H
#define DSC_DATA_BATCH_H

#include "data/dataset.h"

typedef void (*dsc_gather)(const descent_dataset *data, const dsc_scaling *scaling,
                           const uint32_t *index, size_t n, void *x, void *y);

#endif
