/* looked.h - data that were opened, split and looked at, as before a training. */
#ifndef TEST_DATA_LOOKED_H
#define TEST_DATA_LOOKED_H

#include "files.h"

#include "data/audit.h"

typedef struct looked {
    descent_dataset *data;
    dsc_split split;
    dsc_scaling scaling;
    dsc_audit audit;
} looked;

/* The data are freed in leave(). */
static inline void look_at(looked *l, descent_dataset *data, bool standardize, bool shuffles)
{
    *l = (looked){.data = data};
    assert_int_equal(dsc_split_make(&l->split, l->data, 0.2, 1, NULL), DESCENT_OK);
    if (standardize)
        assert_int_equal(
            dsc_scaling_fit(&l->scaling, l->data, l->split.train, l->split.n_train, NULL),
            DESCENT_OK);
    const dsc_audit_options options = {.data = l->data,
                                       .split = &l->split,
                                       .scaling = &l->scaling,
                                       .shuffles = shuffles,
                                       .batch = 20,
                                       .linear = true,
                                       .seed = 1};
    assert_int_equal(dsc_audit_make(&l->audit, &options, NULL), DESCENT_OK);
}

static inline void look(looked *l, const char *spec, bool standardize, bool shuffles)
{
    look_at(l, open_good(spec), standardize, shuffles);
}

static inline void leave(looked *l)
{
    dsc_scaling_free(&l->scaling);
    dsc_split_free(&l->split);
    descent_dataset_free(l->data);
}

#endif
