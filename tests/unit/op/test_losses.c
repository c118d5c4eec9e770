/* test_losses.c - losses at the borders of their formulas, and cross_entropy over many classes. */
#include "base/rng.h"
#include "graph/check.h"
#include "graph/op.h"
#include "op/registry.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The loss of one x with one target, in float. */
static double loss_of(const char *op, const double *attribute, double x, double target, double *dx)
{
    dsc_graph *graph = dsc_graph_new(DESCENT_F32, 1, DSC_BACKEND_AUTO, dsc_op_find);
    const dsc_id in[] = {dsc_graph_input(graph, "x", (dsc_shape){0}, true, DSC_REALS),
                         dsc_graph_input(graph, "t", (dsc_shape){0}, true, DSC_REALS)};
    const int n = dsc_op_find(op, DESCENT_F32, DSC_LEVEL_base)->n_attributes;
    const dsc_id loss = dsc_graph_op(graph, op, 2, in, n, attribute);
    const dsc_pass pass = {.rows = 1, .training = true, .loss_scale = 1};
    dsc_run *run;

    dsc_graph_want_gradient(graph, in[0]);
    assert_int_equal(dsc_graph_build(graph, loss, loss, NULL), DESCENT_OK);
    assert_int_equal(dsc_run_create(&run, graph, true, NULL, NULL, NULL, NULL), DESCENT_OK);
    *(float *)dsc_run_input(run, in[0]) = (float)x;
    *(float *)dsc_run_input(run, in[1]) = (float)target;
    const double y = dsc_run_forward(run, &pass);
    dsc_run_backward(run);
    *dx = (double)*(const float *)dsc_run_input_gradient(run, in[0]);
    dsc_run_free(run);
    dsc_graph_free(graph);
    return y;
}

static void losses_hold_at_their_borders(void **state)
{
    static const struct {
        const char *op;
        double attribute[3], x, target, y, dx;
    } c[] = {
        {"bce", {0}, 0, 1, 100, -1e12}, /* bounded, not infinite */
        {"bce", {0}, 1, 1, 0, 0},
        {"bce_with_logits", {0, 0}, -200, 1, 200, -1},
        {"bce_with_logits", {0, 0}, 200, 1, 0, 0},
        {"log_cosh", {0}, 1000, 0, 1000 - 0.693147180559945, 1},
        {"log_cosh", {0}, 1e-3, 0, 5e-7, 1e-3}, /* d^2 / 2, which 1 + ... would lose */
        {"kl_div", {0}, -2, 0, 0, 0},           /* 0 log 0 = 0 */
        {"hinge", {1}, 5, 1, 0, 0},
        {"smooth_l1", {0}, 3, 3, 0, 0}, /* beta = 0: |d| */
        {"poisson_nll", {1, 1, 1e-8}, 0, 1, 1, 0},
        {"huber", {1}, 1e20, 0, 1e20, 1}, /* no square of it */
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        double dx;
        const double y = loss_of(c[i].op, c[i].attribute, c[i].x, c[i].target, &dx);
        if (!(fabs(y - c[i].y) <= 1e-6 * fabs(c[i].y)) ||
            !(fabs(dx - c[i].dx) <= 1e-6 * fabs(c[i].dx)))
            fail_msg("%s(%g, %g) = %.9g, slope %.9g", c[i].op, c[i].x, c[i].target, y, dx);
    }
}

static void nan_costs_nan(void **state)
{
    static const char *const ops[] = {"l1",    "huber",           "smooth_l1",  "log_cosh",
                                      "hinge", "hinge_embedding", "bce",        "kl_div",
                                      "mse",   "bce_with_logits", "poisson_nll"};
    static const double ones[3] = {1, 1, 1}, none[3] = {0};

    (void)state;
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        const bool plain = strcmp(ops[i], "bce_with_logits") == 0;
        double dx;
        if (!isnan(loss_of(ops[i], plain ? none : ones, (double)NAN, -1, &dx)))
            fail_msg("%s of NaN is a number", ops[i]);
    }
}

enum { ROWS = 3, WORDS = 7, CLASSES = 1500, INNER = 5 };

/* A model of words: x (rows, words, 5) -> logits (rows, words, classes) -> losses. */
typedef struct words {
    dsc_graph *graph;
    dsc_run *run;
    dsc_id x, label;
    double w[CLASSES * INNER], g[CLASSES * INNER];
} words;

static void open_words(words *w, descent_type type, int threads, double smoothing)
{
    dsc_graph *graph = w->graph = dsc_graph_new(type, ROWS, DSC_BACKEND_REF, dsc_op_find);
    w->x = dsc_graph_input(graph, "x", (dsc_shape){2, {WORDS, INNER}}, true, DSC_REALS);
    w->label = dsc_graph_input(graph, "label", (dsc_shape){1, {WORDS}}, true, DSC_LABELS);
    const dsc_id weight = dsc_graph_parameter(
        graph, "w", "weight", (dsc_shape){2, {CLASSES, INNER}}, DSC_INIT_ZERO, 1, 1);
    const dsc_id logits = dsc_graph_op(graph, "linear", 2, (dsc_id[]){w->x, weight}, 0, NULL);
    const dsc_id loss = dsc_graph_op(graph, "cross_entropy", 2, (dsc_id[]){logits, w->label}, 3,
                                     (double[]){smoothing, -100, 1});

    assert_int_equal(dsc_graph_build(graph, logits, loss, NULL), DESCENT_OK);
    assert_int_equal(dsc_run_create(&w->run, graph, true, w->w, NULL, w->g, NULL), DESCENT_OK);
    dsc_run_set_threads(w->run, threads);
    for (size_t i = 0; i < CLASSES * INNER; i++) {
        const double value = 2 * dsc_random_normal(1, DSC_RNG_TEST, 1, i);
        if (type == DESCENT_F64)
            w->w[i] = value;
        else
            ((float *)w->w)[i] = (float)value;
    }
    for (size_t i = 0; i < ROWS * WORDS * INNER; i++) {
        const double value = dsc_random_normal(1, DSC_RNG_TEST, 2, i);
        if (type == DESCENT_F64)
            ((double *)dsc_run_input(w->run, w->x))[i] = value;
        else
            ((float *)dsc_run_input(w->run, w->x))[i] = (float)value;
    }
    for (int i = 0; i < ROWS * WORDS; i++)
        ((int32_t *)dsc_run_input(w->run, w->label))[i] = i * 977 % CLASSES;
}

static void close_words(words *w)
{
    dsc_run_free(w->run);
    dsc_graph_free(w->graph);
}

/* The gradient of the logits is written over them: no second array of that size is kept. */
static void logits_are_kept_once(void **state)
{
    static words w;
    const dsc_pass pass = {.rows = ROWS, .training = true, .loss_scale = 0.1};

    (void)state;
    for (int smooth = 0; smooth < 2; smooth++) {
        open_words(&w, DESCENT_F64, 1, 0.1 * smooth);
        assert_true(dsc_run_bytes(w.run) <
                    (size_t)(1.2 * ROWS * WORDS * CLASSES * (double)sizeof(double)));
        const double difference = dsc_graph_check(w.graph, w.run, &pass, w.w, w.g);
        if (!(difference < 1e-6))
            fail_msg("finite differences are %.3g off", difference);
        close_words(&w);
    }
}

static void threads_give_the_same_bits(void **state)
{
    static words one, four;
    const dsc_pass pass = {.rows = ROWS, .training = true, .loss_scale = 0.1};

    (void)state;
    open_words(&one, DESCENT_F32, 1, 0.1);
    open_words(&four, DESCENT_F32, 4, 0.1);
    assert_true(dsc_run_forward(one.run, &pass) == dsc_run_forward(four.run, &pass));
    dsc_run_backward(one.run);
    dsc_run_backward(four.run);
    assert_memory_equal(one.g, four.g, sizeof one.g);
    close_words(&one);
    close_words(&four);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(losses_hold_at_their_borders),
        cmocka_unit_test(nan_costs_nan),
        cmocka_unit_test(logits_are_kept_once),
        cmocka_unit_test(threads_give_the_same_bits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
