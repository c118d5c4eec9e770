/* container.c - layers that hold others: residual, repeat and concat. */
#include "model/builder.h"

#include <stdio.h>
#include <string.h>

/* What to write when the inside of a residual changes the shape. */
static const char shortcut_hint[] = "both must be alike to be added; let the input pass through "
                                    "layers of its own, such as shortcut=";

/* A way of its own through a container, which the drawing shows as `name`. */
static descent_status build_branch(dsc_builder *b, const dsc_spec_list *list, const char *path,
                                   const char *name, int depth, bool draw, dsc_id *x)
{
    const size_t first = dsc_graph_nodes(b->graph);
    size_t line = draw ? b->drawing->n : 0;
    char inner[DSC_PATH];

    if (snprintf(inner, sizeof inner, "%s.%s", path, name) >= DSC_PATH)
        return dsc_fail_at(b->err, DESCENT_SYNTAX, list->item[0].place,
                           "layers are nested too deeply");
    if (draw && !dsc_drawing_add(b->drawing, b->graph, name, depth, -1, first, &line))
        return dsc_fail(b->err, DESCENT_NOMEM, "out of memory for the model");
    DSC_TRY(dsc_build_list(b, list, inner, depth + 1, draw, x));
    if (draw)
        dsc_drawing_add(b->drawing, b->graph, name, depth, *x, first, &line);
    return DESCENT_OK;
}

/* residual (...): adds what went in, on a shortcut of its own if there is one, to what came out. */
static descent_status build_residual(dsc_builder *b, const dsc_spec *item,
                                     const dsc_spec_list *shortcut, const char *path, int depth,
                                     bool draw, dsc_id *x)
{
    dsc_id before = *x;
    char in[48], out[48];

    DSC_TRY(dsc_build_list(b, dsc_spec_inner(item), path, depth + 1, draw, x));
    if (shortcut)
        DSC_TRY(build_branch(b, shortcut, path, "shortcut", depth + 1, draw, &before));
    const dsc_node *from = dsc_graph_node(b->graph, before), *to = dsc_graph_node(b->graph, *x);
    dsc_graph_at(b->graph, item->place);
    if (from && to && !dsc_shape_equal(from->shape, to->shape)) {
        dsc_shape_words(from->shape, in);
        dsc_shape_words(to->shape, out);
        if (shortcut)
            return dsc_fail_at(b->err, DESCENT_SHAPE, item->place,
                               "residual: the layers inside make %s, the shortcut makes %s; both "
                               "must be alike to be added",
                               out, in);
        if (to->shape.rank == 3 && from->shape.rank == 3)
            return dsc_fail_at(b->err, DESCENT_SHAPE, item->place,
                               "residual: the layers inside make %s out of %s; %s(conv %d 1x1 "
                               "stride=%d)",
                               out, in, shortcut_hint, to->shape.size[0],
                               (from->shape.size[1] + to->shape.size[1] - 1) / to->shape.size[1]);
        return dsc_fail_at(b->err, DESCENT_SHAPE, item->place,
                           "residual: the layers inside make %s out of %s; %s(linear %d)", out, in,
                           shortcut_hint, to->shape.size[to->shape.rank - 1]);
    }
    *x = dsc_graph_op(b->graph, "add", 2, (dsc_id[]){*x, before}, 0, NULL);
    return DESCENT_OK;
}

/* repeat N (...): copies with weights of their own; the drawing shows the first. */
static descent_status build_repeat(dsc_builder *b, const dsc_spec *item, const dsc_value *values,
                                   const char *path, int depth, bool draw, dsc_id *x)
{
    for (int copy = 0; copy < (int)values[0].number; copy++) {
        char inner[DSC_PATH];
        if (snprintf(inner, sizeof inner, "%s.%d", path, copy) >= DSC_PATH)
            return dsc_fail_at(b->err, DESCENT_SYNTAX, item->place, "repeat is nested too deeply");
        DSC_TRY(dsc_build_list(b, dsc_spec_inner(item), inner, depth + 1, draw && copy == 0, x));
    }
    return DESCENT_OK;
}

/* May two branches be joined? Only their first axis may differ. */
static bool fit_together(const dsc_node *a, const dsc_node *b)
{
    dsc_shape alike = b->shape;

    if (alike.rank < 1 || a->shape.rank < 1)
        return false;
    alike.size[0] = a->shape.size[0];
    return dsc_shape_equal(alike, a->shape);
}

/* concat (...) (...): what every branch makes of the input, one after another on the first axis. */
static descent_status build_concat(dsc_builder *b, const dsc_spec *item, const char *path,
                                   int depth, bool draw, dsc_id *x)
{
    const double axis = 0;
    const dsc_spec_list *branch;
    dsc_id made[DSC_MAX_INPUTS];
    char name[32], one[48], other[48];
    int n = 0;

    for (; (branch = dsc_spec_branch(item, n)) != NULL && n < DSC_MAX_INPUTS; n++) {
        snprintf(name, sizeof name, "branch%d", n + 1);
        made[n] = *x;
        DSC_TRY(build_branch(b, branch, path, name, depth + 1, draw, &made[n]));
        const dsc_node *first = dsc_graph_node(b->graph, made[0]);
        const dsc_node *last = dsc_graph_node(b->graph, made[n]);
        if (first && last && !fit_together(first, last))
            return dsc_fail_at(b->err, DESCENT_SHAPE, item->place,
                               "concat: branch 1 makes %s, branch %d makes %s; only the first axis "
                               "may differ",
                               dsc_shape_words(first->shape, one), n + 1,
                               dsc_shape_words(last->shape, other));
    }
    if (n < 2 || branch)
        return dsc_fail_at(b->err, DESCENT_SYNTAX, item->place,
                           "concat takes 2 to %d branches, found %s, for example concat (identity) "
                           "(linear 64, relu)",
                           DSC_MAX_INPUTS, branch ? "more" : "1");
    dsc_graph_at(b->graph, item->place);
    *x = dsc_graph_op(b->graph, "concat", n, made, 1, &axis);
    return DESCENT_OK;
}

descent_status dsc_build_container(dsc_builder *b, const dsc_spec *item, const dsc_value *values,
                                   const char *path, int depth, bool draw, dsc_id *x)
{
    if (strcmp(item->name, "residual") == 0)
        return build_residual(b, item, values[0].list, path, depth, draw, x);
    if (strcmp(item->name, "concat") == 0)
        return build_concat(b, item, path, depth, draw, x);
    return build_repeat(b, item, values, path, depth, draw, x);
}
