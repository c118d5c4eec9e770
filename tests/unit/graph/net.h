/* net.h - the small network that several tests run. */
#ifndef NET_H
#define NET_H

#include "toy.h"

enum { WIDTH = 4, ROWS = 6 };

/* error of tanh(center(x w0)) + x w0 w0, with a parameter nobody uses. */
typedef struct net {
    dsc_graph *graph;
    dsc_id x, target, y, loss;
    double w[2 * WIDTH], b[WIDTH], g[2 * WIDTH];
    dsc_run *run;
} net;

static inline void open_net(net *n, int max_rows, bool centered, bool gradients)
{
    uint64_t counter = 0;

    n->graph = dsc_graph_new(DESCENT_F64, max_rows, DSC_BACKEND_REF, toy_find);
    n->x = toy_input(n->graph, "x", WIDTH);
    n->target = toy_input(n->graph, "target", WIDTH);
    const dsc_id unused = toy_parameter(n->graph, "unused", WIDTH);
    const dsc_id w = toy_parameter(n->graph, "w", WIDTH);
    const dsc_id b = dsc_graph_buffer(n->graph, "b", (dsc_shape){1, {WIDTH}}, 0.5, 0.25);
    const dsc_id h = toy(n->graph, "mul", n->x, w);
    const dsc_id a = toy(n->graph, "tanh", centered ? toy(n->graph, "center", h, b) : h, -1);
    n->y = toy(n->graph, "add", a, toy(n->graph, "mul", h, w));
    n->loss = toy(n->graph, "half_error", n->y, n->target);
    assert_true(unused == 2 && w == 3);
    assert_int_equal(dsc_graph_build(n->graph, n->y, n->loss, NULL), DESCENT_OK);
    toy_draw(n->w, 2 * WIDTH, &counter);
    dsc_graph_initialize(n->graph, 1, NULL, n->b);
    memset(n->g, 0xff, sizeof n->g);
    assert_int_equal(dsc_run_create(&n->run, n->graph, gradients, n->w, n->b, n->g, NULL),
                     DESCENT_OK);
}

static inline void close_net(net *n)
{
    dsc_run_free(n->run);
    dsc_graph_free(n->graph);
}

/* Rows first..first+rows-1 of one and the same batch. */
static inline void fill_net(net *n, int first, int rows)
{
    uint64_t counter = 1000 + (uint64_t)first * 2 * WIDTH;
    double *x = dsc_run_input(n->run, n->x), *target = dsc_run_input(n->run, n->target);

    for (int r = 0; r < rows; r++) {
        toy_draw(x + (size_t)r * WIDTH, WIDTH, &counter);
        toy_draw(target + (size_t)r * WIDTH, WIDTH, &counter);
    }
}

static inline dsc_pass pass_of(int rows)
{
    return (dsc_pass){.rows = rows, .training = true, .loss_scale = 0.125};
}

static inline void assert_near(double a, double b)
{
    assert_true(fabs(a - b) <= 1e-14 * fmax(1.0, fabs(a)));
}

#endif
