/* test_settings.c - an optimizer after it was made: settings, and how much state it keeps. */
#include "optim/optimizer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
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

/* --- settings --------------------------------------------------------------------------------- */

static void test_set(void **unused)
{
    static const struct row {
        const char *spec, *param;
        double value;
        descent_status status;
        const char *message; /* NULL: it is accepted */
    } rows[] = {
        {"sgd", "lr", 0.5, DESCENT_OK, NULL},
        {"sgd", "lr", 0, DESCENT_OK, NULL},
        {"sgd momentum=0.9", "momentum", 0, DESCENT_OK, NULL},
        {"sgd momentum=0.9", "nesterov", 1, DESCENT_OK, NULL},
        {"adam amsgrad", "amsgrad", 0, DESCENT_OK, NULL},
        {"sgd", "rate", 0.5, DESCENT_UNKNOWN,
         "sgd has no parameter 'rate'; it has lr, momentum, dampening, nesterov, weight_decay, "
         "decay, decay_all, maximize, clip_value, clip_norm and 10 more; did you mean 'state'?"},
        {"sgd", "lr", 2e6, DESCENT_INVALID, "sgd: lr = 2000000, must be between 0 and 1000000"},
        {"sgd", "maximize", 0.5, DESCENT_INVALID, "sgd: maximize = 0.5, must be 0 or 1"},
        {"sgd", "nesterov", 1, DESCENT_INVALID,
         "sgd: nesterov needs momentum, such as momentum=0.9"},
        {"sgd momentum=0.9 nesterov", "momentum", 0, DESCENT_INVALID,
         "sgd: nesterov needs momentum, such as momentum=0.9"},
        /* what was settled when memory was laid out, and choices that are none */
        {"sgd", "frozen", 1, DESCENT_INVALID,
         "sgd: frozen is settled when the optimizer is created; it can't change later"},
        {"sgd", "decay_all", 1, DESCENT_INVALID,
         "sgd: decay_all is settled when the optimizer is created; it can't change later"},
        {"sgd", "layer_decay", 0.5, DESCENT_INVALID,
         "sgd: layer_decay is settled when the optimizer is created; it can't change later"},
        {"sgd", "state", 1, DESCENT_INVALID,
         "sgd: state is settled when the optimizer is created; it can't change later"},
        {"sgd", "state", 0, DESCENT_OK, NULL},
        {"sgd", "decay", 1.5, DESCENT_INVALID,
         "sgd: decay = 1.5, must be a whole number between 0 and 4"},
        {"sgd", "agc", 0.01, DESCENT_INVALID,
         "sgd: agc = 0.01 needs memory that was not set aside; create the optimizer with "
         "'sgd agc=0.01'"},
        {"sgd", "cautious", 1, DESCENT_INVALID,
         "sgd: cautious = 1 needs memory that was not set aside; create the optimizer with "
         "'sgd cautious=1'"},
        {"sgd", "momentum", 0.9, DESCENT_INVALID,
         "sgd: momentum = 0.9 needs memory that was not set aside; create the optimizer with "
         "'sgd momentum=0.9'"},
        {"adam", "amsgrad", 1, DESCENT_INVALID,
         "adam: amsgrad = 1 needs memory that was not set aside; create the optimizer with "
         "'adam amsgrad=1'"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        descent_optimizer *opt = create(rows[i].spec, DESCENT_F64);
        const double before = descent_optimizer_get(opt, rows[i].param);
        descent_error err = {0};
        assert_int_equal(descent_optimizer_set(opt, rows[i].param, rows[i].value, &err),
                         rows[i].status);
        const double after = descent_optimizer_get(opt, rows[i].param);
        assert_string_equal(err.message, rows[i].message ? rows[i].message : "");
        if (!rows[i].message)
            assert_true(after == rows[i].value);
        else
            assert_true(after == before || (isnan(after) && isnan(before)));
        descent_optimizer_free(opt);
    }
}

static void test_set_changes_the_next_step(void **unused)
{
    descent_optimizer *opt = create("sgd lr=0.5", DESCENT_F64);
    double w[N] = {1}, g[N] = {1};

    (void)unused;
    descent_optimizer_step_f64(opt, w, g);
    assert_true(w[0] == 0.5);
    assert_int_equal(descent_optimizer_set(opt, "lr", 0.25, NULL), DESCENT_OK);
    descent_optimizer_step_f64(opt, w, g);
    assert_true(w[0] == 0.25);
    assert_int_equal(descent_optimizer_steps(opt), 2);
    descent_optimizer_free(opt);
}

static void test_wrong_type_does_nothing(void **unused)
{
    descent_optimizer *narrow = create("sgd", DESCENT_F32), *wide = create("sgd", DESCENT_F64);
    double w[N] = {1}, g[N] = {1};
    float w32[N] = {1}, g32[N] = {1};

    (void)unused;
    descent_optimizer_step_f64(narrow, w, g);
    descent_optimizer_step_f32(wide, w32, g32);
    assert_true(w[0] == 1 && w32[0] == 1);
    assert_int_equal(descent_optimizer_steps(narrow), 0);
    assert_int_equal(descent_optimizer_steps(wide), 0);
    descent_optimizer_free(narrow);
    descent_optimizer_free(wide);
}

/* --- state ------------------------------------------------------------------------------------ */

static void test_only_needed_state_is_kept(void **unused)
{
    static const struct row {
        const char *spec;
        size_t vectors;
    } rows[] = {
        {"sgd", 0},   {"sgd momentum=0.9", 1},     {"rmsprop", 1},
        {"adam", 2},  {"rmsprop momentum=0.9", 2}, {"rmsprop centered", 2},
        {"adamw", 2}, {"adam amsgrad", 3},         {"rmsprop centered momentum=0.9", 3},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        descent_optimizer *opt = create(rows[i].spec, DESCENT_F64);
        size_t n;
        dsc_part part[DSC_MAX_PARTS];
        const int parts = dsc_optimizer_parts(opt, part);
        assert_int_equal(parts, rows[i].vectors > 0 ? 2 : 1);
        const size_t padded = (N * sizeof(double) + 63) / 64 * 64 / sizeof(double);
        n = parts == 2 ? part[1].count : 0;
        assert_int_equal(n, rows[i].vectors * padded);
        for (size_t k = 0; k < n; k++)
            assert_true(((const double *)part[1].data)[k] == 0);
        descent_optimizer_free(opt);
    }
}

/* bs of sophia_g is how many examples a step has, unless it was said. */
static void test_examples(void **unused)
{
    static const struct row {
        const char *spec;
        int64_t examples;
    } rows[] = {{"sophia_g bs=40", 0}, {"sophia_g bs=40", 3}, {"sophia_g", 40}};
    static const double g[N] = {0.01, -0.02, 0.3, 0.04, -0.5, 0.06, 0.7, 0.08, -0.09, 1};
    double w[sizeof rows / sizeof *rows][N] = {{0}};

    (void)unused;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        descent_optimizer_options o = descent_optimizer_defaults();
        descent_optimizer *opt;
        o.gives_curvature = 1;
        o.examples = rows[r].examples;
        assert_int_equal(
            descent_optimizer_create_with(&opt, rows[r].spec, N, DESCENT_F64, &o, NULL),
            DESCENT_OK);
        descent_optimizer_curvature_f64(opt, g);
        descent_optimizer_step_f64(opt, w[r], g);
        descent_optimizer_free(opt);
        assert_memory_equal(w[r], w[0], sizeof w[0]);
    }
    assert_true(w[0][0] != 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_set_changes_the_next_step),
        cmocka_unit_test(test_wrong_type_does_nothing),
        cmocka_unit_test(test_only_needed_state_is_kept),
        cmocka_unit_test(test_examples),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
