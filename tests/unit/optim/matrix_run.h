/* matrix_run.h - runs of rules that see matrices, for their tests. */
#ifndef DSC_TESTS_MATRIX_RUN_H
#define DSC_TESTS_MATRIX_RUN_H

#include "descent/optimizer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const rules[] = {
    "muon lr=0.01",
    "muon lr=0.01 nesterov=no scale=original ns_steps=4",
    "adafactor min_dim_size_to_factor=1",
    "adafactor beta1=0.9 relative_step=no weight_decay=0.1 eps=0",
    "shampoo every=2 block=64 graft=sgd",
    "shampoo every=1 graft=none matrix_eps=0 beta2=1 beta1=0",
    "soap every=2",
    "soap every=1 eps=0 normalize_grads max_dim=100",
};

/* --- a run ------------------------------------------------------------------------------------ */

/* One vector of segments, walked along gradients. */
typedef struct run {
    const descent_segment *segment;
    size_t n_segments, n;
    int threads, steps;
    double (*gradient)(int step, size_t i);
} run;

static inline double waves(int step, size_t i)
{
    return sin(1.7 * step + 0.3 * (double)i) - 0.1 * cos(0.9 * (double)(i * i % 97));
}

static inline descent_optimizer *create(const run *r, const char *spec, descent_type type)
{
    descent_optimizer_options options = descent_optimizer_defaults();
    descent_optimizer *opt;
    descent_error err = {0};

    options.segments = r->segment;
    options.n_segments = r->n_segments;
    options.threads = r->threads;
    if (descent_optimizer_create_with(&opt, spec, r->n, type, &options, &err))
        fail_msg("'%s': %s", spec, err.message);
    return opt;
}

static inline void step(descent_optimizer *opt, const run *r, descent_type type, int t, double *w)
{
    double *g = malloc(r->n * sizeof *g);
    float *single = malloc(2 * r->n * sizeof *single);

    assert_true(g && single);
    for (size_t i = 0; i < r->n; i++) {
        g[i] = r->gradient(t, i);
        single[i] = (float)g[i];
        single[r->n + i] = (float)w[i];
    }
    if (type == DESCENT_F64)
        descent_optimizer_step_f64(opt, w, g);
    else
        descent_optimizer_step_f32(opt, single + r->n, single);
    for (size_t i = 0; i < r->n && type == DESCENT_F32; i++)
        w[i] = (double)single[r->n + i];
    free(single);
    free(g);
}

/* w after all steps; free it. */
static inline double *walk(const run *r, const char *spec, descent_type type)
{
    descent_optimizer *opt = create(r, spec, type);
    double *w = malloc(r->n * sizeof *w);

    assert_non_null(w);
    for (size_t i = 0; i < r->n; i++)
        w[i] = (double)(float)cos(0.4 * (double)i);
    for (int t = 0; t < r->steps; t++)
        step(opt, r, type, t, w);
    assert_int_equal(descent_optimizer_steps(opt), r->steps);
    descent_optimizer_free(opt);
    return w;
}

/* The same along both ways, bit for bit, in both precisions. */
static inline void check_same(const run *a, const run *b, const char *spec)
{
    for (int type = DESCENT_F32; type <= DESCENT_F64; type++) {
        double *x = walk(a, spec, (descent_type)type), *y = walk(b, spec, (descent_type)type);
        if (memcmp(x, y, a->n * sizeof *x) != 0)
            fail_msg("'%s' in type %d: the runs differ", spec, type);
        free(x);
        free(y);
    }
}

#endif
