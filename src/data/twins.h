/* twins.h - examples with equal features: a table in which they find each other. */
#ifndef DSC_DATA_TWINS_H
#define DSC_DATA_TWINS_H

#include "data/dataset.h"

typedef struct dsc_twin_slot {
    uint32_t example; /* 1 + its number; 0: free */
    uint32_t tag;     /* of its hash: most others differ here */
} dsc_twin_slot;

typedef struct dsc_twins {
    const descent_dataset *data;
    size_t width, slots; /* slots: a power of two */
    dsc_twin_slot *slot;
} dsc_twins;

/* Room for so many examples; false: out of memory. */
bool dsc_twins_make(dsc_twins *twins, const descent_dataset *data, size_t most);
void dsc_twins_free(dsc_twins *twins);
/* An example with the same features that was kept before; SIZE_MAX: there is none. keep: remember
 * this one, if it is the first of its kind. */
size_t dsc_twins_find(dsc_twins *twins, size_t example, bool keep);

#endif
