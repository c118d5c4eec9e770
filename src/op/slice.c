/* slice.c - a part of an array, and its opposite, an array with a margin.
 *
 *     slice: y = x[start:stop:step] along every axis; step 0 is the whole axis
 *     pad:   y is x with `before` and `after` more numbers along every axis, of one value; where
 *            those are negative, x is cut */
#include "base/real.h"
#include "op/box.h"

#include <math.h>

enum { START, STOP, STEP, PER_AXIS };
static const char *const slice_attributes[PER_AXIS * DSC_MAX_RANK] = {
    "start0", "stop0", "step0", "start1", "stop1", "step1",
    "start2", "stop2", "step2", "start3", "stop3", "step3"};
enum { BEFORE, AFTER, SIDES, VALUE = SIDES * DSC_MAX_RANK, N_PAD };
static const char *const pad_attributes[N_PAD] = {
    "before0", "after0", "before1", "after1", "before2", "after2", "before3", "after3", "value"};

static descent_status slice_shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const dsc_shape x = input[0]->shape;

    node->shape = x;
    node->batched = input[0]->batched;
    for (int i = 0; i < x.rank; i++) {
        const double *a = node->attribute + (size_t)i * PER_AXIS;
        if (a[STEP] == 0)
            continue;
        if (!(a[STEP] >= 1 && a[START] >= 0 && a[START] < a[STOP] && a[STOP] <= x.size[i]))
            return dsc_fail(err, DESCENT_SHAPE,
                            "slice: %g to %g by %g along axis %d, must be a part of 0 to %d",
                            a[START], a[STOP], a[STEP], i, x.size[i]);
        node->shape.size[i] = (int)ceil((a[STOP] - a[START]) / a[STEP]);
    }
    return DESCENT_OK;
}

static descent_status pad_shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    const dsc_shape x = input[0]->shape;

    node->shape = x;
    node->batched = input[0]->batched;
    for (int i = 0; i < x.rank; i++) {
        const double *a = node->attribute + (size_t)i * SIDES;
        const double size = x.size[i] + a[BEFORE] + a[AFTER];
        if (!(size >= 1 && size < INT32_MAX && a[BEFORE] > -x.size[i] && a[AFTER] > -x.size[i]))
            return dsc_fail(err, DESCENT_SHAPE,
                            "pad: %g before and %g after leave nothing of %d along axis %d",
                            a[BEFORE], a[AFTER], x.size[i], i);
        node->shape.size[i] = (int)size;
    }
    return DESCENT_OK;
}

/* What x and y share, with x's steps in `from`, and where it begins in either. */
typedef struct part {
    box box;
    size_t in_x, in_y;
} part;

static part slice_part(const dsc_call *c)
{
    size_t size[BOX_AXES];
    part p = {.in_x = 0};
    const int rank = c->node->shape.rank;

    box_array(c, c->from[0], size, p.box.from);
    box_array(c, c->node, p.box.size, p.box.to);
    for (int i = 0; i < rank; i++) {
        const double *a = c->node->attribute + (size_t)i * PER_AXIS;
        if (a[STEP] == 0)
            continue;
        p.in_x += (size_t)a[START] * p.box.from[box_axis(rank, i)];
        p.box.from[box_axis(rank, i)] *= (size_t)a[STEP];
    }
    return p;
}

static part pad_part(const dsc_call *c)
{
    size_t y_size[BOX_AXES];
    part p = {.in_x = 0};
    const int rank = c->node->shape.rank;

    box_array(c, c->from[0], p.box.size, p.box.from);
    box_array(c, c->node, y_size, p.box.to);
    for (int i = 0; i < rank; i++) {
        const double before = c->node->attribute[SIDES * i + BEFORE];
        const double after = c->node->attribute[SIDES * i + AFTER];
        const int axis = box_axis(rank, i);
        p.in_y += before > 0 ? (size_t)before * p.box.to[axis] : 0;
        p.in_x += before < 0 ? (size_t)-before * p.box.from[axis] : 0;
        p.box.size[axis] -= (before < 0 ? (size_t)-before : 0) + (after < 0 ? (size_t)-after : 0);
    }
    return p;
}

static void x_to_y(const dsc_call *c, const part *p)
{
    box_copy(&p->box, (const real *)c->x[0] + p->in_x, (real *)c->y + p->in_y);
}

/* What y has nothing of has no gradient. */
static void dy_to_dx(const dsc_call *c, const part *p)
{
    box back = p->box;

    memcpy(back.from, p->box.to, sizeof back.from);
    memcpy(back.to, p->box.from, sizeof back.to);
    memset(c->dx[0], 0, elements(c, c->from[0]) * sizeof(real));
    box_copy(&back, (const real *)c->dy + p->in_y, (real *)c->dx[0] + p->in_x);
}

static void slice_forward(const dsc_call *c)
{
    const part p = slice_part(c);

    x_to_y(c, &p);
}

static void slice_backward(const dsc_call *c)
{
    const part p = slice_part(c);

    dy_to_dx(c, &p);
}

static void pad_forward(const dsc_call *c)
{
    const part p = pad_part(c);
    const size_t n = elements(c, c->node);
    real *y = c->y;

    for (size_t i = 0; i < n; i++)
        y[i] = (real)c->node->attribute[VALUE];
    x_to_y(c, &p);
}

static void pad_backward(const dsc_call *c)
{
    const part p = pad_part(c);

    dy_to_dx(c, &p);
}

const dsc_op DSC_R(dsc_op_slice) = {
    .name = "slice",
    .formula = "y = x[start:stop:step]",
    .attribute = slice_attributes,
    .n_attributes = PER_AXIS * DSC_MAX_RANK,
    .n_inputs = 1,
    .shape = slice_shape,
    .forward = slice_forward,
    .backward = slice_backward,
};
const dsc_op DSC_R(dsc_op_pad) = {
    .name = "pad",
    .formula = "y = x with a margin of one value",
    .attribute = pad_attributes,
    .n_attributes = N_PAD,
    .n_inputs = 1,
    .shape = pad_shape,
    .forward = pad_forward,
    .backward = pad_backward,
};
