/* test_built_in.c - the data sets that need no file, and names that are none. */
#include "files.h"

#include "data/dataset.h"

#include <math.h>

static void test_digits(void **unused)
{
    static const size_t counts[] = {178, 182, 177, 183, 181, 182, 181, 179, 174, 180};
    static const uint8_t first[] = {0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0};
    descent_dataset *data = open_good("digits");
    int shape[4];

    (void)unused;
    assert_string_equal(descent_dataset_name(data), "digits");
    assert_int_equal(descent_dataset_count(data), 1797);
    assert_int_equal(descent_dataset_shape(data, shape), 3);
    assert_int_equal(shape[0] * 100 + shape[1] * 10 + shape[2], 188);
    assert_int_equal(descent_dataset_outputs(data), 10);
    for (int c = 0; c < 10; c++) {
        const char name[] = {(char)('0' + c), '\0'};
        assert_int_equal(descent_dataset_class_count(data, c), counts[c]);
        assert_string_equal(descent_dataset_class(data, c), name);
    }
    assert_memory_equal(bytes_of(data), first, sizeof first);
    for (size_t i = 0; i < (size_t)1797 * 64; i++)
        assert_in_range(bytes_of(data)[i], 0, 16);
    assert_null(descent_dataset_feature(data, 0));
    assert_int_equal(descent_dataset_bytes(data), 1797 * (64 + 4));
    descent_dataset_free(data);
}

static void test_iris(void **unused)
{
    static const char *const names[] = {"setosa", "versicolor", "virginica"};
    descent_dataset *data = open_good("iris");

    (void)unused;
    assert_int_equal(descent_dataset_count(data), 150);
    assert_int_equal(descent_dataset_outputs(data), 3);
    for (int c = 0; c < 3; c++) {
        assert_string_equal(descent_dataset_class(data, c), names[c]);
        assert_int_equal(descent_dataset_class_count(data, c), 50);
    }
    assert_string_equal(descent_dataset_feature(data, 3), "petal_width");
    assert_string_equal(descent_dataset_target(data), "species");
    assert_float_equal(descent_dataset_summary(data, 0).mean, 5.84333, 1e-5);
    descent_dataset_free(data);
}

static void test_diabetes(void **unused)
{
    descent_dataset *data = open_good("diabetes");

    (void)unused;
    assert_int_equal(descent_dataset_count(data), 442);
    assert_int_equal(descent_dataset_task(data), DESCENT_REGRESSION);
    assert_int_equal(descent_dataset_outputs(data), 1);
    assert_string_equal(descent_dataset_feature(data, 0), "age");
    assert_null(descent_dataset_feature(data, 10));
    float smallest = 1e9f, largest = 0;
    for (size_t i = 0; i < 442; i++) {
        smallest = fminf(smallest, data->targets[i]);
        largest = fmaxf(largest, data->targets[i]);
    }
    assert_float_equal(smallest, 25, 0);
    assert_float_equal(largest, 346, 0);
    descent_dataset_free(data);
}

/* Which class a noiseless point belongs to, worked out from where it lies. */
static int class_of_spiral(double x, double y)
{
    const double pi = acos(-1), r = hypot(x, y);
    const double arm = fmod(atan2(y, x) / (2 * pi) - r + 3, 1); /* 0 or one half */

    return arm > 0.25 && arm < 0.75;
}

static int class_of_circles(double x, double y)
{
    return hypot(x, y) > 0.6;
}

static int class_of_xor(double x, double y)
{
    return (x > 0) != (y > 0);
}

static int class_of_blobs(double x, double y)
{
    return x > 0.5 ? 0 : y > 0 ? 1 : 2;
}

static void test_generated_classes(void **unused)
{
    static const struct row {
        const char *spec;
        int classes;
        int (*class_of)(double x, double y);
    } rows[] = {{"spiral noise=0", 2, class_of_spiral},
                {"circles noise=0", 2, class_of_circles},
                {"xor noise=0", 2, class_of_xor},
                {"blobs noise=0.01", 3, class_of_blobs}};

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        descent_dataset *data = open_good(rows[i].spec);
        assert_int_equal(descent_dataset_count(data), 1000);
        assert_int_equal(descent_dataset_outputs(data), rows[i].classes);
        assert_string_equal(descent_dataset_feature(data, 0), "x");
        assert_string_equal(descent_dataset_feature(data, 1), "y");
        assert_string_equal(descent_dataset_class(data, 1), "1");
        for (int c = 0; c < rows[i].classes; c++)
            assert_in_range(descent_dataset_class_count(data, c), 1000 / rows[i].classes,
                            1000 / rows[i].classes + 1);
        for (size_t p = 0; p < 1000; p++)
            assert_int_equal(descent_dataset_label(data, p),
                             rows[i].class_of((double)floats_of(data)[2 * p],
                                              (double)floats_of(data)[2 * p + 1]));
        descent_dataset_free(data);
    }
}

/* Noise has the deviation that was asked for, and the line its slope and offset. */
static void test_line(void **unused)
{
    descent_dataset *data = open_good("line n=20000 slope=-3 offset=5 noise=0.25");
    double sum = 0, squares = 0;

    (void)unused;
    assert_int_equal(descent_dataset_task(data), DESCENT_REGRESSION);
    for (size_t i = 0; i < 20000; i++) {
        const double d = (double)data->targets[i] - (5 - 3 * (double)floats_of(data)[i]);
        sum += d;
        squares += d * d;
    }
    assert_float_equal(sum / 20000, 0, 0.01);
    assert_float_equal(sqrt(squares / 20000), 0.25, 0.005);
    assert_float_equal(descent_dataset_summary(data, 0).min, -1, 0.001);
    assert_float_equal(descent_dataset_summary(data, 0).max, 1, 0.001);
    descent_dataset_free(data);
}

/* A point does not depend on how many there are; another seed gives others. */
static void test_generated_seed(void **unused)
{
    descent_dataset *a = open_good("spiral n=100 seed=7"), *b = open_good("spiral n=200 seed=7"),
                    *c = open_good("spiral n=100 seed=8");

    (void)unused;
    assert_memory_equal(floats_of(a), floats_of(b), 200 * sizeof(float));
    assert_memory_not_equal(floats_of(a), floats_of(c), 200 * sizeof(float));
    descent_dataset_free(a);
    descent_dataset_free(b);
    descent_dataset_free(c);
    a = open_good("blobs n=10 classes=5");
    assert_int_equal(descent_dataset_outputs(a), 5);
    assert_int_equal(descent_dataset_class_count(a, 4), 2);
    descent_dataset_free(a);
}

/* A shape can be told from its colours: without noise, what is neither background nor edge has one
 * colour, which covers about as much as the shape should. */
static void test_shapes(void **unused)
{
    enum { N = 600, PIXELS = 32 * 32 };
    static const char *const names[] = {"bar", "circle", "cross", "ring", "square", "triangle"};
    static const double area[] = {4 * 0.95 * 0.3, 3.1416,    4 * 0.3 * (2 * 0.95 - 0.3),
                                  3.1416 * 0.6,   1.4 * 1.4, 1.299};
    double covered[6] = {0};
    descent_dataset *data = open_good("shapes n=600 noise=0");

    (void)unused;
    assert_int_equal(descent_dataset_count(data), N);
    assert_int_equal(data->shape.rank, 3);
    assert_int_equal(data->shape.size[0], 3);
    assert_int_equal(data->shape.size[2], 32);
    for (size_t i = 0; i < N; i++) {
        const uint8_t *x = bytes_of(data) + i * 3 * PIXELS;
        const int32_t label = data->labels[i];
        uint8_t back[3]; /* a corner is no part of the shape, or hardly */
        for (int c = 0; c < 3; c++)
            back[c] = x[c * PIXELS];
        int shape = 0;
        for (int p = 0; p < PIXELS; p++)
            shape += x[p] != back[0] || x[PIXELS + p] != back[1] || x[2 * PIXELS + p] != back[2];
        assert_true(shape > 30);
        covered[label] += shape / (32 * 32 * (0.09 + 0.01 / 3)) / (N / 6); /* mean of radius^2 */
    }
    for (int c = 0; c < 6; c++) {
        assert_string_equal(descent_dataset_class(data, c), names[c]);
        assert_int_equal(descent_dataset_class_count(data, c), N / 6);
        if (!(covered[c] > area[c] && covered[c] < 1.7 * area[c])) /* with its edge */
            fail_msg("%s covers %g, expected a little more than %g", names[c], covered[c], area[c]);
    }
    descent_dataset_free(data);

    descent_dataset *few = open_good("shapes n=10 size=16"),
                    *more = open_good("shapes n=20 size=16"),
                    *other = open_good("shapes n=10 size=16 seed=1");
    assert_memory_equal(bytes_of(few), bytes_of(more), 10 * 3 * 16 * 16);
    assert_memory_not_equal(bytes_of(few), bytes_of(other), 10 * 3 * 16 * 16);
    descent_dataset_free(few);
    descent_dataset_free(more);
    descent_dataset_free(other);
    open_bad("shapes size=1000", DESCENT_INVALID,
             "shapes: size = 1000, must be a whole number between 8 and 512");
}

static void test_unknown(void **unused)
{
    (void)unused;
    open_bad("digit", DESCENT_UNKNOWN,
             "no data set or file is called 'digit'; did you mean 'digits'?");
    open_bad("weather", DESCENT_UNKNOWN, "no data set or file is called 'weather'");
    open_bad("spiral noise=-1", DESCENT_INVALID,
             "spiral: noise = -1, must be between 0 and 1000000");
    open_bad("spiral nois=1", DESCENT_UNKNOWN,
             "spiral has no parameter 'nois'; it has n, noise, seed, classes, turns; did you mean "
             "'noise'?");
    open_bad("iris target=3", DESCENT_UNKNOWN, "iris has no parameter 'target'; it has none");
    open_bad("iris, digits", DESCENT_SYNTAX,
             "expected one entry, found a list: 'digits' after a comma");
    open_bad("", DESCENT_SYNTAX, "expected a name, found the end");
}

/* A file may be called like a built-in set: the path says which is meant. */
static void test_file_beside_built_in(void **unused)
{
    (void)unused;
    write_text("iris", "a,y\n1,2\n3,4\n");
    write_text("two words.csv", "a,y\n1,2\n3,4\n");
    descent_dataset *data = open_good("iris");
    assert_int_equal(descent_dataset_count(data), 150);
    descent_dataset_free(data);
    data = open_good("./iris");
    assert_int_equal(descent_dataset_count(data), 2);
    descent_dataset_free(data);
    data = open_good("\"two words.csv\" target=a");
    assert_string_equal(descent_dataset_target(data), "a");
    descent_dataset_free(data);
}

/* Every entry explains itself: name, summary, parameters with help and defaults inside bounds. */
static void test_registry(void **unused)
{
    size_t n = 0;

    (void)unused;
    for (const descent_info *info; (info = descent_dataset_info(n)); n++) {
        assert_true(strlen(info->name) > 0 && strlen(info->summary) > 10);
        assert_ptr_equal(&dsc_source_at(n)->info, info);
        assert_true(dsc_source_at(n)->built_in == !dsc_source_at(n)->matches);
        for (int p = 0; p < info->n_params; p++) {
            const descent_param *param = &info->params[p];
            assert_true(strlen(param->name) > 0 && strlen(param->help) > 3);
            if (param->kind == DESCENT_NUMBER || param->kind == DESCENT_INTEGER)
                assert_true(param->min <= param->initial && param->initial <= param->max);
        }
    }
    assert_true(n >= 13);
    assert_null(dsc_source_at(n));
    descent_dataset_free(NULL);
}

/* What every data set of pictures takes beside its own. */
static void test_common_options(void **unused)
{
    const descent_info *common = descent_dataset_common();

    (void)unused;
    assert_string_equal(common->name, "augment");
    assert_true(common->n_params > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digits),
        cmocka_unit_test(test_iris),
        cmocka_unit_test(test_diabetes),
        cmocka_unit_test(test_generated_classes),
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_generated_seed),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_file_beside_built_in),
        cmocka_unit_test(test_registry),
        cmocka_unit_test(test_common_options),
    };

    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
