/* test_rates.c - the learning rate that a walk tells of. */
#include "descent/minimize.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static double bowl(size_t n, const double *w, double *g, void *user)
{
    (void)n, (void)user;
    if (g)
        g[0] = 2 * w[0];
    return w[0] * w[0];
}

static int keep_lr(const descent_minimize_step *step, void *user)
{
    ((double *)user)[step->step] = step->lr;
    return 0;
}

/* The learning rate told is the one of the step, also where a rule has a schedule of its own. */
static void test_rates_told(void **unused)
{
    static const struct row {
        const char *optimizer, *schedule;
        double lr[4];
    } rows[] = {
        {"sgd lr=0.25", "constant", {0.25, 0.25, 0.25, 0.25}},
        {"sgd lr=0.25", "piecewise \"0:1, 2:0.5\"", {0.25, 0.25, 0.25, 0.125}},
        {"sgd lr=(piecewise from=0.25 \"0:1, 2:0.5\")", "constant", {0.25, 0.25, 0.25, 0.125}},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        descent_minimize_options o = descent_minimize_defaults();
        descent_minimum m;
        double w = 1, lr[4];
        o.optimizer = rows[i].optimizer;
        o.schedule = rows[i].schedule;
        o.steps = 3;
        o.on_step = keep_lr;
        o.user = lr;
        assert_int_equal(descent_minimize(bowl, &w, 1, &o, &m, NULL), DESCENT_OK);
        for (int k = 0; k < 4; k++)
            if (!(lr[k] == rows[i].lr[k]))
                fail_msg("'%s': lr = %g at step %d", rows[i].optimizer, lr[k], k);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rates_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
