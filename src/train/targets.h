/* targets.h - what a loss asks of the targets it is to be trained on. */
#ifndef DSC_TRAIN_TARGETS_H
#define DSC_TRAIN_TARGETS_H

#include "data/dataset.h"
#include "train/recipe.h"

/* Targets that mean something as they are (probabilities, counts) are taken out of the scaling, and
 * must be what the loss can take. weights=balanced becomes numbers counted from the training part:
 * then settings->loss is *loss, to be freed by the caller. */
descent_status dsc_targets_prepare(dsc_settings *settings, char **loss, const descent_dataset *data,
                                   const dsc_split *split, dsc_scaling *scaling,
                                   descent_error *err);

#endif
