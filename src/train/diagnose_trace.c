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

/* Of dsc_trace.saved. */
enum { STEP, NODE, BACKWARD, ODD, LOW, HIGH };
_Static_assert((int)HIGH < (int)DSC_TRACE_NUMBERS, "a trace has room for its numbers");

descent_status dsc_trace_create(dsc_diagnosis *d, const dsc_fit *fit, descent_error *err)
{
    const size_t nodes = dsc_graph_nodes(fit->model->network.graph);

    d->trace = (dsc_trace){.fit = fit,
                           .out = &d->c.not_finite,
                           .low = dsc_alloc(nodes, sizeof *d->trace.low),
                           .high = dsc_alloc(nodes, sizeof *d->trace.high)};
    if (!d->trace.low || !d->trace.high)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for ranges of %zu values", nodes);
    d->trace.saved[LOW] = d->trace.saved[HIGH] = (double)NAN;
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

static void widen(dsc_trace *t, double low, double high)
{
    t->saved[LOW] = low < t->saved[LOW] ? low : t->saved[LOW];
    t->saved[HIGH] = high > t->saved[HIGH] ? high : t->saved[HIGH];
}

static size_t elements(const dsc_node *node, int rows)
{
    return dsc_shape_count(node->shape) * (node->batched ? (size_t)rows : 1);
}

/* The op that was found; NULL: none. A checkpoint may say anything. */
static const dsc_node *found_op(const dsc_trace *t)
{
    const dsc_graph *graph = t->fit->model->network.graph;
    const double at = t->saved[NODE];
    const bool is_node = at >= 0.0 && at < (double)dsc_graph_nodes(graph);
    const dsc_node *node = is_node ? dsc_graph_node(graph, (dsc_id)at) : NULL;

    return node && node->kind == DSC_OP ? node : NULL;
}

/* Puts what was found into words. Without a node every number is finite, but the square of the
 * gradient's length is not. */
static void say(dsc_trace *t)
{
    dsc_not_finite *out = t->out;
    const double step = t->saved[STEP], odd = t->saved[ODD];
    const dsc_node *node = found_op(t);

    *out = (dsc_not_finite){
        .backward = t->saved[BACKWARD] > 0.0, .low = t->saved[LOW], .high = t->saved[HIGH]};
    if (!(step >= 1.0 && step <= (double)t->fit->steps))
        return;
    out->step = (int64_t)step;
    snprintf(out->what, sizeof out->what, "%s", odd == 0.0 ? "NaN" : odd > 0.0 ? "inf" : "-inf");
    if (!node)
        return;
    snprintf(out->layer, sizeof out->layer, "%s", *node->layer ? node->layer : "loss");
    snprintf(out->op, sizeof out->op, "%s", node->op->name);
}

void dsc_trace_restored(dsc_diagnosis *d)
{
    say(&d->trace);
}

static void find(dsc_trace *t, const dsc_node *node, bool backward, double odd)
{
    t->found = true;
    t->saved[NODE] = node->id;
    t->saved[BACKWARD] = backward ? 1.0 : 0.0;
    t->saved[ODD] = isnan(odd) ? 0.0 : copysign(1.0, odd);
}

/* The range of all that a forward call read: values of other ops are known, as they may be written
 * over by now; weights and the graph's inputs are looked at. */
static void range_of_inputs(dsc_trace *t, const dsc_call *call)
{
    double low, high, odd;

    t->saved[LOW] = (double)INFINITY;
    t->saved[HIGH] = -(double)INFINITY;
    for (int i = 0; i < call->node->n_inputs; i++) {
        const dsc_node *from = call->from[i];
        if (from->kind == DSC_OP) {
            widen(t, t->low[from->id], t->high[from->id]);
        } else if (from->element == DSC_REALS && call->x[i]) {
            all_finite(call->x[i], elements(from, call->pass->rows), &low, &high, &odd);
            widen(t, low, high);
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
    find(t, node, false, odd);
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
        find(t, call->node, true, odd);
        t->saved[LOW] = t->low[call->node->id];
        t->saved[HIGH] = t->high[call->node->id];
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

static void begin_at(dsc_trace *t, int64_t step)
{
    t->saved[STEP] = (double)step;
    t->saved[NODE] = -1.0;
    t->saved[BACKWARD] = t->saved[ODD] = 1.0;
}

void dsc_trace_step(dsc_fit *fit)
{
    dsc_trace *t = &fit->diagnosis->trace;
    const char *segment = "";

    begin_at(t, fit->progress.step + 1);
    dsc_trainer_trace(fit->trainer, see, t);
    say(t);
    if (t->found)
        return;
    descent_optimizer_culprit(fit->optimizer, &segment);
    snprintf(t->out->layer, sizeof t->out->layer, "%s", segment ? segment : "");
}

void dsc_trace_end(dsc_fit *fit)
{
    dsc_trace *t = &fit->diagnosis->trace;
    const dsc_split *split = fit->split;

    begin_at(t, fit->progress.step);
    dsc_trainer_trace_on(fit->trainer, split->test, split->n_test, see, t);
    if (!t->found)
        dsc_trainer_trace_on(fit->trainer, split->train, split->n_train, see, t);
    if (t->found)
        say(t);
}
