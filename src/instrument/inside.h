/* inside.h - the inside of the instruments of a training; only for files of this folder. */
#ifndef DSC_INSTRUMENT_INSIDE_H
#define DSC_INSTRUMENT_INSIDE_H

#include "instrument/measure.h"

/* A stretch of w that one thread sums. */
typedef struct dsc_piece {
    size_t begin, end, layer;
} dsc_piece;

/* Numbers that are saved: what the values remember, and the step whose gradient is kept. */
typedef struct dsc_instrument_numbers {
    double of[DSC_MAX_INSTRUMENTS][DSC_INSTRUMENT_MEMORY];
    double kept_step;
} dsc_instrument_numbers;

struct dsc_instruments {
    dsc_instruments_options o;
    dsc_choice choice;
    dsc_layers layers;
    dsc_watcher *watcher; /* NULL: activations are not looked at */
    const dsc_vectors *vector;
    descent_type type;
    size_t n, bytes;           /* of w */
    void *before, *first;      /* copies of w; NULL where nobody wants them */
    void *g, *previous;        /* gradients of the last two steps that were shown */
    void *direction, *room[3]; /* of a search */
    dsc_piece *piece;
    size_t n_pieces;
    dsc_sums *piece_sum, *sum; /* of each layer, and last of all */
    dsc_activity *activity;    /* the same */
    dsc_histogram *histogram;  /* of the weights of each layer */
    double *value;             /* of each chosen instrument: layers, then the whole */
    bool histograms;           /* this step has them */
    double previous_step;      /* whose gradient `previous` is; -1: none */
    dsc_instrument_numbers memory;
    dsc_step_vectors vectors; /* of the pass that runs */
};

#endif
