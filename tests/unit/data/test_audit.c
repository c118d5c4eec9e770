/* test_audit.c - what a look at data says of sets that are known, and of such that were spoiled. */
#include "looked.h"

#include "base/rng.h"

#include <math.h>

static void near_to(double x, double expected, double within)
{
    if (!(fabs(x - expected) <= within))
        fail_msg("%g is not within %g of %g", x, within, expected);
}

static void digits_are_sound(void **unused)
{
    looked l;

    (void)unused;
    look(&l, "digits", true, true);
    const dsc_audit *a = &l.audit;
    assert_true(a->done && a->one_scale);
    assert_int_equal(a->features, 64);
    near_to(a->largest_deviation, 1, 0.01);
    assert_in_range(a->constant, 1, 5); /* pixels that are always empty */
    near_to(a->chance_loss, log(10), 0.01);
    near_to(a->imbalance, 1.05, 0.05);
    assert_int_equal(a->twins_in_test, 0);
    assert_true(a->best_stump < 0.5);
    assert_true(a->neighbours_right > 0.95);
    assert_true(a->neighbours_contradict < 0.02);
    near_to(a->linear_right, 0.95, 0.04);
    assert_int_equal(a->wide_neighbours, 32);
    assert_true(a->wide_agree > 0.7 && a->wide_spread > 4); /* classes meet in some places only */
    assert_true(a->kinship > 0.7 && a->kinship_error < 0.03);
    assert_true(a->shifted_right < 0.5);
    assert_int_equal(a->shift, 0);
    assert_true(isnan(a->target_mean));
    leave(&l);
}

static void scales_are_those_the_network_sees(void **unused)
{
    looked l;

    (void)unused;
    look(&l, "diabetes", false, true);
    near_to(l.audit.largest_deviation, 34, 1.5);
    near_to(l.audit.least_deviation, 0.5, 0.01);
    assert_string_equal(l.audit.widest_name, "s1");
    near_to(l.audit.target_deviation, 75, 3);
    near_to(l.audit.target_unit, 80, 6);
    near_to(l.audit.chance_loss, l.audit.target_deviation * l.audit.target_deviation, 1);
    near_to(l.audit.neighbours_right, 0.43, 0.1);
    near_to(l.audit.linear_right, 0.51, 0.05); /* scikit-learn explains 0.5177 of all rows */
    leave(&l);
    look(&l, "diabetes", true, true);
    near_to(l.audit.least_deviation, 1, 1e-3);
    near_to(l.audit.target_deviation, 1, 1e-3);
    near_to(l.audit.target_unit, 80, 6);
    leave(&l);
}

static void an_ordered_file_has_poor_batches(void **unused)
{
    looked l;

    (void)unused;
    look(&l, "iris", true, false);
    assert_true(l.audit.batch_entropy < 0.5); /* three classes, one behind the other */
    leave(&l);
    look(&l, "iris", true, true);
    near_to(l.audit.batch_entropy, 1, 0);
    leave(&l);
    look(&l, "blobs", true, false); /* classes in turn */
    near_to(l.audit.batch_entropy, 1, 0.1);
    leave(&l);
}

static int place_of(int i)
{
    return (int)(1000 * dsc_random_uniform(1, DSC_RNG_TEST, 0, (uint64_t)(i + 10)));
}

/* Rows of two features that say what `class` is, and a third. */
static void write_rows(const char *path, int n, int shift, int wrong, int times)
{
    FILE *stream = fopen(path, "w");

    assert_non_null(stream);
    fputs("a,b,empty,answer,class\n", stream);
    for (int i = 0; i < n; i++) {
        const int place = place_of(i), label = place_of(i - shift) > 500;
        const bool lies = wrong > 0 && i % wrong == 0;
        for (int k = 0; k < times; k++)
            fprintf(stream, "%d.%03d,%d,5,%d,%s\n", place, i, place % 31, label ? 100 + i : -i,
                    label != lies ? "high" : "low");
    }
    assert_int_equal(fclose(stream), 0);
}

static void faults_show(void **unused)
{
    looked l;

    (void)unused;
    write_rows("good.csv", 600, 0, 0, 1);
    look(&l, "good.csv ignore=answer", true, true);
    assert_int_equal(l.audit.constant, 1);
    assert_string_equal(l.audit.constant_name, "empty");
    assert_int_equal(l.audit.twins_in_test, 0);
    assert_true(l.audit.neighbours_right > 0.9);
    leave(&l);
    write_rows("twice.csv", 300, 0, 0, 2);
    look(&l, "twice.csv ignore=answer+empty", true, true);
    assert_int_equal(l.audit.constant, 0);
    assert_true(l.audit.test_in_train > 0.7); /* 4 in 5 twins of a test example train */
    leave(&l);
    write_rows("moved.csv", 600, 1, 0, 1);
    look(&l, "moved.csv ignore=answer", true, true);
    assert_int_equal(l.audit.shift, 1);
    assert_true(l.audit.shifted_right > l.audit.neighbours_right + 0.2);
    near_to(l.audit.kinship, 0, 3 * l.audit.kinship_error); /* labels of others */
    leave(&l);
    look(&l, "moved.csv", true, true);
    assert_string_equal(l.audit.best_stump_name, "answer");
    assert_true(l.audit.best_stump > 0.98 && l.audit.rest_right < 0.8);
    leave(&l);
    write_rows("wrong.csv", 600, 0, 7, 1);
    look(&l, "wrong.csv ignore=answer", true, true);
    near_to(l.audit.neighbours_right, 6.0 / 7.0, 0.06);
    assert_true(l.audit.neighbours_contradict / l.audit.neighbours_unanimous > 0.06);
    near_to(l.audit.wide_agree, 6.0 / 7.0, 0.06);
    assert_true(l.audit.wide_spread < 3); /* wrong labels are everywhere alike */
    leave(&l);
}

static void numbers_may_be_classes(void **unused)
{
    looked l;

    (void)unused;
    write_text("kinds.csv", "x,y\n");
    FILE *stream = fopen("kinds.csv", "a");
    for (int i = 0; i < 90; i++)
        fprintf(stream, "%d,%d\n", i * i % 41, i % 3);
    assert_int_equal(fclose(stream), 0);
    look(&l, "kinds.csv", true, true);
    assert_true(l.audit.targets_are_classes);
    assert_int_equal(l.audit.target_values, 3);
    leave(&l);
    look(&l, "diabetes", true, true);
    assert_false(l.audit.targets_are_classes);
    near_to(l.audit.targets_of_sign, 0, 1e-12);
    leave(&l);
    write_text("sides.csv", "x,y\n1,-1\n2,1\n3,1\n4,0\n5,-1\n6,1\n7,1\n8,0\n");
    look(&l, "sides.csv", false, true);
    near_to(l.audit.targets_of_sign, 0.75, 0.2);
    leave(&l);
}

/* y = a + b, and b is a but for a little. */
static void write_twin_columns(const char *path)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fprintf(file, "a,b,y\n");
    for (int i = 0; i < 400; i++) {
        const double a = (i % 20) / 10.0 - 0.95, b = a + 0.1 * ((i / 20) % 2 ? 1 : -1);
        fprintf(file, "%g,%g,%g\n", a, b, a + b);
    }
    fclose(file);
}

static void directions_of_the_features(void **unused)
{
    looked l;

    (void)unused;
    write_twin_columns("twin_columns.csv");
    look(&l, "twin_columns.csv", true, true);
    near_to(l.audit.steepest, 1.985, 0.01); /* 1 and the correlation */
    near_to(l.audit.condition, 134, 15);
    near_to(l.audit.line_loss, 0, 1e-6);
    assert_true(isnan(l.audit.line_right)); /* numbers are no classes */
    leave(&l);
    look(&l, "iris", true, true);
    near_to(l.audit.steepest, 2.9, 0.1);
    assert_true(l.audit.condition > 100);
    assert_true(isnan(l.audit.line_loss));   /* classes are no numbers */
    near_to(l.audit.line_right, 0.85, 0.03); /* of all 150: 127 */
    leave(&l);
    look(&l, "digits", true, true);
    assert_true(isnan(l.audit.line_right)); /* its directions are alike enough */
    leave(&l);
}

static void cleaning_leaves_out(void **unused)
{
    looked l;

    (void)unused;
    write_rows("twice.csv", 300, 0, 0, 2);
    look(&l, "twice.csv ignore=answer", true, true);
    assert_int_equal(dsc_split_clean(&l.split, l.data, true, false, NULL), DESCENT_OK);
    assert_int_equal(l.split.n_train + l.split.n_test, 300);
    leave(&l);
    write_rows("wrong.csv", 700, 0, 10, 1);
    look(&l, "wrong.csv ignore=answer", true, true);
    const size_t before = l.split.n_train, tests = l.split.n_test;
    size_t wrong = 0;
    assert_int_equal(dsc_split_clean(&l.split, l.data, false, true, NULL), DESCENT_OK);
    assert_int_equal(l.split.n_test, tests);
    for (size_t i = 0; i < l.split.n_train; i++) {
        wrong += l.split.train[i] % 10 == 0;
        assert_true(i == 0 || l.split.train[i] > l.split.train[i - 1]);
    }
    assert_true(wrong < 8); /* of 56 */
    assert_true(l.split.n_train > before * 85 / 100);
    leave(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_are_sound),
        cmocka_unit_test(scales_are_those_the_network_sees),
        cmocka_unit_test(an_ordered_file_has_poor_batches),
        cmocka_unit_test(faults_show),
        cmocka_unit_test(numbers_may_be_classes),
        cmocka_unit_test(directions_of_the_features),
        cmocka_unit_test(cleaning_leaves_out),
    };

    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
