/* test_audit_copies.c - examples that are nearly another one, which a split puts on both sides. */
#include "looked.h"

#include "base/rng.h"

/* n examples of `width` features, each `times` times with a little noise. */
static void write_copies(const char *path, int n, int width, int times)
{
    FILE *stream = fopen(path, "w");
    uint64_t at = 0;

    assert_non_null(stream);
    for (int j = 0; j < width; j++)
        fprintf(stream, "x%d,", j);
    fputs("y\n", stream);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < times; k++) {
            for (int j = 0; j < width; j++)
                fprintf(stream, "%.6f,",
                        dsc_random_normal(1, DSC_RNG_TEST, 7, (uint64_t)(i * width + j)) +
                            1e-4 * dsc_random_normal(1, DSC_RNG_TEST, 8, at++));
            fprintf(stream, "%d.5\n", i % 17);
        }
    assert_int_equal(fclose(stream), 0);
}

static void near_copies_in_both_parts_show(void **unused)
{
    static const char *const sound[] = {"digits", "diabetes", "spiral n=600", "line n=600",
                                        "sound.csv"};
    looked l;

    (void)unused;
    write_copies("copies.csv", 200, 5, 3);
    look(&l, "copies.csv", true, true);
    assert_int_equal(l.audit.twins_in_test, 0);
    assert_int_equal(l.audit.copies_asked, 100);
    assert_true(l.audit.copies_in_test > 90); /* 1 in 25 has all its copies in the test part */
    assert_true(l.audit.copies_by_chance < 0.01);
    leave(&l);
    write_copies("sound.csv", 600, 5, 1);
    for (size_t i = 0; i < sizeof sound / sizeof *sound; i++) {
        look(&l, sound[i], true, true);
        if (l.audit.copies_asked != 0)
            fail_msg("%s has copies, it seems", sound[i]);
        leave(&l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(near_copies_in_both_parts_show),
    };

    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
