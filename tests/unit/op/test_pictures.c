/* test_pictures.c - ops of pictures: conv_transpose by its definition; group_norm with threads, NaN
 * and numbers far from zero. */
#include "base/rng.h"
#include "graph/op.h"
#include "op/registry.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 2, MOST = 4000 };

typedef struct transpose_case {
    int channels, height, width, filters, kernel_h, kernel_w;
    double attribute[9]; /* stride, pad, output_pad, dilation: height and width each; groups */
} transpose_case;

/* y[f, i stride - pad + u dilation, ...] += w[c,f,u,v] x[c,i,j], on top of the bias. */
static void transpose(const transpose_case *t, const double *x, const double *w, const double *bias,
                      dsc_shape out, double *y)
{
    const double *a = t->attribute;
    const int groups = (int)a[8], each = t->filters / groups, area = out.size[1] * out.size[2];
    const int in = t->channels * t->height * t->width;

    for (int i = 0; i < ROWS * t->filters * area; i++)
        y[i] = bias[i / area % t->filters];
    for (int i = 0; i < ROWS * in; i++)
        for (int k = 0; k < each * t->kernel_h * t->kernel_w; k++) {
            const int c = i / (t->height * t->width) % t->channels;
            const int f = c / (t->channels / groups) * each + k / (t->kernel_h * t->kernel_w);
            const int u = k / t->kernel_w % t->kernel_h, v = k % t->kernel_w;
            const int oy = i / t->width % t->height * (int)a[0] - (int)a[2] + u * (int)a[6];
            const int ox = i % t->width * (int)a[1] - (int)a[3] + v * (int)a[7];
            if (oy >= 0 && oy < out.size[1] && ox >= 0 && ox < out.size[2])
                y[((i / in * t->filters + f) * out.size[1] + oy) * out.size[2] + ox] +=
                    x[i] * w[c * each * t->kernel_h * t->kernel_w + k];
        }
}

static void check_transpose(const transpose_case *t, dsc_shape expected)
{
    static double w[MOST], y[MOST];
    dsc_graph *graph = dsc_graph_new(DESCENT_F64, ROWS, DSC_BACKEND_AUTO, dsc_op_find);
    const dsc_shape in = {3, {t->channels, t->height, t->width}};
    const dsc_shape weight = {
        4, {t->channels, t->filters / (int)t->attribute[8], t->kernel_h, t->kernel_w}};
    const dsc_id input[] = {
        dsc_graph_input(graph, "x", in, true, DSC_REALS),
        dsc_graph_parameter(graph, "w", "weight", weight, DSC_INIT_ZERO, 1, 1),
        dsc_graph_parameter(graph, "b", "bias", (dsc_shape){1, {t->filters}}, DSC_INIT_ZERO, 1, 1)};
    const dsc_id out = dsc_graph_op(graph, "conv_transpose", 3, input, 9, t->attribute);
    const dsc_pass pass = {.rows = ROWS};
    dsc_run *run;

    assert_int_equal(dsc_graph_build(graph, out, -1, NULL), DESCENT_OK);
    assert_true(dsc_shape_equal(dsc_graph_node(graph, out)->shape, expected));
    const size_t n_y = ROWS * dsc_shape_count(expected);
    assert_true(n_y <= MOST && dsc_graph_parameters(graph) <= MOST);
    for (size_t i = 0; i < dsc_graph_parameters(graph); i++)
        w[i] = dsc_random_normal(1, DSC_RNG_TEST, 1, i);
    assert_int_equal(dsc_run_create(&run, graph, false, w, NULL, NULL, NULL), DESCENT_OK);
    double *x = dsc_run_input(run, input[0]);
    for (size_t i = 0; i < ROWS * dsc_shape_count(in); i++)
        x[i] = dsc_random_normal(1, DSC_RNG_TEST, 2, i);
    dsc_run_forward(run, &pass);
    transpose(t, x, w, w + dsc_graph_node(graph, input[2])->offset, expected, y);
    const double *got = dsc_run_value(run, out);
    for (size_t i = 0; i < n_y; i++)
        assert_true(fabs(got[i] - y[i]) < 1e-12);
    dsc_run_free(run);
    dsc_graph_free(graph);
}

static void conv_transpose_is_its_definition(void **state)
{
    static const struct {
        transpose_case t;
        dsc_shape out;
    } c[] = {
        {{1, 1, 1, 1, 1, 1, {1, 1, 0, 0, 0, 0, 1, 1, 1}}, {3, {1, 1, 1}}},
        {{3, 4, 5, 2, 3, 2, {1, 1, 0, 0, 0, 0, 1, 1, 1}}, {3, {2, 6, 6}}},
        {{4, 3, 5, 6, 3, 4, {2, 3, 1, 0, 1, 2, 1, 1, 2}}, {3, {6, 6, 18}}},
        {{4, 3, 2, 4, 2, 2, {1, 2, 2, 1, 2, 1, 3, 2, 4}}, {3, {4, 4, 4}}},
        {{2, 3, 3, 2, 1, 1, {3, 2, 0, 0, 0, 0, 1, 1, 1}}, {3, {2, 7, 5}}}, /* gaps of bias alone */
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++)
        check_transpose(&c[i].t, c[i].out);
}

enum { EXAMPLES = 24, CHANNELS = 12, SIDE = 20, N_X = CHANNELS * SIDE * SIDE };

typedef struct normalized {
    float y[EXAMPLES * N_X], dx[EXAMPLES * N_X], g[2 * CHANNELS];
} normalized;

/* group_norm in float, of random numbers around `middle`, with a NaN in example `nan` if >= 0. */
static void normalize(double groups, int threads, double middle, int nan, normalized *out)
{
    static float w[2 * CHANNELS], dy[EXAMPLES * N_X];
    dsc_graph *graph = dsc_graph_new(DESCENT_F32, EXAMPLES, DSC_BACKEND_AUTO, dsc_op_find);
    const dsc_shape shape = {3, {CHANNELS, SIDE, SIDE}}, each = {1, {CHANNELS}};
    const dsc_id input[] = {dsc_graph_input(graph, "x", shape, true, DSC_REALS),
                            dsc_graph_parameter(graph, "w", "weight", each, DSC_INIT_ONE, 1, 1),
                            dsc_graph_parameter(graph, "b", "bias", each, DSC_INIT_ONE, 1, 1)};
    const dsc_id y = dsc_graph_op(graph, "group_norm", 3, input, 2, (double[]){groups, 1e-5});
    const dsc_pass pass = {.rows = EXAMPLES, .training = true};
    dsc_run *run;

    dsc_graph_want_gradient(graph, input[0]);
    assert_int_equal(dsc_graph_build(graph, y, y, NULL), DESCENT_OK);
    for (size_t i = 0; i < CHANNELS; i++) {
        w[i] = 1.0f + 0.1f * (float)i;
        w[CHANNELS + i] = 0.5f;
    }
    assert_int_equal(dsc_run_create(&run, graph, true, w, NULL, out->g, NULL), DESCENT_OK);
    dsc_run_set_threads(run, threads);
    float *x = dsc_run_input(run, input[0]);
    for (size_t i = 0; i < EXAMPLES * N_X; i++) {
        x[i] = (float)(middle + dsc_random_normal(1, DSC_RNG_TEST, 3, i));
        dy[i] = (float)dsc_random_normal(1, DSC_RNG_TEST, 4, i);
    }
    if (nan >= 0)
        x[nan * N_X + 5] = NAN;
    dsc_run_forward(run, &pass);
    memcpy(out->y, dsc_run_value(run, y), sizeof out->y);
    dsc_run_backward_from(run, dy);
    memcpy(out->dx, dsc_run_input_gradient(run, input[0]), sizeof out->dx);
    dsc_run_free(run);
    dsc_graph_free(graph);
}

static void threads_do_not_change_a_bit(void **state)
{
    static normalized one, more;

    (void)state;
    for (int groups = 1; groups <= CHANNELS; groups *= 12)
        for (int threads = 2; threads <= 4; threads++) {
            normalize(groups, 1, 0, -1, &one);
            normalize(groups, threads, 0, -1, &more);
            assert_memory_equal(&one, &more, sizeof one);
        }
}

/* batch_norm of pictures and of single numbers, upsample, with their gradients. */
static void run_others(int threads, int form, float *out, size_t n_out)
{
    static float b[2 * N_X];
    static const char *const ops[] = {"batch_norm", "batch_norm", "upsample"};
    dsc_graph *graph = dsc_graph_new(DESCENT_F32, EXAMPLES, DSC_BACKEND_AUTO, dsc_op_find);
    const dsc_shape picture = {3, {CHANNELS, SIDE, SIDE}}, numbers = {1, {N_X}};
    const dsc_shape shape = form == 1 ? numbers : picture, each = {1, {shape.size[0]}};
    const dsc_id input[] = {dsc_graph_input(graph, "x", shape, true, DSC_REALS),
                            dsc_graph_buffer(graph, "mean", each, 0.0, 0.1),
                            dsc_graph_buffer(graph, "variance", each, 1.0, 0.1)};
    const bool up = form == 2;
    const dsc_id y = dsc_graph_op(graph, ops[form], up ? 1 : 3, input, up ? 2 : 1,
                                  up ? (double[]){2, 3} : (double[]){1e-5});
    const dsc_pass pass = {.rows = EXAMPLES, .training = true};
    const size_t n_x = EXAMPLES * N_X;
    dsc_run *run;

    dsc_graph_want_gradient(graph, input[0]);
    assert_int_equal(dsc_graph_build(graph, y, y, NULL), DESCENT_OK);
    assert_int_equal(dsc_run_create(&run, graph, true, NULL, b, NULL, NULL), DESCENT_OK);
    dsc_run_set_threads(run, threads);
    for (size_t i = 0; i < n_x; i++)
        ((float *)dsc_run_input(run, input[0]))[i] =
            (float)dsc_random_normal(1, DSC_RNG_TEST, 3, i);
    const size_t n_y = EXAMPLES * dsc_shape_count(dsc_graph_node(graph, y)->shape);
    assert_true(n_y + n_x <= n_out);
    float *upstream = malloc(n_y * sizeof *upstream);
    assert_non_null(upstream);
    for (size_t i = 0; i < n_y; i++)
        upstream[i] = (float)dsc_random_normal(1, DSC_RNG_TEST, 4, i);
    dsc_run_forward(run, &pass);
    memcpy(out, dsc_run_value(run, y), n_y * sizeof *out);
    dsc_run_backward_from(run, upstream);
    memcpy(out + n_y, dsc_run_input_gradient(run, input[0]), n_x * sizeof *out);
    free(upstream);
    dsc_run_free(run);
    dsc_graph_free(graph);
}

static void nor_do_they_in_other_ops(void **state)
{
    static float one[7 * EXAMPLES * N_X], more[7 * EXAMPLES * N_X];
    const size_t n = sizeof one / sizeof *one;

    (void)state;
    for (int form = 0; form < 3; form++)
        for (int threads = 2; threads <= 4; threads++) {
            run_others(1, form, one, n);
            run_others(threads, form, more, n);
            assert_memory_equal(one, more, sizeof one);
        }
}

/* Every group of every example: mean 0 and variance 1 before weight and bias. */
static void numbers_far_from_zero_are_normalized(void **state)
{
    static normalized n;

    (void)state;
    normalize(4, 1, 1000, -1, &n);
    for (size_t group = 0; group < EXAMPLES * 4; group++) {
        const size_t size = N_X / 4;
        double sum = 0, squares = 0;
        for (size_t i = group * size; i < (group + 1) * size; i++) {
            const double weight = 1.0 + 0.1 * (double)(i / (SIDE * SIDE) % CHANNELS);
            const double z = ((double)n.y[i] - 0.5) / weight;
            sum += z;
            squares += z * z;
        }
        assert_true(fabs(sum / (double)size) < 1e-4);
        assert_true(fabs(squares / (double)size - 1) < 1e-3);
    }
}

static void nan_stays_in_its_group(void **state)
{
    static normalized n;

    (void)state;
    normalize(3, 2, 0, 7, &n);
    for (size_t i = 0; i < EXAMPLES * N_X; i++) {
        const bool same = i / (N_X / 3) == (7 * N_X + 5) / (N_X / 3);
        assert_int_equal(isnan(n.y[i]) != 0, same);
        assert_int_equal(isnan(n.dx[i]) != 0, same);
    }
    for (size_t i = 0; i < CHANNELS; i++) /* of the weight: what the NaN's group has reached */
        assert_int_equal(isnan(n.g[i]) != 0, i < CHANNELS / 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conv_transpose_is_its_definition),
        cmocka_unit_test(threads_do_not_change_a_bit),
        cmocka_unit_test(nor_do_they_in_other_ops),
        cmocka_unit_test(numbers_far_from_zero_are_normalized),
        cmocka_unit_test(nan_stays_in_its_group),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
