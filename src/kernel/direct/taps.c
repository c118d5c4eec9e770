/* taps.c - dw from a dense dy: at every place of the output, each number of the picture under the
 * kernel times the vector of the filters' dy. The sums of up to 9 elements of the kernel stay in
 * registers while all places go by. */
#include "kernel/direct/direct.h"

#ifdef DSC_VECTOR

enum { MOST = DSC_VECTOR == 16 ? 2 : 1, WIDEST = 6 }; /* vectors, and columns of the kernel */

typedef struct places {
    const float *x, *dy;
    size_t x_row, x_step, dy_row, dy_step; /* floats from one row, and one place, to the next */
    int rows, columns;
} places;

/* dw (runs, width, DSC_BLOCK) += ... for `runs` rows of the kernel, and `width` of its columns */
INLINE void add(const places *p, size_t row, float *dw, size_t dw_run, const int runs,
                const int width, const int vectors)
{
    vec sum[3][WIDEST][MOST];

    EACH (r, runs)
        EACH (i, width)
            EACH (v, vectors)
                sum[r][i][v] = vec_all(0);
    for (int y = 0; y < p->rows; y++) {
        const float *x = p->x + (size_t)y * p->x_row, *dy = p->dy + (size_t)y * p->dy_row;
        for (int o = 0; o < p->columns; o++, x += p->x_step, dy += p->dy_step) {
            vec d[MOST];
            EACH (v, vectors)
                d[v] = vec_load(dy + v * DSC_VECTOR);
            EACH (r, runs)
                EACH (i, width) {
                    const vec tap = vec_all(x[(size_t)r * row + (size_t)i]);
                    EACH (v, vectors)
                        sum[r][i][v] = vec_fma(tap, d[v], sum[r][i][v]);
                }
        }
    }
    EACH (r, runs)
        EACH (i, width)
            EACH (v, vectors) {
                float *to = dw + (size_t)r * dw_run + (size_t)i * DSC_BLOCK + v * DSC_VECTOR;
                vec_store(to, vec_add(vec_load(to), sum[r][i][v]));
            }
}

#  define WIDTH(runs, n)                       \
  case n:                                      \
    add(p, row, dw, dw_run, runs, n, vectors); \
    break;

INLINE void add_run(int width, const places *p, size_t row, float *dw, size_t dw_run,
                    const int vectors)
{
    switch (width) {
        WIDTH(1, 1)
        WIDTH(1, 2)
        WIDTH(1, 3)
        WIDTH(1, 4)
        WIDTH(1, 5)
        WIDTH(1, 6)
    }
}

INLINE void add_three_runs(int width, const places *p, size_t row, float *dw, size_t dw_run,
                           const int vectors)
{
    switch (width) {
        WIDTH(3, 1)
        WIDTH(3, 2)
        WIDTH(3, 3)
    }
}

static void add_one(int runs, int width, const places *p, size_t row, float *dw, size_t dw_run)
{
    if (runs == 3)
        add_three_runs(width, p, row, dw, dw_run, 1);
    else
        add_run(width, p, row, dw, dw_run, 1);
}

static void add_most(int runs, int width, const places *p, size_t row, float *dw, size_t dw_run)
{
    if (runs == 3)
        add_three_runs(width, p, row, dw, dw_run, MOST);
    else
        add_run(width, p, row, dw, dw_run, MOST);
}

void DSC_R(dsc_direct_taps)(const dsc_direct *d, const float *x, const float *dy, size_t dy_step,
                            int filters, int n_rows, int columns, float *dw)
{
    const size_t run = (size_t)d->kernel_w * DSC_BLOCK;
    places p = {.x_row = (size_t)d->stride_h * d->row,
                .x_step = (size_t)d->stride_w,
                .dy_row = (size_t)columns * dy_step,
                .dy_step = dy_step,
                .rows = n_rows,
                .columns = columns};

    for (int c = 0; c < d->channels; c++)
        for (int ky = 0, runs; ky < d->kernel_h; ky += runs) {
            runs = d->kernel_h - ky >= 3 ? 3 : 1;
            const int most = runs == 3 ? 3 : WIDEST;
            for (int kx = 0; kx < d->kernel_w; kx += most) {
                const int width = d->kernel_w - kx < most ? d->kernel_w - kx : most;
                p.x = x + (size_t)c * d->plane + (size_t)ky * d->row + kx;
                float *to = dw + (size_t)((c * d->kernel_h + ky) * d->kernel_w + kx) * DSC_BLOCK;
                for (int f = 0; f < filters; f += MOST * DSC_VECTOR) {
                    p.dy = dy + f;
                    (filters - f > DSC_VECTOR ? add_most : add_one)(runs, width, &p, d->row, to + f,
                                                                    run);
                }
            }
        }
}

#endif
