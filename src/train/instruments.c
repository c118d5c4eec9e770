/* instruments.c - a training under its instruments: see instrument/measure.h. */
#include "train/fit.h"

/* Measuring reads the weights and what else is as long some ten times, which takes about as long as
 * the gradients of 40 to 80 examples of a perceptron: with MOST between two measurements they stay
 * below one part in twenty. Where weights are used many times for an example, in convolutions and
 * sequences, examples cost more and fewer are enough. A function of the plan alone, so that runs
 * can be repeated and resumed. */
enum { MOST = 2048, LEAST = 256 };

/* How often a matrix or filter is used for one example. */
static double uses(const dsc_node *op, const dsc_node *w)
{
    const double n = (double)dsc_shape_count(op->shape) / w->shape.size[0];

    return n > 1.0 ? n : 1.0;
}

static double examples_between(const dsc_graph *graph)
{
    double weights = 0.0, used = 0.0;

    for (dsc_id k = 0; (size_t)k < dsc_graph_nodes(graph); k++) {
        const dsc_node *op = dsc_graph_node(graph, k);
        for (int i = 0; op->kind == DSC_OP && dsc_graph_runs(graph, k) && i < op->n_inputs; i++) {
            const dsc_node *w = dsc_graph_node(graph, op->input[i]);
            if (w->kind != DSC_PARAMETER || w->shape.rank < 2)
                continue;
            weights += (double)dsc_shape_count(w->shape);
            used += (double)dsc_shape_count(w->shape) * uses(op, w);
        }
    }
    const double examples = used > 0.0 ? MOST * weights / used : MOST;
    return examples > LEAST ? examples : LEAST;
}

/* Steps from one measurement to the next: whole stretches. */
static int64_t steps_between(const dsc_fit *fit, const dsc_graph *graph)
{
    const int64_t examples = (int64_t)examples_between(graph);
    const int64_t least = (examples + fit->window - 1) / fit->window;
    const int64_t stretches = (least + fit->stretch_length - 1) / fit->stretch_length;

    return stretches * fit->stretch_length;
}

static void gradient(void *user, void *g)
{
    dsc_trainer_again(((dsc_fit *)user)->trainer, g);
}

descent_status dsc_fit_make_instruments(dsc_fit *fit, const dsc_graph *graph, descent_error *err)
{
    const char *choice = fit->options->instruments;
    const dsc_instruments_options options = {
        .choice = choice,
        .place = {.file = "--instruments", .line_text = choice},
        .graph = graph,
        .w = fit->model->w,
        .shards = fit->settings->shards,
        .threads = fit->threads,
        .seed = fit->settings->seed,
        .steps = fit->steps,
        .every = steps_between(fit, graph),
        .gradient = gradient,
        .user = fit};

    return choice ? dsc_instruments_create(&fit->instruments, &options, err) : DESCENT_OK;
}

void dsc_fit_show_step(dsc_fit *fit)
{
    if (!fit->instruments)
        return;
    const dsc_showing show = dsc_instruments_begin(fit->instruments, fit->progress.step + 1);
    dsc_trainer_show(fit->trainer, show.g, show.watcher);
}

bool dsc_fit_measure(dsc_fit *fit, size_t examples)
{
    return fit->instruments && dsc_instruments_end(fit->instruments, fit->progress.step, examples);
}
