/* check.c - is backward the derivative of forward?
 *
 *     D(h) = (f(x + h) - f(x - h)) / 2h = f'(x) + O(h^2)
 *     (4 D(h/2) - D(h)) / 3             = f'(x) + O(h^4)        Richardson 1911
 *
 * A kink within h of x (relu, max_pool) spoils both; D(h) and D(h/2) then disagree, and a smaller
 * h is tried. Of all estimates the one whose two differences agree best counts, whatever backward
 * said. */
#include "graph/check.h"

#include "graph/node.h"

#include <assert.h>
#include <math.h>

enum { TRIES = 4 };

/* What is differentiated. */
typedef struct objective {
    dsc_run *run;
    const dsc_pass *pass;
} objective;

static double central(const objective *f, double *x, double h)
{
    const double here = *x;

    *x = here + h;
    const double up = *x, above = dsc_run_forward(f->run, f->pass);
    *x = here - h;
    const double down = *x, below = dsc_run_forward(f->run, f->pass);
    *x = here;
    return f->pass->loss_scale * (above - below) / (up - down);
}

static double derivative(const objective *f, double *x)
{
    double best = (double)NAN, disagreement = (double)INFINITY;
    double h = 1e-4 * fmax(1.0, fabs(*x));

    for (int i = 0; i < TRIES; i++, h /= 10.0) {
        const double coarse = central(f, x, h), fine = central(f, x, h / 2.0);
        if (fabs(coarse - fine) < disagreement) {
            disagreement = fabs(coarse - fine);
            best = (4.0 * fine - coarse) / 3.0;
        }
        if (disagreement <= 1e-6 * fmax(1.0, fabs(best)))
            break;
    }
    return best;
}

/* Written so that NaN, wherever it comes from, is the largest error. */
static double worse(double worst, double numeric, double analytic)
{
    const double scale = fmax(1.0, fmax(fabs(numeric), fabs(analytic)));
    const double error = fabs(numeric - analytic) / scale;

    return error <= worst ? worst : error;
}

/* At most `limit` of `count` elements x, against their derivatives g. */
static double check_stretch(const objective *f, double *x, const double *g, size_t count,
                            size_t limit)
{
    const size_t n = count < limit ? count : limit;
    double worst = 0.0;

    for (size_t i = 0; i < n && !isnan(worst); i++) {
        const size_t at = n == count ? i : (size_t)((double)count / (double)n * (double)i);
        worst = worse(worst, derivative(f, &x[at]), g[at]);
    }
    return worst;
}

double dsc_graph_check_some(const dsc_graph *graph, dsc_run *run, const dsc_pass *pass, double *w,
                            const double *g, size_t limit)
{
    const objective f = {run, pass};
    double worst = 0.0;

    assert(graph->type == DESCENT_F64);
    if (graph->type != DESCENT_F64)
        return (double)NAN;
    (void)dsc_run_forward(run, pass);
    dsc_run_backward(run);
    for (dsc_id k = 0; (size_t)k < graph->n_nodes && !isnan(worst); k++) {
        const dsc_node *node = dsc_graph_node(graph, k);
        double error = 0.0;

        if (node->kind == DSC_PARAMETER)
            error = check_stretch(&f, w + node->offset, g + node->offset,
                                  dsc_node_elements(node, 1), limit);
        else if (graph->entry[k]->wanted)
            error = check_stretch(&f, dsc_run_input(run, k), dsc_run_input_gradient(run, k),
                                  dsc_node_elements(node, pass->rows), limit);
        worst = error <= worst ? worst : error;
    }
    return worst;
}

double dsc_graph_check(const dsc_graph *graph, dsc_run *run, const dsc_pass *pass, double *w,
                       const double *g)
{
    return dsc_graph_check_some(graph, run, pass, w, g, SIZE_MAX);
}

/* The error of one parameter as a whole. */
static double part_error(const objective *f, double *x, const double *g, size_t count, size_t limit)
{
    static const double nothing = 1e-9; /* what rounding makes of a derivative of 0 */
    const size_t n = count < limit ? count : limit;
    double difference = 0.0, numeric = 0.0, analytic = 0.0;

    for (size_t i = 0; i < n; i++) {
        const size_t at = (size_t)((double)count / (double)n * (double)i);
        const double d = derivative(f, &x[at]);
        difference += (d - g[at]) * (d - g[at]);
        numeric += d * d;
        analytic += g[at] * g[at];
    }
    const double length = sqrt(numeric) + sqrt(analytic);
    return length < nothing ? 0.0 : sqrt(difference) / length;
}

double dsc_graph_check_parts(const dsc_graph *graph, dsc_run *run, const dsc_pass *pass, double *w,
                             const double *g, dsc_check_plan *plan)
{
    const objective f = {run, pass};
    double worst = 0.0;
    size_t parameters = 0;

    plan->worst = -1;
    if (graph->type != DESCENT_F64)
        return (double)NAN;
    (void)dsc_run_forward(run, pass);
    dsc_run_backward(run);
    for (dsc_id k = 0; (size_t)k < graph->n_nodes && !isnan(worst); k++) {
        const dsc_node *node = dsc_graph_node(graph, k);
        if (node->kind != DSC_PARAMETER || parameters++ % plan->every != 0)
            continue;
        const double error = part_error(&f, w + node->offset, g + node->offset,
                                        dsc_node_elements(node, 1), plan->limit);
        if (error <= worst)
            continue;
        worst = error;
        plan->worst = k;
    }
    return worst;
}
