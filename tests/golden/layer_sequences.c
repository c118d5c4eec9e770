/* layer_sequences.c - cases of sequences: embedding, attention, recurrent layers. */
#include "layer_build.h"

const layer_map layer_sequences[] = {
    {0},
};
