/* shapes.c - small colour pictures of simple shapes: what a network for photographs can be tried on
 * without any file.
 *
 * Each picture has one shape of any size, place, turn and colour, on a background of another
 * colour, with noise; a pure function of (seed, number of the picture). */
#include "data/dataset.h"

#include "base/memory.h"
#include "base/rng.h"
#include "data/generate.h"

#include <math.h>
#include <stdio.h>

enum { SIZE = DSC_GENERATE_COUNT, N_PARAMS, COLOURS = 3, FINE = 3 /* samples a pixel, each way */ };

static const descent_param params[N_PARAMS] = {
    DSC_GENERATE_PARAMS(0.05),
    [SIZE] = {"size", 32, 8, 512, "pixels in height and width", DESCENT_INTEGER, NULL},
};

/* Whether (x, y) is inside, of shapes that reach up to one unit from the centre. */
static bool circle(double x, double y)
{
    return x * x + y * y < 1.0;
}

static bool square(double x, double y)
{
    return fabs(x) < 0.7 && fabs(y) < 0.7;
}

static bool triangle(double x, double y)
{
    return y < 0.5 && fabs(x) * 1.7320508075688772 < y + 1.0;
}

static bool cross(double x, double y)
{
    const double a = fabs(x), b = fabs(y);
    return fmin(a, b) < 0.3 && fmax(a, b) < 0.95;
}

static bool ring(double x, double y)
{
    const double square_of_radius = x * x + y * y;
    return square_of_radius < 1.0 && square_of_radius > 0.4;
}

static bool bar(double x, double y)
{
    return fabs(x) < 0.95 && fabs(y) < 0.3;
}

/* In the order of their names, which is that of the labels. */
static const struct shape {
    const char *name;
    bool (*inside)(double x, double y);
} shapes[] = {{"bar", bar},   {"circle", circle}, {"cross", cross},
              {"ring", ring}, {"square", square}, {"triangle", triangle}};

enum { CLASSES = sizeof shapes / sizeof *shapes };

/* What one picture shows; lengths in pixels. */
typedef struct scene {
    const struct shape *shape;
    double x, y, radius, c, s;            /* turned by the angle of this cosine and sine */
    double front[COLOURS], back[COLOURS]; /* 0 to 1 */
} scene;

/* The colours differ by a quarter of the range or more in some channel, at the least. */
static scene draw_scene(const dsc_value *values, size_t i)
{
    const uint64_t seed = (uint64_t)values[DSC_GENERATE_SEED].number;
    const double size = values[SIZE].number;
    enum { RADIUS, X, Y, TURN, CHANNEL, BACK, FRONT = BACK + COLOURS, N = FRONT + COLOURS };
    double u[N];

    for (int which = 0; which < N; which++)
        u[which] = dsc_random_uniform(seed, DSC_RNG_DATA, (uint64_t)which, i);
    scene s = {.shape = &shapes[i % CLASSES], .radius = size * (0.2 + 0.2 * u[RADIUS])};
    s.x = s.radius + (size - 2.0 * s.radius) * u[X];
    s.y = s.radius + (size - 2.0 * s.radius) * u[Y];
    s.c = cos(2.0 * 3.14159265358979323846 * u[TURN]);
    s.s = sin(2.0 * 3.14159265358979323846 * u[TURN]);
    for (int c = 0; c < COLOURS; c++) {
        s.back[c] = u[BACK + c];
        s.front[c] = u[FRONT + c];
    }
    const int c =
        (int)(COLOURS * u[CHANNEL]); /* here the colours are as far apart as can be told */
    s.front[c] = s.back[c] < 0.5 ? 0.75 + 0.25 * u[FRONT + c] : 0.25 * u[FRONT + c];
    return s;
}

/* The part of a pixel that the shape covers. */
static double cover(const scene *s, size_t column, size_t row)
{
    const double from_x = (double)column + 0.5 - s->x, from_y = (double)row + 0.5 - s->y;
    int inside = 0;

    if (hypot(from_x, from_y) > s->radius + 1.0)
        return 0.0;
    for (int i = 0; i < FINE * FINE; i++) {
        const int across = i % FINE, down = i / FINE;
        const double x = ((double)column + (0.5 + across) / FINE - s->x) / s->radius;
        const double y = ((double)row + (0.5 + down) / FINE - s->y) / s->radius;
        inside += s->shape->inside(s->c * x + s->s * y, s->c * y - s->s * x);
    }
    return (double)inside / (FINE * FINE);
}

static void paint(const dsc_value *values, size_t i, uint8_t *out)
{
    const size_t size = (size_t)values[SIZE].number, plane = size * size;
    const uint64_t seed = (uint64_t)values[DSC_GENERATE_SEED].number;
    const double noise = values[DSC_GENERATE_NOISE].number;
    enum { STREAM = 64 }; /* beside those of the scene */
    const scene s = draw_scene(values, i);

    for (size_t p = 0; p < plane; p++) {
        const double covered = cover(&s, p % size, p / size);
        for (size_t c = 0; c < COLOURS; c++) {
            double value = s.back[c] + covered * (s.front[c] - s.back[c]);
            if (noise > 0.0)
                value += noise * dsc_random_normal(seed, DSC_RNG_DATA, STREAM,
                                                   (i * COLOURS + c) * plane + p);
            out[c * plane + p] = (uint8_t)(fmin(fmax(value, 0.0), 1.0) * 255.0 + 0.5);
        }
    }
}

static descent_status no_memory(const descent_dataset *data, descent_error *err)
{
    return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu generated pictures", data->count);
}

static descent_status open(descent_dataset *data, const dsc_spec *spec, const dsc_value *values,
                           bool features_only, descent_error *err)
{
    const int size = (int)values[SIZE].number;

    (void)spec;
    (void)features_only;
    data->count = (size_t)values[DSC_GENERATE_N].number;
    data->shape = (dsc_shape){3, {COLOURS, size, size}};
    data->task = DESCENT_CLASSIFICATION;
    data->outputs = CLASSES;
    snprintf(data->target_name, sizeof data->target_name, "shape");
    const size_t width = dsc_shape_count(data->shape);
    uint8_t *bytes = dsc_alloc(data->count, width);
    int32_t *labels = dsc_alloc(data->count, sizeof *labels);
    data->dtype = DSC_U8;
    data->features = bytes;
    data->labels = labels;
    data->class_name = dsc_alloc(CLASSES, sizeof *data->class_name);
    if (!bytes || !labels || !data->class_name)
        return no_memory(data, err);
    for (int c = 0; c < CLASSES; c++)
        if (!(data->class_name[c] = dsc_copy(shapes[c].name)))
            return no_memory(data, err);
    for (size_t i = 0; i < data->count; i++) {
        labels[i] = (int32_t)(i % CLASSES);
        paint(values, i, bytes + i * width);
    }
    return DESCENT_OK;
}

const dsc_source dsc_source_shapes = {
    .info = {.name = "shapes",
             .summary = "colour pictures of a bar, circle, cross, ring, square or triangle, "
                        "generated",
             .params = params,
             .n_params = N_PARAMS},
    .built_in = true,
    .pictures = true,
    .open = open,
};
