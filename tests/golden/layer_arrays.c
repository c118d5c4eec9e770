/* layer_arrays.c - cases that look across an array: sums, shapes, softmax, products of matrices. An
 * axis that is not the first one belongs to an example; else the whole array is one example. */
#include "layer_build.h"

#include <stdlib.h>
#include <string.h>

/* The input "x" for work along `axis`; *shift is what the axes of an example are less than the
 * array's. */
static dsc_id x_beside(layer_case *c, bool first_axis_free, int *shift)
{
    *shift = first_axis_free ? 1 : 0;
    return first_axis_free ? layer_batched(c, "x") : layer_whole(c, "x");
}

static int rank_of(layer_case *c, const char *name)
{
    const layer_tensor *t = layer_find(c, name);

    return t ? t->rank : 0;
}

/* Axis sets: null, a number or a list. 0: all. */
static unsigned axes_of(layer_case *c, int rank)
{
    const json_t *dim = json_object_get(c->attrs, "dim"), *item;
    unsigned axes = 0;
    size_t i;

    if (json_is_integer(dim))
        return 1u << layer_axis(dim, rank);
    json_array_foreach(dim, i, item) axes |= 1u << layer_axis(item, rank);
    return axes;
}

static dsc_id reduce(layer_case *c)
{
    const unsigned axes = axes_of(c, rank_of(c, "x"));
    int shift;
    const dsc_id x = x_beside(c, axes != 0 && !(axes & 1), &shift);
    const layer_attribute attribute[] = {
        {"axes", (double)(axes >> shift)},
        {"keepdim", json_is_true(json_object_get(c->attrs, "keepdim"))},
        {"unbiased", json_is_true(json_object_get(c->attrs, "unbiased"))}};
    const char *op = golden_string(c->root, "op");

    return layer_op(c, op, 1, &x, strcmp(op, "var") == 0 ? 3 : 2, attribute);
}

static dsc_id softmax(layer_case *c)
{
    const int axis = layer_axis(json_object_get(c->attrs, "dim"), rank_of(c, "x"));
    int shift;
    const dsc_id x = x_beside(c, axis > 0, &shift);

    return layer_op(c, golden_string(c->root, "op"), 1, &x, 1,
                    &(layer_attribute){"axis", axis - shift});
}

/* concat and stack: inputs x0, x1, ... */
static dsc_id join(layer_case *c)
{
    const char *op = golden_string(c->root, "op");
    const bool stack = strcmp(op, "stack") == 0;
    const int axis = layer_axis(json_object_get(c->attrs, "dim"), rank_of(c, "x0") + stack);
    dsc_id input[DSC_MAX_INPUTS];
    int n = 0;

    for (; n < c->n_tensors && n < DSC_MAX_INPUTS; n++)
        input[n] =
            axis > 0 ? layer_batched(c, c->tensor[n].name) : layer_whole(c, c->tensor[n].name);
    return layer_op(c, op, n, input, 1, &(layer_attribute){"axis", axis - (axis > 0)});
}

/* dims: the whole order (permute), or two axes to exchange (transpose). */
static dsc_id permute(layer_case *c)
{
    static const char *const name[] = {"axis0", "axis1", "axis2", "axis3"};
    const json_t *dims = json_object_get(c->attrs, "dims");
    const int rank = rank_of(c, "x");
    int order[LAYER_RANK], shift;
    layer_attribute attribute[4];

    for (int i = 0; i < rank; i++)
        order[i] = i;
    if (strcmp(golden_string(c->root, "op"), "transpose") == 0) {
        const int p = layer_axis(json_array_get(dims, 0), rank);
        const int q = layer_axis(json_array_get(dims, 1), rank);
        order[p] = q;
        order[q] = p;
    } else {
        for (int i = 0; i < rank; i++)
            order[i] = layer_axis(json_array_get(dims, (size_t)i), rank);
    }
    const dsc_id x = x_beside(c, order[0] == 0 && rank > 1, &shift);
    for (int i = shift; i < rank; i++)
        attribute[i - shift] = (layer_attribute){name[i - shift], order[i] - shift};
    return layer_op(c, "permute", 1, &x, rank - shift, attribute);
}

/* reshape and expand: the wanted shape; -1 in it stands for what remains. */
static dsc_id to_shape(layer_case *c)
{
    static const char *const name[] = {"size0", "size1", "size2", "size3"};
    const json_t *shape = json_object_get(c->attrs, "shape");
    const dsc_id x = layer_whole(c, "x");
    const size_t rank = json_array_size(shape);
    layer_attribute attribute[5] = {{"rank", (double)rank}};
    double known = 1;

    for (size_t i = 0; i < rank && i < 4; i++) {
        const double size = golden_number(json_array_get(shape, i));
        attribute[i + 1] = (layer_attribute){name[i], size};
        known *= size > 0 ? size : 1;
    }
    for (size_t i = 1; i <= rank && i <= 4; i++)
        if (attribute[i].value < 0)
            attribute[i].value = (double)layer_find(c, "x")->n / known;
    return layer_op(c, golden_string(c->root, "op"), 1, &x, (int)rank + 1, attribute);
}

static dsc_id slice(layer_case *c)
{
    static const char *const name[] = {"start0", "stop0", "step0", "start1", "stop1", "step1",
                                       "start2", "stop2", "step2", "start3", "stop3", "step3"};
    const json_t *slices = json_object_get(c->attrs, "slices");
    const dsc_id x = layer_whole(c, "x");
    layer_attribute attribute[12];
    int n = 0;

    for (; n < 3 * (int)json_array_size(slices) && n < 12; n++) {
        const json_t *one = json_array_get(slices, (size_t)n / 3);
        attribute[n] =
            (layer_attribute){name[n], golden_number(json_array_get(one, (size_t)n % 3))};
    }
    return layer_op(c, "slice", 1, &x, n, attribute);
}

/* pad: pairs of before and after, the last axis first. */
static dsc_id pad(layer_case *c)
{
    static const char *const name[] = {"before0", "after0", "before1", "after1",
                                       "before2", "after2", "before3", "after3"};
    const json_t *sides = json_object_get(c->attrs, "pad");
    const int n = (int)json_array_size(sides), rank = rank_of(c, "x");
    int shift, used = 0;
    const dsc_id x = x_beside(c, n / 2 < rank, &shift);
    layer_attribute attribute[9];

    for (int i = 0; i < n && used < 8; i++) {
        const int at = 2 * (rank - shift - 1 - i / 2) + i % 2;
        attribute[used++] =
            (layer_attribute){name[at], golden_number(json_array_get(sides, (size_t)i))};
    }
    attribute[used++] = (layer_attribute){"value", golden_get(c->attrs, "value", 0)};
    return layer_op(c, "pad", 1, &x, used, attribute);
}

/* The index is a constant of the case; for the graph it is an input. */
static dsc_id index_select(layer_case *c)
{
    const json_t *index = json_object_get(c->attrs, "index");
    const int axis = layer_axis(json_object_get(c->attrs, "dim"), rank_of(c, "x"));
    int shift;

    if (!layer_find(c, "index") && c->n_tensors < LAYER_TENSORS) {
        layer_tensor *t = &c->tensor[c->n_tensors++];
        *t = (layer_tensor){.name = "index", .rank = 1, .integer = true, .id = -1};
        t->data = golden_array(index, &t->n);
        t->size[0] = (int)t->n;
    }
    const dsc_id x = x_beside(c, axis > 0, &shift);
    const dsc_id input[] = {x, layer_whole(c, "index")};
    return layer_op(c, "index_select", 2, input, 1, &(layer_attribute){"axis", axis - shift});
}

static dsc_id matmul(layer_case *c)
{
    const layer_tensor *a = layer_find(c, "a"), *b = layer_find(c, "b");
    const bool batch = a && b && a->rank > 2 && a->rank == b->rank && a->size[0] == b->size[0];

    return batch ? layer_plain(c, "matmul", layer_batched(c, "a"), layer_batched(c, "b"), -1)
                 : layer_plain(c, "matmul", layer_whole(c, "a"), layer_whole(c, "b"), -1);
}

const layer_map layer_arrays[] = {
    {"sum", reduce, NULL},
    {"mean", reduce, NULL},
    {"var", reduce, NULL},
    {"max_reduce", reduce, NULL},
    {"logsumexp", reduce, NULL},
    {"softmax", softmax, NULL},
    {"log_softmax", softmax, NULL},
    {"concat", join, NULL},
    {"stack", join, NULL},
    {"permute", permute, NULL},
    {"transpose", permute, NULL},
    {"reshape", to_shape, NULL},
    {"expand", to_shape, NULL},
    {"slice", slice, NULL},
    {"pad", pad, NULL},
    {"index_select", index_select, NULL},
    {"matmul", matmul, NULL},
    {0},
};
