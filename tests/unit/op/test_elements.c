/* test_elements.c - ops of elements and arrays where they are large: the same bits for any number
 * of threads, sums that lose nothing, what is said of infinite and missing numbers. */
#include "cases.h"

#include "base/parallel.h"

#include <stdlib.h>

enum { LARGE = 1 << 18 };

/* One op on large inputs with a batch axis, and a parameter as second input if there is one. */
typedef struct job {
    const char *op;
    dsc_shape x, w; /* w of rank 0: none */
    double attribute[12];
} job;

typedef struct outcome {
    float y[LARGE * ROWS], dx[LARGE * ROWS], g[LARGE];
    size_t n_y, n_x, n_g;
} outcome;

static void run_job(const job *j, int threads, outcome *out)
{
    const dsc_op *op = dsc_op_find(j->op, DESCENT_F32, dsc_level_choose());
    const dsc_pass pass = {.rows = ROWS, .training = true, .loss_scale = 1};
    dsc_graph *graph = dsc_graph_new(DESCENT_F32, ROWS, DSC_BACKEND_AUTO, dsc_op_find);
    dsc_id in[2] = {dsc_graph_input(graph, "x", j->x, true, DSC_REALS), -1};
    float *w = calloc(LARGE, sizeof *w), *upstream = calloc(LARGE * ROWS, sizeof *upstream);
    descent_error err = {0};
    dsc_run *run;

    assert_true(op && w && upstream);
    dsc_graph_want_gradient(graph, in[0]);
    if (j->w.rank > 0)
        in[1] = dsc_graph_parameter(graph, "w", "weight", j->w, DSC_INIT_ZERO, 1, 1);
    const dsc_id y =
        dsc_graph_op(graph, j->op, j->w.rank > 0 ? 2 : 1, in, op->n_attributes, j->attribute);
    if (dsc_graph_build(graph, y, y, &err) != DESCENT_OK)
        fail_msg("%s: %s", j->op, err.message);
    out->n_g = dsc_graph_parameters(graph);
    out->n_x = ROWS * dsc_shape_count(j->x);
    out->n_y = ROWS * dsc_shape_count(dsc_graph_node(graph, y)->shape);
    assert_true(out->n_g <= LARGE && out->n_x <= LARGE * ROWS && out->n_y <= LARGE * ROWS);
    for (size_t i = 0; i < out->n_g; i++)
        w[i] = (float)number_at(i + 3);
    for (size_t i = 0; i < out->n_y; i++)
        upstream[i] = (float)number_at(i + 7);
    assert_int_equal(dsc_run_create(&run, graph, true, w, NULL, out->g, &err), DESCENT_OK);
    dsc_run_set_threads(run, threads);
    for (size_t i = 0; i < out->n_x; i++)
        ((float *)dsc_run_input(run, in[0]))[i] = (float)number_at(i);
    (void)dsc_run_forward(run, &pass);
    memcpy(out->y, dsc_run_value(run, y), out->n_y * sizeof *out->y);
    dsc_run_backward_from(run, upstream);
    memcpy(out->dx, dsc_run_input_gradient(run, in[0]), out->n_x * sizeof *out->dx);
    dsc_run_free(run);
    dsc_graph_free(graph);
    free(w);
    free(upstream);
}

typedef struct order {
    const job *job;
    int threads;
    outcome *out;
} order;

static void work_alone(int index, void *user)
{
    const order *o = user;

    (void)index;
    run_job(o->job, o->threads, o->out);
}

/* As the trainer does it: inside of a parallel region the kernel library has one thread. */
static void run_alone(const job *j, int threads, outcome *out)
{
    order o = {j, threads, out};

    dsc_parallel_for(1, 1, work_alone, &o);
}

static void threads_give_the_same_bits(void **state)
{
    static const job jobs[] = {
        {"silu", S1(200003), {0}, {0}},
        {"tanh", S1(200003), {0}, {0}},
        {"add", S2(401, 499), S1(499), {0}},
        {"mul", S3(16, 64, 129), S3(16, 1, 1), {0}},
        {"div", S1(200003), S1(1), {0}},
        {"softmax", S2(200, 1001), {0}, {1}},
        {"log_softmax", S2(100, 2001), {0}, {0}},
        {"sum", S2(200, 1001), {0}, {2, 0}},
        {"permute", S3(50, 60, 65), {0}, {2, 0, 1}},
        {"matmul", S3(40, 70, 65), S2(65, 60), {0}},
        {"matmul", S3(40, 70, 65), S3(40, 65, 50), {0}},
    };
    static outcome one, more;

    (void)state;
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++) {
        run_alone(&jobs[i], 1, &one);
        for (int threads = 2; threads <= 5; threads++) {
            run_alone(&jobs[i], threads, &more);
            if (memcmp(one.y, more.y, one.n_y * sizeof *one.y) != 0 ||
                memcmp(one.dx, more.dx, one.n_x * sizeof *one.dx) != 0 ||
                memcmp(one.g, more.g, one.n_g * sizeof *one.g) != 0)
                fail_msg("%s: %d threads give other bits than one", jobs[i].op, threads);
        }
    }
}

/* The gradient of a bias that is added to many rows is a sum of as many numbers: as good as the sum
 * in double. */
static void long_sums_lose_nothing(void **state)
{
    static const job bias = {"add", S2(65536, 3), S1(3), {0}};
    static outcome out;

    (void)state;
    run_job(&bias, 1, &out);
    for (size_t k = 0; k < 3; k++) {
        double sum = 0;
        for (size_t i = 0; i < out.n_y / 3; i++)
            sum += (double)(float)number_at(3 * i + k + 7);
        assert_true(out.g[k] == (float)sum);
    }
}

/* y of a unary op at one number. */
static float value_of(const char *op, const double *attribute, float x)
{
    const dsc_op *found = dsc_op_find(op, DESCENT_F32, dsc_level_choose());
    const dsc_pass pass = {.rows = 1, .loss_scale = 1};
    dsc_graph *graph = dsc_graph_new(DESCENT_F32, 1, DSC_BACKEND_AUTO, dsc_op_find);
    const dsc_id in = dsc_graph_input(graph, "x", (dsc_shape){1, {2}}, true, DSC_REALS);
    const dsc_id y = dsc_graph_op(graph, op, 1, &in, found->n_attributes, attribute);
    dsc_run *run;

    assert_int_equal(dsc_graph_build(graph, y, y, NULL), DESCENT_OK);
    assert_int_equal(dsc_run_create(&run, graph, false, NULL, NULL, NULL, NULL), DESCENT_OK);
    ((float *)dsc_run_input(run, in))[0] = ((float *)dsc_run_input(run, in))[1] = x;
    (void)dsc_run_forward(run, &pass);
    const float value = ((const float *)dsc_run_value(run, y))[0];
    dsc_run_free(run);
    dsc_graph_free(graph);
    return value;
}

static void extremes(void **state)
{
    static const struct {
        const char *op;
        double attribute[2];
        float x, y;
    } c[] = {
        {"softplus", {1, 20}, 1000, 1000},
        {"softplus", {1, 20}, -1000, 0},
        {"softplus", {100, 1e9}, 50, 50},
        {"logsigmoid", {0}, -1000, -1000},
        {"logsigmoid", {0}, 1000, 0},
        {"silu", {0}, 1000, 1000},
        {"silu", {0}, -1000, 0},
        {"mish", {0}, 1000, 1000},
        {"mish", {0}, -1000, 0},
        {"elu", {1}, -1000, -1},
        {"elu", {1}, 1000, 1000},
        {"softmax", {0}, 3e38f, 0.5f},
        {"softmax", {0}, -3e38f, 0.5f},
        {"logsumexp", {0}, -INFINITY, -INFINITY},
        {"logsumexp", {0}, INFINITY, INFINITY},
        {"max_reduce", {0}, -INFINITY, -INFINITY},
        {"clamp", {-1, 1}, INFINITY, 1},
        {"relu6", {0}, INFINITY, 6},
        {"hardswish", {0}, -1e30f, 0},
        {"softsign", {0}, 3e38f, 1},
    };
    static const char *const all[] = {
        "relu6",       "leaky_relu", "elu",        "selu",        "silu",  "mish", "softplus",
        "logsigmoid",  "hardswish",  "softsign",   "hardsigmoid", "clamp", "abs",  "softmax",
        "log_softmax", "sum",        "max_reduce", "logsumexp",   "exp",   "log"};

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        double a[DSC_MAX_ATTRIBUTES] = {c[i].attribute[0], c[i].attribute[1]};
        const float y = value_of(c[i].op, a, c[i].x);
        if (!(y == c[i].y))
            fail_msg("%s of %g is %g, expected %g", c[i].op, (double)c[i].x, (double)y,
                     (double)c[i].y);
    }
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        double a[DSC_MAX_ATTRIBUTES] = {0};
        a[0] = strcmp(all[i], "softplus") == 0 ? 1 : 0;
        if (!isnan(value_of(all[i], a, NAN)))
            fail_msg("%s loses NaN", all[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_give_the_same_bits),
        cmocka_unit_test(long_sums_lose_nothing),
        cmocka_unit_test(extremes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
