/* directions.c - random directions whose length means the same in every layer.
 *
 *     d <- normal numbers,  d_f <- d_f |w_f| / |d_f| for every filter f; 0 for biases and norms
 *
 * Li, Xu, Taylor, Studer, Goldstein 2018, "Visualizing the loss landscape of neural nets": a
 * network with relu computes the same when one layer's weights are doubled and the next one's
 * halved, so steps of equal length would say nothing. A filter is what makes one output: a row of a
 * matrix. */
#include "curvature/landscape.h"

#include "base/rng.h"

#include <math.h>
#include <string.h>

static bool moves(const descent_segment *s)
{
    return s->rank > 1 && (strcmp(s->role, "weight") == 0 || strcmp(s->role, "head") == 0 ||
                           strcmp(s->role, "embedding") == 0);
}

static double length_of(const double *a, size_t n)
{
    double squares = 0.0;

    for (size_t i = 0; i < n; i++)
        squares += a[i] * a[i];
    return sqrt(squares);
}

void dsc_direction_random(const descent_landscape *land, int number, double *d)
{
    const descent_model *model = land->model;

    memset(d, 0, model->n_w * sizeof *d);
    for (size_t k = 0; k < model->n_segments; k++) {
        const descent_segment *s = &model->segment[k];
        const size_t width = moves(s) ? s->count / (size_t)s->shape[0] : 1;
        for (size_t at = s->offset; moves(s) && at < s->offset + s->count; at += width) {
            for (size_t i = at; i < at + width; i++)
                d[i] = dsc_random_normal(land->o.seed, DSC_RNG_DIRECTION, (uint64_t)number, i);
            const double factor = length_of(land->w + at, width) / length_of(d + at, width);
            for (size_t i = at; i < at + width; i++)
                d[i] *= factor;
        }
    }
}
