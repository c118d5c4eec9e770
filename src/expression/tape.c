/* tape.c - building the tape of a formula: operands first, then what is applied to them. */
#include "expression/tape.h"

#include "base/memory.h"

#include <stdbool.h>
#include <string.h>

static descent_status no_memory(descent_error *err)
{
    return dsc_fail(err, DESCENT_NOMEM, "out of memory for a formula");
}

static descent_status append(descent_expression *e, dsc_node node, dsc_place place,
                             descent_error *err)
{
    void *block = e->node;

    if (e->n_nodes >= DSC_FORMULA_NODES)
        return dsc_fail_at(err, DESCENT_SYNTAX, place,
                           "the formula has more than %d numbers, variables and operations",
                           DSC_FORMULA_NODES);
    if (!dsc_grow(&block, &e->capacity, e->n_nodes + 1, sizeof node))
        return no_memory(err);
    e->node = block;
    e->node[e->n_nodes++] = node;
    return DESCENT_OK;
}

descent_status dsc_tape_number(descent_expression *e, double number, dsc_place place,
                               descent_error *err)
{
    return append(e, (dsc_node){.variable = -1, .number = number}, place, err);
}

descent_status dsc_tape_name(descent_expression *e, const char *name, dsc_place place,
                             descent_error *err)
{
    void *block = e->name;

    if (e->n_names == DSC_FORMULA_VARIABLES)
        return dsc_fail_at(err, DESCENT_SYNTAX, place, "the formula has more than %d variables",
                           DSC_FORMULA_VARIABLES);
    if (!dsc_grow(&block, &e->name_capacity, e->n_names + 1, sizeof *e->name))
        return no_memory(err);
    e->name = block;
    e->name[e->n_names] = dsc_copy(name);
    if (!e->name[e->n_names])
        return no_memory(err);
    e->n_names++;
    return DESCENT_OK;
}

descent_status dsc_tape_variable(descent_expression *e, const char *name, dsc_place place,
                                 descent_error *err)
{
    size_t i = 0;

    while (i < e->n_names && strcmp(e->name[i], name) != 0)
        i++;
    if (i == e->n_names)
        DSC_TRY(dsc_tape_name(e, name, place, err));
    return append(e, (dsc_node){.variable = (int)i}, place, err);
}

static bool is_number(const dsc_node *node)
{
    return !node->function && node->variable < 0;
}

descent_status dsc_tape_apply(descent_expression *e, const dsc_function *function, int a,
                              dsc_place place, descent_error *err)
{
    const int b = (int)e->n_nodes - 1;
    const dsc_node *left = &e->node[a], *right = &e->node[b];

    if (!is_number(left) || !is_number(right))
        return append(e, (dsc_node){.function = function, .a = a, .b = b, .variable = -1}, place,
                      err);
    const double number = function->value(left->number, right->number);
    e->n_nodes = (size_t)a; /* two numbers stand side by side */
    return dsc_tape_number(e, number, place, err);
}

descent_status dsc_tape_finish(descent_expression *e, descent_error *err)
{
    e->value = dsc_alloc(e->n_nodes, sizeof *e->value);
    e->adjoint = dsc_alloc(e->n_nodes, sizeof *e->adjoint);
    return e->value && e->adjoint ? DESCENT_OK : no_memory(err);
}
