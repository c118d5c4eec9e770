/* registry.c - every layer, by name; the list itself is in meson.build. */
#include "layer/layer.h"

#include "layer_list.h"

#include <string.h>

#define X(name) extern const dsc_layer dsc_layer_##name;
DSC_LAYER_LIST(X)
#undef X

static const dsc_layer *const layers[] = {
#define X(name) &dsc_layer_##name,
    DSC_LAYER_LIST(X)
#undef X
};

const dsc_layer *dsc_layer_at(size_t index)
{
    return index < sizeof layers / sizeof *layers ? layers[index] : NULL;
}

const dsc_layer *dsc_layer_find(const char *name)
{
    const dsc_layer *layer;

    for (size_t i = 0; (layer = dsc_layer_at(i)) != NULL; i++)
        if (strcmp(layer->info.name, name) == 0)
            return layer;
    return NULL;
}

const descent_info *descent_layer_info(size_t index)
{
    const dsc_layer *layer = dsc_layer_at(index);

    return layer ? &layer->info : NULL;
}
