/* clean.c - examples that are left out of a split: twins, and labels that no neighbour shares.
 *
 * Wilson 1972, "Asymptotic properties of nearest neighbor rules using edited data". */
#include "data/neighbourhood.h"
#include "data/numbers.h"
#include "data/twins.h"

#include "base/memory.h"
#include "base/rng.h"

#include <string.h>

/* index[0..*n) <- those that are first of their kind. */
static void drop_twins(dsc_twins *table, uint32_t *index, size_t *n)
{
    size_t kept = 0;

    for (size_t i = 0; i < *n; i++)
        if (dsc_twins_find(table, index[i], true) == SIZE_MAX)
            index[kept++] = index[i];
    *n = kept;
}

static bool clean_twins(dsc_split *split, const descent_dataset *data)
{
    dsc_twins table;

    if (!dsc_twins_make(&table, data, split->n_train + split->n_test))
        return false;
    drop_twins(&table, split->train, &split->n_train);
    drop_twins(&table, split->test, &split->n_test);
    dsc_twins_free(&table);
    return true;
}

/* Training examples in a random order, so that the first are a sample of all. */
typedef struct cleaning {
    const descent_dataset *data;
    uint32_t *order; /* (n) */
    float *z;        /* (width, n) */
    double *off;     /* (n) numbers: how far off the neighbours' median */
    bool *doubtful;  /* (n) */
    int *count;      /* (outputs) */
    size_t n, width;
    dsc_neighbourhood hood;
} cleaning;

static bool label_doubtful(const cleaning *c, size_t i, const size_t place[DSC_NEAREST])
{
    const int32_t *label = c->data->labels;
    const int own = label[c->order[i]];

    memset(c->count, 0, (size_t)c->data->outputs * sizeof *c->count);
    for (int k = 0; k < c->hood.count; k++) {
        const int other = label[c->order[place[k]]];
        if (++c->count[other] * 2 > c->hood.count && other != own)
            return true;
    }
    return false;
}

static double target_of(const cleaning *c, size_t i)
{
    return (double)c->data->targets[(size_t)c->order[i] * (size_t)c->data->outputs];
}

static double distance_off(const cleaning *c, size_t i, const size_t place[DSC_NEAREST])
{
    double near[DSC_NEAREST];

    for (int k = 0; k < c->hood.count; k++)
        near[k] = target_of(c, place[k]);
    return dsc_neighbourhood_off(target_of(c, i), near, c->hood.count);
}

/* Numbers that are further off than the first of them, a sample of all, make usual. */
static void doubt_numbers(cleaning *c)
{
    enum { MOST = 999 };
    double some[MOST];
    const size_t n = c->n < MOST ? c->n : MOST;

    memcpy(some, c->off, n * sizeof *some);
    const double far = dsc_neighbourhood_far(some, n);
    for (size_t i = 0; i < c->n; i++)
        c->doubtful[i] = far > 0.0 && c->off[i] > far;
}

static void gather(cleaning *c)
{
    const size_t width = dsc_shape_count(c->data->shape);
    const size_t group = (width + c->width - 1) / c->width;

    for (size_t i = 0; i < c->n; i++)
        for (size_t j = 0; j < width; j++)
            c->z[j / group * c->n + i] += (float)dsc_feature(c->data, c->order[i], j);
    if (c->data->shape.rank != 3)
        dsc_neighbourhood_scale(c->z, c->n, c->width);
}

static void doubt(cleaning *c)
{
    size_t place[DSC_NEAREST];

    for (size_t i = 0; i < c->n; i++) {
        dsc_neighbourhood_find(&c->hood, i, c->width, place);
        if (c->data->labels)
            c->doubtful[i] = label_doubtful(c, i, place);
        else
            c->off[i] = distance_off(c, i, place);
    }
    if (!c->data->labels)
        doubt_numbers(c);
}

/* The split stays in ascending order. */
static void take_out(dsc_split *split, const cleaning *c, bool *out)
{
    size_t kept = 0;

    for (size_t i = 0; i < c->n; i++)
        out[c->order[i]] = c->doubtful[i];
    for (size_t i = 0; i < split->n_train; i++)
        if (!out[split->train[i]])
            split->train[kept++] = split->train[i];
    split->n_train = kept;
}

static bool clean_labels(dsc_split *split, const descent_dataset *data)
{
    enum { AMONG = 2000, WIDTH = 256, LEAST = 20 };
    const size_t n = split->n_train, all = dsc_shape_count(data->shape);
    const size_t group = data->shape.rank == 3 ? (all + WIDTH - 1) / WIDTH : 1;
    cleaning c = {.data = data, .n = n, .width = (all + group - 1) / group};

    if (n < LEAST)
        return true;
    c.order = dsc_alloc(n, sizeof *c.order);
    c.z = dsc_alloc(n * c.width, sizeof *c.z);
    c.off = dsc_alloc(n, sizeof *c.off);
    c.doubtful = dsc_alloc(n, sizeof *c.doubtful);
    c.count = dsc_alloc((size_t)data->outputs, sizeof *c.count);
    bool *out = dsc_alloc(data->count, sizeof *out);
    const bool good = c.order && c.z && c.off && c.doubtful && c.count && out &&
                      dsc_neighbourhood_make(&c.hood, c.z, n, c.width, n < AMONG ? n : AMONG);
    if (good) {
        memcpy(c.order, split->train, n * sizeof *c.order);
        dsc_random_shuffle(0, DSC_RNG_AUDIT, 1, c.order, n);
        gather(&c);
        doubt(&c);
        take_out(split, &c, out);
    }
    dsc_neighbourhood_free(&c.hood);
    void *const owned[] = {c.order, c.z, c.off, c.doubtful, c.count, out};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        dsc_free(owned[i]);
    return good;
}

descent_status dsc_split_clean(dsc_split *split, const descent_dataset *data, bool twins,
                               bool labels, descent_error *err)
{
    if (data->tokens || data->outputs == 0)
        return DESCENT_OK;
    if (labels && dsc_is_mapped(data))
        return dsc_fail(err, DESCENT_INVALID,
                        "clean = labels holds all examples in memory, but those of '%s' are "
                        "mapped; add map=no to the data if they have room there",
                        data->name);
    if ((twins && !clean_twins(split, data)) || (labels && !clean_labels(split, data)))
        return dsc_fail(err, DESCENT_NOMEM, "out of memory to clean '%s'", data->name);
    if (split->n_train > 0 && split->n_test > 0)
        return DESCENT_OK;
    return dsc_fail(
        err, DESCENT_INVALID,
        "cleaning '%s' leaves %zu example%s to train on and %zu to test, both must have "
        "some",
        data->name, split->n_train, split->n_train == 1 ? "" : "s", split->n_test);
}
