/* must_fail.c - a test that fails: the suite is told so, and would notice if failing went unseen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void fails(void **state)
{
    (void)state;
    assert_int_equal(1, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(fails)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
