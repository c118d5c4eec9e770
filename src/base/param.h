/* param.h - descriptor tables: find an entry by name, check bounds, name the nearest word. */
#ifndef DSC_BASE_PARAM_H
#define DSC_BASE_PARAM_H

#include "base/error.h"

/* How many parameters any entry may have. */
enum { DSC_MAX_PARAMS = 40 };

/* The value of one parameter after binding. */
typedef struct dsc_value {
    double number;    /* NUMBER, INTEGER, FLAG (0 or 1), CHOICE (its number), SIZE (height) */
    double second;    /* SIZE: width */
    const char *text; /* TEXT: what was typed, owned by the spec; else NULL */
    const struct dsc_spec_list *list; /* "( ... )" in place of a value, owned by the spec: layers, a
                                       * number's schedule, several numbers */
    bool given;                       /* typed by the user rather than the default */
    bool factor;                      /* typed as 0.1x: multiplies what stands elsewhere */
} dsc_value;

/* The name nearest to `word` by edit distance among count names, or NULL when none is close
 * (distance above 2 and above a third of its length). `name(i, user)` gives the i-th. */
const char *dsc_nearest(const char *word, size_t count, const char *(*name)(size_t i, void *user),
                        void *user);

/* Writes "; did you mean 'adam'?" for the nearest entry of a registry, or "" when none is near.
 * `info(i)` is a registry's public function, NULL past the end. */
void dsc_suggest_entry(const char *word, const descent_info *(*info)(size_t), char out[80]);

/* Checks a number against a parameter's bounds: "adam: beta1 = 1.5, must be between 0 and 0.999".
 * NaN fails. `entry` names whose parameter it is. */
descent_status dsc_param_check(const char *entry, const descent_param *param, double value,
                               dsc_place place, descent_error *err);

/* The index of parameter `name`; fails with the known names and the nearest one:
 * "adam has no parameter 'beta'; it has lr, beta1, beta2, eps; did you mean 'beta1'?" */
descent_status dsc_param_find(const descent_info *info, const char *name, dsc_place place,
                              int *index, descent_error *err);

/* All defaults of an entry, as values. */
void dsc_param_defaults(const descent_info *info, dsc_value values[DSC_MAX_PARAMS]);

#endif
