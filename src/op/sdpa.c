/* sdpa.c - scaled dot-product attention of separate queries, keys and values (Vaswani et al. 2017,
 * arXiv:1706.03762).
 *
 *     q (rows, heads, queries, depth), k (rows, heads, keys, depth), v (rows, heads, keys, width)
 *     y = softmax(q k^T scale) v    (rows, heads, queries, width)
 *
 * scale 0 is 1 / sqrt(depth). Causal: query i sees keys 0..i. */
#include "base/real.h"
#include "op/attention_head.h"
#include "op/elements.h"
#include "op/parts.h"

enum { Q, K, V };
enum { CAUSAL, SCALE, N_ATTRIBUTES };
static const char *const attributes[N_ATTRIBUTES] = {"causal", "scale"};

enum { PARTS = 16 };

/* Elements of scratch a part: of a head, and gradients that nobody wants. */
static size_t head_scratch(const dsc_node *const *input)
{
    const dsc_shape k = input[K]->shape;

    return attention_scratch(k.size[1], k.size[2], input[V]->shape.size[2]);
}

static size_t unwanted_of(const dsc_node *const *input, int i)
{
    return (size_t)input[i]->shape.size[1] * (size_t)input[i]->shape.size[2];
}

static size_t part_of(const dsc_node *const *input)
{
    return head_scratch(input) + unwanted_of(input, Q) + unwanted_of(input, K) +
           unwanted_of(input, V);
}

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const dsc_shape q = input[Q]->shape, k = input[K]->shape, v = input[V]->shape;
    char a[48], b[48], c[48];
    const bool fits = q.rank == 3 && k.rank == 3 && v.rank == 3 && q.size[0] == k.size[0] &&
                      k.size[0] == v.size[0] && q.size[2] == k.size[2] && k.size[1] == v.size[1];

    if (!fits || input[Q]->batched != input[K]->batched || input[K]->batched != input[V]->batched)
        return dsc_fail(err, DESCENT_SHAPE,
                        "sdpa: queries %s, keys %s and values %s (heads x places x depth) do not "
                        "fit together",
                        dsc_shape_text(q, a), dsc_shape_text(k, b), dsc_shape_text(v, c));
    node->shape = (dsc_shape){3, {q.size[0], q.size[1], v.size[2]}};
    node->batched = input[Q]->batched;
    node->keep_bytes =
        2 * (size_t)node->max_rows * (size_t)q.size[0] * (size_t)q.size[1] * sizeof(real);
    node->scratch_bytes = PARTS * part_of(input) * sizeof(real);
    return DESCENT_OK;
}

typedef struct work {
    const dsc_call *call;
    attention a;
    size_t heads, scratch; /* all heads of all rows; elements of scratch a part */
    int parts;
} work;

static work of_call(const dsc_call *c)
{
    const dsc_shape q = c->from[Q]->shape, v = c->from[V]->shape;
    const double scale = c->node->attribute[SCALE];
    const size_t rows = (size_t)(c->node->batched ? c->pass->rows : 1);
    work w = {.call = c,
              .a = {.kernels = c->kernels,
                    .queries = q.size[1],
                    .keys = v.size[1],
                    .depth = q.size[2],
                    .value_depth = v.size[2],
                    .causal = c->node->attribute[CAUSAL] != 0,
                    .scale = (real)(scale != 0 ? scale : 1.0 / sqrt((double)q.size[2])),
                    .ldq = q.size[2],
                    .ldk = q.size[2],
                    .ldv = v.size[2],
                    .ldy = v.size[2]},
              .heads = rows * (size_t)q.size[0],
              .scratch = part_of(c->from)};

    w.parts = w.heads < PARTS ? (int)w.heads : PARTS;
    return w;
}

static attention_head head_of(const work *w, int part, size_t head)
{
    const dsc_call *c = w->call;
    const attention *a = &w->a;
    const size_t q = head * (size_t)a->queries * (size_t)a->depth;
    const size_t k = head * (size_t)a->keys * (size_t)a->depth;
    const size_t v = head * (size_t)a->keys * (size_t)a->value_depth;

    return (attention_head){.q = (const real *)c->x[Q] + q,
                            .k = (const real *)c->x[K] + k,
                            .v = (const real *)c->x[V] + v,
                            .keep = (real *)c->keep + 2 * head * (size_t)a->queries,
                            .scratch = (real *)c->scratch + (size_t)part * w->scratch};
}

static void forward_part(int part, void *user)
{
    const work *w = user;
    const size_t y = (size_t)w->a.queries * (size_t)w->a.value_depth;
    const size_t end = part_begin(w->heads, w->parts, part + 1, 1);

    for (size_t i = part_begin(w->heads, w->parts, part, 1); i < end; i++) {
        attention_head h = head_of(w, part, i);
        h.y = (real *)w->call->y + i * y;
        attention_transpose(&w->a, &h, false);
        attention_forward(&w->a, &h);
    }
}

static void forward(const dsc_call *c)
{
    work w = of_call(c);

    for_parts(c, w.parts, forward_part, &w);
}

/* Where head's dx[i] goes. */
static real *gradient_of(const dsc_call *c, int i, size_t head, real **unwanted)
{
    const size_t size = unwanted_of(c->from, i);
    real *scratch = *unwanted;

    *unwanted += size;
    return c->dx[i] ? (real *)c->dx[i] + head * size : scratch;
}

static void backward_part(int part, void *user)
{
    const work *w = user;
    const dsc_call *c = w->call;
    const size_t end = part_begin(w->heads, w->parts, part + 1, 1);

    for (size_t i = part_begin(w->heads, w->parts, part, 1); i < end; i++) {
        attention_head h = head_of(w, part, i);
        h.dy = (const real *)c->dy + i * (size_t)w->a.queries * (size_t)w->a.value_depth;
        real *unwanted = h.scratch + head_scratch(c->from);
        h.dq = gradient_of(c, Q, i, &unwanted);
        h.dk = gradient_of(c, K, i, &unwanted);
        h.dv = gradient_of(c, V, i, &unwanted);
        attention_transpose(&w->a, &h, true);
        attention_backward(&w->a, &h);
    }
}

static void backward(const dsc_call *c)
{
    work w = of_call(c);

    for_parts(c, w.parts, backward_part, &w);
}

const dsc_op DSC_R(dsc_op_sdpa) = {
    .name = "sdpa",
    .formula = "y = softmax(q k^T scale) v",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = 3,
    .flags = DSC_NEEDS_INPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
