/* reshape.c - the numbers of an example under another shape: reshape 1x28x28. */
#include "layer/layer.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

enum { SHAPE, N_PARAMS };
static const descent_param params[N_PARAMS] = {
    [SHAPE] = {"shape", (double)NAN, 0, 0, "1 to 4 sizes, such as 1x28x28", DESCENT_TEXT, NULL},
};

/* "1x28x28"; false when the text is no shape. */
static bool read_shape(const char *text, dsc_shape *shape)
{
    shape->rank = 0;
    while (shape->rank < DSC_MAX_RANK && *text >= '0' && *text <= '9') {
        char *end;
        const long size = strtol(text, &end, 10);
        if (size < 1 || size > INT_MAX)
            return false;
        shape->size[shape->rank++] = (int)size;
        if (*end == '\0')
            return dsc_shape_valid(*shape);
        if (*end != 'x')
            return false;
        text = end + 1;
    }
    return false;
}

static dsc_id add(dsc_graph *graph, dsc_id x, const dsc_value *values, const dsc_layer_scope *scope)
{
    const dsc_node *from = dsc_graph_node(graph, x);
    double attribute[DSC_MAX_RANK + 1] = {0};
    dsc_shape shape;
    char is[48];

    (void)scope;
    if (!from)
        return -1;
    if (!read_shape(values[SHAPE].text, &shape)) {
        dsc_graph_fail(graph, DESCENT_INVALID,
                       "reshape: shape = '%s', must be 1 to 4 sizes such as 1x28x28",
                       values[SHAPE].text);
        return -1;
    }
    if (dsc_shape_count(shape) != dsc_shape_count(from->shape)) {
        dsc_graph_fail(graph, DESCENT_SHAPE, "reshape: %s holds %zu numbers, the input is %s",
                       values[SHAPE].text, dsc_shape_count(shape),
                       dsc_shape_words(from->shape, is));
        return -1;
    }
    attribute[0] = shape.rank;
    for (int i = 0; i < shape.rank; i++)
        attribute[i + 1] = shape.size[i];
    return dsc_graph_op(graph, "reshape", 1, &x, DSC_MAX_RANK + 1, attribute);
}

const dsc_layer dsc_layer_reshape = {
    .info = {.name = "reshape",
             .summary = "the numbers of an example under another shape: reshape 1x28x28",
             .params = params,
             .n_params = N_PARAMS,
             .n_positional = 1},
    .add = add,
};
