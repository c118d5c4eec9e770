/* test_network.c - Hessians of a small network against a dense one made with hyper-dual numbers. */
#include "descent/descent.h"

#include "curvature/mean_loss.h"
#include "curvature/product.h"
#include "optim/lapack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hyper.h"

enum { IN = 4, HIDDEN = 6, CLASSES = 3, EXAMPLES = 70, N = HIDDEN * (IN + 1 + CLASSES) + CLASSES };

/* Inputs and labels without a generator. */
static float x[EXAMPLES * IN];
static int32_t y[EXAMPLES];

static void make_data(void)
{
    for (int i = 0; i < EXAMPLES; i++) {
        for (int j = 0; j < IN; j++)
            x[i * IN + j] = (float)sin(1.0 + 3.7 * i + 1.3 * j * (i + 1));
        y[i] = (x[i * IN] > 0) + (x[i * IN + 1] * x[i * IN + 2] > 0);
    }
}

/* The mean loss of "linear 6, tanh, linear": w is W1 (6,4), b1, W2 (3,6), b2. */
static hyper loss_of(const hyper *w)
{
    const hyper *b1 = w + HIDDEN * IN, *w2 = b1 + HIDDEN, *b2 = w2 + CLASSES * HIDDEN;
    hyper sum = {0};

    for (int i = 0; i < EXAMPLES; i++) {
        hyper h[HIDDEN], all = {0}, right = {0};
        for (int k = 0; k < HIDDEN; k++) {
            hyper z = b1[k];
            for (int j = 0; j < IN; j++)
                z = plus(z, times((hyper){(double)x[i * IN + j], 0, 0, 0}, w[k * IN + j]));
            h[k] = hyper_tanh(z);
        }
        for (int c = 0; c < CLASSES; c++) {
            hyper z = b2[c];
            for (int k = 0; k < HIDDEN; k++)
                z = plus(z, times(h[k], w2[c * HIDDEN + k]));
            all = plus(all, hyper_exp(z));
            right = c == y[i] ? z : right;
        }
        sum = plus(sum, plus(hyper_log(all), times((hyper){-1, 0, 0, 0}, right)));
    }
    return times((hyper){1.0 / EXAMPLES, 0, 0, 0}, sum);
}

static void dense(const double *w, double *H)
{
    hyper at[N];

    for (int i = 0; i < N; i++)
        for (int j = 0; j <= i; j++) {
            for (int k = 0; k < N; k++)
                at[k] = (hyper){w[k], k == i, k == j, 0};
            H[i * N + j] = H[j * N + i] = loss_of(at).d;
        }
}

/* The network, its weights made larger so that tanh bends, and its loss. */
typedef struct fixture {
    descent_model *model;
    descent_dataset *data;
    dsc_mean_loss *mean;
    double w[N], H[N * N];
} fixture;

static dsc_mean_loss *mean_of(const fixture *f, int threads)
{
    uint32_t index[EXAMPLES];
    dsc_mean_loss *mean;

    for (uint32_t i = 0; i < EXAMPLES; i++)
        index[i] = i;
    assert_int_equal(dsc_mean_loss_create(&mean, f->model, f->data, index, EXAMPLES, DESCENT_F64,
                                          true, threads, NULL),
                     DESCENT_OK);
    return mean;
}

static int setup(void **state)
{
    const descent_model_options o = {.layers = "linear 6, tanh, linear",
                                     .loss = "cross_entropy",
                                     .rank = 1,
                                     .shape = {IN},
                                     .outputs = CLASSES,
                                     .seed = 3};
    fixture *f = calloc(1, sizeof *f);

    make_data();
    assert_int_equal(descent_model_create(&f->model, &o, NULL), DESCENT_OK);
    assert_int_equal(
        descent_dataset_wrap_classes(&f->data, x, EXAMPLES, 1, o.shape, y, CLASSES, NULL),
        DESCENT_OK);
    assert_int_equal(descent_model_size(f->model), N);
    for (int i = 0; i < N; i++)
        f->w[i] = 1.5 * (double)descent_model_weights(f->model)[i] + 0.1 * sin(i);
    f->mean = mean_of(f, 2);
    dense(f->w, f->H);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;

    dsc_mean_loss_free(f->mean);
    descent_model_free(f->model);
    descent_dataset_free(f->data);
    free(f);
    return 0;
}

static void loss_is_the_same(void **state)
{
    const fixture *f = *state;
    hyper at[N];

    for (int k = 0; k < N; k++)
        at[k] = (hyper){f->w[k], 0, 0, 0};
    assert_true(fabs(loss_of(at).a - dsc_mean_loss_at(f->mean, f->w, NULL)) < 1e-13);
}

/* The figure that docs/landscape.md states. */
static void products_match(void **state)
{
    const fixture *f = *state;
    dsc_product p;
    double worst = 0.0;

    assert_int_equal(dsc_product_begin(&p, dsc_mean_loss_gradient, f->mean, f->w, N, NULL),
                     DESCENT_OK);
    for (int trial = 0; trial < 20; trial++) {
        double v[N], found[N], length = 0.0, apart = 0.0, squares = 0.0;
        for (int i = 0; i < N; i++) {
            v[i] = trial < 10 ? sin(1.0 + trial + i * (trial + 2)) : i == 5 * (trial - 10);
            squares += v[i] * v[i];
        }
        for (int i = 0; i < N; i++)
            v[i] /= sqrt(squares);
        assert_true(dsc_product_apply(&p, v, found));
        for (int i = 0; i < N; i++) {
            double exact = 0.0;
            for (int j = 0; j < N; j++)
                exact += f->H[i * N + j] * v[j];
            apart += (found[i] - exact) * (found[i] - exact);
            length += exact * exact;
        }
        worst = fmax(worst, sqrt(apart / length));
    }
    printf("products: %.1e relative at worst\n", worst);
    assert_true(worst < 1e-9);
    dsc_product_free(&p);
}

static void eigenvalues_match(void **state)
{
    enum { K = 5 };
    const fixture *f = *state;
    descent_spectrum_options o = descent_spectrum_defaults();
    double *work = calloc(dsc_eigen_work(N), sizeof *work), *a = calloc(N * N, sizeof *a), value[N];
    descent_spectrum s;

    memcpy(a, f->H, N * N * sizeof *a);
    assert_true(dsc_eigen(N, a, value, work));
    o.count = K;
    assert_int_equal(
        descent_spectrum_measure(&s, dsc_mean_loss_gradient, f->mean, f->w, N, &o, NULL),
        DESCENT_OK);
    assert_true(s.converged);
    for (int i = 0; i < K; i++) {
        const double top = value[N - 1 - i], low = value[i];
        printf("%.9f %.1e  %.9f %.1e\n", top, fabs(s.largest[i].value - top), low,
               fabs(s.smallest[i].value - low));
        assert_true(fabs(s.largest[i].value - top) < 1e-6 * top);
        assert_true(fabs(s.largest[i].value - top) <= s.largest[i].error + 1e-9);
        assert_true(fabs(s.smallest[i].value - low) < 1e-6 * fabs(value[N - 1]));
        assert_true(fabs(s.smallest[i].value - low) <= s.smallest[i].error + 1e-9);
    }
    free(a);
    free(work);
}

static void threads_change_nothing(void **state)
{
    const fixture *f = *state;
    double g[2][N], loss[2];

    for (int i = 0; i < 2; i++) {
        dsc_mean_loss *mean = mean_of(f, i == 0 ? 1 : 3);
        loss[i] = dsc_mean_loss_gradient(N, f->w, g[i], mean);
        dsc_mean_loss_free(mean);
    }
    assert_memory_equal(&loss[0], &loss[1], sizeof loss[0]);
    assert_memory_equal(g[0], g[1], sizeof g[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loss_is_the_same),
        cmocka_unit_test(products_match),
        cmocka_unit_test(eigenvalues_match),
        cmocka_unit_test(threads_change_nothing),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
