/* test_foreground.c - linear layers that skip the background give what matrix products give, at
 * every instruction set, and lose nothing that is not finite. */
#define DSC_REAL  32
#define DSC_LEVEL base
#include "block.h"
#include "kernel/kernel.h"

typedef struct row {
    int rows, in, out;
    double share;    /* of foreground */
    bool background; /* random; else zeros */
} row;

static const row cases[] = {
    {1, 1, 1, 1.0, true},       {3, 15, 10, 0.5, true},    {2, 16, 16, 0.5, false},
    {32, 784, 128, 0.2, true},  {64, 784, 128, 0.2, true}, {65, 70, 130, 0.3, true},
    {130, 33, 7, 0.1, false},   {200, 64, 48, 0.0, true},  {31, 100, 300, 0.4, true},
    {64, 129, 112, 1.0, false}, {7, 130, 72, 0.3, true},   {5, 64, 96, 0.5, true},
    {9, 65, 80, 0.5, true},     {33, 17, 24, 0.6, true},   {4, 8, 8, 0.5, true},
};
enum { N_CASES = sizeof cases / sizeof *cases };

/* One layer, its inputs and what comes out. */
typedef struct layer {
    dsc_foreground_shape s;
    block x, background, w, bias, dy, y, dw, scratch;
    uint64_t *mask;
    size_t count;
} layer;

static layer make(const row *r)
{
    const dsc_foreground_shape s = {r->rows, r->in, r->out, r->out};
    const size_t rows = (size_t)s.rows, in = (size_t)s.in, out = (size_t)s.out;
    layer l = {.s = s,
               .x = block_random(rows * in, 1),
               .background = block_random(in, 2),
               .w = block_random(out * in, 3),
               .bias = block_random(out, 4),
               .dy = block_random(rows * out, 5),
               .y = block_new(rows * out),
               .dw = block_new(out * in),
               .scratch = block_new(dsc_foreground_scratch(rows, s.out, 4)),
               .mask = malloc(rows * dsc_mask_words(s.in) * sizeof *l.mask)};

    assert_non_null(l.mask);
    for (size_t k = 0; k < in && !r->background; k++)
        l.background.x[k] = 0;
    for (size_t i = 0; i < rows * in; i++)
        if (dsc_random_uniform(1, DSC_RNG_TEST, 6, i) >= r->share)
            l.x.x[i] = l.background.x[i % in];
    return l;
}

static void release(layer l)
{
    const block all[] = {l.x, l.background, l.w, l.bias, l.dy, l.y, l.dw, l.scratch};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        block_free(all[i]);
    free(l.mask);
}

/* Rows begin..end of the layer, outputs `output`.. */
static dsc_foreground_rows rows_of(const layer *l, int begin, int end, int output)
{
    const size_t first = (size_t)begin, at = first * (size_t)l->s.out + (size_t)output;

    return (dsc_foreground_rows){.rows = end - begin,
                                 .x = l->x.x + first * (size_t)l->s.in,
                                 .dy = l->dy.x + at,
                                 .mask = l->mask + first * dsc_mask_words(l->s.in),
                                 .y = l->y.x + at};
}

static void run(layer *l, const dsc_kernels *k)
{
    const dsc_foreground_rows rows = rows_of(l, 0, l->s.rows, 0);

    l->count = k->foreground(&l->s, l->x.x, l->background.x, l->mask);
    k->foreground_forward(&l->s, &rows, 1, l->background.x, 0, l->s.in, l->w.x, l->bias.x,
                          l->scratch.x);
    k->foreground_backward(&l->s, &rows, 1, l->background.x, 0, l->s.in, l->dw.x, l->scratch.x);
}

/* Sums in double, and what rounding may have done to them in float. */
static void near_sum(int number, const char *what, size_t at, real found, double sum, double size)
{
    if (!(fabs((double)found - sum) <= 1e-6 * (size + 1)))
        fail_msg("case %d, %s[%zu]: %.9g, expected %.9g", number, what, at, (double)found, sum);
}

static void check(int number, const layer *l)
{
    const size_t rows = (size_t)l->s.rows, in = (size_t)l->s.in, out = (size_t)l->s.out;
    size_t count = 0;

    for (size_t i = 0; i < rows * in; i++) {
        const bool differs = l->x.x[i] - l->background.x[i % in] != 0;
        const uint64_t word = l->mask[i / in * dsc_mask_words(l->s.in) + i % in / 64];
        assert_int_equal(word >> i % in % 64 & 1, differs);
        count += differs;
    }
    assert_int_equal(l->count, count);
    for (size_t i = 0; i < rows; i++)
        for (size_t o = 0; o < out; o++) {
            double sum = (double)l->bias.x[o], size = 0;
            for (size_t k = 0; k < in; k++) {
                const double term = (double)l->x.x[i * in + k] * (double)l->w.x[o * in + k];
                sum += term;
                size += fabs(term) + fabs((double)(l->background.x[k] * l->w.x[o * in + k]));
            }
            near_sum(number, "y", i * out + o, l->y.x[i * out + o], sum, size);
        }
    for (size_t o = 0; o < out; o++)
        for (size_t k = 0; k < in; k++) {
            double sum = 0, size = 0;
            for (size_t i = 0; i < rows; i++) {
                const double term = (double)l->dy.x[i * out + o] * (double)l->x.x[i * in + k];
                sum += term;
                size += fabs(term) + fabs((double)(l->dy.x[i * out + o] * l->background.x[k]));
            }
            near_sum(number, "dw", o * in + k, l->dw.x[o * in + k], sum, size);
        }
}

static const dsc_kernels *kernels(dsc_backend backend, int level)
{
    return dsc_kernels_choose(DESCENT_F32, backend, (dsc_level)level);
}

static void gives_the_products(void **state)
{
    (void)state;
    for (int i = 0; i < N_CASES; i++)
        for (int level = 0; level <= (int)dsc_level_choose(); level++)
            for (int backend = 0; backend < 2; backend++) {
                layer l = make(&cases[i]);
                run(&l, kernels((dsc_backend)backend, level));
                check(i, &l);
                release(l);
            }
}

static void ref_gives_the_same_bits_at_every_level(void **state)
{
    (void)state;
    for (int i = 0; i < N_CASES; i++) {
        layer base = make(&cases[i]);
        run(&base, kernels(DSC_BACKEND_REF, 0));
        for (int level = 1; level <= (int)dsc_level_choose(); level++) {
            layer other = make(&cases[i]);
            run(&other, kernels(DSC_BACKEND_REF, level));
            block_same(base.y, other.y);
            block_same(base.dw, other.dw);
            release(other);
        }
        release(base);
    }
}

/* Threads share a layer by its outputs. */
static void outputs_in_parts_are_the_same(void **state)
{
    (void)state;
    for (int i = 0; i < N_CASES; i++)
        for (int level = 0; level <= (int)dsc_level_choose(); level++)
            for (int backend = 0; backend < 2; backend++) {
                const dsc_kernels *k = kernels((dsc_backend)backend, level);
                layer whole = make(&cases[i]), parts = make(&cases[i]);
                run(&whole, k);
                k->foreground(&parts.s, parts.x.x, parts.background.x, parts.mask);
                for (int o = 0; o < cases[i].out; o += 64) {
                    dsc_foreground_shape s = parts.s;
                    s.out = cases[i].out - o < 64 ? cases[i].out - o : 64;
                    const dsc_foreground_rows rows = rows_of(&parts, 0, s.rows, o);
                    k->foreground_forward(&s, &rows, 1, parts.background.x, 0, s.in,
                                          parts.w.x + o * s.in, parts.bias.x + o, parts.scratch.x);
                    k->foreground_backward(&s, &rows, 1, parts.background.x, 0, s.in,
                                           parts.dw.x + o * s.in, parts.scratch.x);
                }
                block_same(whole.y, parts.y);
                block_same(whole.dw, parts.dw);
                release(whole);
                release(parts);
            }
}

enum { BLOCKS = 4 };

/* The rows in blocks of different lengths, one of them longer than a word of the mask. */
static int cut(int rows, int b)
{
    static const int share[BLOCKS + 1] = {0, 20, 27, 60, 100};

    return rows * share[b] / 100;
}

/* y of all blocks is that of all rows, dw the sum of what each gives, in a tree. */
static void check_blocks(const row *r, const dsc_kernels *k)
{
    layer whole = make(r), joint = make(r), alone[BLOCKS];
    dsc_foreground_rows rows[BLOCKS];

    run(&whole, k);
    k->foreground(&joint.s, joint.x.x, joint.background.x, joint.mask);
    for (int b = 0; b < BLOCKS; b++) {
        rows[b] = rows_of(&joint, cut(r->rows, b), cut(r->rows, b + 1), 0);
        alone[b] = make(r);
        k->foreground_backward(&joint.s, &rows[b], 1, joint.background.x, 0, r->in, alone[b].dw.x,
                               joint.scratch.x);
    }
    k->foreground_forward(&joint.s, rows, BLOCKS, joint.background.x, 0, r->in, joint.w.x,
                          joint.bias.x, joint.scratch.x);
    for (int begin = 0; begin < r->in; begin += 64)
        k->foreground_backward(&joint.s, rows, BLOCKS, joint.background.x, begin,
                               r->in - begin < 64 ? r->in : begin + 64, joint.dw.x,
                               joint.scratch.x);
    block_same(whole.y, joint.y);
    for (size_t j = 0; j < joint.dw.n; j++)
        whole.dw.x[j] =
            (alone[0].dw.x[j] + alone[1].dw.x[j]) + (alone[2].dw.x[j] + alone[3].dw.x[j]);
    block_same(whole.dw, joint.dw);
    for (int b = 0; b < BLOCKS; b++)
        release(alone[b]);
    release(whole);
    release(joint);
}

static void blocks_are_summed_in_a_tree(void **state)
{
    (void)state;
    for (int i = 0; i < N_CASES; i++)
        for (int level = 0; level <= (int)dsc_level_choose(); level++)
            for (int backend = 0; backend < 2; backend++)
                if (cases[i].rows >= 30) /* a row and more for every block */
                    check_blocks(&cases[i], kernels((dsc_backend)backend, level));
}

/* What parts of the inputs contribute adds up to y. */
static void inputs_in_parts_add_up(void **state)
{
    (void)state;
    for (int i = 0; i < N_CASES; i++)
        for (int level = 0; level <= (int)dsc_level_choose(); level++) {
            const dsc_kernels *k = kernels(DSC_BACKEND_AUTO, level);
            layer whole = make(&cases[i]), part = make(&cases[i]);
            const dsc_foreground_rows rows = rows_of(&part, 0, cases[i].rows, 0);
            const int in = cases[i].in;
            run(&whole, k);
            k->foreground(&part.s, part.x.x, part.background.x, part.mask);
            memset(whole.y.x, 0, whole.y.n * sizeof(real));
            for (int begin = 0; begin < in; begin += 64) {
                k->foreground_forward(&part.s, &rows, 1, part.background.x, begin,
                                      in - begin < 64 ? in : begin + 64, part.w.x,
                                      begin == 0 ? part.bias.x : NULL, part.scratch.x);
                for (size_t j = 0; j < part.y.n; j++)
                    whole.y.x[j] += part.y.x[j];
            }
            check(i, &whole);
            release(whole);
            release(part);
        }
}

/* A weight, a gradient or an input that is not finite, at a place where x is background. */
static void keeps_what_is_not_finite(void **state)
{
    const real bad[] = {(real)NAN, (real)INFINITY, -(real)INFINITY};

    (void)state;
    for (int zero = 0; zero < 2; zero++)
        for (size_t b = 0; b < 3; b++)
            for (int level = 0; level <= (int)dsc_level_choose(); level++)
                for (int backend = 0; backend < 2; backend++) {
                    layer l = make(&(row){35, 70, 20, 0.0, zero == 0});
                    l.w.x[3 * 70 + 41] = bad[b];
                    l.dy.x[7 * 20 + 5] = bad[b];
                    l.x.x[9 * 70 + 69] = bad[b];
                    run(&l, kernels((dsc_backend)backend, level));
                    assert_int_equal(l.count, 1);
                    for (int i = 0; i < 35; i++)
                        for (int o = 0; o < 20; o++)
                            assert_int_equal(!isfinite(l.y.x[i * 20 + o]), o == 3 || i == 9);
                    for (int o = 0; o < 20; o++)
                        for (int k = 0; k < 70; k++)
                            assert_int_equal(!isfinite(l.dw.x[o * 70 + k]), o == 5 || k == 69);
                    release(l);
                }
}

static void huge_and_tiny_numbers_stay(void **state)
{
    (void)state;
    for (int level = 0; level <= (int)dsc_level_choose(); level++) {
        layer l = make(&(row){32, 64, 16, 0.5, true});
        for (size_t i = 0; i < l.x.n; i++)
            l.x.x[i] *= 1e15f;
        for (size_t i = 0; i < l.background.n; i++)
            l.background.x[i] *= 1e15f;
        for (size_t i = 0; i < l.w.n; i++)
            l.w.x[i] *= i % 2 ? 1e15f : 1e-30f;
        run(&l, kernels(DSC_BACKEND_AUTO, level));
        check(-1, &l);
        release(l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_products),
        cmocka_unit_test(ref_gives_the_same_bits_at_every_level),
        cmocka_unit_test(outputs_in_parts_are_the_same),
        cmocka_unit_test(blocks_are_summed_in_a_tree),
        cmocka_unit_test(inputs_in_parts_add_up),
        cmocka_unit_test(keeps_what_is_not_finite),
        cmocka_unit_test(huge_and_tiny_numbers_stay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
