/* binary.c - add, sub, mul, div and maximum of two arrays that are broadcast against each other.
 *
 *     y = f(a, b),   da = sum of dy df/da over the axes along which a was repeated, db likewise
 *
 * Shapes are compared from the last axis on; an axis of 1 or a missing one repeats, and so does an
 * array without a batch beside one with. */
#include "base/real.h"
#include "op/lines.h"

/* Along one line, out <- f, or dy df/da, or dy df/db. A step is 1, or 0 where the operand is one
 * number for the whole line. */
typedef void line_loop(size_t n, const real *a, size_t step_a, const real *b, size_t step_b,
                       const real *dy, real *out);

static descent_status broadcast(dsc_node *node, const dsc_node *const *input, const char *op,
                                descent_error *err)
{
    const dsc_shape a = input[0]->shape, b = input[1]->shape;
    dsc_shape y = a.rank > b.rank ? a : b;
    char first[48], second[48];

    for (int i = 1; i <= a.rank && i <= b.rank; i++) {
        const int p = a.size[a.rank - i], q = b.size[b.rank - i];
        if (p != q && p != 1 && q != 1)
            return dsc_fail(err, DESCENT_SHAPE,
                            "%s needs two shapes that are alike, or 1 where they differ, found %s "
                            "and %s",
                            op, dsc_shape_text(a, first), dsc_shape_text(b, second));
        y.size[y.rank - i] = p == 1 ? q : p;
    }
    node->shape = y;
    node->batched = input[0]->batched || input[1]->batched;
    for (int i = 0; i < 2; i++) { /* sums of an operand that is repeated */
        const size_t count =
            dsc_shape_count(input[i]->shape) * (input[i]->batched ? (size_t)node->max_rows : 1);
        if ((!dsc_shape_equal(input[i]->shape, y) || input[i]->batched != node->batched) &&
            count * sizeof(double) > node->scratch_bytes)
            node->scratch_bytes = count * sizeof(double);
    }
    return DESCENT_OK;
}

static lines walk(const dsc_call *c)
{
    size_t y[LINE_AXES], a[LINE_AXES], b[LINE_AXES];

    line_sizes(c, c->node->shape, c->node->batched, y);
    line_sizes(c, c->from[0]->shape, c->from[0]->batched, a);
    line_sizes(c, c->from[1]->shape, c->from[1]->batched, b);
    return lines_over(y, a, b);
}

typedef struct work {
    const lines *l;
    line_loop *loop;
    const real *a, *b, *dy;
    real *out; /* like y */
    int parts;
} work;

/* One line, or a piece of it. */
static void work_line(const work *w, size_t line, size_t begin, size_t end)
{
    const lines *l = w->l;
    const size_t step_a = line_step(l, 0), step_b = line_step(l, 1);
    const size_t at = line * l->length + begin;

    w->loop(end - begin, w->a + line_begin(l, 0, line) + step_a * begin, step_a,
            w->b + line_begin(l, 1, line) + step_b * begin, step_b, w->dy + at, w->out + at);
}

/* Parts are lines, or pieces of the only line. */
static void work_part(int part, void *user)
{
    const work *w = user;
    const lines *l = w->l;

    if (l->count == 1) {
        work_line(w, 0, part_begin(l->length, w->parts, part, 16),
                  part_begin(l->length, w->parts, part + 1, 16));
        return;
    }
    const size_t end = part_begin(l->count, w->parts, part + 1, 1);
    for (size_t i = part_begin(l->count, w->parts, part, 1); i < end; i++)
        work_line(w, i, 0, l->length);
}

static void run(const dsc_call *c, const lines *l, line_loop *loop, real *out)
{
    work w = {.l = l,
              .loop = loop,
              .a = c->x[0],
              .b = c->x[1],
              .dy = c->dy ? c->dy : out, /* forward has none and reads none */
              .out = out,
              .parts = parts_worth((double)(l->count * l->length), 1 << 16)};

    for_parts(c, w.parts, work_part, &w);
}

/* dx of an operand that was repeated: the slopes of a stretch of line, then their sums. */
static void sum_slopes(const dsc_call *c, const lines *l, int which, line_loop *slope, real *dx)
{
    enum { STRETCH = 512 };
    const size_t n = elements(c, c->from[which]);
    const size_t step[] = {line_step(l, 0), line_step(l, 1)};
    const real *a = c->x[0], *b = c->x[1], *dy = c->dy;
    double *sum = c->scratch;
    real d[STRETCH];

    memset(sum, 0, n * sizeof *sum);
    for (size_t i = 0; i < l->count; i++) {
        const size_t at[] = {line_begin(l, 0, i), line_begin(l, 1, i)};
        for (size_t j = 0; j < l->length; j += STRETCH, dy += STRETCH) {
            const size_t m = l->length - j < STRETCH ? l->length - j : STRETCH;
            if (slope)
                slope(m, a + at[0] + step[0] * j, step[0], b + at[1] + step[1] * j, step[1], dy, d);
            line_add(sum + at[which] + step[which] * j, step[which], slope ? d : dy, m);
        }
        dy = (const real *)c->dy + (i + 1) * l->length;
    }
    line_store(sum, dx, n);
}

/* slope NULL: it is dy. */
static void backward(const dsc_call *c, line_loop *slope_a, line_loop *slope_b)
{
    line_loop *const slope[] = {slope_a, slope_b};
    const lines l = walk(c);

    for (int i = 1; i >= 0; i--) { /* dx[0] last: it may lie where dy lies */
        if (!c->dx[i])
            continue;
        const size_t n = elements(c, c->from[i]);
        if (n < elements(c, c->node))
            sum_slopes(c, &l, i, slope[i], c->dx[i]);
        else if (slope[i])
            run(c, &l, slope[i], c->dx[i]);
        else if (c->dx[i] != c->dy)
            memcpy(c->dx[i], c->dy, n * sizeof(real));
    }
}

/* A loop over a and b (and d, from dy) for each way of stepping. */
#define LOOP(p, q, value)            \
  {                                  \
    DSC_INDEPENDENT                  \
    for (size_t i = 0; i < n; i++) { \
      const real a = (p), b = (q);   \
      out[i] = (value);              \
    }                                \
  }
#define LINE(name, value)                                                                          \
  static void name(size_t n, const real *from_a, size_t step_a, const real *from_b, size_t step_b, \
                   const real *dy, real *out)                                                      \
  {                                                                                                \
    const real first_a = *from_a, first_b = *from_b;                                               \
    if (step_a && step_b)                                                                          \
      LOOP(from_a[i], from_b[i], value)                                                            \
    else if (step_a)                                                                               \
      LOOP(from_a[i], first_b, value)                                                              \
    else if (step_b)                                                                               \
      LOOP(first_a, from_b[i], value)                                                              \
    else                                                                                           \
      LOOP(first_a, first_b, value)                                                                \
    (void)dy;                                                                                      \
  }
#define D dy[i]
LINE(add_line, a + b)
LINE(sub_line, a - b)
LINE(sub_slope_b, ((void)a, (void)b, -D))
LINE(mul_line, a *b)
LINE(mul_slope_a, ((void)a, D *b))
LINE(mul_slope_b, ((void)b, D *a))
LINE(div_line, a / b)
LINE(div_slope_a, ((void)a, D / b))
LINE(div_slope_b, -D *a / (b * b))
LINE(maximum_line, a > b || a != a ? a : b) /* NaN wins */
/* half to each of two equal ones, as PyTorch has it */
LINE(maximum_slope_a, a > b ? D : a == b ? D / 2 : 0)
LINE(maximum_slope_b, b > a ? D : a == b ? D / 2 : 0)
#undef D

#define ROW(op, text, needs, slope_a, slope_b)                                   \
  static descent_status op##_shape(dsc_node *node, const dsc_node *const *input, \
                                   descent_error *err)                           \
  {                                                                              \
    return broadcast(node, input, #op, err);                                     \
  }                                                                              \
  static void op##_forward(const dsc_call *c)                                    \
  {                                                                              \
    const lines l = walk(c);                                                     \
    run(c, &l, op##_line, c->y);                                                 \
  }                                                                              \
  static void op##_backward(const dsc_call *c)                                   \
  {                                                                              \
    backward(c, slope_a, slope_b);                                               \
  }                                                                              \
  const dsc_op DSC_R(dsc_op_##op) = {.name = #op,                                \
                                     .formula = text,                            \
                                     .n_inputs = 2,                              \
                                     .flags = DSC_IN_PLACE | (needs),            \
                                     .shape = op##_shape,                        \
                                     .forward = op##_forward,                    \
                                     .backward = op##_backward}
ROW(add, "y = a + b", 0, NULL, NULL);
ROW(sub, "y = a - b", DSC_NEEDS_INPUT, NULL, sub_slope_b);
ROW(mul, "y = a b", DSC_NEEDS_INPUT, mul_slope_a, mul_slope_b);
ROW(div, "y = a / b", DSC_NEEDS_INPUT, div_slope_a, div_slope_b);
ROW(maximum, "y = max(a, b)", DSC_NEEDS_INPUT, maximum_slope_a, maximum_slope_b);
