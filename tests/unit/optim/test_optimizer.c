/* test_optimizer.c - the optimizer object: strings, settings, state, and what it says to mistakes.
 */
#include "optim/optimizer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { N = 10 };

static descent_optimizer *create(const char *spec, descent_type type)
{
    descent_optimizer *opt;
    descent_error err = {0};

    if (descent_optimizer_create(&opt, spec, N, type, &err))
        fail_msg("'%s': %s", spec, err.message);
    return opt;
}

/* --- the table -------------------------------------------------------------------------------- */

static void test_table(void **unused)
{
    static const char *const some[] = {"sgd", "rmsprop", "adam", "adamw", "muon", "lookahead"};
    const descent_info *info;
    int seen = 0;
    size_t i;

    (void)unused;
    for (i = 0; (info = descent_optimizer_info(i)) != NULL; i++) {
        assert_non_null(info->name);
        assert_non_null(info->summary);
        assert_non_null(info->formula);
        assert_non_null(info->reference);
        if (!info->advice)
            fail_msg("'%s' says nothing about when to use it", info->name);
        for (size_t k = 0; k < sizeof some / sizeof *some; k++)
            seen += strcmp(info->name, some[k]) == 0;
        for (int k = 0; k < info->n_params; k++) {
            const descent_param *p = &info->params[k];
            assert_non_null(p->help);
            if (!(p->initial >= p->min && p->initial <= p->max))
                fail_msg("'%s': the default of %s is out of its bounds", info->name, p->name);
        }
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(info->name, descent_optimizer_info(k)->name);
    }
    assert_int_equal(seen, sizeof some / sizeof *some);
    assert_true(i > 50);
    assert_null(descent_optimizer_info(i + 100));
}

static void test_defaults(void **unused)
{
    static const struct row {
        const char *spec, *param;
        double value;
    } rows[] = {
        {"sgd", "lr", 0.01},
        {"sgd", "momentum", 0},
        {"rmsprop", "lr", 0.01},
        {"rmsprop", "alpha", 0.99},
        {"rmsprop", "eps", 1e-8},
        {"adam", "lr", 0.001},
        {"adam", "beta1", 0.9},
        {"adam", "beta2", 0.999},
        {"adam", "eps", 1e-8},
        {"adam", "weight_decay", 0},
        {"adamw", "lr", 0.001},
        {"adamw", "weight_decay", 0.01},
        {"adam amsgrad", "amsgrad", 1},
        {"adam lr=0", "lr", 0},
        {"sgd lr=2.5e-3", "lr", 0.0025},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        descent_optimizer *opt = create(rows[i].spec, DESCENT_F32);
        assert_true(descent_optimizer_get(opt, rows[i].param) == rows[i].value);
        assert_true(isnan(descent_optimizer_get(opt, "nothing")));
        descent_optimizer_free(opt);
    }
    descent_optimizer_free(NULL);
}

/* --- mistakes --------------------------------------------------------------------------------- */

static void test_bad_strings(void **unused)
{
    static const struct row {
        const char *spec;
        descent_status status;
        int column;
        const char *message;
    } rows[] = {
        {"adma", DESCENT_UNKNOWN, 1, "no optimizer is called 'adma'; did you mean 'adam'?"},
        {"quasi_newton", DESCENT_UNKNOWN, 1, "no optimizer is called 'quasi_newton'"},
        {"adam beta=0.9", DESCENT_UNKNOWN, 6,
         "adam has no parameter 'beta'; it has lr, beta1, beta2, eps, weight_decay, amsgrad, "
         "decay, "
         "decay_all, maximize, clip_value and 11 more; did you mean 'beta1'?"},
        {"adam beta1=1.5", DESCENT_INVALID, 12,
         "adam: beta1 = 1.5, must be between 0 and 0.999999"},
        {"sgd lr=-1", DESCENT_INVALID, 8, "sgd: lr = -1, must be between 0 and 1000000"},
        {"sgd lr=nan", DESCENT_INVALID, 8, "sgd: lr = nan, must be between 0 and 1000000"},
        {"sgd lr=fast", DESCENT_INVALID, 8, "sgd: lr = 'fast', must be a number"},
        {"adam eps=-1", DESCENT_INVALID, 10, "adam: eps = -1, must be between 0 and 1000"},
        {"adam amsgrad=2", DESCENT_INVALID, 14, "adam: amsgrad = '2', must be yes or no"},
        {"sgd 0.1", DESCENT_SYNTAX, 5, "sgd: unexpected '0.1'; write name=value"},
        {"sgd lr=1 lr=2", DESCENT_SYNTAX, 10, "sgd: lr was given twice"},
        {"sgd nesterov", DESCENT_INVALID, 5, "sgd: nesterov needs momentum, such as momentum=0.9"},
        {"sgd momentum=0.9 dampening=0.1 nesterov=yes", DESCENT_INVALID, 32,
         "sgd: nesterov does not go with dampening; leave one of them out"},
        {"sgd, adam", DESCENT_SYNTAX, 6, "expected one entry, found a list: 'adam' after a comma"},
        {"", DESCENT_SYNTAX, 1, "expected a name, found the end"},
        {NULL, DESCENT_SYNTAX, 1, "expected a name, found the end"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        descent_optimizer *opt = (descent_optimizer *)&opt;
        descent_error err = {0};
        assert_int_equal(descent_optimizer_create(&opt, rows[i].spec, N, DESCENT_F32, &err),
                         rows[i].status);
        assert_null(opt);
        assert_string_equal(err.message, rows[i].message);
        assert_string_equal(err.file, "");
        assert_int_equal(err.status, rows[i].status);
        assert_int_equal(err.line, 1);
        assert_int_equal(err.column, rows[i].column);
        assert_int_equal(descent_optimizer_create(&opt, rows[i].spec, N, DESCENT_F32, NULL),
                         rows[i].status);
    }
}

static void test_place_of_a_mistake(void **unused)
{
    const dsc_place origin = {
        .file = "recipe.ini", .line = 4, .column = 13, .line_text = "optimizer = sgd nesterov"};
    descent_optimizer *opt;
    descent_error err = {0};

    (void)unused;
    assert_int_equal(dsc_optimizer_create_at(&opt, "sgd nesterov", N, DESCENT_F32, NULL,
                                             (dsc_origins){.spec = origin}, &err),
                     DESCENT_INVALID);
    assert_null(opt);
    assert_string_equal(err.file, "recipe.ini");
    assert_int_equal(err.line, 4);
    assert_int_equal(err.column, 17);
    assert_string_equal(err.excerpt, "optimizer = sgd nesterov");
}

static void test_bad_sizes(void **unused)
{
    descent_optimizer *opt;
    descent_error err = {0};
    char expected[200];

    (void)unused;
    assert_int_equal(descent_optimizer_create(&opt, "adam", 0, DESCENT_F32, &err), DESCENT_INVALID);
    assert_null(opt);
    assert_string_equal(err.message,
                        "an optimizer for vectors of 0 elements; n must be at least 1");
    assert_int_equal(descent_optimizer_create(&opt, "adam", N, (descent_type)7, &err),
                     DESCENT_INVALID);
    assert_null(opt);
    assert_string_equal(err.message, "type 7 is unknown; it must be DESCENT_F32 or DESCENT_F64");
    /* a product that overflows, and one that does not but is too large */
    for (size_t n = SIZE_MAX - 1; n > SIZE_MAX / 32; n /= 16) {
        assert_int_equal(descent_optimizer_create(&opt, "adam", n, DESCENT_F64, &err),
                         DESCENT_NOMEM);
        assert_null(opt);
        snprintf(expected, sizeof expected, "out of memory for the state of adam for %zu elements",
                 n);
        assert_string_equal(err.message, expected);
    }
}

/* Averages that decay towards zero end there, and not among the slow denormal numbers. */
static void test_averages_end_at_zero(void **unused)
{
    descent_optimizer *opt;
    dsc_part part[DSC_MAX_PARTS];
    float w = 1, g = 1;

    (void)unused;
    assert_int_equal(descent_optimizer_create(&opt, "sgd momentum=0.9", 1, DESCENT_F32, NULL),
                     DESCENT_OK);
    for (int step = 0; step < 2000; step++, g = 0)
        descent_optimizer_step_f32(opt, &w, &g);
    assert_int_equal(dsc_optimizer_parts(opt, part), 2);
    assert_true(((const float *)part[1].data)[0] == 0.0f);
    descent_optimizer_free(opt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),       cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_bad_strings), cmocka_unit_test(test_place_of_a_mistake),
        cmocka_unit_test(test_bad_sizes),   cmocka_unit_test(test_averages_end_at_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
