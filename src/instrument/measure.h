/* measure.h - the instruments of a training: when they look, what they need to be shown, and the
 * numbers they give. They only read what a training has, so it is the same with and without them.
 */
#ifndef DSC_INSTRUMENT_MEASURE_H
#define DSC_INSTRUMENT_MEASURE_H

#include "instrument/instrument.h"
#include "instrument/watch.h"

typedef struct dsc_instruments dsc_instruments;

typedef struct dsc_instruments_options {
    const char *choice; /* see dsc_choice_read(); where it was typed is `place` */
    dsc_place place;
    const dsc_graph *graph; /* of a shard; borrowed, as is all below */
    void *w;                /* as it is before the first step */
    int shards, threads;
    uint64_t seed;
    int64_t steps, every; /* of the run; from one measurement to the next */
    bool histograms;      /* they are counted, some times a run */
    bool first;           /* the first step is measured as well */
    /* g <- the gradient of the last step's examples at the present w */
    void (*gradient)(void *user, void *g);
    void *user;
} dsc_instruments_options;

descent_status dsc_instruments_create(dsc_instruments **out, const dsc_instruments_options *options,
                                      descent_error *err);
void dsc_instruments_free(dsc_instruments *m); /* NULL is fine */

/* What they hold: vectors like w, and the largest number of each unit. */
size_t dsc_instruments_bytes(const dsc_instruments *m);

/* What the trainer is to show of a step. */
typedef struct dsc_showing {
    void *g;              /* a copy of the gradient goes here; NULL: it is not wanted */
    dsc_watcher *watcher; /* sees the activations; NULL: it need not */
} dsc_showing;

/* Before step `step`, counted from 1. A step that was skipped is tried again. */
dsc_showing dsc_instruments_begin(dsc_instruments *m, int64_t step);
/* After it was taken, on so many examples: true when there are new numbers. */
bool dsc_instruments_end(dsc_instruments *m, int64_t step, size_t examples);

/* Measured by the plan: every so many steps, and the last; not only as the first. */
bool dsc_instruments_regular(const dsc_instruments *m, int64_t step);

/* --- what there is to tell -------------------------------------------------------------------- */

const dsc_layers *dsc_instruments_layers(const dsc_instruments *m);
/* The i-th that was chosen; NULL past the end. */
const dsc_instrument *dsc_instruments_chosen(const dsc_instruments *m, size_t i);
double dsc_instruments_whole(const dsc_instruments *m, size_t i); /* NaN: none */
/* One number for every layer, NaN: none. */
const double *dsc_instruments_of_layers(const dsc_instruments *m, size_t i);
/* Of this step: of a layer's weights or activations; NULL: there is none. */
const dsc_histogram *dsc_instruments_histogram(const dsc_instruments *m, bool activations,
                                               size_t layer);

/* What the values of the last measured step were made of; borrowed, until the next begin. */
typedef struct dsc_measured_step {
    const dsc_sums *sums; /* of the whole model */
    const void *g;        /* its gradient; NULL: nobody wanted it */
    const void *before;   /* w before it; NULL likewise */
} dsc_measured_step;

dsc_measured_step dsc_instruments_step(const dsc_instruments *m);

/* --- saving ----------------------------------------------------------------------------------- */

enum { DSC_INSTRUMENT_PARTS = 3 };

/* An array that belongs to what instruments remember, borrowed. */
typedef struct dsc_memory {
    const char *name;
    descent_type type;
    size_t count;
    void *data;
} dsc_memory;

/* What to save; how many arrays. To restore, fill them. */
int dsc_instruments_memory(dsc_instruments *m, dsc_memory out[DSC_INSTRUMENT_PARTS]);

#endif
