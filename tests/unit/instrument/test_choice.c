/* test_choice.c - which instruments a text names, and what it may not say. */
#include "instrument/instrument.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include <cmocka.h>

static dsc_choice read(const char *text)
{
    dsc_choice choice;
    descent_error err = {0};

    if (dsc_choice_read(&choice, text, (dsc_place){.file = "--instruments"}, &err))
        fail_msg("%s", err.message);
    return choice;
}

static bool has(const dsc_choice *choice, const char *name)
{
    for (size_t i = 0; i < choice->n; i++)
        if (strcmp(choice->instrument[i]->info.name, name) == 0)
            return true;
    return false;
}

static void standard_is_all_but_the_costly_ones(void **state)
{
    const dsc_choice choice = read("standard");
    size_t all = 0;

    (void)state;
    for (; dsc_instrument_at(all); all++) {
        const dsc_instrument *instrument = dsc_instrument_at(all);
        assert_int_equal(has(&choice, instrument->info.name), !instrument->costly);
        assert_non_null(instrument->range);
        assert_non_null(instrument->cost);
        assert_true(instrument->whole || instrument->layers);
        assert_true(!instrument->value != !instrument->search);
    }
    assert_true(all >= 10);
    assert_false(has(&choice, "sharpness"));
    assert_false(choice.searches);
}

static void names_come_in_the_order_of_the_registry_and_once(void **state)
{
    const dsc_choice choice = read("sharpness iterations=8, distance, grad_norm, distance");

    (void)state;
    assert_int_equal(choice.n, 3);
    assert_string_equal(choice.instrument[0]->info.name, "grad_norm");
    assert_string_equal(choice.instrument[1]->info.name, "distance");
    assert_string_equal(choice.instrument[2]->info.name, "sharpness");
    assert_true(choice.param[2][0].number == 8);
    assert_true(choice.searches);
    assert_int_equal(choice.sees, DSC_SEES_GRADIENT | DSC_SEES_START);
    const dsc_choice more = read("sharpness, standard");
    assert_true(has(&more, "sharpness") && has(&more, "dead_units"));
}

static void assert_refused(const char *text, const char *message)
{
    dsc_choice choice;
    descent_error err = {0};

    assert_int_not_equal(dsc_choice_read(&choice, text, (dsc_place){0}, &err), DESCENT_OK);
    assert_string_equal(err.message, message);
}

static void mistakes_are_named(void **state)
{
    (void)state;
    assert_refused("grad_nrm", "no instrument is called 'grad_nrm'; did you mean 'grad_norm'?");
    assert_refused("distance, weather", "no instrument is called 'weather'");
    assert_refused("sharpness iterations=0",
                   "sharpness: iterations = 0, must be a whole number between 1 and 1000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(standard_is_all_but_the_costly_ones),
        cmocka_unit_test(names_come_in_the_order_of_the_registry_and_once),
        cmocka_unit_test(mistakes_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
