/* pooled_backward.c - the gradients of convolution, relu and max pooling from the windows' living
 * winners. */
#include "kernel/direct/pooled.h"

#ifdef DSC_VECTOR

#  include <string.h>

static void fill_tables(const pooled *o)
{
    const dsc_direct *d = &o->d;
    const dsc_pool_shape *p = o->p;
    const size_t down = (size_t)d->stride_h * d->line;
    const size_t right = (size_t)d->stride_w * (size_t)d->lanes;

    for (int j = 0; j < d->places; j++)
        o->corner[j] = (int32_t)((size_t)(j / p->out_w * p->kernel_h) * down +
                                 (size_t)(j % p->out_w * p->kernel_w) * right);
    for (int i = 0; i < DSC_WINNERS; i++)
        o->winner_at[i] =
            i < p->kernel_h * p->kernel_w
                ? (int32_t)((size_t)(i / p->kernel_w) * down + (size_t)(i % p->kernel_w) * right)
                : 0;
    for (size_t f = 0; f < d->wide; f++)
        o->filter_at[f] = (int32_t)(f * d->filter);
}

/* Each filter's list of nonzeros: their dy, and where the patch is. */
static void list_by_filter(const pooled *o, const float *dy, const uint8_t *winner)
{
    const dsc_direct *d = &o->d;
    float *value = o->space + d->value;
    int32_t *at = (int32_t *)(void *)(o->space + d->at), *count = o->count;

    memset(count, 0, d->wide * sizeof *count);
    for (int j = 0; j < d->places; j++, dy += d->wide, winner += d->wide) {
        const int32_t corner = o->corner[j];
        for (size_t f = 0; f < (size_t)d->filters; f++) {
            const size_t to = f * d->room + (size_t)count[f];
            value[to] = dy[f];
            at[to] = corner + o->winner_at[winner[f]];
            count[f] += (winner[f] != DSC_DEAD) & (dy[f] != 0);
        }
    }
}

static void add_dw_patches(const pooled *o, const float *x, const float *dy, const uint8_t *winner)
{
    const dsc_direct *d = &o->d;
    const size_t area = (size_t)d->height * (size_t)d->width;
    const float *value = o->space + d->value;
    const int32_t *at = (const int32_t *)(const void *)(o->space + d->at);
    float *image = o->space + d->x_image, *dw = o->space + d->dw, *poison = o->space + d->poison;

    DSC_R(dsc_direct_pad_lanes)(d, x, image);
    for (int c = 0; c < d->channels; c++)
        poison[c] += DSC_R(dsc_direct_poison)(x + (size_t)c * area, area);
    list_by_filter(o, dy, winner);
    for (size_t f = 0; f < (size_t)d->filters; f++)
        DSC_R(dsc_direct_patches)
    (d, image, d->line, value + f * d->room, at + f * d->room, o->count[f], dw + f * d->filter,
     (size_t)d->kernel_w * (size_t)d->lanes);
}

/* z (columns, DSC_BLOCK) <- row r of a row of windows, filled with their dy. */
static void spread_row(const pooled *o, int filters, int r, const float *dy, const uint8_t *winner,
                       float *z)
{
    const int kernel = o->p->kernel_w;

    for (int ox = 0; ox < o->p->out_w; ox++, dy += o->d.wide, winner += o->d.wide)
        for (int i = 0; i < kernel; i++, z += DSC_BLOCK)
            for (int f = 0; f < filters; f += DSC_VECTOR)
                vec_store(z + f, vec_where(vec_load(dy + f), winner + f, r * kernel + i));
}

/* With few channels there is little to skip: all places of the convolution's output are taken. */
static void add_dw_taps(const pooled *o, const float *x, const float *dy, const uint8_t *winner)
{
    const dsc_direct *d = &o->d;
    const float *picture = DSC_R(dsc_direct_pad)(d, x, o->space + d->picture);
    float *z = o->space + d->z;

    for (int b = 0; b < d->blocks; b++)
        for (int oy = 0; oy < o->p->out_h; oy++) {
            const size_t at = (size_t)(oy * o->p->out_w) * d->wide + (size_t)b * DSC_BLOCK;
            for (int r = 0; r < o->p->kernel_h; r++) {
                const size_t row =
                    ((size_t)oy * (size_t)o->p->kernel_h + (size_t)r) * (size_t)d->stride_h;
                spread_row(o, in_block(d, b), r, dy + at, winner + at, z);
                DSC_R(dsc_direct_taps)
                (d, picture + row * d->row, z, DSC_BLOCK, in_block(d, b), 1, o->columns,
                 o->space + d->dw + (size_t)(b * d->depth) * DSC_BLOCK);
            }
        }
}

/* dbias += the sums of dy of the living, one example at a time. */
static void add_dbias(const pooled *o, const float *dy, const uint8_t *winner, float *dbias)
{
    const dsc_direct *d = &o->d;
    float *sum = o->space + d->bias;

    memset(sum, 0, d->wide * sizeof *sum);
    for (int j = 0; j < d->places; j++, dy += d->wide, winner += d->wide)
        for (int f = 0; f < d->filters; f++)
            sum[f] += winner[f] != DSC_DEAD ? dy[f] : 0;
    for (int f = 0; f < d->filters; f++)
        dbias[f] += sum[f];
}

/* dx of one example: for every element of every window, the filters that are not zero there. */
static void dx_patches(const pooled *o, const float *dy, const uint8_t *winner, float *dx)
{
    const dsc_direct *d = &o->d;
    const int elements = o->p->kernel_h * o->p->kernel_w;
    float *image = o->space + d->dx_image, *value = o->space + d->value;
    int32_t *at = (int32_t *)(void *)(o->space + d->at);

    memset(image, 0, d->image * sizeof *image);
    for (int j = 0; j < d->places; j++, dy += d->wide, winner += d->wide)
        for (int i = 0; i < elements; i++) {
            int n = 0;
            for (int f = 0; f < d->filters; f += DSC_VECTOR)
                n += vec_compress(vec_where(vec_load(dy + f), winner + f, i), o->filter_at + f,
                                  value + n, at + n);
            if (n > 0)
                DSC_R(dsc_direct_patches)
            (d, o->space + d->weights, (size_t)d->kernel_w * (size_t)d->lanes, value, at, n,
             image + o->corner[j] + o->winner_at[i], d->line);
        }
    DSC_R(dsc_direct_unpad_lanes)(d, image, dx);
}

/* Weights with channels last, and what NaN or infinity in them does to each channel of dx. */
static void prepare_weights(const pooled *o, const float *w, float *poison)
{
    const dsc_direct *d = &o->d;
    const int kernel = d->kernel_h * d->kernel_w;
    float *to = o->space + d->weights;

    memset(to, 0, (size_t)d->filters * d->filter * sizeof *to);
    memset(poison, 0, (size_t)d->channels * sizeof *poison);
    for (int f = 0; f < d->filters; f++, w += d->depth, to += d->filter) {
        DSC_R(dsc_direct_turn)(d->channels, kernel, w, (size_t)kernel, to, (size_t)d->lanes);
        for (int c = 0; c < d->channels; c++)
            poison[c] += DSC_R(dsc_direct_poison)(w + (size_t)c * (size_t)kernel, (size_t)kernel);
    }
}

static void add_to_channels(const float *poison, int channels, size_t area, float *x)
{
    for (int c = 0; c < channels; c++)
        for (size_t i = 0; poison[c] != 0 && i < area; i++)
            x[(size_t)c * area + i] += poison[c];
}

static void store_dw(const pooled *o, bool few, float *dw)
{
    const dsc_direct *d = &o->d;
    const int kernel = d->kernel_h * d->kernel_w;
    const float *from = o->space + d->dw;

    for (int b = 0; few && b < d->blocks; b++, from += (size_t)d->depth * DSC_BLOCK)
        DSC_R(dsc_direct_turn)
    (d->depth, in_block(d, b), from, DSC_BLOCK, dw + (size_t)(b * DSC_BLOCK) * (size_t)d->depth,
     (size_t)d->depth);
    for (int f = 0; !few && f < d->filters; f++, from += d->filter, dw += d->depth) {
        DSC_R(dsc_direct_turn)(kernel, d->channels, from, (size_t)d->lanes, dw, (size_t)kernel);
        add_to_channels(o->space + d->poison, d->channels, (size_t)kernel, dw);
    }
}

void DSC_R(dsc_direct_pooled_backward)(const dsc_kernels *k, const dsc_conv_shape *s,
                                       const dsc_pool_shape *p, int rows, const dsc_pooled *a,
                                       float *scratch)
{
    const pooled o = of_shapes(s, p, scratch);
    const dsc_direct *d = &o.d;
    const bool few = d->channels < DSC_FEW_CHANNELS;
    float *turned = scratch + d->out, *poison = scratch + d->poison, *w_poison = poison + d->lanes;
    const uint8_t *winner = a->winner;

    (void)k;
    fill_tables(&o);
    memset(scratch + d->picture, 0, (size_t)d->channels * d->plane * sizeof *scratch);
    memset(scratch + d->x_image, 0, d->image * sizeof *scratch);
    memset(scratch + d->dw, 0,
           (few ? d->wide * (size_t)d->depth : (size_t)d->filters * d->filter) * sizeof *scratch);
    memset(poison, 0, (size_t)d->channels * sizeof *poison);
    memset(turned, 0, (size_t)d->places * d->wide * sizeof *turned);
    if (a->dbias)
        memset(a->dbias, 0, (size_t)d->filters * sizeof *a->dbias);
    if (a->dx)
        prepare_weights(&o, a->w, w_poison);
    for (int i = 0; i < rows; i++) {
        const float *x_one = a->x + (size_t)i * o.x;
        DSC_R(dsc_direct_turn)
        (d->filters, d->places, a->dy + (size_t)i * o.y, (size_t)d->places, turned, d->wide);
        if (a->dw)
            (few ? add_dw_taps : add_dw_patches)(&o, x_one, turned, winner);
        if (a->dbias)
            add_dbias(&o, turned, winner, a->dbias);
        if (a->dx) {
            float *dx_one = a->dx + (size_t)i * o.x;
            dx_patches(&o, turned, winner, dx_one);
            add_to_channels(w_poison, d->channels, (size_t)d->height * (size_t)d->width, dx_one);
        }
        winner += (size_t)d->places * d->wide;
    }
    if (a->dw)
        store_dw(&o, few, a->dw);
}

#endif
