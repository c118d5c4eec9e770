/* test_mapped.c - data that stay in their file: what is read of them, and when. */
#include "npy_file.h"

#include "data/audit.h"
#include "data/numbers.h"

enum { MANY = 3 * DESCENT_SPREAD + 5 };

/* A folder as MNIST has it is the same data mapped and read, test part included. */
static void test_idx(void **unused)
{
    static const unsigned char train[] = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0,
                                          0, 1, 0, 0, 0, 2, 1, 2, 3, 4};
    static const unsigned char test[] = {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 5, 6};
    static const unsigned char y[] = {0, 0, 8, 1, 0, 0, 0, 2, 0, 1};
    static const unsigned char z[] = {0, 0, 8, 1, 0, 0, 0, 1, 1};
    static const uint32_t index[] = {2, 0, 1};
    float x[6];
    int32_t labels[3];

    (void)unused;
    assert_int_equal(mkdir("idx", 0777), 0);
    write_bytes("idx/train-images-idx3-ubyte", train, sizeof train);
    write_bytes("idx/train-labels-idx1-ubyte", y, sizeof y);
    write_bytes("idx/t10k-images-idx3-ubyte", test, sizeof test);
    write_bytes("idx/t10k-labels-idx1-ubyte", z, sizeof z);
    for (int mapped = 0; mapped < 2; mapped++) {
        descent_dataset *data = open_good(mapped ? "idx map=yes" : "idx");
        assert_int_equal(descent_dataset_mapped(data), mapped ? 6 : 0);
        dsc_batch_gather(data, NULL, DESCENT_F32, index, 3, x, labels);
        for (int j = 0; j < 6; j++)
            assert_float_equal(x[j], ((j + 4) % 6 + 1), 0);
        assert_true(labels[0] == 1 && labels[1] == 0 && labels[2] == 1);
        descent_dataset_free(data);
    }
}

static void test_idx_bad(void **unused)
{
    static const unsigned char cut[] = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3};
    static const unsigned char y[] = {0, 0, 8, 1, 0, 0, 0, 2, 0, 1};
    static const unsigned char packed[] = {0x1f, 0x8b, 8, 0};

    (void)unused;
    write_bytes("cut-images-idx3-ubyte", cut, sizeof cut);
    write_bytes("cut-labels-idx1-ubyte", y, sizeof y);
    open_bad("cut-images-idx3-ubyte map=yes", DESCENT_SYNTAX,
             "'cut-images-idx3-ubyte' ends too early: its header claims 4 bytes of content, found "
             "3");
    write_bytes("gz-images-idx3-ubyte.gz", packed, sizeof packed);
    open_bad("gz-images-idx3-ubyte.gz map=yes", DESCENT_INVALID,
             "'gz-images-idx3-ubyte.gz' is compressed, so it cannot be mapped (map=yes); unpack it "
             "first");
}

/* Two columns; examples between those that are looked at hold something wild. */
static void write_many(void)
{
    int16_t *x = malloc(MANY * 2 * sizeof *x);
    uint8_t *y = malloc(MANY);
    bool *seen = calloc(MANY, sizeof *seen);

    assert_true(x && y && seen);
    for (size_t i = 0; i < DESCENT_SPREAD; i++)
        seen[dsc_spread_at(i, DESCENT_SPREAD, MANY)] = true;
    for (size_t i = 0; i < MANY; i++) {
        x[2 * i] = seen[i] ? (int16_t)(i % 2 ? 5 : 1) : 30000;
        x[2 * i + 1] = seen[i] ? 7 : -30000;
        y[i] = i % 2;
    }
    write_npy("x.npy", "<i2", "(49157, 2)", x, MANY * 2 * sizeof *x);
    write_npy("y.npy", "|u1", "(49157,)", y, MANY);
    free(x);
    free(y);
    free(seen);
}

/* Statistics are of DESCENT_SPREAD examples, of a file in memory of all. */
static void test_spread(void **unused)
{
    uint32_t *all = malloc(MANY * sizeof *all);
    dsc_scaling s;

    (void)unused;
    assert_non_null(all);
    write_many();
    for (uint32_t i = 0; i < MANY; i++)
        all[i] = i;
    for (int mapped = 0; mapped < 2; mapped++) {
        descent_dataset *data = open_good(mapped ? "x.npy map=yes" : "x.npy");
        const descent_feature_summary summary = descent_dataset_summary(data, 1);
        assert_int_equal(dsc_scaling_fit(&s, data, all, MANY, NULL), DESCENT_OK);
        assert_int_equal(s.n, 2);
        assert_true(mapped ? s.shift[0] < 5 && s.shift[1] == 7 : s.shift[0] > 10000);
        assert_true(mapped ? s.scale[1] == 1 : s.scale[1] < 1);
        assert_true(summary.min == (mapped ? 7 : -30000));
        dsc_scaling_free(&s);
        descent_dataset_free(data);
    }
    free(all);
}

/* The places rise, begin at the first and are all there are where there are few. */
static void test_places(void **unused)
{
    const size_t huge = ((size_t)1 << 32) - 1;
    size_t last = 0;

    (void)unused;
    for (size_t i = 1; i < DESCENT_SPREAD; i++) {
        const size_t at = dsc_spread_at(i, DESCENT_SPREAD, huge);
        assert_true(at > last && at < huge);
        last = at;
    }
    assert_int_equal(dsc_spread_at(0, DESCENT_SPREAD, huge), 0);
    assert_int_equal(dsc_spread_at(7, 10, 10), 7);
}

static void test_refused(void **unused)
{
    dsc_split split;
    descent_error err;

    (void)unused;
    descent_dataset *data = open_good("x.npy map=yes");
    assert_int_equal(dsc_split_make(&split, data, 0.2, 1, &err), DESCENT_OK);
    assert_int_equal(dsc_split_clean(&split, data, false, true, &err), DESCENT_INVALID);
    assert_string_equal(err.message,
                        "clean = labels holds all examples in memory, but those of 'x.npy map=yes' "
                        "are mapped; add map=no to the data if they have room there");
    dsc_split_free(&split);
    descent_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_idx),     cmocka_unit_test(test_idx_bad),
        cmocka_unit_test(test_spread),  cmocka_unit_test(test_places),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
