/* recipe.h - all settings of a training, as typed, and as the loop wants them. */
#ifndef DSC_TRAIN_RECIPE_H
#define DSC_TRAIN_RECIPE_H

#include "descent/train.h"

#include "base/error.h"

/* The keys: name, default as words, help. The enum, the table and the loop all use this list. An
 * empty default is chosen from the data. */
#define DSC_RECIPE_KEYS(X)                                                                       \
  X(data, "",                                                                                    \
    "a built-in set, a file (CSV, .txt, .npy) or a folder of pictures: iris.csv target=species") \
  X(augment, "",                                                                                 \
    "changes of the training pictures, anew in every epoch: \"shift=2 rotate=10\", or none")     \
  X(context, "", "text: tokens that the model sees at once (default: 64)")                       \
  X(model, "", "layers from input to output: \"linear 128, relu, linear\"")                      \
  X(loss, "", "what is made small: cross_entropy, mse, \"huber delta=0.5\"")                     \
  X(optimizer, "", "the update rule: \"sgd lr=0.1 momentum=0.9\"")                               \
  X(group, "",                                                                                   \
    "other settings for some weights, several times: \"role=bias lr=2x\", \"0.* frozen\"")       \
  X(schedule, "cosine", "how lr moves over the training: \"cosine warmup=100\"")                 \
  X(batch, "", "examples a step: 1 (stochastic), 64 (mini-batch), all (batch gradient descent)") \
  X(accumulate, "1", "batches whose gradients make one step, where a large batch has no room")   \
  X(epochs, "", "passes over the training data")                                                 \
  X(steps, "", "stop after this many steps, even within an epoch")                               \
  X(patience, "0",                                                                               \
    "stop after this many epochs without a better test loss, keep the best weights; 0: never")   \
  X(seed, "1", "of initial weights, shuffling, split and dropout")                               \
  X(test, "0.2", "part held out for testing when the data has no test part of its own")          \
  X(standardize, "yes",                                                                          \
    "give features mean 0 and deviation 1, fitted on the training part (16,384 examples of it "  \
    "where the data are mapped)")                                                                \
  X(shuffle, "yes", "examples in a new order in every epoch; no: in that of the data")           \
  X(clean, "no",                                                                                 \
    "examples to leave out: twins (equal features; one is kept), labels (training examples "     \
    "whose neighbours mostly have another), both; or no")                                        \
  X(precision, "float32",                                                                        \
    "of matrix products: float32, or bf16 (half the bits, faster where the processor has it)")   \
  X(shards, "auto", "pieces of a batch whose gradients are summed; part of the result")

typedef enum dsc_key {
#define X(name, initial, help) DSC_KEY_##name,
    DSC_RECIPE_KEYS(X)
#undef X
        DSC_KEY_COUNT
} dsc_key;

/* A value and where it was typed. */
typedef struct dsc_setting {
    char *text;   /* NULL: not set */
    char *origin; /* file or flag, for messages; NULL: set by a program */
    char *source; /* the line of the file it stood in; NULL: the value itself is the line */
    int line, column;
    bool by_default;
} dsc_setting;

struct descent_recipe {
    dsc_setting setting[DSC_KEY_COUNT];
    dsc_setting *group; /* one by one; setting[DSC_KEY_group] has them all, with ';' between */
    size_t n_groups, group_capacity;
};

/* Where a key's value was typed. */
dsc_place dsc_recipe_place(const descent_recipe *recipe, dsc_key key);
/* Sets a key together with its place in a file. */
descent_status dsc_recipe_put(descent_recipe *recipe, dsc_key key, const char *value,
                              dsc_place place, descent_error *err);
/* --- recipe_group.c: the key `group` ---------------------------------------------------------- */

/* Adds the groups in `text`, which ';' divides. */
descent_status dsc_recipe_add_groups(descent_recipe *recipe, const char *text, dsc_place place,
                                     descent_error *err);
/* Appends to the last one what stands before the first ';', and adds the groups behind it. */
descent_status dsc_recipe_continue_group(descent_recipe *recipe, const char *more,
                                         descent_error *err);
dsc_place dsc_recipe_group_place(const descent_recipe *recipe, size_t index);

/* Blanks, all of which are ' ' in a setting but those in quotes. */
#define DSC_RECIPE_BLANKS " \t\n\v\f\r"
/* Whether what follows c is in quotes, where c was or was not. */
static inline bool dsc_recipe_quotes(bool quoted, char c)
{
    return quoted != (c == '"');
}

/* A blank behind every comma of the model, so that it is read back as it is written: a long one is
 * broken there. */
descent_status dsc_recipe_space_model(descent_recipe *recipe, bool *changed, descent_error *err);
/* What the notes of a model file call the value of a key: "recipe.lr". */
enum { DSC_RECIPE_NOTE = 32 };
const char *dsc_recipe_note(dsc_key key, char out[DSC_RECIPE_NOTE]);

/* The key of that name; fails with the nearest one. */
descent_status dsc_recipe_find(const char *name, dsc_place place, dsc_key *key, descent_error *err);
/* As if the key had never been set; not for groups. */
void dsc_recipe_unset(descent_recipe *recipe, dsc_key key);
/* A copy of all settings, places included. */
descent_status dsc_recipe_copy(descent_recipe **out, const descent_recipe *recipe,
                               descent_error *err);
/* The recipe as "key = value" lines that descent_recipe_read() reads back. */
descent_status dsc_recipe_write(const descent_recipe *recipe, const char *path, descent_error *err);

/* What the loop reads: every number checked. Strings belong to the recipe. */
typedef struct dsc_settings {
    const char *data, *model, *loss, *optimizer, *schedule;
    const struct dsc_loss *loss_kind;
    bool balanced; /* the loss has weights=balanced, which are still to be counted */
    int64_t batch; /* examples */
    int accumulate;
    int epochs;
    int64_t steps; /* 0: no limit beside epochs */
    int patience;  /* epochs without a better test loss; 0: no end to it */
    uint64_t seed;
    double test;
    bool standardize, shuffles;
    bool no_twins, no_doubtful_labels; /* what is left out */
    int shards;                        /* 0: to be chosen for the network */
    bool bf16;
} dsc_settings;

/* The key `context`, which is set. */
descent_status dsc_settings_context(const descent_recipe *recipe, int64_t *context,
                                    descent_error *err);
/* Fills what the recipe leaves open from the data (setting the keys in `recipe`), and checks every
 * value. n_train is the number of training examples; 0 before the split is known: batch, epochs
 * and shards are then left alone. */
descent_status dsc_settings_resolve(dsc_settings *settings, descent_recipe *recipe,
                                    const descent_dataset *data, size_t n_train,
                                    descent_error *err);

#endif
