/* test_levels.c - every case of the table gives the same bits at every instruction set. */
#include "cases.h"

#include <stdlib.h>

static const char *const names[] = {
#define X(level) #level,
    DSC_LEVELS(X)
#undef X
};

/* The losses of all rows, and both vectors of gradients, as they lie in memory. */
typedef struct outcome {
    double total, loss[MOST], g[MOST], dx[MOST];
} outcome;

static void run_at(int level, const row *r, descent_type type, outcome *out)
{
    static op_case c;
    const size_t bytes = type == DESCENT_F64 ? sizeof(double) : sizeof(float);

    assert_int_equal(setenv("DESCENT_CPU", names[level], 1), 0);
    assert_int_equal(dsc_level_choose(), level);
    memset(out, 0, sizeof *out);
    case_open(&c, r, type, DSC_BACKEND_REF);
    out->total = dsc_run_forward(c.run, &c.pass);
    const size_t n = ROWS * dsc_shape_count(dsc_graph_node(c.graph, c.end)->shape);
    const size_t n_dx = ROWS * dsc_shape_count(r->input[0].shape);
    assert_true(n <= MOST && n_dx <= MOST);
    memcpy(out->loss, dsc_run_value(c.run, c.end), n * bytes);
    dsc_run_backward(c.run);
    memcpy(out->g, c.g, sizeof out->g);
    if (r->input[0].kind == 'x')
        memcpy(out->dx, dsc_run_input_gradient(c.run, 0), n_dx * bytes);
    case_close(&c);
}

static void levels_give_the_same_bits(void **state)
{
    static outcome base, other;
    const int best = (int)dsc_level_choose();

    (void)state;
    if (best == 0)
        skip();
    for (int i = 0; i < N_ROWS; i++)
        for (int type = 0; type < 2; type++) {
            run_at(0, &rows[i], (descent_type)type, &base);
            assert_true(base.total == base.total && base.total != 0);
            for (int level = 1; level <= best; level++) {
                run_at(level, &rows[i], (descent_type)type, &other);
                if (memcmp(&base, &other, sizeof base) != 0)
                    fail_msg("row %d, %s: %s differs from %s", i, rows[i].op, names[level],
                             names[0]);
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_give_the_same_bits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
