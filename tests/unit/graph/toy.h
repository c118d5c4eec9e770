/* toy.h - the table of toy ops, building graphs of them, and the tests' random numbers. */
#ifndef TOY_H
#define TOY_H

#include "toy_rows.h"

/* clang-format off */
static const dsc_op toy_ops[] = {
    {"scale", "a x", NULL, 1, 1, DSC_IN_PLACE, toy_like_first, toy_scale_forward, toy_scale_backward, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
    {"tanh", "tanh x", NULL, 0, 1, DSC_IN_PLACE | DSC_NEEDS_OUTPUT, toy_like_first, toy_tanh_forward, toy_tanh_backward, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
    {"square", "x^2", NULL, 0, 1, DSC_IN_PLACE | DSC_NEEDS_INPUT, toy_like_first, toy_square_forward, toy_square_backward, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
    {"add", "a + b", NULL, 0, 2, DSC_IN_PLACE, toy_two, toy_add_forward, toy_add_backward, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
    {"mirror", "a + b reversed", NULL, 0, 2, DSC_IN_PLACE, toy_two, toy_mirror_forward, toy_mirror_backward, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
    {"mul", "x w", NULL, 0, 2, DSC_NEEDS_INPUT, toy_two, toy_mul_forward, toy_mul_backward, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
    {"gate", "x mean(x)", NULL, 0, 1, DSC_IN_PLACE, toy_gate_shape, toy_gate_forward, toy_gate_backward, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
    {"center", "x - mean(x)", NULL, 0, 2, 0, toy_two, toy_center_forward, toy_center_backward, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
    {"half_error", "(x - t)^2 / 2", NULL, 0, 2, DSC_NEEDS_INPUT | DSC_LOSS, toy_two, toy_error_forward, toy_error_backward, toy_error_weight, NULL, NULL, NULL, NULL, NULL, NULL},
    {"copy_f32", "x", NULL, 0, 1, DSC_LOSS, toy_like_first, toy_copy_f32, toy_copy_back_f32, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
/* clang-format on */

static inline const dsc_op *toy_find(const char *name, descent_type type, dsc_level level)
{
    (void)type, (void)level;
    for (size_t i = 0; i < sizeof toy_ops / sizeof *toy_ops; i++)
        if (strcmp(toy_ops[i].name, name) == 0)
            return &toy_ops[i];
    return NULL;
}

/* One op with inputs given in place: toy(graph, "add", a, b, -1). */
static inline dsc_id toy(dsc_graph *graph, const char *op, dsc_id a, dsc_id b)
{
    const dsc_id input[] = {a, b};

    return dsc_graph_op(graph, op, b < 0 ? 1 : 2, input, 0, NULL);
}

static inline dsc_id toy_scale(dsc_graph *graph, dsc_id x, double factor)
{
    return dsc_graph_op(graph, "scale", 1, &x, 1, &factor);
}

static inline dsc_id toy_parameter(dsc_graph *graph, const char *name, int width)
{
    return dsc_graph_parameter(graph, name, "weight", (dsc_shape){1, {width}},
                               DSC_INIT_GLOROT_UNIFORM, width, width);
}

static inline dsc_id toy_input(dsc_graph *graph, const char *name, int width)
{
    return dsc_graph_input(graph, name, (dsc_shape){1, {width}}, true, DSC_REALS);
}

/* The test's own random numbers, in [-1, 1). */
static inline double toy_random(uint64_t *counter)
{
    return 2.0 * dsc_random_uniform(17, DSC_RNG_TEST, 0, (*counter)++) - 1.0;
}

static inline void toy_draw(double *x, size_t n, uint64_t *counter)
{
    for (size_t i = 0; i < n; i++)
        x[i] = toy_random(counter);
}

#endif
