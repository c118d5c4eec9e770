/* expression.c - the value of a formula and its exact gradient.
 *
 * Reverse mode (Linnainmaa 1970): forward along the tape for the values, then backward once, where
 * every node hands adjoint * slope to its operands. All derivatives cost about one more evaluation,
 * however many variables there are. */
#include "expression/expression.h"

#include "base/memory.h"

#include <math.h>

static double forward(const descent_expression *e, const double *w)
{
    for (size_t i = 0; i < e->n_nodes; i++) {
        const dsc_node *node = &e->node[i];
        if (node->function)
            e->value[i] = node->function->value(e->value[node->a], e->value[node->b]);
        else
            e->value[i] = node->variable >= 0 ? w[node->variable] : node->number;
    }
    return e->value[e->n_nodes - 1];
}

static void backward(const descent_expression *e, double *g)
{
    for (size_t i = 0; i < e->n_nodes; i++)
        e->adjoint[i] = 0.0;
    e->adjoint[e->n_nodes - 1] = 1.0;

    for (size_t i = e->n_nodes; i-- > 0;) {
        const dsc_node *node = &e->node[i];
        double d[2] = {0.0, 0.0};
        if (node->variable >= 0)
            g[node->variable] += e->adjoint[i];
        /* what the result does not depend on must not turn 0 times infinity into NaN: the other
         * branch of min(a, b) */
        if (!node->function || e->adjoint[i] == 0.0)
            continue;
        node->function->slope(e->value[node->a], e->value[node->b], e->value[i], d);
        e->adjoint[node->a] += e->adjoint[i] * d[0];
        if (node->function->arity == 2)
            e->adjoint[node->b] += e->adjoint[i] * d[1];
    }
}

double descent_expression_evaluate(size_t n, const double *w, double *g, void *expression)
{
    const descent_expression *e = expression;
    const double fill = n == e->n_names ? 0.0 : (double)NAN;

    for (size_t i = 0; g && i < n; i++)
        g[i] = fill;
    if (n != e->n_names)
        return (double)NAN;
    const double f = forward(e, w);
    if (g)
        backward(e, g);
    return f;
}

size_t descent_expression_variables(const descent_expression *expression)
{
    return expression->n_names;
}

const char *descent_expression_variable(const descent_expression *expression, size_t index)
{
    return index < expression->n_names ? expression->name[index] : NULL;
}

bool dsc_expression_uses(const descent_expression *expression, size_t index)
{
    for (size_t i = 0; i < expression->n_nodes; i++)
        if (expression->node[i].variable == (int)index)
            return true;
    return false;
}

void descent_expression_free(descent_expression *expression)
{
    if (!expression)
        return;
    for (size_t i = 0; i < expression->n_names; i++)
        dsc_free(expression->name[i]);
    dsc_free(expression->name);
    dsc_free(expression->node);
    dsc_free(expression->value);
    dsc_free(expression->adjoint);
    dsc_free(expression);
}
