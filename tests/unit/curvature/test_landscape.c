/* test_landscape.c - maps, paths and lines of a small training. */
#include "descent/descent.h"

#include "curvature/landscape.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SNAPSHOTS = 8 };

/* Two runs of one recipe with two seeds; the first keeps snapshots. */
typedef struct fixture {
    char root[64], a[80], b[80];
} fixture;

static descent_model *train(const char *folder, const char *seed, int snapshots)
{
    static const char *const keys[][2] = {{"data", "iris"},
                                          {"model", "linear 8, tanh, batch_norm, linear"},
                                          {"optimizer", "sgd lr=0.1"},
                                          {"epochs", "10"}};
    descent_train_options o = descent_train_defaults();
    descent_recipe *recipe;
    descent_model *model;
    descent_error err;

    assert_int_equal(descent_recipe_create(&recipe, NULL), DESCENT_OK);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_int_equal(descent_recipe_set(recipe, keys[i][0], keys[i][1], NULL, NULL),
                         DESCENT_OK);
    assert_int_equal(descent_recipe_set(recipe, "seed", seed, NULL, NULL), DESCENT_OK);
    o.folder = folder;
    o.snapshots = snapshots;
    if (descent_train(&model, recipe, NULL, &o, NULL, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    descent_recipe_free(recipe);
    return model;
}

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);

    snprintf(f->root, sizeof f->root, "/tmp/descent-landscape-XXXXXX");
    if (!mkdtemp(f->root))
        return -1;
    snprintf(f->a, sizeof f->a, "%s/a", f->root);
    snprintf(f->b, sizeof f->b, "%s/b", f->root);
    descent_model *with = train(f->a, "1", SNAPSHOTS), *without = train(NULL, "1", 0);
    /* keeping snapshots changes nothing */
    assert_memory_equal(descent_model_weights(with), descent_model_weights(without),
                        descent_model_size(with) * sizeof(float));
    descent_model_free(with);
    descent_model_free(without);
    descent_model_free(train(f->b, "2", 0));
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    char command[128];

    snprintf(command, sizeof command, "rm -r '%s'", ((fixture *)*state)->root);
    const int status = system(command);
    free(*state);
    return status;
}

static descent_landscape *open_run(const char *folder, int threads)
{
    descent_landscape_options o = descent_landscape_defaults();
    descent_landscape *land;
    descent_error err;

    o.threads = threads;
    if (descent_landscape_open(&land, folder, &o, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    return land;
}

static void filters_are_as_long_as_those_of_the_weights(void **state)
{
    descent_landscape *land = open_run(((fixture *)*state)->a, 1);
    const size_t n = land->model->n_w;
    double *d = calloc(n, sizeof *d), *other = calloc(n, sizeof *other);

    dsc_direction_random(land, 0, d);
    dsc_direction_random(land, 1, other);
    assert_memory_not_equal(d, other, n * sizeof *d);
    for (size_t k = 0; k < land->model->n_segments; k++) {
        const descent_segment *s = &land->model->segment[k];
        const size_t rows = (size_t)s->shape[0], width = s->count / rows;
        for (size_t r = 0; r < rows; r++) {
            double of_d = 0, of_w = 0;
            for (size_t i = 0; i < width; i++) {
                of_d += pow(d[s->offset + r * width + i], 2);
                of_w += pow(land->w[s->offset + r * width + i], 2);
            }
            if (s->rank > 1)
                assert_true(fabs(of_d - of_w) < 1e-12 * of_w);
            else
                assert_true(of_d == 0);
        }
    }
    free(d);
    free(other);
    descent_landscape_free(land);
}

static void maps_do_not_depend_on_threads(void **state)
{
    descent_landscape_map map[2];

    for (int i = 0; i < 2; i++) {
        descent_landscape *land = open_run(((fixture *)*state)->a, i == 0 ? 1 : 3);
        assert_int_equal(
            descent_landscape_plane(land, DESCENT_DIRECTIONS_RANDOM, 5, 0.5, &map[i], NULL),
            DESCENT_OK);
        descent_landscape_free(land);
    }
    assert_memory_equal(map[0].loss, map[1].loss, 25 * sizeof *map[0].loss);
    assert_true(map[0].loss[12] == map[0].centre);
    assert_true(map[0].x[0] == -0.5 && map[0].x[2] == 0.0 && map[0].y[4] == 0.5);
    for (int i = 0; i < 25; i++)
        assert_true(isfinite(map[0].loss[i]));
    assert_true(isnan(map[0].explained[0]));
    descent_landscape_map_free(&map[0]);
    descent_landscape_map_free(&map[1]);
}

/* All examples of the training part: what the log says of the last step is near, and the model's
 * own score on other data has nothing to do with it. */
static void paths_end_at_the_model(void **state)
{
    descent_landscape *land = open_run(((fixture *)*state)->a, 2);
    descent_landscape_map map;

    assert_int_equal(descent_landscape_snapshots(land), SNAPSHOTS);
    assert_int_equal(descent_landscape_snapshot(land, 0)->step, 0);
    assert_true(descent_landscape_snapshot(land, 0)->lr == 0.1);
    assert_null(descent_landscape_snapshot(land, SNAPSHOTS));
    assert_int_equal(descent_landscape_plane(land, DESCENT_DIRECTIONS_PCA, 3, 1, &map, NULL),
                     DESCENT_OK);
    assert_int_equal(map.n_path, SNAPSHOTS + 1);
    assert_true(map.path_x[SNAPSHOTS] == 0 && map.path_y[SNAPSHOTS] == 0);
    assert_true(map.path_loss[SNAPSHOTS] == map.centre);
    assert_true(map.path_loss[0] > 2 * map.centre);
    assert_true(map.explained[0] > map.explained[1] && map.explained[1] > 0);
    assert_true(map.explained[0] + map.explained[1] > 0.8);
    assert_true(map.explained[0] + map.explained[1] <= 1 + 1e-12);
    for (int i = 0; i <= SNAPSHOTS; i++) {
        assert_true(map.path_x[i] >= map.x[0] && map.path_x[i] <= map.x[2]);
        assert_true(map.path_y[i] >= map.y[0] && map.path_y[i] <= map.y[2]);
    }
    descent_landscape_map_free(&map);
    descent_landscape_free(land);
}

static void projections_are_products(void **state)
{
    descent_landscape *land = open_run(((fixture *)*state)->a, 1);
    const size_t n = land->model->n_w;
    descent_model *first;
    dsc_path path;
    double along = 0, length = 0, across = 0;

    assert_int_equal(dsc_path_project(land, &path, NULL), DESCENT_OK);
    assert_int_equal(dsc_path_load(land, 0, &first, NULL), DESCENT_OK);
    for (size_t i = 0; i < n; i++) {
        along += ((double)first->w[i] - land->w[i]) * path.d[0][i];
        length += path.d[0][i] * path.d[0][i];
        across += path.d[0][i] * path.d[1][i];
    }
    assert_true(fabs(along - path.x[0]) < 1e-9 && along > 0);
    assert_true(fabs(length - 1) < 1e-9 && fabs(across) < 1e-9);
    dsc_path_free(&path);
    descent_model_free(first);
    descent_landscape_free(land);
}

static void lines_lead_from_model_to_model(void **state)
{
    const fixture *f = *state;
    descent_landscape *a = open_run(f->a, 2), *b = open_run(f->b, 2);
    descent_landscape_line there, back, self;

    assert_int_equal(descent_landscape_between(a, f->b, 11, &there, NULL), DESCENT_OK);
    assert_int_equal(descent_landscape_between(b, f->a, 11, &back, NULL), DESCENT_OK);
    assert_int_equal(descent_landscape_between(a, f->a, 3, &self, NULL), DESCENT_OK);
    assert_true(there.barrier > 0 && there.distance > 1 && there.distance == back.distance);
    assert_true(self.barrier == 0 && self.distance == 0 && self.loss[0] == self.loss[2]);
    assert_true(self.loss[0] == there.loss[0]);
    descent_landscape_line_free(&there);
    descent_landscape_line_free(&back);
    descent_landscape_line_free(&self);
    descent_landscape_free(a);
    descent_landscape_free(b);
}

static int stop(double done, void *user)
{
    (void)done;
    return --*(int *)user == 0;
}

static void interrupted_maps_keep_what_they_have(void **state)
{
    descent_landscape_options o = descent_landscape_defaults();
    descent_landscape *land;
    descent_landscape_map map;
    int left = 7, known = 0;

    o.watch = stop;
    o.user = &left;
    assert_int_equal(descent_landscape_open(&land, ((fixture *)*state)->a, &o, NULL), DESCENT_OK);
    assert_int_equal(descent_landscape_plane(land, DESCENT_DIRECTIONS_RANDOM, 5, 1, &map, NULL),
                     DESCENT_OK);
    assert_true(map.interrupted);
    for (int i = 0; i < 25; i++)
        known += isfinite(map.loss[i]);
    assert_int_equal(known, 7);
    descent_landscape_map_free(&map);
    descent_landscape_free(land);
}

static void sharpness_of_runs(void **state)
{
    descent_landscape *land = open_run(((fixture *)*state)->a, 2);
    descent_spectrum end, start;
    descent_error err;

    assert_int_equal(descent_landscape_spectrum(land, -1, 3, &end, NULL), DESCENT_OK);
    assert_int_equal(descent_landscape_spectrum(land, 0, 3, &start, NULL), DESCENT_OK);
    assert_true(end.converged && end.count == 3);
    assert_true(end.largest[0].value > end.largest[1].value && end.largest[1].value > 0);
    assert_true(start.largest[0].value != end.largest[0].value);
    assert_int_equal(descent_landscape_spectrum(land, 99, 3, &end, &err), DESCENT_INVALID);
    descent_landscape_free(land);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_are_as_long_as_those_of_the_weights),
        cmocka_unit_test(maps_do_not_depend_on_threads),
        cmocka_unit_test(paths_end_at_the_model),
        cmocka_unit_test(projections_are_products),
        cmocka_unit_test(lines_lead_from_model_to_model),
        cmocka_unit_test(interrupted_maps_keep_what_they_have),
        cmocka_unit_test(sharpness_of_runs),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
