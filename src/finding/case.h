/* case.h - all that is known of one training, as plain numbers, for findings to judge.
 *
 * Whoever trains (train/diagnose.c) or walks down a function (minimize/) fills it, findings read
 * it, and nothing else passes between them: a finding can be tested with a case made by hand. What
 * is not known is NaN, NULL or a count of 0. */
#ifndef DSC_FINDING_CASE_H
#define DSC_FINDING_CASE_H

#include "descent/base.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A gradient check's relative error, in double, from which on it is doubtful: with kinks (relu) in
 * the way even right ones reach some 1e-5. */
#define DSC_SUSPICIOUS_GRADIENT 1e-4

/* --- the plan: what the recipe says ----------------------------------------------------------- */

typedef struct dsc_plan {
    bool minimizes;                  /* a function of few variables rather than a training */
    bool classifies, text, pictures; /* neither: regression, rows of numbers */
    int outputs;                     /* classes or targets */
    size_t train, test;              /* examples */
    double parameters, frozen;       /* weights; those that are frozen */
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
    double lr, momentum, beta1, beta2, eps, weight_decay, clip_norm, clip_value, clip_segment;
    double warmup;  /* steps */
    bool decay_all; /* weight decay acts on biases and norms as well */
    bool l2_decay;  /* it goes through the gradient rather than straight to w */
    int deep;       /* layers with weights, one behind the other */
    int batch_norms, dropouts, layer_norms; /* layers of these kinds */
    double
        norm_numbers; /* that a batch_norm takes its statistics of: the fewest; 0: there is none */
    int decayed_norms, decayed_biases; /* gains and biases, as segments, that weights decay on */
    bool searches;                     /* the rule finds the length of its steps itself */
    int patience;        /* epochs without a better test loss; the best weights are kept. 0: none */
    int recurrent_steps; /* of the longest sequence that an rnn reads; 0: there is none */
} dsc_plan;

/* --- the data, as audited before the training ------------------------------------------------- */

enum { DSC_NAME = 64 };

typedef struct dsc_audit {
    bool done;
    size_t features;
    size_t looked_at; /* training examples that were read */
    /* features as the network gets them, after standardizing if the recipe says so */
    double least_deviation, largest_deviation; /* over features that vary */
    double largest_mean_in_deviations;         /* |mean| / deviation */
    double largest_magnitude;                  /* of any number */
    size_t constant;                           /* features that never change */
    char constant_name[DSC_NAME];              /* the first of them */
    size_t not_finite;
    char widest_name[DSC_NAME]; /* the feature with the largest deviation or magnitude */
    /* regression: targets as the loss sees them */
    double target_mean, target_deviation;
    bool targets_are_classes; /* whole numbers, few of them: a classification in disguise? */
    int target_values;        /* different ones, up to a hundred; then 0 */
    double targets_of_sign;   /* share of the targets that are -1 or 1 */
    /* classification */
    double chance_loss; /* entropy of the labels, nats; regression: variance of the targets */
    double majority;    /* share of the largest class in training */
    double least_share; /* of the smallest class in training */
    int least_class, largest_class;
    double imbalance;     /* largest class over smallest */
    double batch_entropy; /* mean entropy of the labels of a batch in the order of training (not
                           * shuffled: of the file), over what random batches would have */
    /* examples that stand in both parts, and within training: shares of the two */
    double test_in_train, twins;
    double twins_that_differ; /* equal features, other label; share of training */
    double best_stump;        /* accuracy of the best single feature, cut once or (classes) more */
    char best_stump_name[DSC_NAME];
    /* nearest neighbours of some training examples, judged by their labels */
    size_t neighbours_asked;      /* examples that were asked; 0: not done */
    double neighbours_right;      /* share whose neighbours' majority has the example's label */
    double neighbours_agree;      /* mean share of neighbours that agree among each other */
    double neighbours_contradict; /* share where all or nearly all neighbours agree on another */
    double shifted_right;         /* the best share when labels are moved by one to three places */
    int shift;                    /* that move; 0: none is better */
    /* regression asks for numbers instead: neighbours_right is then the share of variance that the
     * neighbours' mean explains (below 0: worse than the mean of all), neighbours_contradict the
     * share of targets far off their neighbours' median, best_stump the squared correlation */
    size_t constant_ground;      /* constant features at the value that most others have as their
                                  * smallest: the empty border of pictures that are a table */
    bool one_scale;              /* features are numbers of one kind, such as pixels */
    double target_unit;          /* of the test part, in the data's own units: deviation of the
                                  * targets from the mean of training */
    double majority_of_looked;   /* what guessing gives among the asked: a share, or 0 */
    double neighbours_unanimous; /* share whose neighbours nearly all agree on one label */
    double agreement_spread;     /* variance of how many neighbours agree, over that of chance:
                                  * 1 when labels are equally doubtful everywhere */
    double second_stump;         /* best_stump of the second best single feature */
    double rest_right;           /* neighbours_right without the best feature; NaN: not asked */
    double value_bits;           /* log2 of how many different rows the features' values allow */
    /* labels in a wider neighbourhood, of up to 32 examples */
    int wide_neighbours;            /* how many; 0: not asked */
    double wide_agree, wide_spread; /* mean share of the leading label; its variance over that of
                                     * chance */
    double kinship, kinship_error;  /* how much oftener than by chance neighbours have the label of
                                     * the example, 0 to 1, with a standard error */
    double linear_right;            /* neighbours_right of least squares instead; NaN: not asked */
    size_t twins_in_test;           /* test examples that training has; test_in_train as a number */
    /* test examples that are nearly a training example, of so many (0: training has no copies) */
    size_t copies_in_test, copies_asked;
    double copies_by_chance; /* share that is so near by chance, at most */
    /* of the second moments of up to 64 features and of a constant 1, as the network gets them:
     * the largest eigenvalue, and that over the smallest; more features: NaN */
    double steepest, condition;
    double line_loss;  /* one number: mean square of what least squares leave of the target, in the
                        * units of the loss */
    double line_right; /* classes, where `condition` is large: the share that least squares on one
                        * number a class get right; NaN: not asked */
} dsc_audit;

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
    double lr;
    double skipped;  /* steps that moved nothing */
    double measured; /* 1; 0: all below is NaN */
    double grad_norm, update_ratio, grad_cosine, noise_scale, distance, dead_units, saturation;
    double weight_norm;
    double clipped;   /* share of the steps so far whose gradient was shortened; NaN: no clipping */
    double eps_share; /* adaptive rules: share of weights whose step eps rules; NaN: unknown */
    double step_rms;  /* adaptive rules: root mean square of g / sqrt(v), before this g is in v */
    double decay_share; /* length of what decay takes, over the length of the step */
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
    bool frozen;
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

/* --- the trained network on some examples, as when it predicts ---------------------------------
 */

typedef struct dsc_look {
    size_t n; /* examples; 0: not looked */
    double loss, accuracy, rmse;
    double median_loss, high_loss; /* of one example: the middle one, mean of the highest 1 % */
    double sure_and_wrong;         /* share that is wrong with a probability above 0.9 */
    double output_deviation;       /* over examples, mean over outputs */
    double target_deviation;       /* regression: of the targets, in the same units */
    double largest_prediction;     /* share of the class that is predicted most */
    double least_recall;           /* of the class that is found least, among those with 5 and
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
