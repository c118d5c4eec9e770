/* cross_entropy.c - softmax and its negative log-likelihood in one.
 *
 *     y = -sum_c a_c log softmax(x)_c      over the classes c of a position
 *     dx_j = dy (softmax(x)_j sum_c a_c - a_j)
 *
 * Inputs: x (rows, classes, ...), or with class_last (rows, ..., classes); target: labels, one a
 * position, or probabilities like x; and weights of the classes (classes) or none. With
 * s = label_smoothing and class weights v:
 *     labels t:          a_c = (1 - s) v_t [c = t] + s v_c / classes, 0 where t = ignore_index
 *     probabilities p:   a_c = v_c ((1 - s) p_c + s / classes)
 * The batch's mean divides by the sum of v_t over the labels that are not ignored. Targets and
 * weights are constants: no gradient reaches them.
 *
 * A language model's x is its largest array by far. So forward keeps only two numbers a position,
 * and backward takes exp once more and may write dx over x. */
#include "base/real.h"
#include "op/class_loss.h"
#include "op/class_sums.h"
#include "op/parts.h"

enum { LABEL_SMOOTHING, IGNORE_INDEX, CLASS_LAST, N_ATTRIBUTES };
static const char *const attributes[N_ATTRIBUTES] = {"label_smoothing", "ignore_index",
                                                     "class_last"};

/* What forward keeps of a position: softmax(x)_c = exp(x_c - largest) * inverse. */
typedef struct kept {
    real largest, inverse;
} kept;

static descent_status shape(dsc_node *node, const dsc_node *const *input, descent_error *err)
{
    DSC_TRY(class_shape(node, input, node->attribute[CLASS_LAST] != 0, err));
    node->keep_bytes = (size_t)node->max_rows * dsc_shape_count(node->shape) * sizeof(kept);
    return DESCENT_OK;
}

/* One position: its numbers, and what a_c is made of. */
typedef struct position {
    const real *x, *probability; /* class c at c * stride; probability NULL: labels */
    const real *weight;          /* of the classes, or NULL */
    size_t classes, stride;
    int32_t label;   /* -1: ignored */
    real extra;      /* a_label has this much more than the others */
    real even, keep; /* a_c = v_c (even + keep p_c) but for that */
} position;

static position position_at(const dsc_call *c, class_sizes z, size_t i)
{
    const real smooth = (real)c->node->attribute[LABEL_SMOOTHING];
    position p = {.x = (const real *)c->x[X] + class_begin(z, i),
                  .weight = class_weights(c),
                  .classes = z.classes,
                  .stride = z.stride,
                  .label = -1,
                  .even = smooth / (real)z.classes};

    if (c->from[TARGET]->element != DSC_LABELS) {
        p.probability = (const real *)c->x[TARGET] + class_begin(z, i);
        p.keep = 1 - smooth;
        return p;
    }
    p.label = label_at(c, z, i, c->node->attribute[IGNORE_INDEX]);
    if (p.label >= 0)
        p.extra = (1 - smooth) * class_weight(c, p.label);
    return p;
}

static inline bool ignored(const position *p)
{
    return p->label < 0 && !p->probability;
}

/* Whether only a_label is not 0. */
static inline bool single(const position *p)
{
    return !p->probability && p->even == 0;
}

/* a_c without the label's extra */
static inline real share(position p, size_t c, size_t stride)
{
    const real v = p.weight ? p.weight[c] : 1;

    return p.probability ? v * (p.even + p.keep * p.probability[c * stride]) : v * p.even;
}

/* --- over the classes of one position --------------------------------------------------------- */

static inline double sum_of_exp(position p, size_t stride, real largest)
{
    const real *x = p.x;
    double sum = 0;

    if (p.classes <= LANES && stride == 1) {
        real e[LANES];
        exp_of_few(x, p.classes, largest, e);
        return sum_of(e);
    }
    SUM_OVER_CLASSES(sum, p.classes, real_exp(x[k * stride] - largest));
    return sum;
}

/* NaN is passed over; it comes back from exp. */
static inline real largest_of(position p, size_t stride)
{
    real lane[LANES], largest = p.x[0];
    size_t c = 0;

    for (int j = 0; j < LANES; j++)
        lane[j] = largest;
    for (; c + LANES <= p.classes; c += LANES)
        for (size_t j = 0; j < LANES; j++) {
            const real x = p.x[(c + j) * stride];
            lane[j] = x > lane[j] ? x : lane[j];
        }
    for (size_t j = 0; c < p.classes; c++, j++)
        lane[j] = p.x[c * stride] > lane[j] ? p.x[c * stride] : lane[j];
    for (int j = 0; j < LANES; j++)
        largest = lane[j] > largest ? lane[j] : largest;
    return largest;
}

/* The loss at one position. Subtracting the largest x keeps exp in range, and every term of the
 * loss is exact for large x. */
static inline real loss_at(position p, size_t stride, kept *keep)
{
    const real *x = p.x, largest = largest_of(p, stride);
    const double sum = sum_of_exp(p, stride, largest);
    double loss = 0;

    const real log_sum = (real)log(sum);
    *keep = (kept){largest, (real)(1 / sum)};
    if (ignored(&p))
        return 0;
    if (!single(&p)) {
        SUM_OVER_CLASSES(loss, p.classes,
                         share(p, k, stride) == 0
                             ? 0
                             : share(p, k, stride) * (log_sum - (x[k * stride] - largest)));
    }
    if (p.label >= 0 && p.extra != 0)
        loss += (double)(p.extra * (log_sum - (x[(size_t)p.label * stride] - largest)));
    return (real)loss;
}

/* dx <- scale exp(x - largest) */
static inline void exp_times(position p, size_t stride, real largest, real scale, real *dx)
{
    const real *x = p.x;

    if (p.classes <= LANES && stride == 1) {
        real e[LANES];
        exp_of_few(x, p.classes, largest, e);
        for (size_t c = 0; c < p.classes; c++)
            dx[c] = scale * e[c];
        return;
    }
    DSC_INDEPENDENT
    for (size_t c = 0; c < p.classes; c++)
        dx[c * stride] = scale * real_exp(x[c * stride] - largest);
}

/* dx may be x. */
static inline void gradient_at(position p, size_t stride, kept keep, real dy, real *dx)
{
    double total = (double)p.extra;

    if (ignored(&p)) {
        for (size_t c = 0; c < p.classes; c++)
            dx[c * stride] = 0;
        return;
    }
    if (!single(&p))
        SUM_OVER_CLASSES(total, p.classes, share(p, k, stride));
    const real scale = dy * (real)total * keep.inverse;
    exp_times(p, stride, keep.largest, scale, dx);
    for (size_t c = 0; !single(&p) && c < p.classes; c++)
        dx[c * stride] -= dy * share(p, c, stride);
    if (p.label >= 0)
        dx[(size_t)p.label * stride] -= dy * p.extra;
}

/* --- over the positions, in parts ------------------------------------------------------------- */

typedef struct work {
    const dsc_call *call;
    class_sizes z;
    int parts;
} work;

static work work_of(const dsc_call *c)
{
    const class_sizes z = class_sizes_of(c, c->node->attribute[CLASS_LAST] != 0);
    const double cost = (double)z.positions * (double)z.classes;

    return (work){.call = c, .z = z, .parts = parts_worth(cost, 16384)};
}

static void forward_part(int part, void *user)
{
    const work *w = user;
    const dsc_call *c = w->call;
    const size_t end = part_begin(w->z.positions, w->parts, part + 1, 1);
    kept *keep = c->keep;
    real *y = c->y;

    for (size_t i = part_begin(w->z.positions, w->parts, part, 1); i < end; i++) {
        const position p = position_at(c, w->z, i);
        /* the first is the second with its inner loops made for it */
        y[i] = p.stride == 1 ? loss_at(p, 1, &keep[i]) : loss_at(p, p.stride, &keep[i]);
    }
}

static void forward(const dsc_call *c)
{
    work w = work_of(c);

    for_parts(c, w.parts, forward_part, &w);
}

static void backward_part(int part, void *user)
{
    const work *w = user;
    const dsc_call *c = w->call;
    const size_t end = part_begin(w->z.positions, w->parts, part + 1, 1);
    const kept *keep = c->keep;
    const real *dy = c->dy;

    for (size_t i = part_begin(w->z.positions, w->parts, part, 1); i < end; i++) {
        const position p = position_at(c, w->z, i);
        real *dx = (real *)c->dx[X] + class_begin(w->z, i);
        if (p.stride == 1)
            gradient_at(p, 1, keep[i], dy[i], dx);
        else
            gradient_at(p, p.stride, keep[i], dy[i], dx);
    }
}

static void backward(const dsc_call *c)
{
    work w = work_of(c);

    no_gradient(c, TARGET);
    if (c->dx[X])
        for_parts(c, w.parts, backward_part, &w);
}

static double loss_weight(const dsc_call *c)
{
    const class_sizes z = class_sizes_of(c, c->node->attribute[CLASS_LAST] != 0);

    if (c->from[TARGET]->element != DSC_LABELS)
        return (double)z.positions;
    return label_weights(c, z, c->node->attribute[IGNORE_INDEX]);
}

const dsc_op DSC_R(dsc_op_cross_entropy) = {
    .name = "cross_entropy",
    .formula = "y = -log softmax(x)[target]",
    .attribute = attributes,
    .n_attributes = N_ATTRIBUTES,
    .n_inputs = -1,
    .flags = DSC_NEEDS_INPUT | DSC_LOSS | DSC_OVER_INPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
    .loss_weight = loss_weight,
};
