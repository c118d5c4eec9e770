/* convolution.c - what the layers share whose weights slide over a picture or a sequence. */
#include "layer/convolution.h"

#include <limits.h>
#include <stdio.h>

static const dsc_node *input_of(dsc_graph *graph, dsc_id x, const char *layer, int rank,
                                const char *needs)
{
    const dsc_node *from = dsc_graph_node(graph, x);
    char found[48];

    if (!from || from->shape.rank == rank)
        return from;
    dsc_graph_fail(graph, DESCENT_SHAPE, "%s needs %s, found %s", layer, needs,
                   dsc_shape_words(from->shape, found));
    return NULL;
}

const dsc_node *dsc_convolution_picture(dsc_graph *graph, dsc_id x, const char *layer)
{
    return input_of(graph, x, layer, 3, "pictures (channels x height x width)");
}

const dsc_node *dsc_convolution_sequence(dsc_graph *graph, dsc_id x, const char *layer)
{
    return input_of(graph, x, layer, 2, "sequences (channels x length)");
}

/* That groups divide both sides, and that the weights can be counted. */
static bool fits(dsc_graph *graph, const dsc_convolution *c)
{
    const int64_t window = (int64_t)(c->height > 0 ? c->height : 1) * c->width;
    char size[32];

    if (c->channels % c->groups != 0 || c->filters % c->groups != 0) {
        dsc_graph_fail(graph, DESCENT_SHAPE,
                       "%s: groups=%d must divide both %d channels and %d filters", c->op,
                       c->groups, c->channels, c->filters);
        return false;
    }
    if (c->channels / c->groups * window <= INT_MAX && c->filters * window <= INT_MAX)
        return true;
    if (c->height > 0)
        snprintf(size, sizeof size, "%dx%d", c->height, c->width);
    else
        snprintf(size, sizeof size, "%d", c->width);
    dsc_graph_fail(graph, DESCENT_SHAPE,
                   "%s: %d filters of %s over %d channels have more than 2^31 - 1 weights", c->op,
                   c->filters, size, c->channels / c->groups);
    return false;
}

static dsc_shape weight_shape(const dsc_convolution *c)
{
    const int first = c->transposed ? c->channels : c->filters;
    const int second = (c->transposed ? c->filters : c->channels) / c->groups;

    return c->height > 0 ? (dsc_shape){4, {first, second, c->height, c->width}}
                         : (dsc_shape){3, {first, second, c->width}};
}

dsc_id dsc_convolution_add(dsc_graph *graph, dsc_id x, const dsc_convolution *c,
                           const dsc_layer_scope *scope)
{
    char name[64];

    if (!fits(graph, c))
        return -1;
    const double window = (double)(c->height > 0 ? c->height : 1) * c->width * c->windows;
    const int channels = c->channels / c->groups, filters = c->filters / c->groups;
    const double in = channels * window, out = filters * window;
    const int fan_in = in > 1 ? (int)in : 1, fan_out = out > 1 ? (int)out : 1;
    snprintf(name, sizeof name, "%s.weight", scope->path);
    const dsc_id weight =
        dsc_graph_parameter(graph, name, "weight", weight_shape(c), c->first.init, fan_in, fan_out);
    dsc_graph_gain(graph, weight, c->first.gain);
    snprintf(name, sizeof name, "%s.bias", scope->path);
    const dsc_id bias =
        c->bias ? dsc_init_bias(graph, name, c->filters, c->bias_init, fan_in, fan_out) : -1;
    return dsc_graph_op(graph, c->op, c->bias ? 3 : 2, (dsc_id[]){x, weight, bias}, c->n_attributes,
                        c->attribute);
}
