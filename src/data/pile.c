/* pile.c - see pile.h. */
#include "data/pile.h"

#include "base/memory.h"

uint8_t *dsc_pile_add(dsc_pile *pile, int32_t label)
{
    const size_t width = dsc_shape_count(pile->shape);
    void *bytes = pile->bytes, *labels = pile->labels;

    const bool ok = dsc_grow(&bytes, &pile->byte_capacity, pile->count + 1, width);
    pile->bytes = bytes;
    if (!ok || !dsc_grow(&labels, &pile->label_capacity, pile->count + 1, sizeof *pile->labels))
        return NULL;
    pile->labels = labels;
    pile->labels[pile->count] = label;
    return pile->bytes + pile->count++ * width;
}

void dsc_pile_give(dsc_pile *pile, descent_dataset *data)
{
    data->count = pile->count;
    data->test_count = pile->test_count;
    data->shape = pile->shape;
    data->task = DESCENT_CLASSIFICATION;
    data->dtype = DSC_U8;
    data->features = pile->bytes;
    data->labels = pile->labels;
    *pile = (dsc_pile){0};
}

void dsc_pile_free(dsc_pile *pile)
{
    dsc_free(pile->bytes);
    dsc_free(pile->labels);
    *pile = (dsc_pile){0};
}
