/* draw.c - the lines of a model drawing. */
#include "model/model.h"

#include "base/memory.h"

#include <string.h>

bool dsc_drawing_add(dsc_drawing *drawing, const dsc_graph *graph, const char *text, int depth,
                     dsc_id output, size_t first, size_t *line)
{
    void *block = drawing->line;

    if (*line == drawing->n) {
        if (!dsc_grow(&block, &drawing->capacity, drawing->n + 1, sizeof *drawing->line))
            return false;
        drawing->line = block;
        drawing->line[drawing->n] = (descent_layer_line){.text = dsc_copy(text), .depth = depth};
        if (!drawing->line[drawing->n++].text)
            return false;
    }
    descent_layer_line *l = &drawing->line[*line];
    const dsc_node *node = dsc_graph_node(graph, output);
    if (node) {
        l->rank = node->shape.rank;
        memcpy(l->shape, node->shape.size, sizeof l->shape);
    }
    l->parameters = 0;
    for (size_t i = first; i < dsc_graph_nodes(graph); i++) {
        const dsc_node *p = dsc_graph_node(graph, (dsc_id)i);
        l->parameters += p->kind == DSC_PARAMETER ? dsc_shape_count(p->shape) : 0;
    }
    return true;
}

void dsc_drawing_free(dsc_drawing *drawing)
{
    for (size_t i = 0; i < drawing->n; i++) {
        union {
            const char *given;
            char *owned;
        } text = {drawing->line[i].text};
        dsc_free(text.owned);
    }
    dsc_free(drawing->line);
    *drawing = (dsc_drawing){0};
}
