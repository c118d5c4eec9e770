/* test_audit_arrays.c - what a look at data says of the caller's own arrays: numbers in order,
 * classes nobody is of, features near the end of the range, and very few examples. */
#include "looked.h"

#include "data/neighbourhood.h"

#include <float.h>
#include <math.h>

enum { N = 200 };

static float x[N], y[N];
static int32_t labels[N];
static const int shape[] = {1};

static dsc_audit look_once(descent_dataset *data, bool standardize)
{
    looked l;

    look_at(&l, data, standardize, false);
    const dsc_audit audit = l.audit;
    leave(&l);
    return audit;
}

static dsc_audit look_at_numbers(bool standardize)
{
    descent_dataset *data;

    assert_int_equal(descent_dataset_wrap_targets(&data, x, N, 1, shape, y, 1, NULL), DESCENT_OK);
    return look_once(data, standardize);
}

/* Numbers of a batch differ less than those of all where they rise through the file: of a line the
 * share is about (batch / n)^2, times n / (n - batch) or so. */
static void ordered_numbers_have_poor_batches(void **unused)
{
    (void)unused;
    for (int i = 0; i < N; i++) {
        x[i] = (float)(i * 37 % N);
        y[i] = (float)i;
    }
    assert_true(look_at_numbers(true).batch_entropy < 0.03);
    for (int i = 0; i < N; i++)
        y[i] = (float)(i * 83 % N);
    const double mixed = look_at_numbers(true).batch_entropy;
    assert_true(mixed > 0.8 && mixed < 1.25);
    for (int i = 0; i < N; i++)
        y[i] = 7; /* nothing to tell apart: as good as mixed */
    assert_true(look_at_numbers(false).batch_entropy == 1.0);
}

static void classes_without_examples(void **unused)
{
    descent_dataset *data;

    (void)unused;
    for (int i = 0; i < N; i++) {
        x[i] = (float)(i % 11);
        labels[i] = i % 2 ? 3 : 1;
    }
    assert_int_equal(descent_dataset_wrap_classes(&data, x, N, 1, shape, labels, 5, NULL),
                     DESCENT_OK);
    const dsc_audit audit = look_once(data, true);
    assert_true(fabs(audit.chance_loss - log(2)) < 1e-12);
    assert_true(audit.imbalance == 1 && audit.majority == 0.5 && audit.least_share == 0.5);
    assert_int_equal(audit.least_class, 1);
    assert_int_equal(audit.largest_class, 1);
}

/* Differences from the mean that are beyond float: counted, and nothing is measured from them. */
static void features_beyond_the_range(void **unused)
{
    (void)unused;
    for (int i = 0; i < N; i++) {
        x[i] = i % 10 == 0 ? 0.9f * FLT_MAX : -0.9f * FLT_MAX;
        y[i] = (float)(i % 3);
    }
    const dsc_audit audit = look_at_numbers(true);
    assert_in_range(audit.not_finite, 1, N / 5);
    assert_true(isnan(audit.neighbours_right));
}

/* Of no more examples than a neighbourhood wants, all others are neighbours. */
static void few_neighbours(void **unused)
{
    static const float z[] = {1, 2, 3};
    dsc_neighbourhood hood;

    (void)unused;
    for (size_t among = 1; among <= 3; among++) {
        assert_true(dsc_neighbourhood_make(&hood, z, 3, 1, among));
        assert_int_equal(hood.count, among - 1);
        dsc_neighbourhood_free(&hood);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordered_numbers_have_poor_batches),
        cmocka_unit_test(classes_without_examples),
        cmocka_unit_test(features_beyond_the_range),
        cmocka_unit_test(few_neighbours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
