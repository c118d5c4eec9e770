/* layer_build.c - which graph stands for which kind of golden layer case. */
#include "layer.h"

#include "graph/op.h"
#include "op/registry.h"

#include <string.h>

/* --- nodes ------------------------------------------------------------------------------------ */

static dsc_shape shape_of(const layer_tensor *t, int from)
{
    dsc_shape shape = {.rank = t->rank - from};

    for (int i = 0; i < shape.rank && i < DSC_MAX_RANK; i++)
        shape.size[i] = t->size[i + from];
    return shape;
}

/* An input whose first axis is the batch; -1 when the case has none of that name. */
static dsc_id batched(layer_case *c, const char *name)
{
    layer_tensor *t = layer_find(c, name);

    if (!t)
        return -1;
    t->id =
        dsc_graph_input(c->graph, name, shape_of(t, 1), true, t->integer ? DSC_LABELS : DSC_REALS);
    if (t->gradient)
        dsc_graph_want_gradient(c->graph, t->id);
    return t->id;
}

/* A parameter, or where no gradient is expected an input that all rows share; -1: none. */
static dsc_id shared(layer_case *c, const char *name)
{
    layer_tensor *t = layer_find(c, name);

    if (!t)
        return -1;
    t->id = t->gradient
                ? dsc_graph_parameter(c->graph, name, "weight", shape_of(t, 0), DSC_INIT_ZERO, 0, 0)
                : dsc_graph_input(c->graph, name, shape_of(t, 0), false, DSC_REALS);
    return t->id;
}

/* One attribute of an op, by its name. */
typedef struct named_value {
    const char *name;
    double value;
} named_value;

static int attribute_index(const dsc_op *op, const char *name)
{
    for (int i = 0; i < op->n_attributes; i++)
        if (strcmp(op->attribute[i], name) == 0)
            return i;
    return -1;
}

/* An op with its inputs (those that are -1 at the end are left out) and attributes; attributes
 * that aren't given are 0. */
static dsc_id add_op(layer_case *c, const char *name, int n_inputs, const dsc_id *input,
                     int n_attributes, const named_value *attribute)
{
    const dsc_op *op = dsc_op_find(name, c->type, dsc_level_choose());
    double value[DSC_MAX_ATTRIBUTES] = {0};

    while (n_inputs > 0 && input[n_inputs - 1] < 0)
        n_inputs--;
    for (int i = 0; op && i < n_attributes; i++) {
        const int index = attribute_index(op, attribute[i].name);
        if (index < 0)
            dsc_graph_fail(c->graph, DESCENT_UNKNOWN, "%s has no attribute '%s'", name,
                           attribute[i].name);
        else
            value[index] = attribute[i].value;
    }
    return dsc_graph_op(c->graph, name, n_inputs, input, op ? op->n_attributes : 0, value);
}

/* The same without attributes; -1: no such input. */
static dsc_id plain_op(layer_case *c, const char *name, dsc_id first, dsc_id second, dsc_id third)
{
    const dsc_id input[] = {first, second, third};

    return add_op(c, name, 3, input, 0, NULL);
}

/* A number, or one of a pair [vertical, horizontal]. */
static double pair(const layer_case *c, const char *key, size_t axis, double otherwise)
{
    const json_t *value = json_object_get(c->attrs, key);

    if (json_is_array(value))
        value = json_array_get(value, axis);
    return value && !json_is_null(value) ? golden_number(value) : otherwise;
}

/* --- one function a kind: adds the nodes, returns the one that is compared ----------------------
 */

static dsc_id unary(layer_case *c)
{
    return plain_op(c, golden_string(c->root, "op"), batched(c, "x"), -1, -1);
}

static dsc_id gelu(layer_case *c)
{
    const dsc_id x = batched(c, "x");
    const bool tanh_form = strcmp(golden_string(c->attrs, "approximate"), "tanh") == 0;

    return add_op(c, "gelu", 1, &x, 1, &(named_value){"tanh", tanh_form});
}

static dsc_id linear(layer_case *c)
{
    return plain_op(c, "linear", batched(c, "x"), shared(c, "weight"), shared(c, "bias"));
}

static dsc_id conv(layer_case *c, dsc_id x, dsc_id weight, dsc_id bias, double padding)
{
    const dsc_id input[] = {x, weight, bias};
    const named_value attribute[] = {
        {"stride_h", pair(c, "stride", 0, 1.0)},     {"stride_w", pair(c, "stride", 1, 1.0)},
        {"pad_h", pair(c, "padding", 0, padding)},   {"pad_w", pair(c, "padding", 1, padding)},
        {"dilation_h", pair(c, "dilation", 0, 1.0)}, {"dilation_w", pair(c, "dilation", 1, 1.0)},
        {"groups", pair(c, "groups", 0, 1.0)}};

    return add_op(c, "conv", 3, input, sizeof attribute / sizeof *attribute, attribute);
}

static dsc_id conv2d(layer_case *c)
{
    return conv(c, batched(c, "x"), shared(c, "weight"), shared(c, "bias"), 0.0);
}

static dsc_id pool(layer_case *c, const char *op, dsc_id x, double size)
{
    const named_value attribute[] = {{"kernel_h", pair(c, "kernel_size", 0, size)},
                                     {"kernel_w", pair(c, "kernel_size", 1, size)},
                                     {"stride_h", pair(c, "stride", 0, size)},
                                     {"stride_w", pair(c, "stride", 1, size)},
                                     {"pad_h", pair(c, "padding", 0, 0.0)},
                                     {"pad_w", pair(c, "padding", 1, 0.0)},
                                     {"dilation_h", pair(c, "dilation", 0, 1.0)},
                                     {"dilation_w", pair(c, "dilation", 1, 1.0)},
                                     {"ceil", pair(c, "ceil_mode", 0, 0.0)},
                                     {"count_pad", pair(c, "count_include_pad", 0, 1.0)}};

    return add_op(c, op, 1, &x, sizeof attribute / sizeof *attribute, attribute);
}

static dsc_id pool2d(layer_case *c)
{
    const bool max = strcmp(golden_string(c->root, "op"), "max_pool2d") == 0;

    return pool(c, max ? "max_pool" : "avg_pool", batched(c, "x"), 1.0);
}

/* A statistic with the case's own values, or one nobody compares. */
static dsc_id buffer(layer_case *c, const char *name, int channels, double initial)
{
    layer_tensor *t = layer_find(c, name);
    const dsc_id id = dsc_graph_buffer(c->graph, name, (dsc_shape){1, {channels}}, initial,
                                       golden_get(c->attrs, "momentum", 0.1));

    if (t)
        t->id = id;
    return id;
}

static dsc_id normalize(layer_case *c, dsc_id x, int channels, dsc_id weight, dsc_id bias)
{
    const dsc_id input[] = {x, buffer(c, "running_mean", channels, 0.0),
                            buffer(c, "running_var", channels, 1.0), weight, bias};

    return add_op(c, "batch_norm", 5, input, 1,
                  &(named_value){"eps", golden_get(c->attrs, "eps", 1e-5)});
}

static dsc_id batch_norm(layer_case *c)
{
    const dsc_id x = batched(c, "x");

    c->training = json_is_true(json_object_get(c->attrs, "training"));
    return normalize(c, x, layer_find(c, "x")->size[1], shared(c, "weight"), shared(c, "bias"));
}

static dsc_id cross_entropy_of(layer_case *c, dsc_id x, const char *reduction)
{
    const dsc_id input[] = {x, batched(c, "target"), shared(c, "weight")};
    const named_value attribute[] = {
        {"label_smoothing", golden_get(c->attrs, "label_smoothing", 0.0)},
        {"ignore_index", golden_get(c->attrs, "ignore_index", -100.0)}};

    c->reduction = reduction;
    return add_op(c, "cross_entropy", 3, input, 2, attribute);
}

static dsc_id cross_entropy(layer_case *c)
{
    return cross_entropy_of(c, batched(c, "x"), golden_string(c->attrs, "reduction"));
}

static dsc_id mse_loss(layer_case *c)
{
    c->reduction = golden_string(c->attrs, "reduction");
    return plain_op(c, "mse", batched(c, "x"), batched(c, "target"), -1);
}

static dsc_id bce_with_logits(layer_case *c)
{
    dsc_id input[4] = {batched(c, "x"), batched(c, "target")};
    int n = 2;
    const bool weight = layer_find(c, "weight"), positive = layer_find(c, "pos_weight");
    const named_value attribute[] = {{"has_weight", weight}, {"has_pos_weight", positive}};

    c->reduction = golden_string(c->attrs, "reduction");
    if (weight)
        input[n++] = batched(c, "weight");
    if (positive)
        input[n++] = shared(c, "pos_weight");
    return add_op(c, "bce_with_logits", n, input, 2, attribute);
}

static dsc_id add(layer_case *c)
{
    return plain_op(c, "add", batched(c, "a"), batched(c, "b"), -1);
}

/* Flatten gives another shape than the case, but the same numbers in the same order. */
static dsc_id reshape(layer_case *c)
{
    return plain_op(c, "flatten", batched(c, "x"), -1, -1);
}

static dsc_id residual(layer_case *c)
{
    const dsc_id x = batched(c, "x");
    const dsc_id h = plain_op(c, "linear", x, shared(c, "weight"), shared(c, "bias"));

    return plain_op(c, "add", x, plain_op(c, "relu", h, -1, -1), -1);
}

static dsc_id small_cnn(layer_case *c)
{
    dsc_id h = conv(c, batched(c, "x"), shared(c, "cw"), shared(c, "cb"), 1.0);

    c->training = true;
    h = normalize(c, h, layer_find(c, "bw")->size[0], shared(c, "bw"), shared(c, "bb"));
    h = pool(c, "max_pool", plain_op(c, "relu", h, -1, -1), 2.0);
    h = plain_op(c, "flatten", h, -1, -1);
    h = plain_op(c, "linear", h, shared(c, "fw"), shared(c, "fb"));
    return cross_entropy_of(c, h, "mean");
}

/* Inputs of the same shape: the only form of add that is built. */
static bool adds_alike(layer_case *c)
{
    const layer_tensor *a = layer_find(c, "a"), *b = layer_find(c, "b");

    return dsc_shape_equal(shape_of(a, 0), shape_of(b, 0));
}

golden_outcome layer_build(layer_case *c, golden_note *note)
{
    static const struct {
        const char *kind;
        dsc_id (*build)(layer_case *);
    } table[] = {
        {"relu", unary},
        {"tanh", unary},
        {"sigmoid", unary},
        {"gelu", gelu},
        {"linear", linear},
        {"conv2d", conv2d},
        {"max_pool2d", pool2d},
        {"avg_pool2d", pool2d},
        {"batch_norm", batch_norm},
        {"cross_entropy", cross_entropy},
        {"mse_loss", mse_loss},
        {"bce_with_logits", bce_with_logits},
        {"add", add},
        {"reshape", reshape},
        {"residual", residual},
        {"small_cnn", small_cnn},
    };
    const char *kind = golden_string(c->root, "op");

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strcmp(table[i].kind, kind) != 0)
            continue;
        if (table[i].build == add && !adds_alike(c))
            return golden_say(note, GOLDEN_SKIPPED, "add of different shapes is not built");
        c->y = table[i].build(c);
        return GOLDEN_PASSED;
    }
    return golden_say(note, GOLDEN_SKIPPED, "%s is not built", kind);
}
