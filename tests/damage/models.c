/* models.c - damaged models, and models that claim more than their file holds. */
#include "damage.h"

#include "heap.h"
#include "model/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Beside what the file holds: the nodes of the layers it names, and twice 4 bytes for every number
 * of an example, of which there are at most 2^26. */
enum { FACTOR = 96, FIXED = 1 << 20 };

static descent_status read_model(const char *path, descent_error *err)
{
    descent_model *model;
    const descent_status status = descent_model_load(&model, path, err);

    if (status == DESCENT_OK)
        for (size_t i = 0; i < model->n_w; i++)
            assert_true(isfinite(model->w[i]));
    else
        assert_null(model);
    descent_model_free(model);
    return status;
}

/* The header with its length in front, then `zeros` bytes of data; returns the length. */
static size_t make_file(uint8_t *to, const char *header, size_t zeros)
{
    const size_t length = strlen(header);

    for (int i = 0; i < 8; i++)
        to[i] = (uint8_t)((uint64_t)length >> (8 * i));
    memcpy(to + 8, header, length);
    memset(to + 8 + length, 0, zeros);
    return 8 + length + zeros;
}

static const char small[] =
    "{\"__metadata__\":{\"format\":\"descent\",\"format_version\":\"1\",\"layers\":\"linear 2, "
    "relu, linear\",\"loss\":\"mse\",\"shape\":\"2\",\"outputs\":\"1\",\"seed\":\"1\","
    "\"features\":\"[\\\"a\\\",\\\"b\\\"]\",\"target\":\"t\"},"
    "\"0.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]},"
    "\"0.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[16,24]},"
    "\"2.weight\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[24,32]},"
    "\"2.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[32,36]}}";

static void small_model(void **state)
{
    static uint8_t bytes[2048];
    damage d = {.path = "m.safetensors", .bytes = bytes, .read = read_model};

    (void)state;
    d.factor = FACTOR;
    d.fixed = 24 << 20; /* a digit more in the shape is a larger example */
    d.size = make_file(bytes, small, 36);
    d.header = d.size - 36;
    assert_true(damage_all(&d) > d.size + d.header * 4);
}

/* One thing that a file of a few hundred bytes may say, and what is said of it. */
static const struct claim {
    const char *layers, *shape, *outputs, *more;
    const char *message;
    size_t fixed;
} claims[] = {
    {"linear 16777216, relu, linear", "2", "1", "",
     "the layers have 67108865 weights and statistics, the file has room for 9 numbers; was it cut "
     "off?",
     FIXED},
    {"linear", "2", "2147483647", "",
     "'m.safetensors': its metadata says outputs = '2147483647', expected a whole number from 1 to "
     "65536",
     FIXED},
    {"linear", "2", "65536", ",\"classes\":\"[]\"",
     "the layers have 196608 weights and statistics, the file has room for 9 numbers; was it cut "
     "off?",
     FIXED},
    {"flatten", "65536", "65536", ",\"classes\":\"[]\"",
     "'m.safetensors': its metadata 'classes' is not a list of 65536 names", 4 * FIXED},
    {"flatten", "65536", "65536", ",\"features\":\"[1]\"",
     "'m.safetensors': its metadata 'features' is not a list of 65536 names", 4 * FIXED},
    {"linear", "2147483647", "1", "",
     "an example of 2147483647 numbers, a model takes at most 67108864", FIXED},
    {"linear", "67108865", "1", "",
     "an example of 67108865 numbers, a model takes at most 67108864", FIXED},
    {"embedding 1, flatten, linear", "8", "1", ",\"vocabulary_size\":\"2147483647\"",
     "'m.safetensors': its metadata says vocabulary_size = '2147483647', expected a whole number "
     "from 1 to 65536",
     FIXED},
    {"repeat 10000 (repeat 10000 (relu)), linear", "2", "1", "",
     "a model may have at most 32768 layers and 65536 nodes, repeated ones counted as often",
     24 * FIXED},
    {"repeat 10000 (repeat 10000 (repeat 10000 (identity))), linear", "2", "1", "",
     "a model may have at most 32768 layers and 65536 nodes, repeated ones counted as often",
     24 * FIXED},
    {"repeat 5000 (residual (layer_norm, linear 2, relu)), linear", "2", "1", "",
     "the layers have 50003 weights and statistics, the file has room for 9 numbers; was it cut "
     "off?",
     24 * FIXED},
};

static void claim_too_much(void **state)
{
    static uint8_t bytes[2048];
    const damage d = {.path = "m.safetensors", .read = read_model, .factor = FACTOR};
    char header[1024];
    descent_error err;

    (void)state;
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        const struct claim *c = &claims[i];
        damage one = d;
        one.fixed = c->fixed;
        snprintf(header, sizeof header,
                 "{\"__metadata__\":{\"format\":\"descent\",\"format_version\":\"1\",\"layers\":"
                 "\"%s\",\"loss\":\"mse\",\"shape\":\"%s\",\"outputs\":\"%s\",\"seed\":\"1\"%s}}",
                 c->layers, c->shape, c->outputs, c->more);
        assert_int_not_equal(damage_one(&one, bytes, make_file(bytes, header, 36), &err),
                             DESCENT_OK);
        assert_string_equal(err.message, c->message);
    }
}

/* A header is JSON, of which a byte can take many in memory. */
static void large_headers(void **state)
{
    static const char *const piece[] = {"{},", "[],", "\"\",", "1,"};
    enum { SIZE = 200000 };
    uint8_t *bytes = malloc(SIZE + 32);
    char *header = malloc(SIZE + 16);
    const damage d = {
        .path = "m.safetensors", .read = read_model, .factor = FACTOR, .fixed = FIXED};
    descent_error err;

    (void)state;
    assert_true(bytes && header);
    for (size_t p = 0; p < sizeof piece / sizeof *piece; p++) {
        size_t at = (size_t)snprintf(header, SIZE, "{\"a\":[");
        for (; at + 8 < SIZE; at += strlen(piece[p]))
            memcpy(header + at, piece[p], strlen(piece[p]));
        memcpy(header + at, "0]}", 4);
        assert_int_equal(damage_one(&d, bytes, make_file(bytes, header, 0), &err), DESCENT_SYNTAX);
    }
    free(bytes);
    free(header);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(small_model),
                                       cmocka_unit_test(claim_too_much),
                                       cmocka_unit_test(large_headers)};

    return cmocka_run_group_tests_name("damaged models", tests, damage_enter, damage_leave);
}
