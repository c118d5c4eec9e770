/* diagnose_trace.c - where the first number came from that is not finite.
 *
 * The step that was skipped is run again, on its examples at the same weights, and every op shows
 * what it made. It costs a step, once. */
#include "train/diagnose.h"

#include "base/memory.h"
#include "graph/op.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

descent_status dsc_trace_create(dsc_diagnosis *d, const dsc_fit *fit, descent_error *err)
{
    const size_t nodes = dsc_graph_nodes(fit->model->network.graph);

    d->trace = (dsc_trace){.fit = fit,
                           .out = &d->c.not_finite,
                           .low = dsc_alloc(nodes, sizeof *d->trace.low),
                           .high = dsc_alloc(nodes, sizeof *d->trace.high)};
    if (!d->trace.low || !d->trace.high)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for ranges of %zu values", nodes);
    d->c.not_finite.low = d->c.not_finite.high = (double)NAN;
    return DESCENT_OK;
}

void dsc_trace_free(dsc_diagnosis *d)
{
    dsc_free(d->trace.low);
    dsc_free(d->trace.high);
}

/* The range of what is finite; `odd` gets the first number that is not. */
static bool all_finite(const float *x, size_t n, double *low, double *high, double *odd)
{
    bool finite = true;

    *low = (double)INFINITY;
    *high = -(double)INFINITY;
    for (size_t i = 0; i < n; i++) {
        const double value = (double)x[i];
        if (!isfinite(value) && finite)
            *odd = value;
        finite = finite && isfinite(value);
        *low = value < *low ? value : *low;
        *high = value > *high ? value : *high;
    }
    return finite;
}

static void widen(dsc_not_finite *out, double low, double high)
{
    out->low = low < out->low ? low : out->low;
    out->high = high > out->high ? high : out->high;
}

static size_t elements(const dsc_node *node, int rows)
{
    return dsc_shape_count(node->shape) * (node->batched ? (size_t)rows : 1);
}

static void name(const dsc_trace *t, const dsc_node *node, bool backward, double odd)
{
    dsc_not_finite *out = t->out;

    snprintf(out->layer, sizeof out->layer, "%s", *node->layer ? node->layer : "loss");
    snprintf(out->op, sizeof out->op, "%s", node->op->name);
    snprintf(out->what, sizeof out->what, "%s", isnan(odd) ? "NaN" : odd > 0.0 ? "inf" : "-inf");
    out->backward = backward;
}

/* The range of all that a forward call read: values of other ops are known, as they may be written
 * over by now; weights and the graph's inputs are looked at. */
static void range_of_inputs(const dsc_trace *t, const dsc_call *call)
{
    double low, high, odd;

    t->out->low = (double)INFINITY;
    t->out->high = -(double)INFINITY;
    for (int i = 0; i < call->node->n_inputs; i++) {
        const dsc_node *from = call->from[i];
        if (from->kind == DSC_OP) {
            widen(t->out, t->low[from->id], t->high[from->id]);
        } else if (from->element == DSC_REALS && call->x[i]) {
            all_finite(call->x[i], elements(from, call->pass->rows), &low, &high, &odd);
            widen(t->out, low, high);
        }
    }
}

static void after_forward(dsc_trace *t, const dsc_call *call)
{
    const dsc_node *node = call->node;
    double odd = 0.0;

    if (all_finite(call->y, elements(node, call->pass->rows), &t->low[node->id], &t->high[node->id],
                   &odd))
        return;
    t->found = true;
    name(t, node, false, odd);
    range_of_inputs(t, call);
}

/* What comes in: kept at the op's own place, where forward is done with it. */
static void before_backward(const dsc_trace *t, const dsc_call *call)
{
    const dsc_id id = call->node->id;
    double odd;

    all_finite(call->dy, elements(call->node, call->pass->rows), &t->low[id], &t->high[id], &odd);
}

static void after_backward(dsc_trace *t, const dsc_call *call)
{
    double low, high, odd = 0.0;

    for (int i = 0; i < call->node->n_inputs; i++) {
        const size_t n = elements(call->from[i], call->pass->rows);
        if (!call->dx[i] || call->from[i]->element != DSC_REALS ||
            all_finite(call->dx[i], n, &low, &high, &odd))
            continue;
        t->found = true;
        name(t, call->node, true, odd);
        t->out->low = t->low[call->node->id];
        t->out->high = t->high[call->node->id];
        return;
    }
}

static void see(void *user, const dsc_call *call, dsc_when when)
{
    dsc_trace *t = user;

    if (t->found)
        return;
    if (when == DSC_AFTER_FORWARD)
        after_forward(t, call);
    else if (when == DSC_BEFORE_BACKWARD)
        before_backward(t, call);
    else
        after_backward(t, call);
}

void dsc_trace_step(dsc_fit *fit)
{
    dsc_trace *t = &fit->diagnosis->trace;
    const char *segment = "";

    t->out->step = fit->progress.step + 1;
    dsc_trainer_trace(fit->trainer, see, t);
    if (t->found)
        return;
    /* every number is finite, but the square of the gradient's length is not */
    descent_optimizer_culprit(fit->optimizer, &segment);
    snprintf(t->out->layer, sizeof t->out->layer, "%s", segment ? segment : "");
    snprintf(t->out->what, sizeof t->out->what, "inf");
    t->out->backward = true;
}
