/* test_matrix_traps.c - rules that see matrices: threads, memory, state, gradients that lead
 * astray. */
#include "matrix_run.h"

static void test_threads(void **unused)
{
    enum { N = 3 * 150 * 160 + 160 };
    static const descent_segment parts[] = {
        {"0.w", "weight", 0, 24000, 2, {150, 160}},
        {"1.w", "weight", 24000, 24000, 2, {160, 150}},
        {"2.w", "weight", 48000, 24000, 2, {96, 250}},
        {"2.b", "bias", 72000, 160, 1, {160}},
    };
    const run one = {parts, COUNT(parts), N, 1, 3, waves},
              two = {parts, COUNT(parts), N, 2, 3, waves};

    (void)unused;
    for (size_t k = 0; k < COUNT(rules); k++)
        check_same(&one, &two, rules[k]);
}

/* --- memory and state ------------------------------------------------------------------------- */

static size_t state_bytes(const char *spec, int rows, int cols)
{
    const size_t n = (size_t)rows * (size_t)cols;
    const descent_segment matrix = {"w", "weight", 0, n, 2, {rows, cols}};
    const run r = {&matrix, 1, n, 1, 1, waves};
    descent_optimizer *opt = create(&r, spec, DESCENT_F32);
    const size_t bytes = descent_optimizer_state_size(opt);

    descent_optimizer_free(opt);
    return bytes;
}

static void test_memory(void **unused)
{
    const size_t least = state_bytes("sgd", 64, 32); /* has no vectors */

    (void)unused;
    /* numbers differ by a few parameters of 8 bytes; vectors are rounded up to 64 bytes */
    assert_int_equal(state_bytes("adafactor", 128, 32) - state_bytes("adafactor", 64, 32), 64 * 4);
    assert_int_equal(state_bytes("adafactor", 64, 64) - state_bytes("adafactor", 64, 32), 32 * 4);
    assert_true(state_bytes("adafactor", 64, 32) < least + (64 + 32) * 4 + 25 * 8);
    assert_int_equal(state_bytes("adafactor beta1=0.9", 64, 32) - state_bytes("adafactor", 64, 32),
                     64 * 32 * 4);
    assert_int_equal(state_bytes("muon", 64, 64) - state_bytes("muon", 64, 32), 64 * 32 * 4);
    /* two squares of 512 and of 512, two of 88 and of 512 */
    assert_int_equal(state_bytes("shampoo beta1=0", 600, 512) -
                         state_bytes("shampoo beta1=0", 512, 512),
                     2 * (88 * 88 + 512 * 512) * 4);
    /* the longer side has no basis */
    assert_int_equal(state_bytes("soap max_dim=32", 64, 32),
                     state_bytes("adam", 64, 32) + 2 * 32 * 32 * 4 +
                         (state_bytes("soap max_dim=1", 64, 32) - state_bytes("adam", 64, 32)));
}

/* Interrupted after the third step, by way of bytes, a run goes on as if nothing had been. */
static void test_resume(void **unused)
{
    static const descent_segment parts[] = {{"w", "weight", 0, 56, 2, {8, 7}},
                                            {"b", "bias", 56, 8, 1, {8}}};
    const run r = {parts, COUNT(parts), 64, 1, 7, waves};

    (void)unused;
    for (size_t k = 0; k < COUNT(rules); k++) {
        double *whole = walk(&r, rules[k], DESCENT_F32), w[64];
        descent_optimizer *opt = create(&r, rules[k], DESCENT_F32);
        descent_error err;
        for (size_t i = 0; i < r.n; i++)
            w[i] = (double)(float)cos(0.4 * (double)i);
        for (int t = 0; t < r.steps; t++) {
            if (t == 3) {
                const size_t size = descent_optimizer_state_size(opt);
                void *bytes = malloc(size);
                assert_non_null(bytes);
                descent_optimizer_save(opt, bytes);
                descent_optimizer_free(opt);
                opt = create(&r, rules[k], DESCENT_F32);
                assert_int_equal(descent_optimizer_restore(opt, bytes, size, &err), DESCENT_OK);
                free(bytes);
            }
            step(opt, &r, DESCENT_F32, t, w);
        }
        if (memcmp(w, whole, sizeof w) != 0)
            fail_msg("'%s' goes on otherwise", rules[k]);
        descent_optimizer_free(opt);
        free(whole);
    }
}

/* --- gradients that lead astray --------------------------------------------------------------- */

static double zero(int t, size_t i)
{
    (void)t;
    (void)i;
    return 0.0;
}

static double rank_one(int t, size_t i)
{
    (void)t;
    return cos((double)(i / 36)) * sin(1.0 + (double)(i % 36)); /* of 40 x 36 */
}

static double one_element(int t, size_t i)
{
    return t % 4 == 0 && i == 3 ? 1.0 : 0.0;
}

static double first_only(int t, size_t i)
{
    return t == 0 ? waves(t, i) : 0.0;
}

static double tiny(int t, size_t i)
{
    return 1e-30 * waves(t, i);
}

static double huge(int t, size_t i)
{
    return 1e18 * waves(t, i);
}

static double tiny_and_huge(int t, size_t i)
{
    return t % 3 == 2 ? huge(t, i) : t % 3 == 1 ? tiny(t, i) : zero(t, i);
}

/* The same everywhere, so that all directions but one have tiny second moments. */
static double small_then_huge(int t, size_t i)
{
    return t < 2 ? 2e-19 : 1.8e18 * waves(t, i);
}

static double (*const gradients[])(int, size_t) = {zero, rank_one, one_element,   first_only,
                                                   tiny, huge,     tiny_and_huge, small_then_huge};

/* Squares of the huge ones, added up over a side of the matrix, are beyond float. */
static void test_stays_finite(void **unused)
{
    static const descent_segment parts[] = {{"w", "weight", 0, 1440, 2, {40, 36}},
                                            {"row", "weight", 1440, 5, 2, {1, 5}},
                                            {"one", "weight", 1445, 1, 2, {1, 1}},
                                            {"b", "bias", 1446, 8, 1, {8}}};

    (void)unused;
    for (size_t k = 0; k < COUNT(rules); k++)
        for (size_t j = 0; j < COUNT(gradients); j++)
            for (int type = DESCENT_F32; type <= DESCENT_F64; type++) {
                const run r = {parts, COUNT(parts), 1454, 1, 20, gradients[j]};
                double *w = walk(&r, rules[k], (descent_type)type);
                for (size_t i = 0; i < r.n; i++)
                    if (!isfinite(w[i]))
                        fail_msg("'%s', gradients %zu, type %d: w[%zu] = %g", rules[k], j, type, i,
                                 w[i]);
                free(w);
            }
}

/* Of rank one, and for five steps so large that sums of its squares are beyond float. */
static double spike(int t, size_t i)
{
    const double g = (i < 300 ? 1.0 : 0.7) * sin(1.0 + (double)(i % 300));

    return t >= 1 && t <= 5 ? 1.9e18 * g : g;
}

/* Huge gradients leave no trace for ever: long after them a move is as long as it always would be.
 */
static void test_recovers(void **unused)
{
    static const descent_segment matrix = {"w", "weight", 0, 600, 2, {2, 300}};
    static const struct row {
        const char *spec;
        double least, most; /* of the move's length */
    } rows[] = {{"shampoo lr=1 every=1 beta1=0 beta2=0.1 graft=none", 0.99, 1.01},
                {"soap lr=1 every=1 beta1=0.1 beta2=0.1 eps=0.01 weight_decay=0", 0.9, 1.1},
                {"muon lr=1 momentum=0.1 weight_decay=0 scale=original", 0.5, 1.3}};
    const run r = {&matrix, 1, 600, 1, 60, spike};

    (void)unused;
    for (size_t k = 0; k < COUNT(rows); k++) {
        descent_optimizer *opt = create(&r, rows[k].spec, DESCENT_F32);
        double w[600] = {0}, length = 0.0;
        for (int t = 0; t <= r.steps; t++) {
            if (t == r.steps) /* w is large by now, and would swallow the move */
                memset(w, 0, sizeof w);
            step(opt, &r, DESCENT_F32, t, w);
        }
        for (size_t i = 0; i < r.n; i++)
            length += w[i] * w[i];
        length = sqrt(length);
        if (!(length > rows[k].least && length < rows[k].most))
            fail_msg("'%s': moves by %g, expected %g to %g", rows[k].spec, length, rows[k].least,
                     rows[k].most);
        descent_optimizer_free(opt);
    }
}

/* As far out as a gradient in double may be: sums of squares are infinite. */
static double far_out(int t, size_t i)
{
    return 9e152 * waves(t, i);
}

static void test_the_end_of_double(void **unused)
{
    static const descent_segment matrix = {"w", "weight", 0, 1000, 2, {2, 500}};
    const run r = {&matrix, 1, 1000, 1, 3, far_out};

    (void)unused;
    for (size_t k = 0; k < COUNT(rules); k++) {
        double *w = walk(&r, rules[k], DESCENT_F64);
        for (size_t i = 0; i < r.n; i++)
            if (!isfinite(w[i]))
                fail_msg("'%s': w[%zu] = %g", rules[k], i, w[i]);
        free(w);
    }
}

/* Where g is zero from the start, nothing but weight decay moves w. */
static void test_zero_gradients_move_nothing(void **unused)
{
    static const descent_segment matrix = {"w", "weight", 0, 56, 2, {8, 7}};
    static const char *const specs[] = {"muon weight_decay=0", "adafactor eps=0", "shampoo every=1",
                                        "soap weight_decay=0"};
    const run r = {&matrix, 1, 56, 1, 30, zero};

    (void)unused;
    for (size_t k = 0; k < COUNT(specs); k++) {
        double *w = walk(&r, specs[k], DESCENT_F32);
        for (size_t i = 0; i < r.n; i++)
            assert_true(w[i] == (double)(float)cos(0.4 * (double)i));
        free(w);
    }
}

/* --- what is refused -------------------------------------------------------------------------- */

static void test_refusals(void **unused)
{
    static const descent_segment matrix = {"w", "weight", 0, 56, 2, {8, 7}};
    static const char *const group[] = {"w block=4"};
    const run r = {&matrix, 1, 56, 1, 1, waves};
    descent_optimizer_options options = descent_optimizer_defaults();
    descent_optimizer *opt;
    descent_error err;

    (void)unused;
    opt = create(&r, "shampoo block=8", DESCENT_F64);
    assert_int_equal(descent_optimizer_set(opt, "block", 4, &err), DESCENT_INVALID);
    assert_non_null(strstr(err.message, "block is settled when the optimizer is created"));
    assert_int_equal(descent_optimizer_set(opt, "block", 8, &err), DESCENT_OK);
    assert_int_equal(descent_optimizer_set(opt, "every", 3, &err), DESCENT_OK);
    descent_optimizer_free(opt);
    options.segments = &matrix;
    options.n_segments = 1;
    options.groups = group;
    options.n_groups = 1;
    assert_int_equal(
        descent_optimizer_create_with(&opt, "shampoo", 56, DESCENT_F64, &options, &err),
        DESCENT_INVALID);
    assert_non_null(strstr(err.message, "say it outside groups"));
    options.n_groups = 0;
    assert_int_equal(
        descent_optimizer_create_with(&opt, "muon state=bf16", 56, DESCENT_F32, &options, &err),
        DESCENT_INVALID);
    assert_int_equal(descent_optimizer_create(&opt, "muon", 56, DESCENT_F64, &err),
                     DESCENT_INVALID);
    assert_non_null(strstr(err.message, "it needs segments"));
    assert_int_equal(descent_optimizer_create(&opt, "adafactor warmup_init relative_step=no", 56,
                                              DESCENT_F64, &err),
                     DESCENT_INVALID);
    /* these work on vectors too */
    assert_int_equal(descent_optimizer_create(&opt, "adafactor", 56, DESCENT_F64, &err),
                     DESCENT_OK);
    descent_optimizer_free(opt);
    assert_int_equal(descent_optimizer_create(&opt, "soap", 56, DESCENT_F64, &err), DESCENT_OK);
    descent_optimizer_free(opt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_resume),
        cmocka_unit_test(test_stays_finite),
        cmocka_unit_test(test_recovers),
        cmocka_unit_test(test_the_end_of_double),
        cmocka_unit_test(test_zero_gradients_move_nothing),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
