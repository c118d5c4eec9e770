/* attention.c - self-attention of a sequence with several heads, on queries, keys and values side
 * by side as one linear layer gives them (Vaswani et al. 2017, arXiv:1706.03762).
 *
 *     x (rows, length, (heads + 2 kv_heads) depth)    ->    y (rows, length, heads depth)
 *     y of head h = softmax(q_h k_g^T / sqrt(depth)) v_g  with  g = h kv_heads / heads
 *
 * Nothing is permuted: a head is a stretch of columns. With fewer kv_heads than heads, some share
 * keys and values (Ainslie et al. 2023, arXiv:2305.13245). With `rotary` = base > 0, pairs of
 * columns (2i, 2i + 1) of queries and keys are turned by the angle place / base^(2i / depth)
 * (Su et al. 2021, arXiv:2104.09864).
 *
 * With `cache` = places > 0 the op remembers keys and values, for texts that grow: a pass holds the
 * places pass->past and on, and sees those of the passes before. Forward only, and causal. */
#include "base/real.h"
#include "op/attention_head.h"
#include "op/attention_memory.h"
#include "op/elements.h"
#include "op/parts.h"

static const char *const attributes[N_ATTRIBUTES] = {"heads", "kv_heads", "causal", "rotary",
                                                     "cache"};

enum { PARTS = 16 };

/* Elements of scratch of a part: of a head, then with rotary turned queries and keys and their
 * gradients. */
static size_t head_scratch(sizes z)
{
    return attention_scratch(z.places, z.depth, z.depth);
}

static size_t scratch_of(sizes z)
{
    return head_scratch(z) + (z.rotary ? 4 * (size_t)z.length * (size_t)z.depth : 0);
}

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const dsc_shape x = input[0]->shape;
    const int heads = (int)node->attribute[HEADS], kv_heads = (int)node->attribute[KV_HEADS];
    char found[48];

    if (heads < 1 || kv_heads < 1 || heads % kv_heads != 0)
        return dsc_fail(err, DESCENT_INVALID,
                        "attention: kv_heads = %d must divide heads = %d, and both be positive",
                        kv_heads, heads);
    if (x.rank != 2 || x.size[1] % (heads + 2 * kv_heads) != 0)
        return dsc_fail(err, DESCENT_SHAPE,
                        "attention with %d heads and %d kv_heads needs a sequence of a multiple of "
                        "%d columns, found %s",
                        heads, kv_heads, heads + 2 * kv_heads, dsc_shape_words(x, found));
    const sizes z = of_node(node, x);
    if (z.rotary && z.depth % 2 != 0)
        return dsc_fail(err, DESCENT_SHAPE,
                        "attention: rotary turns pairs of columns, found %d columns a head",
                        z.depth);
    if (z.places < z.length || (node->attribute[CACHE] > 0 && node->attribute[CAUSAL] == 0))
        return dsc_fail(err, DESCENT_INVALID,
                        "attention: a cache of %d places needs causal and a sequence of at most as "
                        "many, found %d",
                        z.places, z.length);
    node->shape = (dsc_shape){2, {z.length, z.heads * z.depth}};
    node->batched = input[0]->batched;
    node->keep_bytes = 2 * (size_t)node->max_rows * (size_t)heads * (size_t)z.length * sizeof(real);
    node->scratch_bytes = PARTS * scratch_of(z) * sizeof(real);
    return DESCENT_OK;
}

typedef struct work {
    const dsc_call *call;
    const memory *memory;
    attention a;
    sizes z;
    size_t columns, groups, scratch; /* of x; rows * kv_heads; elements of scratch a part */
    int parts;
} work;

static work of_call(const dsc_call *c)
{
    const sizes z = of_node(c->node, c->from[0]->shape);
    const bool caches = c->node->attribute[CACHE] > 0;
    work w = {.call = c, .memory = c->plan, .z = z, .columns = (size_t)c->from[0]->shape.size[1]};

    w.groups = (size_t)(c->node->batched ? c->pass->rows : 1) * (size_t)z.kv_heads;
    w.scratch = scratch_of(z);
    w.parts = w.groups < PARTS ? (int)w.groups : PARTS;
    w.a = (attention){.kernels = c->kernels,
                      .queries = z.length,
                      .past = caches ? c->pass->past : 0,
                      .depth = z.depth,
                      .value_depth = z.depth,
                      .causal = c->node->attribute[CAUSAL] != 0,
                      .scale = (real)(1.0 / sqrt((double)z.depth)),
                      .ldq = z.rotary ? z.depth : (int)w.columns,
                      .ldk = z.rotary || caches ? z.depth : (int)w.columns,
                      .ldv = caches ? z.depth : (int)w.columns,
                      .ldy = z.heads * z.depth};
    if (w.a.past > z.places - z.length) /* beyond what the cache holds: the caller's mistake */
        w.a.past = z.places - z.length;
    w.a.keys = w.a.past + z.length;
    return w;
}

static void copy_columns(const work *w, const real *from, real *to)
{
    for (size_t t = 0; t < (size_t)w->z.length; t++)
        memcpy(to + t * (size_t)w->z.depth, from + t * w->columns, (size_t)w->z.depth * sizeof *to);
}

/* Where the parts of one group of heads lie, as columns of an array like x. */
static size_t query_at(const work *w, size_t group, int i)
{
    const size_t row = group / (size_t)w->z.kv_heads, kv = group % (size_t)w->z.kv_heads;
    const size_t head = kv * (size_t)(w->z.heads / w->z.kv_heads) + (size_t)i;

    return row * (size_t)w->z.length * w->columns + head * (size_t)w->z.depth;
}

static size_t key_at(const work *w, size_t group, bool value)
{
    const size_t row = group / (size_t)w->z.kv_heads, kv = group % (size_t)w->z.kv_heads;
    const size_t head = (size_t)w->z.heads + (value ? (size_t)w->z.kv_heads : 0) + kv;

    return row * (size_t)w->z.length * w->columns + head * (size_t)w->z.depth;
}

/* The keys and values that a group of heads shares, turned or from the cache as need be. */
static attention_head group_of(const work *w, int part, size_t group)
{
    const real *x = w->call->x[0];
    const size_t head = (size_t)w->z.places * (size_t)w->z.depth;
    const size_t new = (size_t)w->a.past *(size_t)w->z.depth;
    real *scratch = (real *)w->call->scratch + (size_t)part * w->scratch;
    real *keys = scratch + head_scratch(w->z) + (size_t)w->z.length * (size_t)w->z.depth;
    attention_head h = {
        .k = x + key_at(w, group, false), .v = x + key_at(w, group, true), .scratch = scratch};

    if (w->memory->cache) {
        real *values = w->memory->cache + (2 * group + 1) * head;
        keys = w->memory->cache + 2 * group * head;
        copy_columns(w, h.v, values + new);
        if (!w->z.rotary)
            copy_columns(w, h.k, keys + new);
        h.v = values;
    }
    if (w->z.rotary)
        turn(w->memory, w->z, w->a.past, false, h.k, w->columns,
             keys + (w->memory->cache ? new : 0), (size_t)w->z.depth);
    if (w->z.rotary || w->memory->cache)
        h.k = keys;
    return h;
}

/* The i-th head of a group: its queries, output and what is kept. */
static void take_head(const work *w, size_t group, int i, attention_head *h)
{
    const size_t head = group * (size_t)(w->z.heads / w->z.kv_heads) + (size_t)i;
    real *queries = h->scratch + head_scratch(w->z);

    h->q = (const real *)w->call->x[0] + query_at(w, group, i);
    h->keep = (real *)w->call->keep + 2 * head * (size_t)w->z.length;
    if (w->z.rotary) {
        turn(w->memory, w->z, w->a.past, false, h->q, w->columns, queries, (size_t)w->z.depth);
        h->q = queries;
    }
}

/* Where head i of a group lies in y. */
static size_t output_at(const work *w, size_t group, int i)
{
    const size_t heads = (size_t)w->z.heads, depth = (size_t)w->z.depth;
    const size_t head = group * (heads / (size_t)w->z.kv_heads) + (size_t)i;

    return head / heads * (size_t)w->z.length * heads * depth + head % heads * depth;
}

static void forward_part(int part, void *user)
{
    const work *w = user;
    const size_t end = part_begin(w->groups, w->parts, part + 1, 1);

    for (size_t g = part_begin(w->groups, w->parts, part, 1); g < end; g++) {
        attention_head h = group_of(w, part, g);
        attention_transpose(&w->a, &h, false);
        for (int i = 0; i < w->z.heads / w->z.kv_heads; i++) {
            take_head(w, g, i, &h);
            h.y = (real *)w->call->y + output_at(w, g, i);
            attention_forward(&w->a, &h);
        }
    }
}

static void forward(const dsc_call *c)
{
    work w = of_call(c);

    for_parts(c, w.parts, forward_part, &w);
}

static void backward_part(int part, void *user)
{
    const work *w = user;
    const size_t end = part_begin(w->groups, w->parts, part + 1, 1);
    const size_t turned = (size_t)w->z.length * (size_t)w->z.depth;
    real *dx = w->call->dx[0];

    for (size_t g = part_begin(w->groups, w->parts, part, 1); g < end; g++) {
        attention_head h = group_of(w, part, g);
        real *dq = h.scratch + head_scratch(w->z) + 2 * turned, *dk = dq + turned;
        h.dk = w->z.rotary ? dk : dx + key_at(w, g, false);
        h.dv = dx + key_at(w, g, true);
        attention_transpose(&w->a, &h, true);
        for (int i = 0; i < w->z.heads / w->z.kv_heads; i++, h.add = true) {
            take_head(w, g, i, &h);
            h.dy = (const real *)w->call->dy + output_at(w, g, i);
            h.dq = w->z.rotary ? dq : dx + query_at(w, g, i);
            attention_backward(&w->a, &h);
            if (w->z.rotary)
                turn(w->memory, w->z, 0, true, dq, (size_t)w->z.depth, dx + query_at(w, g, i),
                     w->columns);
        }
        if (w->z.rotary)
            turn(w->memory, w->z, 0, true, dk, (size_t)w->z.depth, dx + key_at(w, g, false),
                 w->columns);
    }
}

static void backward(const dsc_call *c)
{
    work w = of_call(c);

    for_parts(c, w.parts, backward_part, &w);
}

const dsc_op DSC_R(dsc_op_attention) = {
    .name = "attention",
    .formula = "y = softmax(q k^T / sqrt(depth)) v",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = 1,
    .flags = DSC_NEEDS_INPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .prepare = prepare,
    .release = release,
};
