/* test_known.c - formulas whose variables are given beforehand. */
#include "formula.h"

#include "expression/expression.h"

/* A formula may be given its variables beforehand; then others are mistakes. */
static void test_known_variables(void **unused)
{
    static const char *const known[] = {"step", "steps", "progress"};
    const double w[] = {3.0, 12.0, 0.25};
    const dsc_place place = {.file = "--f", .line = 2, .column = 3, .line_text = "f=\"1 + stepz\""};
    descent_expression *e;
    descent_error err = {0};

    (void)unused;
    assert_int_equal(
        dsc_expression_parse_in(&e, dsc_text_open("", "progress*step", 13), known, 3, NULL),
        DESCENT_OK);
    assert_int_equal(descent_expression_variables(e), 3);
    assert_true(descent_expression_evaluate(3, w, NULL, e) == 0.75);
    assert_true(dsc_expression_uses(e, 0) && !dsc_expression_uses(e, 1) &&
                dsc_expression_uses(e, 2));
    descent_expression_free(e);
    assert_int_equal(
        dsc_expression_parse_in(&e, dsc_text_open_at(place, "1 + stepz", 9), known, 3, &err),
        DESCENT_UNKNOWN);
    assert_null(e);
    assert_string_equal(err.message, "unknown variable 'stepz'; this formula may use step, steps, "
                                     "progress; did you mean 'step'?");
    assert_string_equal(err.file, "--f");
    assert_int_equal(err.line, 2);
    assert_int_equal(err.column, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_known_variables)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
