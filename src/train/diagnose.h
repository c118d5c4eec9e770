/* diagnose.h - a training under diagnosis: gathers the case that findings judge (finding/case.h).
 *
 * It looks at what the training has anyway and at its instruments, and changes nothing. All memory
 * is taken before the first step. */
#ifndef DSC_TRAIN_DIAGNOSE_H
#define DSC_TRAIN_DIAGNOSE_H

#include "finding/finding.h"
#include "train/fit.h"
#include "train/silence.h"

/* What is kept of the course at most; a short training has room for its own steps only. */
enum { DSC_RESUMES = 64, DSC_STEP_LOSSES = 32768, DSC_EPOCHS = 4096 };

/* How many of each there is room for. */
typedef struct dsc_course_room {
    size_t moments, step_losses, epochs;
} dsc_course_room;

enum { DSC_FIELDS = 16, DSC_MOST_FINDINGS = 64 };

/* Single numbers of a checkpoint. */
enum { DSC_SAVED = 16 };

/* What looks on the way remember, by the number of a finding; numbers only, for checkpoints. */
typedef struct dsc_watched {
    double told[DSC_MOST_FINDINGS];     /* 1: it was */
    double in_a_row[DSC_MOST_FINDINGS]; /* stretches at whose end it was seen */
    double spent[2]; /* on looks at the ends of stretches, and of epochs: in flops, about */
} dsc_watched;

enum { DSC_LOOKS = 64 }; /* at late weights, for their mean, at most */

enum { DSC_LOOK = 2000 }; /* examples of a part that the trained network is looked at with */

/* What the network says of an example: a class, by how much more than the next (as a difference of
 * its outputs), and whether it is another than the label. */
typedef struct dsc_said {
    float margin;
    uint32_t predicted;
    bool wrong;
} dsc_said;

/* Room for looking at a network. */
typedef struct dsc_look_room {
    size_t n_train, n_test;
    uint32_t *train, *test; /* which examples */
    float *output;          /* (examples, outputs); NULL for text */
    float *loss;            /* of each example */
    size_t *count;          /* (3, outputs) */
    dsc_said *said;         /* of each example; NULL where `output` is */
} dsc_look_room;

enum { DSC_TRACE_NUMBERS = 6 };

/* Which number was not finite: see diagnose_trace.c. */
typedef struct dsc_trace {
    const dsc_fit *fit;
    dsc_not_finite *out;
    double *low, *high; /* of the value of each node, and of what it reads */
    bool found;
    /* what *out says, as numbers, for checkpoints: step, node (-1: none), backward, 0 for NaN or
     * the sign of inf, low, high */
    double saved[DSC_TRACE_NUMBERS];
} dsc_trace;
typedef struct dsc_optimizer_look dsc_optimizer_look; /* diagnose_optimizer.c */

struct dsc_diagnosis {
    dsc_case c;
    char rule[32], shape[32], loss[32]; /* names in the plan */
    dsc_course_room room;
    dsc_moment *moment; /* room.moments */
    dsc_layer_facts *layer;
    dsc_layer_moment *layer_moment; /* (room.moments, layers) */
    dsc_layer_moment *start_layer;  /* (layers) */
    float *step_loss;               /* room.step_losses */
    dsc_epoch_facts *epoch;         /* room.epochs */
    /* which chosen instrument gives each field of a moment, in the order of diagnose.c; -1: none */
    int whole[DSC_FIELDS], layers[DSC_FIELDS];
    dsc_optimizer_look *optimizer_look; /* NULL: nothing is measured */
    double clipped;                     /* steps whose gradient was shortened */
    double largest_lr;                  /* of all segments, at the start */
    /* diagnose_probe.c, as long as w: its mean of late, after half the steps, and at the end; NULL:
     * no probe */
    float *mean, *half, *last;
    size_t n_w;
    int looks; /* that the mean is of */
    bool has_half;
    uint32_t *probed; /* examples of both parts */
    float *running;   /* diagnose_norm.c: b while it is measured afresh; NULL: no batch_norm */
    double saved[DSC_SAVED];
    dsc_look_room look;
    dsc_silence silence; /* layers and graph of the model, of instruments are those of a shard */
    dsc_layers model_layers;
    double *output_sum, *output_squares; /* (outputs) */
    dsc_trace trace;
    descent_finding found[DESCENT_FINDINGS];
    size_t n_found;
    bool ends[DSC_MOST_FINDINGS]; /* by the number of a finding: it ends the training */
    dsc_watched watched;
    const char *stopped_by; /* the finding that ended it; NULL: none */
};

/* fit->diagnosis, when the options want one; everything else of the fit is made. */
descent_status dsc_diagnosis_create(dsc_fit *fit, descent_error *err);
void dsc_diagnosis_free(dsc_diagnosis *diagnosis); /* NULL is fine */
size_t dsc_diagnosis_bytes(const dsc_fit *fit);    /* diagnose_memory.c; 0 without one */

/* What happened; without a diagnosis these do nothing. */
void dsc_diagnosis_step(dsc_fit *fit, const dsc_step_result *step);
void dsc_diagnosis_stretch(dsc_fit *fit, const descent_train_progress *report);
void dsc_diagnosis_epoch(dsc_fit *fit, const descent_train_progress *report);
/* The run is over, and fit->model holds what is saved: looks at it, judges, and fills the result.
 */
descent_status dsc_diagnosis_end(dsc_fit *fit, descent_train_result *result, descent_error *err);

/* --- watch.c ---------------------------------------------------------------------------------- */

/* Reads options->stop_on. */
descent_status dsc_watch_prepare(dsc_fit *fit, descent_error *err);
/* Judges what there is so far by the findings that speak at `when`; tells log and options of each
 * that is new. True when one ends the training. Without a diagnosis it does nothing, and where none
 * was named it leaves out looks that would take more than 1.2 % of the training's time. */
bool dsc_watch_look(dsc_fit *fit, unsigned when);
/* The same at the end of an epoch: of many short ones about forty are looked at. */
bool dsc_watch_epoch(dsc_fit *fit);

/* --- diagnose_gradient.c ---------------------------------------------------------------------- */

/* Before the first step: fills start.gradient_error and gradient_op, in a few seconds at most.
 * *kernels <- |g - g'| / |g'| of the gradient g that the training's kernels compute of the same
 * examples, and g' of plain ones in double. fit->diagnosis must be there. */
descent_status dsc_diagnosis_gradient(dsc_fit *fit, double *kernels, descent_error *err);

/* --- diagnose_direction.c --------------------------------------------------------------------- */

/* The same in one direction, which takes a hundredth of the training's time: fills gradient_error
 * and names what is wrong. Nothing where the training is too short for it. */
descent_status dsc_diagnosis_direction(dsc_fit *fit, descent_error *err);

/* --- diagnose_optimizer.c --------------------------------------------------------------------- */

/* False: out of memory. */
bool dsc_diagnosis_make_look(dsc_diagnosis *d, const dsc_fit *fit);
/* Before a step; after one that was taken; and what the optimizer did in one that was measured. */
void dsc_diagnosis_before(dsc_fit *fit);
void dsc_diagnosis_count_clipped(dsc_fit *fit);
void dsc_diagnosis_optimizer(dsc_diagnosis *d, const dsc_fit *fit, dsc_moment *m);
/* --- diagnose_probe.c -------------------------------------------------------------------------
 */

bool dsc_probe_create(dsc_diagnosis *d, const dsc_fit *fit); /* false: out of memory */
size_t dsc_probe_bytes(const dsc_fit *fit);                  /* what it holds */
void dsc_probe_free(dsc_diagnosis *d);
/* After every step that moved something. */
void dsc_probe_step(dsc_diagnosis *d, const dsc_fit *fit);
/* Fills c.probe; fit->model is moved and put back. */
descent_status dsc_probe_end(dsc_diagnosis *d, dsc_fit *fit, descent_error *err);

/* --- diagnose_norm.c -------------------------------------------------------------------------- */

descent_status dsc_norm_create(dsc_diagnosis *d, const dsc_fit *fit, descent_error *err);
void dsc_norm_free(dsc_diagnosis *d);
/* Fills c.norm; fit->model->b is moved and put back. */
descent_status dsc_norm_look(dsc_diagnosis *d, dsc_fit *fit, descent_error *err);

/* --- diagnose_layers.c ------------------------------------------------------------------------ */

/* Before the other two. */
void dsc_diagnosis_see_rates(dsc_diagnosis *d, const dsc_fit *fit);
dsc_layer_facts dsc_diagnosis_layer(const dsc_fit *fit, const dsc_measured *layer);
/* The lr of a segment over the largest of all, 0 where it is frozen; NaN: there is none. */
double dsc_diagnosis_rate(const dsc_fit *fit, size_t segment);

/* --- diagnose_plan.c -------------------------------------------------------------------------- */

void dsc_diagnosis_plan(dsc_diagnosis *d, const dsc_fit *fit);

/* --- diagnose_start.c ------------------------------------------------------------------------- */

/* What looks at the network need, and that nothing is known yet; release also after a failure. */
descent_status dsc_diagnosis_prepare(dsc_diagnosis *d, const dsc_fit *fit, descent_error *err);
void dsc_diagnosis_release(dsc_diagnosis *d);
/* The untrained network; w is at its start and everything is made. */
void dsc_diagnosis_start(dsc_fit *fit);

/* --- diagnose_look.c -------------------------------------------------------------------------- */

descent_status dsc_look_create(dsc_diagnosis *d, const dsc_fit *fit, descent_error *err);
void dsc_look_free(dsc_diagnosis *d);
/* Fills train_look, test_look and what the layers' relu units do, if the model is finite. */
descent_status dsc_look_take(dsc_diagnosis *d, dsc_fit *fit, descent_error *err);

/* out[0..n) <- examples of a part of `all`, evenly spread: files are often in order. */
void dsc_look_spread(const uint32_t *part, size_t all, size_t n, uint32_t *out);
/* *loss <- of examples index[0..n), as when the model predicts; n = 0: NaN. */
descent_status dsc_look_loss(dsc_fit *fit, const uint32_t *index, size_t n, double *loss,
                             descent_error *err);
/* True when the model is finite, with its statistics of batch_norm. */
bool dsc_look_finite(const descent_model *model);

/* --- diagnose_read.c -------------------------------------------------------------------------- */

/* Fills a look from what d->look holds: what was said of examples index[0..n), and what each lost,
 * which is sorted. */
void dsc_look_read(dsc_look *look, const dsc_diagnosis *d, const dsc_fit *fit,
                   const uint32_t *index, size_t n, const descent_score *score);

/* --- diagnose_trace.c ------------------------------------------------------------------------- */

descent_status dsc_trace_create(dsc_diagnosis *d, const dsc_fit *fit, descent_error *err);
void dsc_trace_free(dsc_diagnosis *d);
/* Says again what trace.saved holds, after a checkpoint was read. */
void dsc_trace_restored(dsc_diagnosis *d);
/* The step that was just skipped is the first: runs it again and looks where it broke. */
void dsc_trace_step(dsc_fit *fit);
/* No step was skipped, but the network that came out gives what is not finite: where. */
void dsc_trace_end(dsc_fit *fit);

/* --- diagnose_data.c -------------------------------------------------------------------------- */

descent_status dsc_diagnosis_audit(dsc_diagnosis *d, const dsc_fit *fit, descent_error *err);

#endif
