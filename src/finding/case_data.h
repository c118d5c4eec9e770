/* case_data.h - the part of a case that is known of its data before the training (data/audit.h
 * fills it): see case.h. */
#ifndef DSC_FINDING_CASE_DATA_H
#define DSC_FINDING_CASE_DATA_H

#include <stdbool.h>
#include <stddef.h>

enum { DSC_NAME = 64 }; /* room for the name of a feature, a layer or an op */

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
    double copies_nearness;  /* over the distance to the tenth nearest: below that it is a copy */
    double copies_by_chance; /* share that is so near by chance, at most */
    /* of the second moments of up to 64 features and of a constant 1, as the network gets them:
     * the largest eigenvalue, and that over the smallest; more features: NaN */
    double steepest, condition;
    double line_loss;  /* one number: mean square of what least squares leave of the target, in the
                        * units of the loss */
    double line_right; /* classes, where `condition` is large: the share that least squares on one
                        * number a class get right; NaN: not asked */
} dsc_audit;

#endif
