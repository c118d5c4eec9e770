/* spec.h - the one grammar of everything people type: optimizers, schedules, data, models.
 *
 *     list  = item { "," item }
 *     item  = name { argument }
 *     argument = value | key "=" value
 *     value = word | "quoted text" | "(" list ")"
 *
 *     adam lr=0.001 weight_decay=0.01
 *     conv 32 3x3 pad=1, relu, repeat 2 (residual (linear 64, relu)), linear
 *
 * Words are runs of anything but blanks, commas, parentheses and '='. A '#' starts no comment. */
#ifndef DSC_BASE_SPEC_H
#define DSC_BASE_SPEC_H

#include "base/param.h"

typedef struct dsc_spec_list dsc_spec_list;

typedef struct dsc_spec_arg {
    const char *key;            /* NULL: positional */
    const char *text;           /* the value; NULL when it is a list */
    const dsc_spec_list *list;  /* "( ... )", or NULL */
    dsc_place key_place, place; /* of the key (or the value when positional), and of the value */
} dsc_spec_arg;

typedef struct dsc_spec {
    const char *name;
    const char *source; /* the whole item as typed, without outer blanks */
    dsc_spec_arg *arg;
    int n_args;
    dsc_place place; /* of the name */
} dsc_spec;

struct dsc_spec_list {
    dsc_spec *item;
    int count;
};

/* Parses `text`, typed at `origin` ("--model", "recipe.ini" with its line; column counts from the
 * text's first byte and is shifted by origin.column - 1). Free with dsc_spec_free(); nothing in
 * the tree outlives it. An empty text is an error. Nesting is limited to 32. */
descent_status dsc_spec_parse(dsc_spec_list **out, const char *text, dsc_place origin,
                              descent_error *err);
/* The same for exactly one item. */
descent_status dsc_spec_parse_one(dsc_spec_list **out, const char *text, dsc_place origin,
                                  descent_error *err);
void dsc_spec_free(dsc_spec_list *list); /* NULL is fine */

/* What dsc_spec_bind() lets through beside plain values. */
enum {
    DSC_ACCEPT_LIST = 1,      /* one positional "( ... )", see dsc_spec_inner() */
    DSC_ACCEPT_SCHEDULES = 2, /* key=( ... ) for a number: in value->list, not looked into */
    DSC_ACCEPT_FACTORS = 4,   /* key=0.1x for a number: value->factor, not checked for bounds */
    DSC_ACCEPT_NUMBERS = 8,   /* key=(1, 2, 5) for a text: in value->list, not looked into */
    DSC_ACCEPT_BRANCHES = 16  /* with DSC_ACCEPT_LIST: several of them, see dsc_spec_branch() */
};

/* Binds an item's arguments to the parameters of `info`: positional ones in order, bare names of
 * flags as yes, key=value by name, key=( ... ) of DESCENT_LAYERS in value->list; checks kinds and
 * bounds, fills defaults. Errors: unknown, repeated, missing or ill-formed arguments, each with its
 * place. */
descent_status dsc_spec_bind(const dsc_spec *spec, const descent_info *info, unsigned accept,
                             dsc_value values[DSC_MAX_PARAMS], descent_error *err);

/* The positional "( ... )" argument of an item, the first if there are several, or NULL. */
const dsc_spec_list *dsc_spec_inner(const dsc_spec *spec);
/* The same for the one number `index` (0: the first). */
const dsc_spec_list *dsc_spec_branch(const dsc_spec *spec, int index);

#endif
