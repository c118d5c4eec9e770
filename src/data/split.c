/* split.c - which examples train and which test: a pure function of the seed. */
#include "data/dataset.h"

#include "base/memory.h"
#include "base/rng.h"
#include "data/tokens.h"

#include <math.h>

static descent_status check_classes(const dsc_split *split, const descent_dataset *data,
                                    descent_error *err)
{
    size_t *in_train = dsc_alloc((size_t)data->outputs, sizeof *in_train);
    int classes = 0;

    if (!in_train)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a split");
    for (size_t i = 0; i < split->n_train; i++)
        classes += in_train[data->labels[split->train[i]]]++ == 0;
    descent_status status = DESCENT_OK;
    if (classes < 2)
        status = dsc_fail(err, DESCENT_INVALID,
                          "the training part of '%s' has one class only ('%s'); classification "
                          "needs two",
                          data->name, descent_dataset_class(data, data->labels[split->train[0]]));
    for (size_t i = 0; i < split->n_test && status == DESCENT_OK; i++) {
        const int32_t label = data->labels[split->test[i]];
        if (in_train[label] == 0)
            status = dsc_fail(err, DESCENT_INVALID,
                              "class '%s' is seen only in the test part of '%s'; training needs "
                              "examples of it",
                              descent_dataset_class(data, label), data->name);
    }
    dsc_free(in_train);
    return status;
}

/* Puts the first part of a shuffled group into the test part. */
static void deal(const uint32_t *group, size_t n, double fraction, bool *is_test)
{
    size_t test = (size_t)floor((double)n * fraction + 0.5);

    if (test == 0 && n > 1)
        test = 1;
    if (test >= n)
        test = n - 1;
    for (size_t i = 0; i < test; i++)
        is_test[group[i]] = true;
}

/* A random part of each class; for regression all examples are one group. */
static bool draw(const descent_dataset *data, double fraction, uint64_t seed, bool *is_test)
{
    const size_t groups = data->labels ? (size_t)data->outputs : 1;
    uint32_t *sorted = dsc_alloc(data->count, sizeof *sorted); /* examples, class by class */
    size_t *end = dsc_alloc(groups + 1, sizeof *end);          /* of each class in there */

    if (sorted && end) {
        for (size_t i = 0; i < data->count; i++)
            end[data->labels ? data->labels[i] + 1 : 1]++;
        for (size_t g = 1; g <= groups; g++)
            end[g] += end[g - 1];
        for (size_t i = 0; i < data->count; i++)
            sorted[end[data->labels ? data->labels[i] : 0]++] = (uint32_t)i;
        for (size_t g = 0, begin = 0; g < groups; begin = end[g++]) {
            dsc_random_shuffle(seed, DSC_RNG_SPLIT, g, sorted + begin, end[g] - begin);
            if (end[g] > begin)
                deal(sorted + begin, end[g] - begin, fraction, is_test);
        }
    }
    const bool ok = sorted && end;
    dsc_free(sorted);
    dsc_free(end);
    return ok;
}

static descent_status no_memory(const descent_dataset *data, descent_error *err)
{
    return dsc_fail(err, DESCENT_NOMEM, "out of memory for a split of %zu examples", data->count);
}

static descent_status fill(dsc_split *split, const descent_dataset *data, double fraction,
                           uint64_t seed, bool *is_test, descent_error *err)
{
    size_t tests = 0;

    if (data->test_count > 0)
        for (size_t i = data->count - data->test_count; i < data->count; i++)
            is_test[i] = true;
    else if (!draw(data, fraction, seed, is_test))
        return no_memory(data, err);
    for (size_t i = 0; i < data->count; i++)
        tests += is_test[i];
    split->train = dsc_alloc(data->count - tests, sizeof *split->train);
    split->test = dsc_alloc(tests, sizeof *split->test);
    if (!split->train || !split->test)
        return no_memory(data, err);
    for (size_t i = 0; i < data->count; i++) {
        if (is_test[i])
            split->test[split->n_test++] = (uint32_t)i;
        else
            split->train[split->n_train++] = (uint32_t)i;
    }
    if (split->n_train == 0 || split->n_test == 0)
        return dsc_fail(err, DESCENT_INVALID,
                        "'%s' has %zu example%s, too few to hold out a part of %g for testing",
                        data->name, data->count, data->count == 1 ? "" : "s", fraction);
    return data->labels ? check_classes(split, data, err) : DESCENT_OK;
}

descent_status dsc_split_make(dsc_split *split, const descent_dataset *data, double fraction,
                              uint64_t seed, descent_error *err)
{
    *split = (dsc_split){0};
    if (data->tokens) {
        const descent_status made = dsc_tokens_split(split, data, fraction, err);
        if (made != DESCENT_OK)
            dsc_split_free(split);
        return made;
    }
    DSC_TRY(dsc_dataset_check_count(data->name, data->count, err));
    bool *is_test = dsc_alloc(data->count, sizeof *is_test);
    const descent_status status =
        is_test ? fill(split, data, fraction, seed, is_test, err) : no_memory(data, err);
    dsc_free(is_test);
    if (status != DESCENT_OK)
        dsc_split_free(split);
    return status;
}

/* Every fifth example, since files often are in order of their classes; of a text the end, since
 * neighbours there overlap. */
descent_status dsc_split_hold_out(dsc_split *split, const descent_dataset *data, descent_error *err)
{
    enum { PART = 5 };
    const size_t n = split->n_train, held = n / PART;
    uint32_t *test = dsc_alloc(n, sizeof *test);

    if (!test)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu examples that are held out",
                        held);
    dsc_free(split->test);
    split->test = test;
    split->n_test = split->n_train = 0;
    for (size_t i = 0; i < n; i++) {
        const bool out = data->tokens ? i >= n - held : i % PART == PART - 1;
        if (out)
            test[split->n_test++] = split->train[i];
        else
            split->train[split->n_train++] = split->train[i];
    }
    if (held > 0)
        return DESCENT_OK;
    return dsc_fail(err, DESCENT_INVALID,
                    "'%s' has %zu example%s to train on, too few to hold out a fifth of them",
                    data->name, n, n == 1 ? "" : "s");
}

void dsc_split_free(dsc_split *split)
{
    dsc_free(split->train);
    dsc_free(split->test);
    *split = (dsc_split){0};
}
