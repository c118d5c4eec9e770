/* ground.h - what all trainings of a study stand on: one recipe, data that is opened once. */
#ifndef DSC_STUDY_GROUND_H
#define DSC_STUDY_GROUND_H

#include "data/dataset.h"
#include "train/recipe.h"

typedef struct dsc_ground {
    descent_recipe *recipe;      /* a copy; the optimizer is filled in */
    const descent_dataset *data; /* what was given, or `opened` */
    descent_dataset *opened;
    uint64_t seed; /* the recipe's */
} dsc_ground;

/* Copies the recipe, opens its data unless some is given, and checks both together. Release it with
 * dsc_ground_free(), also after a failure. */
descent_status dsc_ground_prepare(dsc_ground *ground, const descent_recipe *recipe,
                                  const descent_dataset *data, descent_error *err);
void dsc_ground_free(dsc_ground *ground);

/* A copy of the recipe with that seed. */
descent_status dsc_ground_recipe(descent_recipe **out, const dsc_ground *ground, uint64_t seed,
                                 descent_error *err);
/* That many steps, however few an epoch has. */
descent_status dsc_ground_put_steps(descent_recipe *recipe, int steps, descent_error *err);

#endif
