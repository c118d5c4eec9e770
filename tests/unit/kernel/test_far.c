/* test_far.c - matrices whose rows lie so far apart that their last number is past the 2^31st: most
 * of the memory is never touched, so there is next to none. */
#define DSC_REAL  32
#define DSC_LEVEL base
#include "base/parallel.h"
#include "kernel/kernel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/mman.h>

#include <cmocka.h>

enum { APART = 1 << 30, SIDE = 5 };

typedef struct work {
    const dsc_kernels *kernels;
    dsc_matmul_shape shape;
    float *a, *b, *c;
} work;

static void multiply(int index, void *user)
{
    const work *w = user;

    (void)index;
    w->kernels->matmul(&w->shape, w->a, w->b, w->c);
}

/* Room for rows that lie APART. */
static float *reserve(void)
{
    void *at = mmap(NULL, (size_t)SIDE * APART * sizeof(float), PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return at == MAP_FAILED ? NULL : at;
}

static void check(work *w, int form)
{
    w->shape = (dsc_matmul_shape){.m = SIDE,
                                  .n = SIDE,
                                  .k = SIDE,
                                  .transpose_a = form & 1,
                                  .transpose_b = form & 2,
                                  .lda = APART,
                                  .ldb = APART,
                                  .ldc = APART};
    for (size_t i = 0; i < SIDE; i++)
        for (size_t j = 0; j < SIDE; j++) {
            w->a[(form & 1 ? j : i) * APART + (form & 1 ? i : j)] = (float)(i + 1);
            w->b[(form & 2 ? j : i) * APART + (form & 2 ? i : j)] = (float)(j + 1);
            w->c[i * APART + j] = 0;
        }
    dsc_parallel_for(1, 1, multiply, w);
    for (size_t i = 0; i < SIDE; i++)
        for (size_t j = 0; j < SIDE; j++)
            assert_float_equal(w->c[i * APART + j], (float)(SIDE * (i + 1) * (j + 1)), 0);
}

static void test_products(void **unused)
{
    work w = {.a = reserve(), .b = reserve(), .c = reserve()};

    (void)unused;
    if (!w.a || !w.b || !w.c)
        skip();
    for (int backend = DSC_BACKEND_AUTO; backend <= DSC_BACKEND_REF; backend++)
        for (int form = 0; form < 4; form++) {
            w.kernels = dsc_kernels_choose(DESCENT_F32, (dsc_backend)backend, dsc_level_choose());
            check(&w, form);
        }
    munmap(w.a, (size_t)SIDE * APART * sizeof(float));
    munmap(w.b, (size_t)SIDE * APART * sizeof(float));
    munmap(w.c, (size_t)SIDE * APART * sizeof(float));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_products)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
