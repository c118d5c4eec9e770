/* run_test.c - what the model gets wrong: confusion matrix, worst examples, predicted numbers. */
#include "report/run.h"

#include "base/json.h"
#include "base/memory.h"

#include <math.h>

enum { N_WORST = 24, MOST_CLASSES = 100, MOST_NUMBERS = 64 * 64 * 3, MOST_FITTED = 2000 };

static const float *output_of(const dsc_tested *t, size_t i)
{
    return t->output + i * t->width;
}

static int predicted_class(const dsc_tested *t, size_t i)
{
    const float *p = output_of(t, i);
    int best = 0;

    for (int j = 1; j < (int)t->width; j++)
        best = p[j] > p[best] ? j : best;
    return best;
}

static json_t *class_name(const dsc_tested *t, int index)
{
    const char *name = descent_dataset_class(t->data, index);

    return name ? json_string(name) : json_integer(index);
}

json_t *dsc_run_confusion(const dsc_tested *t)
{
    const size_t classes = t->width;

    if (!t->data->labels || classes > MOST_CLASSES)
        return json_null();
    size_t *count = dsc_alloc(classes * classes, sizeof *count);
    if (!count)
        return NULL;
    for (size_t i = 0; i < t->split.n_test; i++)
        count[(size_t)t->data->labels[t->split.test[i]] * classes +
              (size_t)predicted_class(t, i)]++;
    json_t *names = json_array(), *rows = json_array();
    for (size_t k = 0; k < classes; k++) {
        json_t *row = json_array();
        for (size_t j = 0; j < classes; j++)
            dsc_json_add(&row, json_integer((json_int_t)count[k * classes + j]));
        dsc_json_add(&rows, row);
        dsc_json_add(&names, class_name(t, (int)k));
    }
    dsc_free(count);
    return json_pack("{s:o, s:o}", "classes", names, "counts", rows);
}

/* Minus the logarithm of what the right class got; of numbers the largest distance. */
static double error_of(const dsc_tested *t, size_t i)
{
    const uint32_t example = t->split.test[i];
    const float *out = output_of(t, i);
    double error = 0;

    if (t->data->labels)
        return -log(fmax((double)out[t->data->labels[example]], 1e-30));
    for (size_t j = 0; j < t->width; j++)
        error =
            fmax(error, fabs((double)out[j] - (double)t->data->targets[example * t->width + j]));
    return error;
}

/* Places of the largest errors, largest first; returns how many. */
static size_t find_worst(const dsc_tested *t, size_t place[N_WORST], double error[N_WORST])
{
    size_t n = 0;

    for (size_t i = 0; i < t->split.n_test; i++) {
        const double e = error_of(t, i);
        size_t at = n;
        if (!isfinite(e) || (n == N_WORST && e <= error[n - 1]))
            continue;
        n += n < N_WORST;
        at = at < n ? at : n - 1;
        for (; at > 0 && error[at - 1] < e; at--) {
            error[at] = error[at - 1];
            place[at] = place[at - 1];
        }
        error[at] = e;
        place[at] = i;
    }
    return n;
}

/* Numbers of an example: of a picture from 0 to 255, else as they are. */
static json_t *numbers_of(const dsc_tested *t, uint32_t example)
{
    const size_t n = dsc_shape_count(t->data->shape);
    float *x = dsc_alloc(n, sizeof *x), low = INFINITY, high = -INFINITY;
    json_t *list = x ? json_array() : NULL;

    if (!list) {
        dsc_free(x);
        return NULL;
    }
    dsc_batch_gather(t->data, NULL, DESCENT_F32, &example, 1, x, NULL);
    for (size_t j = 0; j < n; j++) {
        low = fminf(low, x[j]);
        high = fmaxf(high, x[j]);
    }
    for (size_t j = 0; j < n; j++)
        dsc_json_add(&list, t->data->shape.rank < 3 ? json_real((double)x[j])
                            : high > low ? json_integer(lrintf(255 * (x[j] - low) / (high - low)))
                                         : json_integer(0));
    dsc_free(x);
    return list;
}

static json_t *worst_example(const dsc_tested *t, size_t i, double error)
{
    const uint32_t example = t->split.test[i];
    const float *out = output_of(t, i);
    json_t *one = json_pack("{s:I, s:f}", "index", (json_int_t)example, "error", error);

    if (dsc_shape_count(t->data->shape) <= MOST_NUMBERS)
        dsc_json_set(&one, "x", numbers_of(t, example));
    if (!t->data->labels) {
        dsc_json_set(&one, "target", json_real((double)t->data->targets[example * t->width]));
        dsc_json_set(&one, "predicted", json_real((double)out[0]));
        return one;
    }
    const int said = predicted_class(t, i);
    dsc_json_set(&one, "target", class_name(t, t->data->labels[example]));
    dsc_json_set(&one, "predicted", class_name(t, said));
    dsc_json_set(&one, "wrong", json_boolean(said != t->data->labels[example]));
    dsc_json_set(&one, "p_predicted", json_real((double)out[said]));
    dsc_json_set(&one, "p_target", json_real((double)out[t->data->labels[example]]));
    return one;
}

json_t *dsc_run_worst(const dsc_tested *t)
{
    size_t place[N_WORST];
    double error[N_WORST];
    const size_t n = find_worst(t, place, error);
    json_t *examples = json_array(), *shape = json_array(), *names = json_array();

    for (size_t k = 0; k < n; k++)
        dsc_json_add(&examples, worst_example(t, place[k], error[k]));
    for (int k = 0; k < t->data->shape.rank; k++)
        dsc_json_add(&shape, json_integer(t->data->shape.size[k]));
    for (int k = 0; t->data->feature_name && k < t->data->shape.size[0]; k++)
        dsc_json_add(&names, json_string(t->data->feature_name[k]));
    return json_pack("{s:o, s:o, s:o}", "shape", shape, "features", names, "examples", examples);
}

json_t *dsc_run_fitted(const dsc_tested *t)
{
    const size_t every = t->split.n_test / MOST_FITTED + 1;

    if (t->data->labels || !t->data->targets)
        return json_null();
    json_t *target = json_array(), *predicted = json_array();
    for (size_t i = 0; i < t->split.n_test; i += every) {
        dsc_json_add(&target, json_real((double)t->data->targets[t->split.test[i] * t->width]));
        dsc_json_add(&predicted, json_real((double)output_of(t, i)[0]));
    }
    return json_pack("{s:o, s:o}", "target", target, "predicted", predicted);
}
