/* test_settings.c - an optimizer after it was made: settings, canonical text, and state. */
#include "optim/optim.h"

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
         "maximize"},
        {"sgd", "lr", 2e6, DESCENT_INVALID, "sgd: lr = 2000000, must be between 0 and 1000000"},
        {"sgd", "maximize", 0.5, DESCENT_INVALID, "sgd: maximize = 0.5, must be 0 or 1"},
        {"sgd", "nesterov", 1, DESCENT_INVALID,
         "sgd: nesterov needs momentum, such as momentum=0.9"},
        {"sgd momentum=0.9 nesterov", "momentum", 0, DESCENT_INVALID,
         "sgd: nesterov needs momentum, such as momentum=0.9"},
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

static void test_text(void **unused)
{
    static const struct row {
        const char *spec, *text;
    } rows[] = {
        {"sgd momentum=0.9 nesterov lr=1e-5",
         "sgd lr=1e-05 momentum=0.9 dampening=0 nesterov=yes weight_decay=0 maximize=no"},
        {"adamw", "adamw lr=0.001 beta1=0.9 beta2=0.999 eps=1e-08 weight_decay=0.01 amsgrad=no "
                  "maximize=no"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        descent_optimizer *opt = create(rows[i].spec, DESCENT_F32);
        char text[200], again[200];
        assert_int_equal(dsc_optimizer_text(opt, text, sizeof text), DESCENT_OK);
        assert_string_equal(text, rows[i].text);
        assert_int_equal(dsc_optimizer_text(opt, again, strlen(text) + 1), DESCENT_OK);
        assert_string_equal(again, text);
        for (size_t size = 1; size <= strlen(text); size++)
            assert_int_equal(dsc_optimizer_text(opt, again, size), DESCENT_INVALID);
        descent_optimizer_free(opt);
        opt = create(text, DESCENT_F32);
        assert_int_equal(dsc_optimizer_text(opt, again, sizeof again), DESCENT_OK);
        assert_string_equal(again, text);
        descent_optimizer_free(opt);
    }
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
        const double *state = dsc_optimizer_state(opt, &n);
        assert_int_equal(n, rows[i].vectors * N);
        assert_true((state != NULL) == (n > 0));
        for (size_t k = 0; k < n; k++)
            assert_true(state[k] == 0);
        descent_optimizer_free(opt);
    }
}

/* A second optimizer that takes over state and step count goes on bit for bit. */
static void test_state_moves_to_another_optimizer(void **unused)
{
    static const char *const specs[] = {"sgd momentum=0.9 dampening=0.5",
                                        "rmsprop centered momentum=0.5", "adam amsgrad"};

    (void)unused;
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++) {
        descent_optimizer *one = create(specs[s], DESCENT_F64),
                          *two = create(specs[s], DESCENT_F64);
        double w[N], v[N], g[N];
        size_t n, m;
        for (int i = 0; i < N; i++)
            w[i] = g[i] = 0.1 * i - 0.4;
        for (int step = 0; step < 3; step++)
            descent_optimizer_step_f64(one, w, g);
        memcpy(v, w, sizeof v);
        const void *from = dsc_optimizer_state(one, &n);
        void *to = dsc_optimizer_state(two, &m);
        assert_int_equal(n, m);
        memcpy(to, from, n * sizeof(double));
        dsc_optimizer_restore_steps(two, descent_optimizer_steps(one));
        for (int step = 0; step < 3; step++) {
            descent_optimizer_step_f64(one, w, g);
            descent_optimizer_step_f64(two, v, g);
        }
        assert_memory_equal(v, w, sizeof v);
        assert_int_equal(descent_optimizer_steps(two), 6);
        descent_optimizer_free(one);
        descent_optimizer_free(two);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_set_changes_the_next_step),
        cmocka_unit_test(test_wrong_type_does_nothing),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_only_needed_state_is_kept),
        cmocka_unit_test(test_state_moves_to_another_optimizer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
