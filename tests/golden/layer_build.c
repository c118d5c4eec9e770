/* layer_build.c - which graph stands for which kind of golden layer case. */
#include "layer_build.h"

#include "graph/op.h"
#include "op/registry.h"

#include <string.h>

dsc_shape layer_shape(const layer_tensor *t, int from)
{
    dsc_shape shape = {.rank = t->rank - from};

    for (int i = 0; i < shape.rank && i < DSC_MAX_RANK; i++)
        shape.size[i] = t->size[i + from];
    return shape;
}

dsc_id layer_batched(layer_case *c, const char *name)
{
    layer_tensor *t = layer_find(c, name);

    if (!t)
        return -1;
    t->id = dsc_graph_input(c->graph, name, layer_shape(t, 1), true,
                            t->integer ? DSC_LABELS : DSC_REALS);
    if (t->gradient)
        dsc_graph_want_gradient(c->graph, t->id);
    return t->id;
}

dsc_id layer_whole(layer_case *c, const char *name)
{
    layer_tensor *t = layer_find(c, name);

    if (!t)
        return -1;
    t->id = dsc_graph_input(c->graph, name, layer_shape(t, 0), false,
                            t->integer ? DSC_LABELS : DSC_REALS);
    if (t->gradient)
        dsc_graph_want_gradient(c->graph, t->id);
    return t->id;
}

dsc_id layer_shared(layer_case *c, const char *name)
{
    layer_tensor *t = layer_find(c, name);

    if (!t)
        return -1;
    t->id = t->gradient ? dsc_graph_parameter(c->graph, name, "weight", layer_shape(t, 0),
                                              DSC_INIT_ZERO, 0, 0)
                        : dsc_graph_input(c->graph, name, layer_shape(t, 0), false, DSC_REALS);
    return t->id;
}

static int attribute_index(const dsc_op *op, const char *name)
{
    for (int i = 0; i < op->n_attributes; i++)
        if (strcmp(op->attribute[i], name) == 0)
            return i;
    return -1;
}

dsc_id layer_op(layer_case *c, const char *name, int n_inputs, const dsc_id *input,
                int n_attributes, const layer_attribute *attribute)
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

dsc_id layer_plain(layer_case *c, const char *name, dsc_id first, dsc_id second, dsc_id third)
{
    const dsc_id input[] = {first, second, third};

    return layer_op(c, name, 3, input, 0, NULL);
}

int layer_axis(const json_t *value, int rank)
{
    const int axis = (int)golden_number(value);

    return axis < 0 ? axis + rank : axis;
}

double layer_pair(const layer_case *c, const char *key, size_t axis, double otherwise)
{
    const json_t *value = json_object_get(c->attrs, key);

    if (json_is_array(value))
        value = json_array_get(value, axis);
    return value && !json_is_null(value) ? golden_number(value) : otherwise;
}

golden_outcome layer_build(layer_case *c, golden_note *note)
{
    static const layer_map *const families[] = {layer_elements, layer_arrays,    layer_losses,
                                                layer_pictures, layer_recurrent, layer_sequences};
    const char *kind = golden_string(c->root, "op");

    for (size_t f = 0; f < sizeof families / sizeof *families; f++)
        for (const layer_map *map = families[f]; map->kind; map++) {
            if (strcmp(map->kind, kind) != 0)
                continue;
            if (map->built && !map->built(c))
                return golden_say(note, GOLDEN_SKIPPED, "this form of %s is not built", kind);
            c->y = map->build(c);
            return GOLDEN_PASSED;
        }
    return golden_say(note, GOLDEN_SKIPPED, "%s is not built", kind);
}
