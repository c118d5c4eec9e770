/* line.c - the loss along the straight line from one model to another. */
#include "curvature/landscape.h"

#include "base/memory.h"

#include <math.h>
#include <stdio.h>

enum { MOST_POINTS = 10001 };

/* (1 - t) a + t b */
static void mix(double *out, const float *a, const float *b, size_t n, double t)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (1.0 - t) * (double)a[i] + t * (double)b[i];
}

static double distance(const descent_model *a, const descent_model *b)
{
    double squares = 0.0;

    for (size_t i = 0; i < a->n_w; i++) {
        const double d = (double)a->w[i] - (double)b->w[i];
        squares += d * d;
    }
    return sqrt(squares);
}

static void find_barrier(descent_landscape_line *line)
{
    const double first = line->loss[0], last = line->loss[line->n - 1];

    for (size_t i = 0; i < line->n; i++) {
        const double above = line->loss[i] - ((1.0 - line->t[i]) * first + line->t[i] * last);
        if (above > line->barrier) {
            line->barrier = above;
            line->barrier_at = line->t[i];
        }
    }
}

static descent_status walk(const descent_landscape *land, const descent_model *other,
                           descent_landscape_line *line, descent_error *err)
{
    const descent_model *model = land->model;
    double *w = dsc_alloc(model->n_w, sizeof *w), *b = dsc_alloc(model->n_b, sizeof *b);

    line->t = dsc_alloc(line->n, sizeof *line->t);
    line->loss = dsc_alloc(line->n, sizeof *line->loss);
    const bool room = w && b && line->t && line->loss;
    for (size_t i = 0; room && i < line->n; i++) {
        line->t[i] = (double)i / (double)(line->n - 1);
        line->loss[i] = (double)NAN;
        if (line->interrupted)
            continue;
        mix(w, model->w, other->w, model->n_w, line->t[i]);
        mix(b, model->b, other->b, model->n_b, line->t[i]);
        line->loss[i] = dsc_mean_loss_at(land->mean, w, b);
        line->interrupted = dsc_landscape_stops(land, i + 1, line->n) && i + 1 < line->n;
    }
    if (room)
        find_barrier(line);
    line->distance = distance(model, other);
    dsc_free(w);
    dsc_free(b);
    return room ? DESCENT_OK
                : dsc_fail(err, DESCENT_NOMEM, "out of memory for a line of %zu points", line->n);
}

descent_status descent_landscape_between(descent_landscape *land, const char *other_folder,
                                         size_t n, descent_landscape_line *out, descent_error *err)
{
    descent_model *other;
    char path[1024];

    *out = (descent_landscape_line){.n = n};
    if (n < 2 || n > MOST_POINTS)
        return dsc_fail(err, DESCENT_INVALID, "a line of %zu points; from 2 to %d can be had", n,
                        MOST_POINTS);
    snprintf(path, sizeof path, "%s/model.safetensors", other_folder);
    DSC_TRY(descent_model_load(&other, path, err));
    descent_status status = dsc_same_layers(land, other, other_folder, err);
    if (status == DESCENT_OK)
        status = walk(land, other, out, err);
    descent_model_free(other);
    if (status != DESCENT_OK)
        descent_landscape_line_free(out);
    return status;
}

void descent_landscape_line_free(descent_landscape_line *line)
{
    dsc_free(line->t);
    dsc_free(line->loss);
    *line = (descent_landscape_line){0};
}
