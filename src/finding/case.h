/* case.h - all that is known of one training, as plain numbers, for findings to judge.
 *
 * Whoever trains (train/diagnose.c) or walks down a function (minimize/) fills it, findings read
 * it, and nothing else passes between them: a finding can be tested with a case made by hand. What
 * is not known is NaN, NULL or a count of 0. */
#ifndef DSC_FINDING_CASE_H
#define DSC_FINDING_CASE_H

#include "descent/base.h"

#include "finding/case_data.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A gradient check's relative error, in double, from which on it is doubtful: with kinks (relu) in
 * the way even right ones reach some 1e-5. */
#define DSC_SUSPICIOUS_GRADIENT 1e-4

/* A layer with less than this of the largest learning rate stays about where it was drawn. */
#define DSC_HARDLY_LEARNS 1e-3

/* --- the plan: what the recipe says ----------------------------------------------------------- */

typedef struct dsc_plan {
    bool minimizes;                  /* a function of few variables rather than a training */
    bool classifies, text, pictures; /* neither: regression, rows of numbers */
    int outputs;                     /* classes or targets */
    size_t train, test;              /* examples */
    int positions;                   /* labels of an example: 1, of a text the context */
    double parameters, frozen;       /* weights; those that are frozen, or as good as that: */
    double slow;                     /* those of them that only have next to no lr */
    int64_t steps, steps_per_epoch;  /* steps in all */
    int64_t batch;                   /* examples of a step */
    int epochs;
    bool standardizes, shuffles, augments;
    /* as in the resolved recipe; for remedies */
    const char *data, *model, *loss, *optimizer, *schedule;
    const char *rule, *shape; /* names: of the update rule ("adam"), of the schedule ("cosine") */
    const char *loss_name;    /* "cross_entropy" */
    bool adaptive;            /* the rule divides by a running measure of g, such as adam */
    /* hyperparameters at the start; NaN: the rule has none of that name */
    double lr, momentum, beta1, beta2, eps, weight_decay, clip_norm, clip_value, clip_segment, agc;
    double layer_decay; /* lr of a layer over that of the next; 1: all have the same */
    double warmup;      /* steps */
    bool decay_all;     /* weight decay acts on biases and norms as well */
    bool l2_decay;      /* it goes through the gradient rather than straight to w */
    int deep;           /* layers with weights, one behind the other */
    int batch_norms, dropouts, layer_norms; /* layers of these kinds */
    double
        norm_numbers; /* that a batch_norm takes its statistics of: the fewest; 0: there is none */
    int decayed_norms, decayed_biases; /* gains and biases, as segments, that weights decay on */
    bool searches;                     /* the rule finds the length of its steps itself */
    int patience;        /* epochs without a better test loss; the best weights are kept. 0: none */
    int recurrent_steps; /* of the longest sequence that an rnn reads; 0: there is none */
} dsc_plan;

/* --- the untrained network -------------------------------------------------------------------- */

typedef struct dsc_start {
    bool looked;
    double loss;                    /* on the first batch */
    double output_deviation;        /* of its outputs over examples, each output apart, mean */
    double output_magnitude;        /* root of the mean square of its outputs */
    double update_ratio, grad_norm; /* of the first step; NaN: not measured */
    double weight_norm;             /* of the matrices; 0: not looked */
    double same_units; /* largest share, over weight matrices, of units with equal weights */
    char same_segment[DSC_NAME];
    /* root of the mean square of a matrix, over what He or Glorot propose for it, whichever is
     * wider (of the widest matrix) or narrower (of the narrowest, the last one left out) */
    double widest_init, narrowest_init;
    char widest_segment[DSC_NAME], narrowest_segment[DSC_NAME];
    double target_magnitude; /* regression: root of the mean square of the targets */
    /* by how much an rnn's state grows from step to step at most: root of the mean square of its
     * weight_hh times the root of its units; the smallest of the model, 0: there is none */
    double recurrent_growth;
    /* how far what goes into the gates of an lstm or gru spreads, if its states were 1: the widest
     * of the model; 0: there is none */
    double gate_spread;
    double gradient_error; /* of a gradient check, relative; NaN: not done */
    char gradient_op[DSC_NAME];
    const char *gradient_activation; /* what a model string calls it; NULL: it is another layer */
} dsc_start;

/* --- the course ------------------------------------------------------------------------------- */

/* A stretch of steps: what happened in them, and what instruments measured at its last. */
typedef struct dsc_moment {
    double first, step, epoch; /* its first and last step, from 1; epochs passed, with fractions */
    double loss, loss_low, loss_high; /* of its steps' batches: mean, lowest, highest */
    double accuracy;                  /* of the batches; NaN: regression */
    double lr, lr_high; /* at its last step; the highest of all its steps, 0: unknown */
    double skipped;     /* steps that moved nothing */
    double measured;    /* 1; 0: all below is NaN */
    double grad_norm, update_ratio, grad_cosine, noise_scale, distance, dead_units, saturation;
    double weight_norm;
    double clipped;   /* share of the steps so far whose gradient was shortened; NaN: no clipping */
    double eps_share; /* adaptive rules: share of weights whose step eps rules; NaN: unknown */
    double step_rms;  /* adaptive rules: root mean square of g / sqrt(v), before this g is in v */
    double decay_share; /* length of what decay takes, over the length of the step: of matrices and
                         * filters, where they have a gradient */
    double shortened; /* length of the gradient after clipping over that before; NaN: no clipping */
    double root; /* adaptive rules: geometric mean of the roots of v, of weights that have any */
} dsc_moment;

/* What instruments measured of one layer at one moment; NaN: it has no such value. */
typedef struct dsc_layer_moment {
    double grad_norm, update_ratio, distance;
    double dead_units, saturation, activation_mean, activation_deviation;
} dsc_layer_moment;

typedef struct dsc_layer_facts {
    const char *name; /* "2.0 conv" */
    const char *kind; /* "conv", "relu" */
    size_t weights;   /* 0: an activation */
    size_t units;     /* that its output has for one example; 0: not looked at */
    size_t channels;  /* the same, but of pictures the channels */
    bool frozen;
    double rate; /* its lr over the largest that a layer has; NaN: the rule has none */
    /* share of relu units (of pictures: channels) that are 0 for every one of many examples, in the
     * untrained network and in the trained one; NaN: none, or not looked at */
    double silent_at_start, silent;
} dsc_layer_facts;

/* The end of an epoch. */
typedef struct dsc_epoch_facts {
    double step;
    double train_loss, train_accuracy; /* mean over the epoch's batches, while it learned */
    double test_loss, test_accuracy, test_rmse;
} dsc_epoch_facts;

/* --- the trained network on some examples, as when it predicts -------------------------------- */

typedef struct dsc_look {
    size_t n; /* examples; 0: not looked */
    double loss, accuracy, rmse;
    double median_loss, high_loss; /* of one example: the middle one, mean of the highest 1 % */
    /* classes: share that is wrong in the surer halves of those that are predicted to be of one
     * class, and in their other halves; how many the surer halves are */
    double wrong_of_sure, wrong_of_unsure, sure;
    /* numbers: root of the mean square of |y - target| over a deviation by the middle one; 1 where
     * errors are normal, more where a few are far off */
    double tails;
    double output_deviation;   /* over examples, mean over outputs */
    double target_deviation;   /* regression: of the targets, in the same units */
    double largest_prediction; /* share of the class that is predicted most */
    double least_recall;       /* of the class that is found least, among those with 5 and
                                * more examples here */
    int least_recalled;
} dsc_look;

/* --- the loss around the last weights, when the training is over -------------------------------
 */

/* At the mean of the weights over the last quarter of the steps, at the last weights, and once,
 * two, four and eight times as far ahead as the second half of the steps went. */
enum { DSC_PROBE_MEAN, DSC_PROBE_LAST, DSC_PROBE_AHEAD, DSC_PROBE_POINTS = 6 };
extern const double dsc_probe_ahead[DSC_PROBE_POINTS];

typedef struct dsc_probe {
    size_t n;                      /* training examples it was measured on; 0: not looked */
    double loss[DSC_PROBE_POINTS]; /* as when it predicts */
    /* on as many test examples, at the mean and at the last weights */
    double test_mean, test_last;
    /* four steps of the largest lr in one, against the last gradient; NaN: unknown, or the rule
     * does not go along the gradient */
    double longer;
} dsc_probe;

/* --- batch_norm at the last weights, on training examples ---------------------------------------
 */

typedef struct dsc_norm {
    size_t n; /* examples; 0: not looked */
    /* losses with the running statistics, with those of each batch (and dropout) as in training,
     * and with statistics measured afresh; NaN: unknown */
    double running, batch, afresh;
    double numbers; /* that a batch_norm takes its statistics of: the fewest; 0: unknown */
} dsc_norm;

/* --- what was not finite ---------------------------------------------------------------------- */

typedef struct dsc_not_finite {
    int64_t step;                       /* the first, from 1; 0: all was finite */
    char layer[DSC_NAME], op[DSC_NAME]; /* where the first number that was not finite came out */
    bool backward;                      /* its gradient, not its value */
    char what[16];                      /* "NaN", "inf" */
    double low, high;                   /* range of what went in; NaN: nothing */
} dsc_not_finite;

/* --- a walk down a function of few variables ----------------------------------------------------
 */

typedef struct dsc_walk {
    bool known;
    bool diverged, converged, oscillates;    /* its verdict; none: it was still going */
    double steps, stopped_at;                /* steps planned and taken */
    double f_first, f_last, f_best, f_most;  /* f_most: the highest but for the start */
    double g_first, g_last, g_least, g_most; /* |g|; least before the last quarter of the steps */
    double lr, limit;                        /* the highest of a step; above which the rule loses a
                                              * bowl that bends like this. NaN: unknown */
    double steepest, along; /* curvature: the largest upwards, and along the last steps. NaN */
    double cosine;          /* mean of successive gradients over the last steps */
    double rises, turns;    /* share of the steps that raised f; how often that changed */
    double lower_beside;    /* where g is next to nothing: how much lower f is a little aside, on
                             * both sides; 0: nowhere */
} dsc_walk;

/* --- all of it -------------------------------------------------------------------------------- */

typedef struct dsc_case {
    dsc_plan plan;
    dsc_audit data;
    dsc_start start;
    const dsc_moment *moment; /* in order of steps */
    size_t moments;
    const dsc_layer_facts *layer; /* from input to output */
    size_t layers;
    const dsc_layer_moment *layer_moment; /* (moments, layers); NULL: nothing was measured */
    const dsc_layer_moment *start_layer;  /* (layers) at the first step; NULL: not measured */
    const float *step_loss;               /* of every `step_loss_every`-th step */
    size_t step_losses, step_loss_every;
    const dsc_epoch_facts *epoch;
    size_t epochs;
    dsc_look train_look, test_look;
    dsc_probe probe;
    dsc_norm norm;
    dsc_walk walk;
    dsc_not_finite not_finite;
    double skipped;     /* steps */
    double wait_share;  /* of the time in training: making batches; NaN: unknown */
    bool over;          /* all steps are taken or the run gave up; false: it goes on */
    bool stopped_early; /* by the caller: do not judge what the missing steps would have shown */
    bool gave_up;       /* DESCENT_STOP_DIVERGED */
    const char *run;    /* the folder; NULL: none */
} dsc_case;

#endif
