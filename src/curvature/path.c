/* path.c - the way a training went: its snapshots, and the plane that shows most of it.
 *
 *     D = rows w_i - w,  D D' = U diag(s^2) U',  d_j = D' u_j / s_j,  (D d_j)_i = s_j u_ij
 *
 * As Li et al. 2018 do it: differences from where the training ended, not from their mean, so that
 * the plane goes through the model. D D' has one row a snapshot, which is few. */
#include "curvature/landscape.h"

#include "base/file.h"
#include "base/memory.h"
#include "optim/lapack.h"
#include "train/fit.h"
#include "train/log.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static descent_status take_event(descent_landscape *land, const json_t *event, descent_error *err)
{
    const json_t *step = json_object_get(event, "step"), *lr = json_object_get(event, "lr");
    void *block = land->snapshot;

    if (!dsc_event_is(event, "snapshot") || !json_is_integer(step))
        return DESCENT_OK;
    if (!dsc_grow(&block, &land->snapshot_capacity, land->n_snapshots + 1, sizeof *land->snapshot))
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the snapshots of '%s'",
                        land->folder);
    land->snapshot = block;
    land->snapshot[land->n_snapshots++] =
        (descent_snapshot){.step = (int64_t)json_integer_value(step),
                           .lr = json_is_number(lr) ? json_number_value(lr) : (double)NAN};
    return DESCENT_OK;
}

descent_status dsc_path_find(descent_landscape *land, descent_error *err)
{
    descent_status status = DESCENT_OK;
    char path[600];
    json_t *events;

    snprintf(path, sizeof path, "%s/log.jsonl", land->folder);
    if (!dsc_file_exists(path))
        return DESCENT_OK;
    DSC_TRY(dsc_log_read(&events, land->folder, err));
    for (size_t i = 0; i < json_array_size(events) && status == DESCENT_OK; i++)
        status = take_event(land, json_array_get(events, i), err);
    json_decref(events);
    return status;
}

descent_status dsc_same_layers(const descent_landscape *land, const descent_model *other,
                               const char *path, descent_error *err)
{
    const descent_model *model = land->model;

    bool same = model->n_w == other->n_w && model->n_b == other->n_b &&
                model->n_segments == other->n_segments;
    for (size_t i = 0; same && i < model->n_segments; i++)
        same = model->segment[i].rank == other->segment[i].rank &&
               memcmp(model->segment[i].shape, other->segment[i].shape,
                      sizeof other->segment[i].shape) == 0;
    if (same)
        return DESCENT_OK;
    return dsc_fail(err, DESCENT_SHAPE,
                    "the models have other layers: '%s' in '%s', '%s' in '%s'; weights of the same "
                    "shapes are needed",
                    model->options.layers, land->folder, other->options.layers, path);
}

descent_status dsc_path_load(const descent_landscape *land, size_t index, descent_model **out,
                             descent_error *err)
{
    char path[DSC_SNAPSHOT_PATH];

    *out = NULL;
    if (index >= land->n_snapshots)
        return dsc_fail(err, DESCENT_INVALID, "'%s' has no snapshot number %zu, there are %zu",
                        land->folder, index, land->n_snapshots);
    dsc_snapshot_path(path, land->folder, land->snapshot[index].step);
    DSC_TRY(descent_model_load(out, path, err));
    const descent_status status = dsc_same_layers(land, *out, path, err);
    if (status == DESCENT_OK)
        return DESCENT_OK;
    descent_model_free(*out);
    *out = NULL;
    return status;
}

/* --- principal components --------------------------------------------------------------------- */

/* D (k, n_w) <- snapshots minus the model, and their products A (k,k) */
static descent_status differences(const descent_landscape *land, double *D, double *A,
                                  descent_error *err)
{
    const size_t k = land->n_snapshots, n = land->model->n_w;

    for (size_t i = 0; i < k; i++) {
        descent_model *model;
        DSC_TRY(dsc_path_load(land, i, &model, err));
        for (size_t j = 0; j < n; j++)
            D[i * n + j] = (double)model->w[j] - land->w[j];
        descent_model_free(model);
        for (size_t j = 0; j <= i; j++) {
            double sum = 0.0;
            for (size_t at = 0; at < n; at++)
                sum += D[i * n + at] * D[j * n + at];
            A[i * k + j] = A[j * k + i] = sum;
        }
    }
    return DESCENT_OK;
}

/* Directions and places from the eigenvectors U (rows, values ascending). */
static descent_status take_components(const descent_landscape *land, const double *D,
                                      const double *U, const double *value, dsc_path *path,
                                      descent_error *err)
{
    const size_t k = land->n_snapshots, n = land->model->n_w;
    double all = 0.0;

    for (size_t i = 0; i < k; i++)
        all += fmax(value[i], 0.0);
    if (!(value[k - 2] > 1e-8 * all))
        return dsc_fail(err, DESCENT_INVALID,
                        "the snapshots of '%s' lie on one line, which makes no plane",
                        land->folder);
    for (size_t c = 0; c < 2; c++) {
        const double *u = U + (k - 1 - c) * k, s = sqrt(value[k - 1 - c]);
        const double sign = u[0] < 0 ? -1.0 : 1.0; /* the path begins on the positive side */
        double *place = c == 0 ? path->x : path->y;
        path->explained[c] = value[k - 1 - c] / all;
        for (size_t i = 0; i < k; i++) {
            place[i] = sign * s * u[i];
            for (size_t j = 0; j < n; j++)
                path->d[c][j] += sign * u[i] / s * D[i * n + j];
        }
    }
    return DESCENT_OK;
}

static descent_status project(const descent_landscape *land, double *D, double *A, double *value,
                              dsc_path *path, descent_error *err)
{
    const size_t k = land->n_snapshots;

    DSC_TRY(differences(land, D, A, err));
    double *work = dsc_alloc(dsc_eigen_work((int)k), sizeof *work);
    if (!work)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu snapshots", k);
    const bool found = dsc_eigen((int)k, A, value, work);
    dsc_free(work);
    if (!found)
        return dsc_fail(err, DESCENT_BACKEND,
                        "LAPACK did not find the principal components of %zu snapshots", k);
    return take_components(land, D, A, value, path, err);
}

descent_status dsc_path_project(const descent_landscape *land, dsc_path *path, descent_error *err)
{
    const size_t k = land->n_snapshots, n = land->model->n_w;

    *path = (dsc_path){0};
    if (k < 2)
        return dsc_fail(err, DESCENT_INVALID,
                        "'%s' has %zu snapshots of its weights, two at least are needed for their "
                        "principal components; train with --snapshots 50",
                        land->folder, k);
    double *D = dsc_alloc(k, n * sizeof *D), *A = dsc_alloc(k, k * sizeof *A);
    double *value = dsc_alloc(k, sizeof *value);
    for (int c = 0; c < 2; c++)
        path->d[c] = dsc_alloc(n, sizeof *path->d[c]);
    path->x = dsc_alloc(k + 1, sizeof *path->x);
    path->y = dsc_alloc(k + 1, sizeof *path->y);
    path->loss = dsc_alloc(k + 1, sizeof *path->loss);
    const bool room =
        D && A && value && path->d[0] && path->d[1] && path->x && path->y && path->loss;
    const descent_status status =
        room ? project(land, D, A, value, path, err)
             : dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu snapshots of %zu weights", k, n);
    dsc_free(D);
    dsc_free(A);
    dsc_free(value);
    return status;
}

void dsc_path_free(dsc_path *path)
{
    dsc_free(path->d[0]);
    dsc_free(path->d[1]);
    dsc_free(path->x);
    dsc_free(path->y);
    dsc_free(path->loss);
}
