/* test_gradients.c - backward of every op against finite differences in double, below 1e-7. */
#include "cases.h"
#include "graph/check.h"

static void every_gradient_is_the_derivative(void **state)
{
    static op_case c;

    (void)state;
    for (int i = 0; i < N_ROWS; i++) {
        case_open(&c, &rows[i], DESCENT_F64, DSC_BACKEND_AUTO);
        const double difference = dsc_graph_check(c.graph, c.run, &c.pass, c.w, c.g);
        case_close(&c);
        if (!(difference < 1e-7))
            fail_msg("row %d, %s: finite differences are %.3g off", i, rows[i].op, difference);
    }
}

static void every_op_has_a_row(void **state)
{
    const dsc_op *op;
    size_t n = 0;

    (void)state;
    for (; (op = dsc_op_at(n, DESCENT_F64, DSC_LEVEL_base)) != NULL; n++) {
        bool found = false;
        for (int i = 0; i < N_ROWS; i++)
            found = found || strcmp(rows[i].op, op->name) == 0;
        if (!found)
            fail_msg("op %s has no row in the gradient table", op->name);
    }
    assert_true(n >= 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_gradient_is_the_derivative),
        cmocka_unit_test(every_op_has_a_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
