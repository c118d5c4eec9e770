/* run_ground.c - what the model says of a plane, and what its first layer looks for. */
#include "report/run.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "train/fit.h"
#include "train/log.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    SIDE = 101,
    EARLY_SIDE = 51,
    MOST_POINTS = 1000,
    MOST_PLANES = 60,
    MOST_FILTERS = 64,
    MOST_FILTER = 64 * 64 * 3
};

/* --- the plane -------------------------------------------------------------------------------- */

/* Both features of every example, and a little room around them. */
static void find_ranges(const descent_dataset *data, double range[2][2])
{
    for (int k = 0; k < 2; k++) {
        const descent_feature_summary s = descent_dataset_summary(data, k);
        const double room = s.max > s.min ? 0.08 * (s.max - s.min) : 1;
        range[k][0] = s.min - room;
        range[k][1] = s.max + room;
    }
}

/* Place number i of `side` along one feature. */
static double at(const double range[2], size_t i, size_t side)
{
    return range[0] + (range[1] - range[0]) * (double)i / (double)(side - 1);
}

/* A model's predictions for side * side points of the plane, row by row; NULL on failure. */
static float *predict_plane(const dsc_tested *t, const descent_model *model, size_t side,
                            double range[2][2])
{
    const int shape[1] = {2};
    const size_t n = side * side;
    float *x = dsc_alloc(n * 2, sizeof *x);
    float *out = dsc_alloc(n * t->width, sizeof *out);
    descent_dataset *plane = NULL;
    descent_status status = DESCENT_NOMEM;

    for (size_t i = 0; x && i < n; i++) {
        x[2 * i] = (float)at(range[0], i % side, side);
        x[2 * i + 1] = (float)at(range[1], i / side, side);
    }
    if (x && out)
        status = descent_dataset_wrap_targets(&plane, x, n, 1, shape, NULL, 1, NULL);
    if (status == DESCENT_OK)
        status = dsc_model_forward(model, &(dsc_examples){.data = plane, .n = n}, dsc_threads(0),
                                   &(dsc_forward){.output = out}, NULL);
    descent_dataset_free(plane);
    dsc_free(x);
    if (status == DESCENT_OK) {
        dsc_model_finish(model, out, n);
        return out;
    }
    dsc_free(out);
    return NULL;
}

/* The likeliest class, or the first number; *sure is its probability in thousandths. */
static json_t *said(const dsc_tested *t, const float *out, json_int_t *sure)
{
    size_t best = 0;

    *sure = 1000;
    if (!t->data->labels)
        return isfinite(out[0]) ? json_real((double)out[0]) : json_null();
    for (size_t j = 1; j < t->width; j++)
        best = out[j] > out[best] ? j : best;
    *sure = lrint(1000 * fmin(1, fmax(0, (double)out[best])));
    return json_integer((json_int_t)best);
}

static json_t *points_of(const dsc_tested *t, const uint32_t *index, size_t n)
{
    const size_t every = n / MOST_POINTS + 1;
    json_t *x = json_array(), *y = json_array(), *label = json_array();

    for (size_t i = 0; i < n; i += every) {
        float pair[2];
        dsc_batch_gather(t->data, NULL, DESCENT_F32, index + i, 1, pair, NULL);
        dsc_json_add(&x, json_real((double)pair[0]));
        dsc_json_add(&y, json_real((double)pair[1]));
        dsc_json_add(&label, t->data->labels
                                 ? json_integer(t->data->labels[index[i]])
                                 : json_real((double)t->data->targets[index[i] * t->width]));
    }
    return json_pack("{s:o, s:o, s:o}", "x", x, "y", y, "label", label);
}

/* What is said of every point, and how surely. */
static void add_plane(json_t **to, const dsc_tested *t, const float *out, size_t side)
{
    json_t *value = json_array(), *sure = json_array();

    for (size_t i = 0; i < side; i++) {
        json_t *values = json_array(), *sures = json_array();
        for (size_t k = 0; k < side; k++) {
            json_int_t p;
            dsc_json_add(&values, said(t, out + (i * side + k) * t->width, &p));
            dsc_json_add(&sures, json_integer(p));
        }
        dsc_json_add(&value, values);
        dsc_json_add(&sure, sures);
    }
    dsc_json_set(to, "said", value);
    dsc_json_set(to, "thousandths", sure);
}

static void add_axes(json_t **to, double range[2][2], size_t side)
{
    json_t *x = json_array(), *y = json_array();

    for (size_t i = 0; i < side; i++) {
        dsc_json_add(&x, json_real(at(range[0], i, side)));
        dsc_json_add(&y, json_real(at(range[1], i, side)));
    }
    dsc_json_set(to, "x", x);
    dsc_json_set(to, "y", y);
}

static json_t *plane_json(const dsc_tested *t, double range[2][2], const float *out)
{
    json_t *made = json_pack("{s:o, s:o}", "train", points_of(t, t->split.train, t->split.n_train),
                             "test", points_of(t, t->split.test, t->split.n_test));

    add_axes(&made, range, SIDE);
    add_plane(&made, t, out, SIDE);
    return made;
}

/* The plane as the weights saw it that were kept after that step; null when they can't be read. */
static json_t *early_plane(const dsc_tested *t, double range[2][2], const char *folder,
                           json_int_t step)
{
    descent_model *model;
    char path[DSC_SNAPSHOT_PATH];

    dsc_snapshot_path(path, folder, step);
    const descent_status status = descent_model_load(&model, path, NULL);
    if (status != DESCENT_OK)
        return status == DESCENT_NOMEM ? NULL : json_null();
    const bool fits = (size_t)model->options.outputs == t->width && model->options.rank == 1 &&
                      model->options.shape[0] == 2;
    float *out = fits ? predict_plane(t, model, EARLY_SIDE, range) : NULL;
    json_t *made = out ? json_pack("{s:I}", "step", step) : fits ? NULL : json_null();
    if (out)
        add_plane(&made, t, out, EARLY_SIDE);
    dsc_free(out);
    descent_model_free(model);
    return made;
}

/* "early": what was said on the way, where the training kept its weights. */
static void add_early_planes(json_t **to, const dsc_tested *t, double range[2][2],
                             const char *folder, const json_t *log)
{
    json_t *planes = json_array(), *early = json_object();

    for (size_t i = 0; i < json_array_size(log) && json_array_size(planes) < MOST_PLANES; i++) {
        const json_t *event = json_array_get(log, i);
        if (dsc_event_is(event, "snapshot")) {
            json_t *plane =
                early_plane(t, range, folder, json_integer_value(json_object_get(event, "step")));
            if (!json_is_null(plane))
                dsc_json_add(&planes, plane);
        }
    }
    add_axes(&early, range, EARLY_SIDE);
    dsc_json_set(&early, "planes", planes);
    dsc_json_set(to, "early", early);
}

json_t *dsc_run_boundary(const dsc_tested *t, const char *folder, const json_t *log)
{
    double range[2][2];

    if (t->data->shape.rank != 1 || t->data->shape.size[0] != 2)
        return json_null();
    find_ranges(t->data, range);
    float *out = predict_plane(t, t->model, SIDE, range);
    if (!out)
        return NULL;
    json_t *made = plane_json(t, range, out);
    add_early_planes(&made, t, range, folder, log);
    json_t *names = json_array();
    for (int k = 0; k < 2; k++) {
        const char *name = descent_dataset_feature(t->data, k);
        dsc_json_add(&names, json_string(name ? name : k == 0 ? "x" : "y"));
    }
    dsc_json_set(&made, "features", names);
    if (t->data->labels) {
        json_t *classes = json_array();
        for (int k = 0; k < t->data->outputs; k++) {
            const char *name = descent_dataset_class(t->data, k);
            dsc_json_add(&classes, name ? json_string(name) : json_integer(k));
        }
        dsc_json_set(&made, "classes", classes);
    }
    dsc_free(out);
    return made;
}

/* --- filters ---------------------------------------------------------------------------------- */

/* Channels, height and width of what one filter of the segment looks at; false: no picture. */
static bool filter_shape(const descent_model *model, const descent_segment *s, int shape[3])
{
    const int *picture = model->options.shape;

    if (model->options.rank != 3)
        return false;
    if (s->rank == 4 && s->shape[1] == picture[0]) { /* (filters, channels, height, width) */
        shape[0] = s->shape[1];
        shape[1] = s->shape[2];
        shape[2] = s->shape[3];
    } else if (s->rank == 2 && s->shape[1] == picture[0] * picture[1] * picture[2]) {
        shape[0] = picture[0];
        shape[1] = picture[1];
        shape[2] = picture[2];
    } else {
        return false;
    }
    return (shape[0] == 1 || shape[0] == 3) && shape[1] * shape[2] > 1 &&
           shape[0] * shape[1] * shape[2] <= MOST_FILTER;
}

/* Weights in thousandths of the largest. */
static json_t *filter_json(const float *w, size_t n)
{
    float most = 0;
    json_t *list = json_array();

    for (size_t j = 0; j < n; j++)
        most = fmaxf(most, fabsf(w[j]));
    for (size_t j = 0; j < n; j++)
        dsc_json_add(
            &list,
            json_integer(most > 0 && isfinite(w[j] / most) ? lrintf(1000 * w[j] / most) : 0));
    return json_pack("{s:f, s:o}", "largest", (double)most, "thousandths", list);
}

json_t *dsc_run_filters(const descent_model *model)
{
    const descent_segment *s = model->n_segments > 0 ? &model->segment[0] : NULL;
    int shape[3];

    if (!s || !filter_shape(model, s, shape))
        return json_null();
    const size_t each = (size_t)shape[0] * (size_t)shape[1] * (size_t)shape[2];
    json_t *filters = json_array();
    for (size_t k = 0; k < (size_t)s->shape[0] && k < MOST_FILTERS; k++)
        dsc_json_add(&filters, filter_json(model->w + s->offset + k * each, each));
    return json_pack("{s:s, s:[i,i,i], s:i, s:o}", "of", s->name, "shape", shape[0], shape[1],
                     shape[2], "count", s->shape[0], "filters", filters);
}
