/* instrument.h - what one instrument provides. Private; see descent/instrument.h for the public
 * side.
 *
 * Instruments look at steps and never change them. Sums over the weights, the gradient and what
 * else is as long are made once for all instruments, layer by layer (vectors.h); activations are
 * summed while the step goes forward (watch.h). An instrument makes a number of these. */
#ifndef DSC_INSTRUMENT_INSTRUMENT_H
#define DSC_INSTRUMENT_INSTRUMENT_H

#include "descent/instrument.h"

#include "base/param.h"
#include "instrument/vectors.h"

#include <stdint.h>

/* What an instrument wants to have seen. */
enum {
    DSC_SEES_GRADIENT = 1,    /* of the step that is measured */
    DSC_SEES_PREVIOUS = 2,    /* of the step before it as well */
    DSC_SEES_MOVE = 4,        /* what the step did to w */
    DSC_SEES_START = 8,       /* where w began */
    DSC_SEES_ACTIVATIONS = 16 /* what activation layers gave */
};

enum { DSC_INSTRUMENT_MEMORY = 4 };

/* A layer, or the whole model, at one step. */
typedef struct dsc_reading {
    const dsc_sums *sums;
    const dsc_activity *activity;
    bool has_previous; /* false: sums with the gradient before are 0 */
    double examples;   /* that the gradient is the mean of */
} dsc_reading;

/* For instruments that ask for gradients of their own; all vectors have n elements. */
typedef struct dsc_search {
    size_t n;
    size_t bytes;              /* of one vector */
    void *w;                   /* the model's; moved for a moment, and put back */
    void *direction;           /* kept from one search to the next and saved; zeros at first */
    void *before;              /* room for a copy of w */
    void *above, *below;       /* room for gradients */
    const dsc_value *param;    /* of the instrument */
    const dsc_vectors *vector; /* loops over them */
    uint64_t seed;
    /* g <- the gradient of the step's examples at the present w */
    void (*gradient)(void *user, void *g);
    void *user;
} dsc_search;

typedef struct dsc_instrument {
    descent_info info;
    const char *range, *cost; /* in words: unit and range of the value; of one measurement */
    unsigned sees;
    bool costly;        /* measured only when it is named */
    bool whole, layers; /* which values there are */
    /* NaN: nothing to tell. `memory` is of the whole model's value, NULL for layers; it is zero at
     * first and saved in checkpoints. */
    double (*value)(const dsc_reading *view, double memory[DSC_INSTRUMENT_MEMORY]);
    /* instead of value: of the whole model */
    double (*search)(const dsc_search *search);
} dsc_instrument;

/* NULL past the end. */
const dsc_instrument *dsc_instrument_at(size_t index);

enum { DSC_MAX_INSTRUMENTS = 16 };

/* Those that somebody asked for. */
typedef struct dsc_choice {
    const dsc_instrument *instrument[DSC_MAX_INSTRUMENTS];
    size_t index[DSC_MAX_INSTRUMENTS]; /* in the registry */
    dsc_value param[DSC_MAX_INSTRUMENTS][DSC_MAX_PARAMS];
    size_t n;
    unsigned sees; /* of all of them */
    bool searches;
} dsc_choice;

/* Reads "standard", or "grad_norm, sharpness iterations=8": names divided by commas, in any order;
 * "standard" may be among them. `place` is where the text was typed. */
descent_status dsc_choice_read(dsc_choice *out, const char *text, dsc_place place,
                               descent_error *err);

#endif
