/* test_npy_damage.c - every truncation of a small .npy file and every flipped bit of its header: an
 * error with a sentence, or data that lie within the file. */
#include "npy_file.h"

enum { MOST = 512 };

/* What opening says; it may read only what is there. */
static bool opens(const char *spec)
{
    descent_dataset *data = NULL;
    descent_error err = {0};
    float x[64];
    static const uint32_t index[] = {0, 1, 2, 3};

    if (descent_dataset_open(&data, spec, &err) != DESCENT_OK) {
        assert_null(data);
        assert_true(err.message[0] != '\0');
        return false;
    }
    assert_int_equal(descent_dataset_count(data), 4);
    dsc_batch_gather(data, NULL, DESCENT_F32, index, 4, x, NULL);
    descent_dataset_free(data);
    return true;
}

static size_t read_back(const char *path, unsigned char out[MOST])
{
    FILE *stream = fopen(path, "rb");

    assert_non_null(stream);
    const size_t length = fread(out, 1, MOST, stream);
    assert_int_equal(fclose(stream), 0);
    return length;
}

static void damage(const char *path)
{
    static const char *const specs[] = {"x.npy map=no", "x.npy map=yes"};
    unsigned char file[MOST], changed[MOST];
    const size_t length = read_back(path, file);
    size_t opened = 0;

    for (int form = 0; form < 2; form++) {
        for (size_t cut = 0; cut < length; cut++) {
            write_bytes(path, file, cut);
            assert_false(opens(specs[form]));
        }
        for (size_t bit = 0; bit < 8 * length; bit++) {
            memcpy(changed, file, length);
            changed[bit / 8] ^= (unsigned char)(1u << bit % 8);
            write_bytes(path, changed, length);
            opened += opens(specs[form]);
        }
    }
    assert_true(opened > 0 && opened < 8 * length); /* numbers may be others, headers seldom */
    write_bytes(path, file, length);
    assert_true(opens("x.npy"));
}

static void test_damage(void **unused)
{
    static const float x[] = {0, 1, 2, 3, 4, 5, 6, 7};
    static const int16_t y[] = {0, 1, 0, 1};

    (void)unused;
    write_npy("x.npy", "<f4", "(4, 2)", x, sizeof x);
    write_npy("y.npy", "<i2", "(4,)", y, sizeof y);
    damage("x.npy");
    damage("y.npy");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_damage)};

    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
