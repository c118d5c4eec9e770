/* walk_path.c - the points of a minimization that its page shows: at most some thousands. */
#include "walk.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 4096, BEFORE_W = 4 };

bool cli_path_begin(cli_path *path, size_t n)
{
    *path = (cli_path){.n = n, .width = BEFORE_W + 2 * n, .every = 1};
    path->row = malloc((MOST_ROWS + 1) * path->width * sizeof *path->row);
    return path->row != NULL;
}

/* Every second row goes. */
static void thin(cli_path *path)
{
    path->every *= 2;
    path->count = (path->count + 1) / 2;
    for (size_t i = 1; i < path->count; i++)
        memcpy(path->row + i * path->width, path->row + 2 * i * path->width,
               path->width * sizeof *path->row);
}

/* The last row may be of a step that is not kept: then the next one takes its place. */
void cli_path_add(cli_path *path, const descent_minimize_step *step)
{
    if (path->count > 0) {
        const int64_t last = (int64_t)path->row[(path->count - 1) * path->width];
        path->count -= last % path->every != 0;
    }
    if (path->count == MOST_ROWS)
        thin(path);
    double *row = path->row + path->count++ * path->width;
    row[0] = (double)step->step;
    row[1] = step->f;
    row[2] = step->g_norm;
    row[3] = step->lr;
    memcpy(row + BEFORE_W, step->w, path->n * sizeof *row);
    memcpy(row + BEFORE_W + path->n, step->g, path->n * sizeof *row);
}

void cli_path_free(cli_path *path)
{
    free(path->row);
    *path = (cli_path){0};
}
