/* test_split.c - which examples train and which test. */
#include "files.h"

#include "data/dataset.h"

#include <math.h>

/* Both parts together are 0..n-1, each ascending. */
static void check_partition(const dsc_split *split, size_t n)
{
    size_t train = 0, test = 0;

    assert_int_equal(split->n_train + split->n_test, n);
    for (size_t i = 0; i < n; i++)
        if (train < split->n_train && split->train[train] == i)
            train++;
        else
            assert_int_equal(split->test[test++], i);
}

static void test_split_classes(void **unused)
{
    descent_dataset *data = open_good("digits");
    dsc_split split;

    (void)unused;
    assert_int_equal(dsc_split_make(&split, data, 0.2, 1, NULL), DESCENT_OK);
    check_partition(&split, 1797);
    for (int c = 0; c < 10; c++) {
        size_t n = 0;
        for (size_t i = 0; i < split.n_test; i++)
            n += data->labels[split.test[i]] == c;
        /* the nearest whole number to a fifth of the class */
        assert_int_equal(n, lround(0.2 * (double)descent_dataset_class_count(data, c)));
    }
    dsc_split_free(&split);
    assert_null(split.train);
    descent_dataset_free(data);
}

static void test_split_seed(void **unused)
{
    descent_dataset *data = open_good("diabetes");
    dsc_split a, b, c;

    (void)unused;
    assert_int_equal(dsc_split_make(&a, data, 0.25, 5, NULL), DESCENT_OK);
    assert_int_equal(dsc_split_make(&b, data, 0.25, 5, NULL), DESCENT_OK);
    assert_int_equal(dsc_split_make(&c, data, 0.25, 6, NULL), DESCENT_OK);
    check_partition(&a, 442);
    assert_int_equal(a.n_test, 111); /* 110.5 rounds up */
    assert_memory_equal(a.test, b.test, a.n_test * sizeof *a.test);
    assert_memory_not_equal(a.test, c.test, a.n_test * sizeof *a.test);
    dsc_split_free(&a);
    dsc_split_free(&b);
    dsc_split_free(&c);
    descent_dataset_free(data);
}

/* Over many seeds each example tests as often as the fraction says. */
static void test_split_is_fair(void **unused)
{
    enum { SEEDS = 2000 };
    descent_dataset *data = open_good("blobs n=20 classes=2");
    int times[20] = {0};

    (void)unused;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        dsc_split split;
        assert_int_equal(dsc_split_make(&split, data, 0.3, seed, NULL), DESCENT_OK);
        assert_int_equal(split.n_test, 6);
        for (size_t i = 0; i < split.n_test; i++)
            times[split.test[i]]++;
        dsc_split_free(&split);
    }
    for (int i = 0; i < 20; i++) /* 600 with a deviation of about 20 */
        assert_in_range(times[i], 500, 700);
    descent_dataset_free(data);
}

static descent_dataset labelled(const int32_t *labels, size_t n, int classes, size_t test)
{
    static float x[16];
    static char name[][4] = {"ant", "bee", "cat"};
    static char *names[] = {name[0], name[1], name[2]};

    return (descent_dataset){.name = "zoo",
                             .count = n,
                             .test_count = test,
                             .shape = {1, {1}},
                             .outputs = classes,
                             .dtype = DSC_F32,
                             .features = x,
                             .labels = labels,
                             .class_name = names};
}

/* Classes with two examples are in both parts, one alone trains, absent ones are no fault. */
static void test_split_rare_classes(void **unused)
{
    static const int32_t labels[] = {0, 0, 0, 0, 0, 0, 2, 2, 0}, lone[] = {0, 1, 0, 0};
    descent_dataset data = labelled(labels, 9, 3, 0);
    dsc_split split;

    (void)unused;
    assert_int_equal(dsc_split_make(&split, &data, 0.01, 1, NULL), DESCENT_OK);
    assert_int_equal(split.n_test, 2);
    assert_int_equal(labels[split.test[0]] + labels[split.test[1]], 2);
    dsc_split_free(&split);
    data = labelled(lone, 4, 2, 0);
    assert_int_equal(dsc_split_make(&split, &data, 0.9, 1, NULL), DESCENT_OK);
    assert_int_equal(split.n_train, 2);
    assert_true(split.train[0] == 1 || split.train[1] == 1);
    dsc_split_free(&split);
}

static void split_bad(const descent_dataset *data, const char *message)
{
    dsc_split split;
    descent_error err = {0};

    assert_int_equal(dsc_split_make(&split, data, 0.2, 1, &err), DESCENT_INVALID);
    assert_null(split.train);
    assert_null(split.test);
    assert_string_equal(err.message, message);
}

static void test_split_faults(void **unused)
{
    static const int32_t late[] = {0, 1, 0, 1, 2}, same[] = {1, 1, 1, 1}, lone[] = {0, 1, 2};
    descent_dataset data = labelled(late, 5, 3, 1);

    (void)unused;
    split_bad(&data,
              "class 'cat' is seen only in the test part of 'zoo'; training needs examples of it");
    data = labelled(same, 4, 2, 0);
    split_bad(&data,
              "the training part of 'zoo' has one class only ('bee'); classification needs two");
    data = labelled(lone, 3, 3, 0);
    split_bad(&data, "'zoo' has 3 examples, too few to hold out a part of 0.2 for testing");
    data.labels = NULL;
    data.count = 1;
    split_bad(&data, "'zoo' has 1 example, too few to hold out a part of 0.2 for testing");
}

/* A fifth of what trains takes the place of the test part, which is in neither then. */
static void test_split_hold_out(void **unused)
{
    static const int32_t labels[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    const descent_dataset data = labelled(labels, 20, 2, 0);
    dsc_split whole, split;
    descent_error err = {0};
    int times[20] = {0};

    (void)unused;
    assert_int_equal(dsc_split_make(&whole, &data, 0.2, 1, NULL), DESCENT_OK);
    assert_int_equal(dsc_split_make(&split, &data, 0.2, 1, NULL), DESCENT_OK);
    assert_int_equal(dsc_split_hold_out(&split, &data, NULL), DESCENT_OK);
    assert_int_equal(whole.n_train, 16);
    assert_int_equal(split.n_train, 13);
    assert_int_equal(split.n_test, 3);
    for (size_t i = 0; i < split.n_train; i++)
        times[split.train[i]]++;
    for (size_t i = 0; i < split.n_test; i++)
        times[split.test[i]]++;
    for (size_t i = 0; i < whole.n_train; i++)
        assert_int_equal(times[whole.train[i]], 1);
    for (size_t i = 0; i < whole.n_test; i++)
        assert_int_equal(times[whole.test[i]], 0);
    dsc_split_free(&whole);
    split.n_train = 4;
    assert_int_equal(dsc_split_hold_out(&split, &data, &err), DESCENT_INVALID);
    assert_string_equal(err.message,
                        "'zoo' has 4 examples to train on, too few to hold out a fifth of them");
    dsc_split_free(&split);
}

/* Examples of which all are equal: their twins go, and nothing is left to test. */
static void test_cleaned_away(void **unused)
{
    descent_error err = {0};
    dsc_split split;

    (void)unused;
    write_text("same.csv", "a,b,y\n1,2,3\n1,2,3\n1,2,3\n1,2,3\n1,2,3\n");
    descent_dataset *data = open_good("same.csv");
    assert_int_equal(dsc_split_make(&split, data, 0.2, 1, &err), DESCENT_OK);
    assert_int_equal(dsc_split_clean(&split, data, true, false, &err), DESCENT_INVALID);
    assert_string_equal(err.message, "cleaning 'same.csv' leaves 1 example to train on and 0 to "
                                     "test, both must have some");
    dsc_split_free(&split);
    descent_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split_classes), cmocka_unit_test(test_split_seed),
        cmocka_unit_test(test_split_is_fair), cmocka_unit_test(test_split_rare_classes),
        cmocka_unit_test(test_split_faults),  cmocka_unit_test(test_split_hold_out),
        cmocka_unit_test(test_cleaned_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
