/* pile.h - pictures with labels, collected one by one: what formats of many small pictures share.
 */
#ifndef DSC_DATA_PILE_H
#define DSC_DATA_PILE_H

#include "data/dataset.h"

typedef struct dsc_pile {
    size_t count, test_count; /* the test part comes last */
    dsc_shape shape;          /* channels, height, width; set before the first picture */
    uint8_t *bytes;
    int32_t *labels;
    size_t byte_capacity, label_capacity; /* in pictures and labels */
} dsc_pile;

/* Room for one more picture, whose bytes the caller fills in; NULL: no memory. */
uint8_t *dsc_pile_add(dsc_pile *pile, int32_t label);
/* Gives all to the data set, as bytes with labels; the pile is empty then. Class names are the
 * caller's business. */
void dsc_pile_give(dsc_pile *pile, descent_dataset *data);
void dsc_pile_free(dsc_pile *pile);

#endif
