/* test_far.c - parameters past the 2^31st and 2^32nd of one vector: all in front are frozen, so
 * that their memory is never touched. */
#include "make.h"

#include <sys/mman.h>

enum { FEW = 300 };

static float *reserve(size_t n)
{
    void *at = mmap(NULL, n * sizeof(float), PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return at == MAP_FAILED ? NULL : at;
}

static descent_optimizer *create(const char *spec, size_t n, const descent_optimizer_options *o)
{
    descent_optimizer *opt;
    descent_error err;

    if (descent_optimizer_create_with(&opt, spec, n, DESCENT_F32, o, &err))
        fail_msg("'%s': %s", spec, err.message);
    return opt;
}

/* The same step on the last few of very many as on the few alone. */
static void check(const char *spec, size_t begin)
{
    const descent_segment far[] = {{"front", "weight", 0, begin, 2, {(int)(begin >> 30), 1 << 30}},
                                   {"last", "weight", begin, FEW, 2, {15, 20}}};
    const descent_segment near = {"last", "weight", 0, FEW, 2, {15, 20}};
    const char *const groups[] = {"front frozen"};
    descent_optimizer_options o = descent_optimizer_defaults();
    const size_t n = begin + FEW;
    float *w = reserve(n), *g = reserve(n), v[FEW], h[FEW];

    if (!w || !g)
        skip();
    o.segments = &near;
    o.n_segments = 1;
    descent_optimizer *few = create(spec, FEW, &o);
    o.segments = far;
    o.n_segments = 2;
    o.groups = groups;
    o.n_groups = 1;
    descent_optimizer *many = create(spec, n, &o);
    for (size_t i = 0; i < FEW; i++) {
        v[i] = w[begin + i] = (float)i / FEW;
        h[i] = g[begin + i] = (float)(i % 7) - 2.5f;
    }
    for (int step = 0; step < 3; step++) {
        descent_optimizer_step_f32(few, v, h);
        descent_optimizer_step_f32(many, w, g);
    }
    for (size_t i = 0; i < FEW; i++)
        assert_float_equal(w[begin + i], v[i], 1e-6f);
    descent_optimizer_free(few);
    descent_optimizer_free(many);
    munmap(w, n * sizeof(float));
    munmap(g, n * sizeof(float));
}

static void test_last(void **unused)
{
    static const char *const specs[] = {"sgd lr=0.1 momentum=0.9",
                                        "adam lr=0.01",
                                        "adamw lr=0.01 weight_decay=0.1",
                                        "lamb lr=0.01",
                                        "muon lr=0.02",
                                        "lion lr=0.001",
                                        "rmsprop lr=0.01"};

    (void)unused;
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        check(specs[i], (size_t)1 << 31);
        check(specs[i], (size_t)1 << 32);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_last)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
