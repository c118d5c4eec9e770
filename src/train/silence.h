/* silence.h - which relu units are 0 for every one of many examples: those that are dead. Of
 * pictures a unit is a channel, as all its places share their weights. */
#ifndef DSC_TRAIN_SILENCE_H
#define DSC_TRAIN_SILENCE_H

#include "instrument/layers.h"

typedef struct dsc_silence {
    int *layer_of;  /* of each node; -1: it is not looked at */
    size_t *begin;  /* where a layer's units begin in `spoke`; one more for the end */
    bool *spoke;    /* of each unit of all layers: it was above 0 once */
    size_t *places; /* of each layer: numbers of a unit that lie side by side */
} dsc_silence;

/* Room for networks of these layers. Free also after a failure. */
descent_status dsc_silence_create(dsc_silence *out, const dsc_layers *layers,
                                  const dsc_graph *graph, descent_error *err);
void dsc_silence_free(dsc_silence *silence);

/* Forgets what was seen. `layers` and `graph` may be others of the same model: what they compute as
 * one may differ. */
void dsc_silence_begin(dsc_silence *silence, const dsc_layers *layers, const dsc_graph *graph);
/* A dsc_watch; the user is the dsc_silence. For floats, on one thread. */
void dsc_silence_see(void *user, dsc_id id, const void *y, int rows);
/* The share of a layer's units that were 0 all the time; NaN: it has no relu. */
double dsc_silence_share(const dsc_silence *silence, size_t layer);

#endif
