/* judge.c - all findings together: what they say of a healthy training, and their order. */
#include "healthy.h"

static void a_healthy_training_has_no_finding(void **state)
{
    healthy h;
    descent_finding found[DESCENT_FINDINGS];

    (void)state;
    healthy_make(&h);
    const size_t n = dsc_findings_judge(&h.c, DSC_BEFORE | DSC_DURING | DSC_AFTER, found);
    for (size_t i = 0; i < n; i++)
        print_message("%s: %s\n", found[i].name, found[i].evidence);
    assert_int_equal(n, 0);
}

static void every_finding_tells_what_it_is(void **state)
{
    const dsc_finding *f;
    size_t n = 0;

    (void)state;
    for (; (f = dsc_finding_at(n)) != NULL; n++) {
        assert_non_null(f->info.name);
        assert_non_null(f->info.summary);
        assert_non_null(f->info.formula);
        assert_non_null(f->info.advice);
        assert_non_null(f->judge);
        assert_true(f->when != 0);
        for (size_t i = 0; i < n; i++)
            assert_string_not_equal(dsc_finding_at(i)->info.name, f->info.name);
    }
    assert_true(n > 0);
    assert_null(descent_finding_info(n));
}

/* Nothing is known at all: nothing may be found, and no number may be read that is not there. */
static void an_empty_case_has_no_finding(void **state)
{
    const dsc_case empty = {.plan = {.model = "",
                                     .optimizer = "",
                                     .schedule = "",
                                     .loss = "",
                                     .data = "",
                                     .rule = "",
                                     .shape = "",
                                     .loss_name = ""}};
    descent_finding found[DESCENT_FINDINGS];

    (void)state;
    assert_int_equal(dsc_findings_judge(&empty, DSC_BEFORE | DSC_DURING | DSC_AFTER, found), 0);
}

static void what_is_not_finite_comes_first(void **state)
{
    healthy h;
    descent_finding found[DESCENT_FINDINGS];

    (void)state;
    healthy_make(&h);
    h.c.gave_up = true;
    h.c.skipped = 100;
    assert_true(dsc_findings_judge(&h.c, DSC_AFTER, found) > 0);
    assert_string_equal(found[0].name, "diverged");
    assert_int_equal(found[0].severity, DESCENT_FAILURE);
    assert_string_equal(found[0].flags, "--optimizer \"adam lr=0.0001\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_healthy_training_has_no_finding),
        cmocka_unit_test(every_finding_tells_what_it_is),
        cmocka_unit_test(an_empty_case_has_no_finding),
        cmocka_unit_test(what_is_not_finite_comes_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
