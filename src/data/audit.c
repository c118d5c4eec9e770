/* audit.c - a look at data before a training; see audit.h. */
#include "data/audit.h"

#include "base/memory.h"

#include <math.h>
#include <stdio.h>

void dsc_audit_name(const descent_dataset *data, size_t feature, char out[DSC_NAME])
{
    if (data->feature_name)
        snprintf(out, DSC_NAME, "%s", data->feature_name[feature]);
    else
        snprintf(out, DSC_NAME, "feature %zu", feature + 1);
}

double dsc_audit_target(const dsc_audit_options *o, size_t example, int output)
{
    const dsc_scaling *s = o->scaling;
    const double y = (double)o->data->targets[example * (size_t)o->data->outputs + (size_t)output];

    return s->n_targets ? (y - (double)s->target_shift[output]) * (double)s->target_scale[output]
                        : y;
}

/* Rows of the data become columns, some at a time: a column is written in pieces that fill a line
 * of the cache. */
bool dsc_audit_read(const dsc_audit_sample *sample)
{
    enum { ROWS = 16 };
    const dsc_audit_options *o = sample->o;
    const size_t n = sample->n, width = sample->width;
    float *rows = dsc_alloc(ROWS * width, sizeof *rows);

    for (size_t begin = 0; rows && begin < n; begin += ROWS) {
        const size_t count = n - begin < ROWS ? n - begin : ROWS;
        dsc_batch_gather(o->data, o->scaling, DESCENT_F32, sample->index + begin, count, rows,
                         NULL);
        for (size_t j = 0; j < width; j++)
            for (size_t i = 0; i < count; i++)
                sample->x[j * n + begin + i] = rows[i * width + j];
    }
    dsc_free(rows);
    return rows != NULL;
}

/* Examples at equal distances, so that a file in order of its classes is seen as a whole. */
static bool take_sample(dsc_audit_sample *sample, const dsc_audit_options *o)
{
    enum { LEAST = 300, MOST_NUMBERS = 250000, ASKED = 100 };
    const size_t width = dsc_shape_count(o->data->shape), all = o->split->n_train;
    size_t n = all < DSC_AUDIT_SAMPLE ? all : DSC_AUDIT_SAMPLE;

    if (n * width > MOST_NUMBERS)
        n = MOST_NUMBERS / width > LEAST ? MOST_NUMBERS / width : LEAST;
    /* neighbours are what costs most: a short training gets fewer examples to find them among */
    const double may = fmax(o->additions, DSC_AUDIT_NOTHING) / (double)(ASKED * width);
    if (o->additions > 0.0 && may < (double)n)
        n = may > LEAST ? (size_t)may : n < LEAST ? n : LEAST;
    n = n < all ? n : all;
    *sample = (dsc_audit_sample){.o = o, .n = n, .width = width};
    sample->index = dsc_alloc(n, sizeof *sample->index);
    sample->x = dsc_alloc(n * width, sizeof *sample->x);
    const bool good = sample->index && sample->x;
    for (size_t i = 0; good && i < n; i++)
        sample->index[i] = o->split->train[i * all / n];
    return good && dsc_audit_read(sample);
}

/* Nothing is known yet. */
static void begin(dsc_audit *out)
{
    const double none = (double)NAN;

    *out = (dsc_audit){.least_class = -1, .largest_class = -1};
    double *const unknown[] = {&out->least_deviation,
                               &out->largest_deviation,
                               &out->largest_mean_in_deviations,
                               &out->largest_magnitude,
                               &out->target_mean,
                               &out->target_deviation,
                               &out->chance_loss,
                               &out->majority,
                               &out->least_share,
                               &out->imbalance,
                               &out->batch_entropy,
                               &out->test_in_train,
                               &out->twins,
                               &out->twins_that_differ,
                               &out->best_stump,
                               &out->neighbours_right,
                               &out->neighbours_agree,
                               &out->neighbours_contradict,
                               &out->shifted_right,
                               &out->target_unit,
                               &out->targets_of_sign,
                               &out->majority_of_looked,
                               &out->neighbours_unanimous,
                               &out->agreement_spread,
                               &out->second_stump,
                               &out->rest_right,
                               &out->value_bits,
                               &out->wide_agree,
                               &out->wide_spread,
                               &out->kinship,
                               &out->linear_right,
                               &out->kinship_error,
                               &out->steepest,
                               &out->condition,
                               &out->line_loss,
                               &out->line_right};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        *unknown[i] = none;
}

static descent_status out_of_memory(const dsc_audit_options *o, descent_error *err)
{
    return dsc_fail(err, DESCENT_NOMEM, "out of memory for the audit of '%s'", o->data->name);
}

descent_status dsc_audit_make(dsc_audit *out, const dsc_audit_options *o, descent_error *err)
{
    dsc_audit_sample sample = {0};
    size_t best = 0;

    begin(out);
    if (o->data->outputs == 0 || o->split->n_train == 0)
        return DESCENT_OK;
    if (o->data->tokens)
        return dsc_audit_tokens(out, o) ? DESCENT_OK : out_of_memory(o, err);
    bool good = take_sample(&sample, o);
    if (good) {
        out->done = true;
        out->features = sample.width;
        out->looked_at = sample.n;
        out->one_scale = o->data->shape.rank == 3;
    }
    good = good && dsc_audit_features(out, &sample) && dsc_audit_labels(out, o) &&
           dsc_audit_order(out, o) && dsc_audit_twins(out, o) &&
           dsc_audit_single(out, &sample, &best) && dsc_audit_condition(out, &sample) &&
           dsc_audit_neighbours(out, &sample, best) && dsc_audit_linear(out, &sample);
    dsc_free(sample.index);
    dsc_free(sample.x);
    return good ? DESCENT_OK : out_of_memory(o, err);
}
