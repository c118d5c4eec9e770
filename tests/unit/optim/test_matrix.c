/* test_matrix.c - what a step of a rule that sees matrices is: muon, shampoo, soap. */
#include "matrix_run.h"
#include "optim/lapack.h"

/* --- what a step is --------------------------------------------------------------------------- */

static void test_newton_schulz(void **unused)
{
    enum { ROWS = 6, COLS = 9 };
    static const int shapes[2][2] = {{ROWS, COLS}, {COLS, ROWS}};

    (void)unused;
    for (int k = 0; k < 2; k++) {
        const int rows = shapes[k][0], cols = shapes[k][1];
        const descent_segment matrix = {"w", "weight", 0, ROWS * COLS, 2, {rows, cols}};
        const run r = {&matrix, 1, ROWS * COLS, 1, 1, waves};
        descent_optimizer *opt =
            create(&r, "muon lr=1 momentum=0 nesterov=no weight_decay=0", DESCENT_F64);
        double w[ROWS * COLS] = {0}, square[ROWS * ROWS] = {0}, value[ROWS];
        double *work = malloc(dsc_eigen_work(ROWS) * sizeof *work);
        assert_non_null(work);
        step(opt, &r, DESCENT_F64, 0, w);
        for (int i = 0; i < ROWS; i++) /* the shorter side against itself */
            for (int j = 0; j < ROWS; j++)
                for (int p = 0; p < COLS; p++)
                    square[i * ROWS + j] += k == 0 ? w[i * COLS + p] * w[j * COLS + p]
                                                   : w[p * ROWS + i] * w[p * ROWS + j];
        assert_true(dsc_eigen(ROWS, square, value, work));
        for (int i = 0; i < ROWS; i++) {
            const double singular = sqrt(value[i]) / (0.2 * sqrt(COLS)); /* match_rms */
            if (!(singular > 0.5 && singular < 1.25))
                fail_msg("%d x %d: singular value %g, expected about 1", rows, cols, singular);
        }
        free(work);
        descent_optimizer_free(opt);
    }
}

/* G = diag(3, -2): L = R = diag(9 + eps, 4 + eps), and each element is its own matrix. */
static void test_shampoo_by_hand(void **unused)
{
    static const descent_segment matrix = {"w", "weight", 0, 4, 2, {2, 2}};
    const run r = {&matrix, 1, 4, 1, 1, waves};
    const double g[4] = {3, 0, 0, -2};
    double w[4] = {10, 20, 30, 40};

    (void)unused;
    descent_optimizer *opt =
        create(&r, "shampoo lr=0.5 every=1 beta1=0.5 beta2=1 matrix_eps=7 graft=none", DESCENT_F64);
    descent_optimizer_step_f64(opt, w, g);
    const double first = 3 / sqrt(9 + 7.0), second = 2 / sqrt(4 + 7.0);
    assert_true(fabs(w[0] - (10 - 0.5 * first)) < 1e-13);
    assert_true(fabs(w[1] - 20) < 1e-13 && fabs(w[2] - 30) < 1e-13);
    assert_true(fabs(w[3] - (40 + 0.5 * second)) < 1e-13);
    descent_optimizer_step_f64(opt, w, g); /* sums of two squares; half of the first move again */
    assert_true(fabs(w[0] - (10 - 0.5 * first - 0.5 * (0.5 * first + 3 / sqrt(18 + 7.0)))) < 1e-13);
    descent_optimizer_free(opt);

    w[0] = 10;
    opt = create(&r, "shampoo lr=0.5 every=2 beta1=0 graft=none", DESCENT_F64);
    descent_optimizer_step_f64(opt, w, g); /* no roots yet: plain descent */
    assert_true(fabs(w[0] - (10 - 0.5 * 3)) < 1e-13);
    descent_optimizer_free(opt);
}

/* In blocks of one row and column each element is divided by its own root of summed squares. */
static void test_shampoo_blocks(void **unused)
{
    static const descent_segment matrix = {"w", "weight", 0, 15, 2, {3, 5}};
    const run r = {&matrix, 1, 15, 1, 2, waves};
    double w[15] = {0};

    (void)unused;
    descent_optimizer *opt = create(
        &r, "shampoo lr=1 every=1 beta1=0 beta2=1 matrix_eps=0 graft=none block=1", DESCENT_F64);
    step(opt, &r, DESCENT_F64, 0, w);
    step(opt, &r, DESCENT_F64, 1, w);
    for (size_t i = 0; i < 15; i++) {
        const double first = waves(0, i), second = waves(1, i);
        const double expected = -first / fabs(first) - second / hypot(first, second);
        assert_true(fabs(w[i] - expected) < 1e-12);
    }
    descent_optimizer_free(opt);
}

/* Blocks of 2 of a matrix of 4 x 3 are four matrices, as if the others were not there. */
static void test_shampoo_cuts(void **unused)
{
    static const descent_segment matrix = {"w", "weight", 0, 12, 2, {4, 3}};
    static const descent_segment corner = {"w", "weight", 0, 2, 2, {2, 1}};
    const run whole = {&matrix, 1, 12, 1, 4, waves}, part = {&corner, 1, 2, 1, 4, waves};
    static const char spec[] = "shampoo every=2 beta2=0.9 matrix_eps=0.1 graft=none block=2";
    descent_optimizer *all = create(&whole, spec, DESCENT_F64);
    descent_optimizer *one = create(&part, spec, DESCENT_F64);
    double w[12] = {0}, v[2] = {0};

    (void)unused;
    for (int t = 0; t < 4; t++) {
        const double g[2] = {waves(t, 2 * 3 + 2), waves(t, 3 * 3 + 2)}; /* the last corner */
        step(all, &whole, DESCENT_F64, t, w);
        descent_optimizer_step_f64(one, v, g);
    }
    assert_true(w[8] == v[0] && w[11] == v[1]);
    descent_optimizer_free(all);
    descent_optimizer_free(one);
}

static double diagonal(int t, size_t i)
{
    return i % 5 == 0 ? waves(t, i) + (double)(20 - i) : 0.0; /* of 4 x 4, falling */
}

/* Where the eigenbasis is the one w has, or there is none, soap is adam from the second step on. */
static void test_soap_is_adam(void **unused)
{
    static const struct row {
        const char *spec;
        double (*gradient)(int step, size_t i);
    } rows[] = {{"soap lr=0.01 eps=0 weight_decay=0 every=2", diagonal},
                {"soap lr=0.01 eps=0 weight_decay=0 max_dim=1", waves}};
    static const descent_segment matrix = {"w", "weight", 0, 16, 2, {4, 4}};

    (void)unused;
    for (size_t k = 0; k < COUNT(rows); k++) {
        const run r = {&matrix, 1, 16, 1, 6, rows[k].gradient};
        descent_optimizer *soap = create(&r, rows[k].spec, DESCENT_F64);
        descent_optimizer *adam =
            create(&r, "adam lr=0.01 beta1=0.95 beta2=0.95 eps=0", DESCENT_F64);
        double w[16] = {0}, v[16] = {0};
        for (int t = 0; t < r.steps; t++) {
            step(soap, &r, DESCENT_F64, t, w);
            if (t == 0)
                assert_true(w[0] == 0.0);
            else
                step(adam, &r, DESCENT_F64, t, v);
        }
        for (int i = 0; i < 16; i++)
            if (!(fabs(w[i] - v[i]) < 1e-12))
                fail_msg("'%s': w[%d] = %.17g, adam has %.17g", rows[k].spec, i, w[i], v[i]);
        descent_optimizer_free(soap);
        descent_optimizer_free(adam);
    }
}

/* --- segments --------------------------------------------------------------------------------- */

/* Muon moves hidden matrices; the rest goes by adamw, whose lr and decay may be its own. */
static void test_muon_routes(void **unused)
{
    static const descent_segment parts[] = {
        {"0.table", "embedding", 0, 12, 2, {4, 3}},
        {"1.weight", "weight", 12, 12, 2, {3, 4}},
        {"1.bias", "bias", 24, 3, 1, {3}},
        {"2.filters", "weight", 27, 24, 4, {2, 3, 2, 2}},
        {"3.weight", "head", 51, 6, 2, {2, 3}},
    };
    const run r = {parts, COUNT(parts), 57, 1, 5, waves};
    static const char *const pairs[][2] = {
        {"muon", "adamw lr=0.001 beta2=0.95 weight_decay=0.1"},
        {"muon lr=0.5 adam_lr=0.002 adam_weight_decay=0.3 adam_beta1=0.8 adam_eps=0.1 decay_all",
         "adamw lr=0.002 beta1=0.8 beta2=0.95 eps=0.1 weight_decay=0.3 decay_all"},
    };

    (void)unused;
    for (size_t k = 0; k < COUNT(pairs); k++) {
        double *muon = walk(&r, pairs[k][0], DESCENT_F64),
               *adamw = walk(&r, pairs[k][1], DESCENT_F64);
        for (size_t s = 0; s < COUNT(parts); s++) {
            const bool same = memcmp(muon + parts[s].offset, adamw + parts[s].offset,
                                     parts[s].count * sizeof *muon) == 0;
            const bool own = strcmp(parts[s].role, "weight") == 0;
            if (same == own)
                fail_msg("'%s' moves %s %s adamw", pairs[k][0], parts[s].name,
                         same ? "as" : "not as");
        }
        free(muon);
        free(adamw);
    }
}

/* Filters are matrices of out x (in k k). */
static void test_filters(void **unused)
{
    static const descent_segment filters = {"w", "weight", 0, 60, 4, {5, 3, 2, 2}};
    static const descent_segment matrix = {"w", "weight", 0, 60, 2, {5, 12}};
    const run a = {&filters, 1, 60, 1, 5, waves}, b = {&matrix, 1, 60, 1, 5, waves};

    (void)unused;
    for (size_t k = 0; k < COUNT(rules); k++)
        check_same(&a, &b, rules[k]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_newton_schulz),  cmocka_unit_test(test_shampoo_by_hand),
        cmocka_unit_test(test_shampoo_blocks), cmocka_unit_test(test_shampoo_cuts),
        cmocka_unit_test(test_soap_is_adam),   cmocka_unit_test(test_muon_routes),
        cmocka_unit_test(test_filters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
