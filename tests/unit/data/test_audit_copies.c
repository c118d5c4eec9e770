/* test_audit_copies.c - examples that are nearly another one, which a split puts on both sides. */
#include "looked.h"

#include "base/rng.h"

/* n examples of `width` features, each `times` times with noise. */
static void write_copies(const char *path, int n, int width, int times, double noise)
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
                            noise * dsc_random_normal(1, DSC_RNG_TEST, 8, at++));
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
    write_copies("copies.csv", 200, 5, 3, 1e-4);
    look(&l, "copies.csv", true, true);
    assert_int_equal(l.audit.twins_in_test, 0);
    assert_int_equal(l.audit.copies_asked, 100);
    assert_true(l.audit.copies_in_test > 90); /* 1 in 25 has all its copies in the test part */
    assert_true(l.audit.copies_by_chance < 0.01);
    leave(&l);
    write_copies("sound.csv", 600, 5, 1, 0);
    for (size_t i = 0; i < sizeof sound / sizeof *sound; i++) {
        look(&l, sound[i], true, true);
        if (l.audit.copies_asked != 0)
            fail_msg("%s has copies, it seems", sound[i]);
        leave(&l);
    }
}

/* Where data have many dimensions nothing else lies near, and copies may differ by more. */
static void copies_with_more_noise_show_among_many_features(void **unused)
{
    looked l;

    (void)unused;
    write_copies("wide.csv", 100, 60, 4, 0.1);
    look(&l, "wide.csv", true, true);
    assert_int_equal(l.audit.copies_asked, 80);
    assert_true(l.audit.copies_in_test > 60);
    assert_true(l.audit.copies_nearness > 0.15 && l.audit.copies_nearness <= 0.2);
    leave(&l);
    write_copies("narrow.csv", 200, 3, 3, 0.02);
    look(&l, "narrow.csv", true, true);
    assert_true(l.audit.copies_nearness == 0.05);
    leave(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(near_copies_in_both_parts_show),
        cmocka_unit_test(copies_with_more_noise_show_among_many_features),
    };

    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
