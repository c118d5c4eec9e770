/* plane.c - the loss on a grid around the weights, and along the way that led there. */
#include "curvature/landscape.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

enum { MOST_SIDE = 201 };

/* What a map is made with. */
typedef struct drawing {
    descent_landscape *land;
    dsc_path path;    /* PCA */
    double *at;       /* (n_w) scratch */
    double *d[2];     /* (n_w) directions; random ones are owned */
    size_t done, all; /* losses */
    descent_landscape_map *map;
} drawing;

static double loss_at(drawing *g, double x, double y)
{
    const descent_landscape *land = g->land;

    for (size_t i = 0; i < land->model->n_w; i++)
        g->at[i] = land->w[i] + (x * g->d[0][i] + y * g->d[1][i]);
    return dsc_mean_loss_at(land->mean, g->at, NULL);
}

/* One more is measured; true: enough. */
static bool count(drawing *g)
{
    g->done++;
    if (dsc_landscape_stops(g->land, g->done, g->all) && g->done < g->all)
        g->map->interrupted = 1;
    return g->map->interrupted;
}

/* Coarse rows first, so that what was interrupted still shows the whole. */
static void fill_grid(drawing *g)
{
    descent_landscape_map *map = g->map;
    const size_t side = map->side;
    size_t stride = 1;

    while (stride * 2 < side)
        stride *= 2;
    for (bool first = true; stride > 0; stride /= 2, first = false)
        for (size_t j = 0; j < side; j += stride) {
            if (!first && j % (2 * stride) == 0)
                continue;
            for (size_t i = 0; i < side; i++) {
                map->loss[j * side + i] = loss_at(g, map->x[i], map->y[j]);
                if (count(g))
                    return;
            }
        }
}

/* The loss of the snapshots themselves, and of the model. */
static descent_status measure_path(drawing *g, descent_error *err)
{
    descent_landscape *land = g->land;
    double *b = dsc_alloc(land->model->n_b, sizeof *b);
    descent_status status =
        b ? DESCENT_OK : dsc_fail(err, DESCENT_NOMEM, "out of memory for a path of weights");

    for (size_t i = 0; i < land->n_snapshots && status == DESCENT_OK; i++) {
        descent_model *model = NULL;
        if (g->map->interrupted)
            g->map->path_loss[i] = (double)NAN;
        else
            status = dsc_path_load(land, i, &model, err);
        if (model) {
            dsc_widen(g->at, model->w, model->n_w);
            dsc_widen(b, model->b, model->n_b);
            g->map->path_loss[i] = dsc_mean_loss_at(land->mean, g->at, b);
            count(g);
        }
        descent_model_free(model);
    }
    g->map->path_loss[land->n_snapshots] = g->map->centre;
    dsc_free(b);
    return status;
}

/* axis[i]: side points from low to high */
static void set_axis(double *axis, size_t side, double low, double high)
{
    for (size_t i = 0; i < side; i++)
        axis[i] = low + (high - low) * (double)i / (double)(side - 1);
}

/* The path's extent with a tenth at either side, times span. */
static void set_axis_of_path(double *axis, size_t side, const double *place, size_t n, double span)
{
    double low = 0.0, high = 0.0;

    for (size_t i = 0; i < n; i++) {
        low = fmin(low, place[i]);
        high = fmax(high, place[i]);
    }
    const double middle = 0.5 * (low + high), half = 0.6 * span * (high - low);
    set_axis(axis, side, middle - half, middle + half);
}

static bool make_room(descent_landscape_map *map)
{
    const size_t side = map->side;

    map->x = dsc_alloc(side, sizeof *map->x);
    map->y = dsc_alloc(side, sizeof *map->y);
    map->loss = dsc_alloc(side, side * sizeof *map->loss);
    for (size_t i = 0; map->loss && i < side * side; i++)
        map->loss[i] = (double)NAN;
    return map->x && map->y && map->loss;
}

static descent_status prepare_random(drawing *g, double span, descent_error *err)
{
    for (int c = 0; c < 2; c++) {
        g->d[c] = dsc_alloc(g->land->model->n_w, sizeof *g->d[c]);
        if (!g->d[c])
            return dsc_fail(err, DESCENT_NOMEM, "out of memory for a direction");
        dsc_direction_random(g->land, c, g->d[c]);
    }
    set_axis(g->map->x, g->map->side, -span, span);
    set_axis(g->map->y, g->map->side, -span, span);
    return DESCENT_OK;
}

/* The map takes places and losses of the path over. */
static descent_status prepare_path(drawing *g, double span, descent_error *err)
{
    descent_landscape_map *map = g->map;

    DSC_TRY(dsc_path_project(g->land, &g->path, err));
    map->n_path = g->land->n_snapshots + 1;
    g->all += g->land->n_snapshots;
    for (int c = 0; c < 2; c++) {
        g->d[c] = g->path.d[c];
        g->path.d[c] = NULL;
        map->explained[c] = g->path.explained[c];
    }
    map->path_x = g->path.x;
    map->path_y = g->path.y;
    map->path_loss = g->path.loss;
    g->path = (dsc_path){0};
    set_axis_of_path(map->x, map->side, map->path_x, map->n_path, span);
    set_axis_of_path(map->y, map->side, map->path_y, map->n_path, span);
    return DESCENT_OK;
}

static descent_status draw(drawing *g, descent_directions directions, double span,
                           descent_error *err)
{
    g->at = dsc_alloc(g->land->model->n_w, sizeof *g->at);
    if (!g->at || !make_room(g->map))
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a map of %zux%zu points",
                        g->map->side, g->map->side);
    g->map->explained[0] = g->map->explained[1] = (double)NAN;
    if (directions == DESCENT_DIRECTIONS_PCA)
        DSC_TRY(prepare_path(g, span, err));
    else
        DSC_TRY(prepare_random(g, span, err));
    g->map->centre = dsc_mean_loss_at(g->land->mean, g->land->w, NULL);
    if (g->map->n_path > 0)
        DSC_TRY(measure_path(g, err));
    if (!g->map->interrupted)
        fill_grid(g);
    return DESCENT_OK;
}

descent_status descent_landscape_plane(descent_landscape *land, descent_directions directions,
                                       size_t grid, double span, descent_landscape_map *out,
                                       descent_error *err)
{
    drawing g = {.land = land, .map = out, .all = grid * grid};

    *out = (descent_landscape_map){.side = grid};
    if (grid < 2 || grid > MOST_SIDE)
        return dsc_fail(err, DESCENT_INVALID, "a map of %zu points a side; from 2 to %d can be had",
                        grid, MOST_SIDE);
    if (!(span > 0.0) || !isfinite(span))
        return dsc_fail(err, DESCENT_INVALID, "a span of %g; it must be above 0", span);
    const descent_status status = draw(&g, directions, span, err);
    dsc_free(g.at);
    dsc_free(g.d[0]);
    dsc_free(g.d[1]);
    dsc_path_free(&g.path);
    if (status != DESCENT_OK)
        descent_landscape_map_free(out);
    return status;
}

void descent_landscape_map_free(descent_landscape_map *map)
{
    dsc_free(map->x);
    dsc_free(map->y);
    dsc_free(map->loss);
    dsc_free(map->path_x);
    dsc_free(map->path_y);
    dsc_free(map->path_loss);
    *map = (descent_landscape_map){0};
}
